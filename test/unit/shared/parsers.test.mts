import {
	boolean,
	enumOf,
	fromLocator,
	id,
	integerFrom,
	isUnpicked,
	jsonObject,
	locatorValue,
	nullableId,
	type Parser,
	string,
	stringList,
	stringOfLength,
	typeError,
	wellFormedString,
} from '../../../nodes/Invent/shared/parsers.ts';
import { InvalidParameterError } from '../../../nodes/Invent/shared/errors.ts';

/** What a parser says about a value: the message and the advice. */
function refusal(parse: Parser<unknown>, value: unknown): readonly [string, string] {
	try {
		const parsed = parse(value);
		throw new Error(`It was accepted, as ${JSON.stringify(parsed)}`);
	} catch (error) {
		if (!(error instanceof InvalidParameterError)) throw error;
		return [error.message, error.description];
	}
}

const CORRECT = 'Correct the value, or the expression that gives it. Remove the field to leave it out.';
const PICK = 'Pick one from the list, or enter its ID. An expression must give the ID.';
const COPY = 'Pick one from the list, or copy its ID again. Nothing was sent.';

type Accepted = ReadonlyArray<
	readonly [parser: string, parse: Parser<unknown>, value: unknown, parsed: unknown]
>;

const luxon = {
	toISO: () => '2026-01-02T03:04:05.000Z',
	toJSON: () => '2026-01-02T03:04:05.000Z',
	year: 2026,
};
const invalidLuxon = { toISO: () => null, toJSON: () => null };

const ACCEPTED: Accepted = [
	['string', string, 'a\r\n ', 'a\r\n '],
	['string', string, '', ''],
	['string', string, 0, '0'],
	['string', string, -4.5, '-4.5'],
	['string', string, true, 'true'],
	['string', string, false, 'false'],
	['string', string, luxon, '2026-01-02T03:04:05.000Z'],
	['string', string, new Date(0), '1970-01-01T00:00:00.000Z'],
	['locatorValue', locatorValue, 'es', 'es'],
	['locatorValue', locatorValue, { mode: 'name', value: 7 }, '7'],
	['wellFormedString', wellFormedString, '\ud800a\udc00', '\ufffda\ufffd'],
	['wellFormedString', wellFormedString, '\u{1F6B2} é', '\u{1F6B2} é'],
	['stringOfLength(1, 3)', stringOfLength(1, 3), 'a', 'a'],
	['stringOfLength(1, 3)', stringOfLength(1, 3), ' a ', ' a '],
	['stringOfLength(1, 3)', stringOfLength(1, 3), '\u{1F6B2}'.repeat(3), '\u{1F6B2}'.repeat(3)],
	['stringOfLength(0, 3)', stringOfLength(0, 3), '', ''],
	['stringOfLength(0, 3)', stringOfLength(0, 3), '  ', '  '],
	...[true, 'true', ' TRUE ', 'True', 1, '1'].map((value) => ['boolean', boolean, value, true] as const),
	...[false, 'false', ' FALSE\n', 'False', 0, '0'].map(
		(value) => ['boolean', boolean, value, false] as const,
	),
	['stringList', stringList, [], []],
	[
		'stringList',
		stringList,
		['a', '', 1, true, new Date(0)],
		['a', '', '1', 'true', '1970-01-01T00:00:00.000Z'],
	],
	['stringList', stringList, [['a', [['b']]], [], 'c'], ['a', 'b', 'c']],
	['stringList', stringList, 'a', ['a']],
	['integerFrom(1)', integerFrom(1), 1, 1],
	['integerFrom(1)', integerFrom(1), ' 12 ', 12],
	['integerFrom(0)', integerFrom(0), 0, 0],
	['integerFrom(0)', integerFrom(0), Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	["enumOf('a', 'b')", enumOf('a', 'b'), 'b', 'b'],
	['id', id, 'ast_1', 'ast_1'],
	['id', id, ' \t\u00a0\ufeffast_1\r\n', 'ast_1'],
	['id', id, 0, '0'],
	['id', id, '...', '...'],
	['id', id, '.a', '.a'],
	['id', id, 'a..', 'a..'],
	['id', id, '\u{1F6B2}', '\u{1F6B2}'],
	['id', id, 'a/../b', 'a/../b'],
	['nullableId', nullableId, null, null],
	['nullableId', nullableId, '', null],
	['nullableId', nullableId, ' \n', null],
	['nullableId', nullableId, ' file_1 ', 'file_1'],
	['nullableId', nullableId, 0, '0'],
	['fromLocator', fromLocator(), 'org_1', 'org_1'],
	['fromLocator', fromLocator(), 7, '7'],
	['fromLocator', fromLocator(), { mode: 'id', value: ' org_1' }, 'org_1'],
	['fromLocator', fromLocator({ url: () => 'parsed' }), { mode: 'url', value: 'x' }, 'parsed'],
	['fromLocator', fromLocator({ url: () => 'parsed' }), { mode: 'id', value: 'x' }, 'x'],
	['fromLocator', fromLocator(), { mode: 'toString', value: 'x' }, 'x'],
	['fromLocator', fromLocator(), { mode: null, value: 'x' }, 'x'],
	['fromLocator', fromLocator({ url: () => 'parsed' }), { mode: ['url'], value: 'x' }, 'x'],
	['jsonObject', jsonObject, '{"a":[1,null]}', { a: [1, null] }],
	['jsonObject', jsonObject, { a: undefined, b: 1 }, { b: 1 }],
	['jsonObject', jsonObject, {}, {}],
];

test.each(ACCEPTED)('The parser %s accepts a value: case %#', (_, parse, value, parsed) => {
	expect(parse(value)).toEqual(parsed);
});

const TYPES: ReadonlyArray<readonly [string, unknown]> = [
	['nothing', undefined],
	['null', null],
	['an empty text', ''],
	['a list', ['x']],
	['an object', { x: 1 }],
	['another text', 'x'],
	['another number', NaN],
	['true or false', true],
	['something else', 1n],
];

test.each(TYPES)('What an error calls %s is its type, and not its value', (type, value) => {
	const { message, description } = typeError('a miracle', value);
	expect(message).toBe(`needs a miracle, but got ${type}`);
	expect(description).toBe(CORRECT);
});

type Refused = ReadonlyArray<
	readonly [parser: string, parse: Parser<unknown>, value: unknown, message: string, description: string]
>;

const REFUSED: Refused = [
	['string', string, undefined, 'needs text, but got nothing', CORRECT],
	['string', string, null, 'needs text, but got null', CORRECT],
	['string', string, {}, 'needs text, but got an object', CORRECT],
	['string', string, ['x'], 'needs text, but got a list', CORRECT],
	['string', string, NaN, 'needs text, but got another number', CORRECT],
	['string', string, Infinity, 'needs text, but got another number', CORRECT],
	['string', string, new Date(NaN), 'needs text, but got an object', CORRECT],
	['string', string, invalidLuxon, 'needs text, but got an object', CORRECT],
	['string', string, { toISO: 'x', toJSON: () => 'x' }, 'needs text, but got an object', CORRECT],
	['locatorValue', locatorValue, { value: 'x' }, 'needs text, but got an object', CORRECT],
	['locatorValue', locatorValue, { mode: 'name', value: null }, 'needs text, but got null', CORRECT],
	['wellFormedString', wellFormedString, [], 'needs text, but got a list', CORRECT],
	['stringOfLength(1, 3)', stringOfLength(1, 3), '', 'is empty', 'Enter 1 to 3 characters.'],
	['stringOfLength(1, 3)', stringOfLength(1, 3), ' \u00a0', 'is blank', 'Enter 1 to 3 characters.'],
	[
		'stringOfLength(1, 3)',
		stringOfLength(1, 3),
		'abcd',
		'has 4 characters',
		'Shorten it: 1 to 3 characters are allowed.',
	],
	[
		'stringOfLength(2, 3)',
		stringOfLength(2, 3),
		'a',
		'has 1 characters',
		'Shorten it: 2 to 3 characters are allowed.',
	],
	['stringOfLength(1, 3)', stringOfLength(1, 3), null, 'needs text, but got null', CORRECT],
	['boolean', boolean, 'yes', 'needs true or false, but got another text', CORRECT],
	['boolean', boolean, '', 'needs true or false, but got an empty text', CORRECT],
	['boolean', boolean, 2, 'needs true or false, but got another number', CORRECT],
	['boolean', boolean, [true], 'needs true or false, but got a list', CORRECT],
	['stringList', stringList, '', 'needs a list of texts, but got an empty text', CORRECT],
	['stringList', stringList, 1, 'needs a list of texts, but got another number', CORRECT],
	['stringList', stringList, null, 'needs a list of texts, but got null', CORRECT],
	['stringList', stringList, ['a', null], 'needs text, but got null', CORRECT],
	['stringList', stringList, [['a', [{}]]], 'needs text, but got an object', CORRECT],
	['integerFrom(1)', integerFrom(1), 0, 'needs a whole number from 1 on, but got another number', CORRECT],
	['integerFrom(1)', integerFrom(1), 1.5, 'needs a whole number from 1 on, but got another number', CORRECT],
	[
		'integerFrom(0)',
		integerFrom(0),
		2 ** 53,
		'needs a whole number from 0 on, but got another number',
		CORRECT,
	],
	['integerFrom(0)', integerFrom(0), '', 'needs a whole number from 0 on, but got an empty text', CORRECT],
	['integerFrom(0)', integerFrom(0), ' ', 'needs a whole number from 0 on, but got another text', CORRECT],
	['integerFrom(0)', integerFrom(0), 'x', 'needs a whole number from 0 on, but got another text', CORRECT],
	['integerFrom(0)', integerFrom(0), true, 'needs a whole number from 0 on, but got true or false', CORRECT],
	["enumOf('a', 'b')", enumOf('a', 'b'), 'A', 'needs one of a, b, but got another text', CORRECT],
	["enumOf('a', 'b')", enumOf('a', 'b'), ['a'], 'needs one of a, b, but got a list', CORRECT],
	['id', id, undefined, 'is empty', PICK],
	['id', id, '', 'is empty', PICK],
	['id', id, ' \t\ufeff', 'is empty', PICK],
	['id', id, null, 'needs an ID, but got null', CORRECT],
	['id', id, NaN, 'needs an ID, but got another number', CORRECT],
	['id', id, false, 'needs an ID, but got true or false', CORRECT],
	['id', id, '.', "isn't a valid ID", COPY],
	['id', id, ' .. ', "isn't a valid ID", COPY],
	['id', id, '\ud800', "isn't a valid ID", COPY],
	['id', id, 'ast_\udc00x', "isn't a valid ID", COPY],
	['nullableId', nullableId, undefined, 'needs text, but got nothing', CORRECT],
	['nullableId', nullableId, {}, 'needs text, but got an object', CORRECT],
	['fromLocator', fromLocator(), { mode: 'list', value: '' }, 'is empty', PICK],
	['fromLocator', fromLocator(), {}, 'is empty', PICK],
	['fromLocator', fromLocator(), [], 'needs an ID, but got a list', CORRECT],
	['jsonObject', jsonObject, '{"a":', 'is not valid JSON', 'Look for a missing quote, comma or brace.'],
	['jsonObject', jsonObject, '', 'is not valid JSON', 'Look for a missing quote, comma or brace.'],
	[
		'jsonObject',
		jsonObject,
		'[1]',
		'needs a JSON object, such as { "language": "auto" }, but got a list',
		CORRECT,
	],
	[
		'jsonObject',
		jsonObject,
		'null',
		'needs a JSON object, such as { "language": "auto" }, but got another text',
		CORRECT,
	],
	[
		'jsonObject',
		jsonObject,
		undefined,
		'needs a JSON object, such as { "language": "auto" }, but got nothing',
		CORRECT,
	],
	[
		'jsonObject',
		jsonObject,
		5,
		'needs a JSON object, such as { "language": "auto" }, but got another number',
		CORRECT,
	],
	[
		'jsonObject',
		jsonObject,
		{ x: 1n },
		'needs a JSON object, such as { "language": "auto" }, but got an object',
		CORRECT,
	],
];

test.each(REFUSED)('The parser %s refuses a value: case %#', (_, parse, value, message, description) => {
	expect(refusal(parse, value)).toEqual([message, description]);
});

test('A parsed JSON object is a copy', () => {
	const given = { a: { b: 1 } };
	const parsed = jsonObject(given);
	expect(parsed).toEqual(given);
	expect(parsed).not.toBe(given);
});

test('A JSON object keeps members such as __proto__ as members of its own', () => {
	expect(JSON.stringify(jsonObject('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}');
});

test.each([
	[{ mode: 'list', value: '' }, true],
	[{ mode: 'list', value: 'c' }, false],
	[{ mode: 'list', value: '={{ $json.id }}' }, false],
	[{ mode: 'id', value: '' }, false],
	['', false],
	[null, false],
])('Whether the locator %j is still to be picked: %s', (locator, expected) => {
	expect(isUnpicked(locator)).toBe(expected);
});
