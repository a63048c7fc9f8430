import { describeJsonError } from '../../../nodes/Invent/shared/jsonError.ts';

const EARLY = 'it ends too early';

test.each([
	['{"a":', EARLY],
	['{', EARLY],
	['[1,\n', EARLY],
	['{"a":"secret', EARLY],
	['{"a":nul', EARLY],
	['{"a":1,}', 'trailing comma at line 1, column 7'],
	['[1,2,]', 'trailing comma at line 1, column 5'],
	['{"a":[1 , ],"b":2}', 'trailing comma at line 1, column 9'],
	['{\n  "a": 1,\n  "b": 2,\n}\n', 'trailing comma at line 3, column 9'],
	['{"a": b}', 'unexpected character at line 1, column 7'],
	["{'a':1}", 'unexpected character at line 1, column 2'],
	['{"a":1\n"b":2}', 'unexpected character at line 2, column 1'],
	['{"a":1,,"b":2}', 'unexpected character at line 1, column 8'],
	['{"a":[1 2]}', 'unexpected character at line 1, column 9'],
	['{"a":"x\ny"}', 'unexpected character at line 1, column 8'],
	['{"a":1}}', 'unexpected character at line 1, column 8'],
	['undefined', 'unexpected character at line 1, column 1'],
	['[object Object]', 'unexpected character at line 1, column 2'],
])('What is wrong with the JSON %j: %s', (text, told) => {
	expect(describeJsonError(text)).toBe(told);
});

test('The place of an error in long JSON is found', () => {
	const lines = Array.from({ length: 20_000 }, (_, index) => `"k${index}": [1, 2, 3],`);
	expect(describeJsonError(`{\n${lines.join('\n')}\n"last": [1, no] }`)).toBe(
		'unexpected character at line 20002, column 14',
	);
});
