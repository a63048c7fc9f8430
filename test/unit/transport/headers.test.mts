import { parseDate, parseRetryAfter, parseTotalCount } from '../../../nodes/Invent/transport/headers.ts';

const NOW = Date.parse('2026-05-01T12:00:00Z');
const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

beforeEach(() => vi.useFakeTimers({ now: NOW }));
afterEach(() => vi.useRealTimers());

test.each([
	['0', 0],
	['250', 250],
	[7, 7],
	['', undefined],
	[' ', undefined],
	['-1', undefined],
	['1.5', undefined],
	['many', undefined],
	['1e999', undefined],
	[null, undefined],
	[undefined, undefined],
])('The total count of a list in the header %j is %p', (value, expected) => {
	expect(parseTotalCount({ 'pagination-count': value })).toBe(expected);
});

test.each([
	['Fri, 01 May 2026 12:00:07 GMT', NOW + 7000],
	['2026-05-01T12:00:07Z', NOW + 7000],
	['no date', undefined],
	['', undefined],
	[7, undefined],
	[undefined, undefined],
])('The date in the header %j is %p', (date, expected) => {
	expect(parseDate({ date })).toBe(expected);
});

describe('Retry-After', () => {
	test.each([
		['1', 1000],
		['90', 90_000],
		[' 2 ', 2000],
		['1.5', 1500],
		['0', 1000],
		['0.1', 1000],
		['-5', 1000],
		['1e99', YEAR_MS],
		['Infinity', YEAR_MS],
		['later', undefined],
		['', undefined],
		['  ', undefined],
		[7, undefined],
		[undefined, undefined],
	])('%j means %p ms', (value, expected) => {
		expect(parseRetryAfter({ 'retry-after': value })).toBe(expected);
	});

	// One second is added, because both dates have whole seconds.
	test.each([
		['Fri, 01 May 2026 12:00:07 GMT', 8000],
		['Fri, 01 May 2026 11:00:00 GMT', 1000],
		['Fri, 01 May 2099 12:00:00 GMT', YEAR_MS],
	])('the date %s is read by the own clock when the response has none', (value, expected) => {
		expect(parseRetryAfter({ 'retry-after': value })).toBe(expected);
	});

	test('a date is read by the clock of the API, however wrong it is', () => {
		const headers = {
			'retry-after': 'Thu, 01 Jan 2015 00:00:30 GMT',
			date: 'Thu, 01 Jan 2015 00:00:00 GMT',
		};
		expect(parseRetryAfter(headers)).toBe(31_000);
	});
});
