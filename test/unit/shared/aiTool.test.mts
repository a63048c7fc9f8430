import { isOmittedByAi } from '../../../nodes/Invent/shared/aiTool.ts';
import { boolean, nullableId, string, stringOfLength } from '../../../nodes/Invent/shared/parsers.ts';
import { contextOf } from './context.mts';

const ASKED = "={{ $fromAI('name', 'what it is', 'string') }}";

function isOmitted(entered: unknown, value: unknown, parse?: Parameters<typeof isOmittedByAi>[3]): boolean {
	const context = contextOf({ values: {}, entered: { updateFields: { name: entered as string } } });
	return isOmittedByAi(context, 'updateFields.name', value, parse);
}

describe('An argument of an AI agent is left out', () => {
	test.each([
		['undefined', undefined],
		['null', null],
		['an empty text', ''],
		['a list of empty texts', ['', '']],
		['an unpicked locator', { mode: 'list', value: '' }],
		['a group of nothing', { board: [{ boardId: '', initialSegmentId: null }] }],
	])('when it is %s', (_, value) => {
		expect(isOmitted(ASKED, value)).toBe(true);
	});

	test.each([
		'={{ $fromAI("a") }}',
		'={{ $fromAi("a") }}',
		'={{ $fromai("a") }}',
		'={{ $fromAI ("a") }}',
		'={{ $fromAI\n\t ("a") }}',
		'={{ ($fromAI("a") || "").trim() }}',
	])('when it was asked for by %j', (entered) => {
		expect(isOmitted(entered, '')).toBe(true);
	});

	test('when it was asked for anywhere in a group', () => {
		expect(isOmitted({ board: [{ boardId: ASKED }] }, { board: [{ boardId: '' }] })).toBe(true);
	});

	test.each([
		['text that is cleared by an empty one', string, null],
		['an ID that is cleared by an empty text', nullableId, undefined],
	])('when it is nothing at all, for %s', (_, parse, value) => {
		expect(isOmitted(ASKED, value, parse)).toBe(true);
	});

	test.each([
		['a switch', boolean],
		['text that can not be empty', stringOfLength(1, 9)],
	])('when it is an empty text, for %s', (_, parse) => {
		expect(isOmitted(ASKED, '', parse)).toBe(true);
	});
});

describe('A value is not left out', () => {
	test.each([
		['a text', 'x'],
		['false', false],
		['0', 0],
		['an empty list', []],
		['an empty object', {}],
		['a list with one text', ['', 'x']],
		['a picked locator', { mode: 'list', value: 'x' }],
		['a locator of 0', { mode: '', value: 0 }],
	])('when it is %s', (_, value) => {
		expect(isOmitted(ASKED, value)).toBe(false);
	});

	test.each(['', 'fixed', '={{ $json.fromAI }}', '={{ $fromAIx("a") }}', 'fromAI(', undefined])(
		'when no agent was asked for it: %j',
		(entered) => {
			expect(isOmitted(entered, '')).toBe(false);
		},
	);

	test.each([
		['text', string],
		['an ID', nullableId],
	])('when it is an empty text that clears %s', (_, parse) => {
		expect(isOmitted(ASKED, '', parse)).toBe(false);
	});
});
