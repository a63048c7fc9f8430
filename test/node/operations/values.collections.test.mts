import type { INodeParameters } from 'n8n-workflow';

import {
	about,
	assistants,
	at,
	bodiesOf,
	expectClear,
	expectRefusal,
	faultOf,
	labelOf,
	OWN_VALUE,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

/** A collection, and what an expression in its place gives: what a user would fill in by hand. */
const COLLECTIONS: ReadonlyArray<readonly [OperationName, string, unknown]> = [
	['create', 'additionalFields', { enabled: false }],
	['duplicate', 'additionalFields', { name: 'Copy' }],
	['update', 'updateFields', { name: 'New' }],
	['create', 'config', { language: 'es' }],
	['update', 'config', { language: 'es' }],
	['create', 'conversation', { enableMemories: true }],
	['update', 'conversation', { enableMemories: true }],
	['getAll', 'filters', { search: 'x' }],
	['get', 'options', { includeSecretKey: true }],
	['update', 'updateFields.boards', { board: [{ boardId: 'brd_1' }] }],
];

function withOwn(operation: OperationName, own: INodeParameters): INodeParameters {
	const [id = ''] = assistants(api);
	return { ...about(operation, id), ...own };
}

describe('A whole collection given as one expression', () => {
	test.each(
		COLLECTIONS.flatMap(([operation, place, value]) => [
			[operation, place, 'an object', value] as const,
			[operation, place, 'an object as text', JSON.stringify(value)] as const,
			[operation, place, 'an empty object', {}] as const,
			[operation, place, 'null', null] as const,
			[operation, place, 'an empty text', ''] as const,
		]),
	)('%s: %s is refused when it gives %s, and nothing is sent', async (operation, place, _, value) => {
		const parameters = withOwn(operation, at(place, OWN_VALUE));
		const fault = faultOf(await api.run(parameters, { items: valued([value, value]) }));
		expect(fault.message).toContain(`'${labelOf(operation, place)}'`);
		expect(fault.message).toContain('[item 0]');
		expectClear(fault);
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each(COLLECTIONS)('%s: %s as fixed text is refused too', async (operation, place) => {
		const fault = faultOf(await api.run(withOwn(operation, at(place, 'filled'))));
		expectClear(fault);
		expect(api.sandbox.requests).toEqual([]);
	});
});

describe('Boards', () => {
	const NO_IDS: ReadonlyArray<readonly [string, unknown]> = [
		['an empty text', ''],
		['a blank text', ' '],
		['null', null],
		['nothing', undefined],
		['true', true],
		['an object', {}],
		['a list', ['brd_1']],
	];
	const NO_TEXTS: ReadonlyArray<readonly [string, unknown]> = [
		['null', null],
		['an object', {}],
		['a list', ['seg_1']],
	];

	function board(members: INodeParameters): INodeParameters {
		return withOwn('update', { updateFields: { boards: { board: [members] } } });
	}

	test.each(NO_IDS)('refuse a board ID that is %s', async (_, bad) => {
		const parameters = board({ boardId: OWN_VALUE, initialSegmentId: 'seg_1' });
		await expectRefusal(api, { parameters, good: 'brd_1', bad, label: 'Boards' });
	});

	test.each(NO_TEXTS)('refuse a segment ID that is %s', async (_, bad) => {
		const parameters = board({ boardId: 'brd_1', initialSegmentId: OWN_VALUE });
		await expectRefusal(api, { parameters, good: 'seg_1', bad, label: 'Boards' });
	});

	test('take numbers as IDs', async () => {
		await api.run(board({ boardId: OWN_VALUE, initialSegmentId: OWN_VALUE }), { items: valued([7, 0]) });
		expect(bodiesOf(api)).toEqual([
			{ boards: [{ board_id: '7', initial_segment_id: '7' }] },
			{ boards: [{ board_id: '0', initial_segment_id: '0' }] },
		]);
	});

	test('keep the order in which they are given', async () => {
		const ids = ['brd_2', 'brd_1', 'brd_3'];
		const boards = { board: ids.map((boardId) => ({ boardId })) };
		await api.run(withOwn('update', { updateFields: { boards } }));
		expect(bodiesOf(api)).toEqual(Array(2).fill({ boards: ids.map((board_id) => ({ board_id })) }));
	});

	test('refuse an expression in place of their list', async () => {
		const parameters = withOwn('update', { updateFields: { boards: { board: OWN_VALUE } } });
		const fault = faultOf(await api.run(parameters, { items: valued([[], [{ boardId: 'brd_1' }]]) }));
		expect(fault.message).toMatch(/'Boards'.*\[item 0\]/);
		expectClear(fault);
		expect(api.sandbox.requests).toEqual([]);
	});
});
