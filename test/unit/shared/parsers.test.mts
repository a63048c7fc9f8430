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

const CORRECT = 'Correct the value or its expression.';
const PICK = 'Select one from the list, or enter an ID. If it is an expression, it must return an ID.';
const COPY = 'Select one from the list, or copy the ID again.';

type Accepted = ReadonlyArray<
	readonly [parser: string, parse: Parser<unknown>, value: unknown, parsed: unknown]
>;

const luxon = {
	toISO: () => '2026-01-02T03:04:05.000Z',
	toJSON: () => '2026-01-02T03:04:05.000Z',
	year: 2026,
};
const notJson = {
	toJSON() {
		throw new Error('It holds itself');
	},
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
	['stringList', stringList, ' ["a", ["b", 1]]\n', ['a', 'b', '1']],
	['stringList', stringList, ['a', '["b","c"]', '[d]', '[', '{}'], ['a', 'b', 'c', '[d]', '[', '{}']],
	['stringList', stringList, '[]', []],
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
	['no value', undefined],
	['null', null],
	['an empty string', ''],
	['a list', ['x']],
	['an object', { x: 1 }],
	['another string', 'x'],
	['NaN', NaN],
	['-1.5', -1.5],
	['true', true],
];

test.each(TYPES)('What an error calls %s is its type, and no text', (type, value) => {
	const { message, description } = typeError('a miracle', value);
	expect(message).toBe(`must be a miracle, but got ${type}`);
	expect(description).toBe(CORRECT);
});

type Refused = ReadonlyArray<
	readonly [parser: string, parse: Parser<unknown>, value: unknown, message: string, description: string]
>;

const REFUSED: Refused = [
	['string', string, undefined, 'must be a string, but got no value', CORRECT],
	['string', string, null, 'must be a string, but got null', CORRECT],
	['string', string, {}, 'must be a string, but got an object', CORRECT],
	['string', string, ['x'], 'must be a string, but got a list', CORRECT],
	['string', string, NaN, 'must be a string, but got NaN', CORRECT],
	['string', string, Infinity, 'must be a string, but got Infinity', CORRECT],
	['string', string, new Date(NaN), 'must be a string, but got an object', CORRECT],
	['string', string, invalidLuxon, 'must be a string, but got an object', CORRECT],
	['string', string, { toISO: 'x', toJSON: () => 'x' }, 'must be a string, but got an object', CORRECT],
	['locatorValue', locatorValue, { value: 'x' }, 'must be a string, but got an object', CORRECT],
	['locatorValue', locatorValue, { mode: 'name', value: null }, 'must be a string, but got null', CORRECT],
	['wellFormedString', wellFormedString, [], 'must be a string, but got a list', CORRECT],
	['stringOfLength(1, 3)', stringOfLength(1, 3), '', 'is empty', 'Enter 1 to 3 characters.'],
	[
		'stringOfLength(1, 3)',
		stringOfLength(1, 3),
		' \u00a0',
		'contains only spaces',
		'Enter 1 to 3 characters.',
	],
	[
		'stringOfLength(1, 3)',
		stringOfLength(1, 3),
		'abcd',
		'must have 1 to 3 characters, but has 4',
		'Shorten it.',
	],
	[
		'stringOfLength(2, 3)',
		stringOfLength(2, 3),
		'a',
		'must have 2 to 3 characters, but has 1',
		'Lengthen it.',
	],
	['stringOfLength(1, 3)', stringOfLength(1, 3), null, 'must be a string, but got null', CORRECT],
	['boolean', boolean, 'yes', 'must be true or false, but got another string', CORRECT],
	['boolean', boolean, '', 'must be true or false, but got an empty string', CORRECT],
	['boolean', boolean, 2, 'must be true or false, but got 2', CORRECT],
	['boolean', boolean, [true], 'must be true or false, but got a list', CORRECT],
	['stringList', stringList, '', 'must be a list of strings, but got an empty string', CORRECT],
	['stringList', stringList, 1, 'must be a list of strings, but got 1', CORRECT],
	['stringList', stringList, null, 'must be a list of strings, but got null', CORRECT],
	['stringList', stringList, ['a', null], 'must be a string, but got null', CORRECT],
	['stringList', stringList, '["a", null]', 'must be a string, but got null', CORRECT],
	['stringList', stringList, [['a', [{}]]], 'must be a string, but got an object', CORRECT],
	['integerFrom(1)', integerFrom(1), 0, 'must be a whole number of at least 1, but got 0', CORRECT],
	['integerFrom(1)', integerFrom(1), 1.5, 'must be a whole number of at least 1, but got 1.5', CORRECT],
	[
		'integerFrom(0)',
		integerFrom(0),
		2 ** 53,
		'must be a whole number of at least 0, but got 9007199254740992',
		CORRECT,
	],
	[
		'integerFrom(0)',
		integerFrom(0),
		'',
		'must be a whole number of at least 0, but got an empty string',
		CORRECT,
	],
	[
		'integerFrom(0)',
		integerFrom(0),
		' ',
		'must be a whole number of at least 0, but got another string',
		CORRECT,
	],
	[
		'integerFrom(0)',
		integerFrom(0),
		'x',
		'must be a whole number of at least 0, but got another string',
		CORRECT,
	],
	['integerFrom(0)', integerFrom(0), true, 'must be a whole number of at least 0, but got true', CORRECT],
	["enumOf('a', 'b')", enumOf('a', 'b'), 'A', 'must be one of a, b, but got another string', CORRECT],
	["enumOf('a', 'b')", enumOf('a', 'b'), ['a'], 'must be one of a, b, but got a list', CORRECT],
	['id', id, undefined, 'has no value', PICK],
	['id', id, '', 'is empty', PICK],
	['id', id, ' \t\ufeff', 'is empty', PICK],
	['id', id, null, 'must be an ID, but got null', CORRECT],
	['id', id, NaN, 'must be an ID, but got NaN', CORRECT],
	['id', id, false, 'must be an ID, but got false', CORRECT],
	['id', id, '.', 'is not a valid ID', COPY],
	['id', id, ' .. ', 'is not a valid ID', COPY],
	['id', id, '\ud800', 'is not a valid ID', COPY],
	['id', id, 'ast_\udc00x', 'is not a valid ID', COPY],
	['nullableId', nullableId, undefined, 'must be a string, but got no value', CORRECT],
	['nullableId', nullableId, {}, 'must be a string, but got an object', CORRECT],
	['fromLocator', fromLocator(), { mode: 'list', value: '' }, 'is empty', PICK],
	['fromLocator', fromLocator(), {}, 'has no value', PICK],
	['fromLocator', fromLocator(), [], 'must be an ID, but got a list', CORRECT],
	['jsonObject', jsonObject, '{"a":', 'is not valid JSON: it ends too early', 'Correct the JSON.'],
	['jsonObject', jsonObject, '', 'is empty', 'Enter a JSON object.'],
	['jsonObject', jsonObject, ' \n', 'is empty', 'Enter a JSON object.'],
	['jsonObject', jsonObject, '[1]', 'must be a JSON object, but got a list', CORRECT],
	['jsonObject', jsonObject, 'null', 'must be a JSON object, but got null', CORRECT],
	['jsonObject', jsonObject, undefined, 'must be a JSON object, but got no value', CORRECT],
	['jsonObject', jsonObject, 5, 'must be a JSON object, but got 5', CORRECT],
	['jsonObject', jsonObject, notJson, 'must be a JSON object, but got an object', CORRECT],
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
