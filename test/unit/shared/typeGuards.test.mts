import { isObject } from '../../../nodes/Invent/shared/typeGuards.ts';

test.each([
	[{}, true],
	[{ a: 1 }, true],
	[[], false],
	[null, false],
	[undefined, false],
	['text', false],
	[1, false],
])('Whether %j is an object: %s', (value, expected) => {
	expect(isObject(value)).toBe(expected);
});
