import type { INodeParameters } from 'n8n-workflow';

import {
	answering,
	assistants,
	faultOf,
	fieldsOf,
	least,
	lineOf,
	locator,
	OWN_VALUE,
	sourcesOf,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

const GET: INodeParameters = { operation: 'get', assistantId: locator(OWN_VALUE) };

/** What goes wrong with the second of three items: the API refuses it, or its input can't be used. */
const WRONG: ReadonlyArray<readonly [string, unknown, RegExp]> = [
	['the API refuses it', 'ast_none', /'Assistant' or 'Organization' not found \[item 1\]/],
	['its input is of no use', { id: 'x' }, /'Assistant' must be an ID.*\[item 1\]/s],
	['its input is empty', '', /'Assistant' is empty.*\[item 1\]/s],
];

describe('With On Error set to continue, a failing item becomes an error item and the others go on', () => {
	test.each(WRONG)('in the one output, when %s', async (_, wrong, text) => {
		const [first = '', third = ''] = assistants(api);
		const items = valued([first, wrong, third]);
		const outcome = await api.run(GET, { items, settings: { onError: 'continueRegularOutput' } });
		expect(outcome.error).toBeUndefined();
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([first, undefined, third]);
		expect(outcome.items[1]?.json.error).toMatch(text);
	});

	test.each(WRONG)('in the error output, when %s', async (_, wrong, text) => {
		const [first = '', third = ''] = assistants(api);
		const items = valued([first, wrong, third]);
		const outcome = await api.run(GET, { items, settings: { onError: 'continueErrorOutput' } });
		expect(outcome.error).toBeUndefined();
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([first, third]);
		expect(sourcesOf(outcome)).toEqual([0, 2]);
		expect(outcome.refused.map(({ json }) => json.error)).toEqual([expect.stringMatching(text)]);
		expect(sourcesOf({ ...outcome, items: outcome.refused })).toEqual([1]);
	});

	test('and what is wrong is told with what to do about it', async () => {
		const settings = { onError: 'continueRegularOutput' } as const;
		const outcome = await api.run(GET, { items: valued(['ast_none', '']), settings });
		const errors = fieldsOf(outcome).map(({ error }) => error);
		expect(errors[0]).toMatch(/\[item 0\]\. Check 'Assistant' or 'Organization'/);
		expect(errors[1]).toMatch(/\[item 1\]\. Select one from the list, or enter an ID/);
	});

	const CREATIONS = ['create', 'duplicate'] as const;
	test.each(CREATIONS)('%s: later items are sent after one that failed', async (operation) => {
		const [id = ''] = assistants(api);
		api.sandbox.faults.set([{ match: { nth: 2 }, effect: { answer: { status: 400 } } }]);
		const settings = { onError: 'continueRegularOutput' } as const;
		const outcome = await api.run(least(operation, id), { items: [{}, {}, {}], settings });
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
		expect(fieldsOf(outcome).map((fields) => 'error' in fields)).toEqual([false, true, false]);
		expect(api.sandbox.requests).toHaveLength(3);
	});

	test('Get Many: a list that fails is one error item', async () => {
		assistants(api, 2);
		const parameters = { operation: 'getAll', organizationId: OWN_VALUE };
		const settings = { onError: 'continueRegularOutput' } as const;
		const outcome = await api.run(parameters, { items: valued(['org_none', 'c']), settings });
		expect(sourcesOf(outcome)).toEqual([0, 1, 1]);
		expect(outcome.items[0]?.json.error).toMatch(/'Organization'/);
	});
});

describe('With On Error set to stop', () => {
	test.each([0, 1, 2])('the error names item %i, the one that failed', async (index) => {
		const ids = assistants(api, 3);
		ids[index] = 'ast_none';
		const fault = faultOf(await api.run(GET, { items: valued(ids) }));
		expect(fault.itemIndex).toBe(index);
		expect(fault.message).toContain(`[item ${index}]`);
	});

	const ORDERED: OperationName[] = ['create', 'duplicate', 'update', 'rotateKey'];
	test.each(ORDERED)('%s: items after the one that failed are not sent', async (operation) => {
		const [id = ''] = assistants(api);
		api.sandbox.faults.set([{ match: { nth: 2 }, effect: { answer: { status: 400 } } }]);
		const outcome = await api.run(least(operation, id), { items: [{}, {}, {}, {}] });
		expect(faultOf(outcome).itemIndex).toBe(1);
		expect(api.sandbox.requests).toHaveLength(2);
	});

	test.each([0, 1, 2])('nothing at all is sent when the input of item %i is refused', async (index) => {
		const ids: unknown[] = assistants(api, 3);
		ids[index] = null;
		for (const operation of ['get', 'update', 'rotateKey', 'duplicate'] as const) {
			const parameters = { ...least(operation, ''), assistantId: OWN_VALUE };
			const fault = faultOf(await api.run(parameters, { items: valued(ids) }));
			expect(fault.itemIndex).toBe(index);
		}
		expect(api.sandbox.requests).toEqual([]);
	});

	test('the first of two inputs that are refused is the one that is told', async () => {
		const fault = faultOf(await api.run(GET, { items: valued(['ast_1', null, '']) }));
		expect(fault.itemIndex).toBe(1);
	});
});

describe('An expression that fails', () => {
	const BROKEN: ReadonlyArray<readonly [string, INodeParameters]> = [
		['a name', { operation: 'create', name: '={{ $json.value.deep.er }}' }],
		['an id', { operation: 'get', assistantId: locator('={{ $json.value.deep.er }}') }],
	];

	test.each(BROKEN)('in %s is an error of its item, and nothing is sent', async (_, parameters) => {
		const fault = faultOf(await api.run(parameters, { items: valued([{ deep: { er: 'x' } }, null]) }));
		expect(fault.itemIndex).toBe(1);
		expect(api.sandbox.requests).toEqual([]);
	});
});

test('An item whose answer is wrong leaves the other items alone', async () => {
	const ids = assistants(api, 3);
	api.sandbox.faults.set(answering(200, '<html></html>', { path: ids[1] ?? '' }));
	const settings = { onError: 'continueErrorOutput' } as const;
	const outcome = await api.run(GET, { items: valued(ids), settings });
	expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([ids[0], ids[2]]);
	expect(outcome.refused).toHaveLength(1);
	expect(api.sandbox.requests.map(lineOf)).toHaveLength(3);
});
