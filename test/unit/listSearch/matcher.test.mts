import { matcher } from '../../../nodes/Invent/listSearch/matcher.ts';

describe('What is typed in a drop-down matches', () => {
	test.each([
		['any part of a text', 'dle', 'Needle'],
		['other capitals', 'NEEDLE', 'needle'],
		['a text with accents', 'asane', 'Åsane'],
		['a text without the accents that were typed', 'Ásané', 'asane'],
		['a text whose accents are letters of their own', 'é', 'e\u0301'],
		['with blanks around it', ' \tneedle\u00a0', 'needle'],
		['anything when it is empty', ' ', 'needle'],
		['signs as they are', '.*', 'a.*b'],
	])('%s', (_, filter, text) => {
		expect(matcher(filter)(text)).toBe(true);
	});

	test('any of several texts', () => {
		expect(matcher('two')('one', 'two')).toBe(true);
	});
});

test.each([
	['another text', 'needle', 'noodle'],
	['signs as a pattern', '.*', 'ab'],
	['blanks within it', 'a b', 'ab'],
])('What is typed in a drop-down does not match %s', (_, filter, text) => {
	expect(matcher(filter)(text)).toBe(false);
});
