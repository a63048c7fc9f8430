import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { AssistantAction } from '../../../contract/invent.d.ts';
import { executeTool, loadList } from '../harness/engine.mts';
import {
	bodiesOf,
	expectClear,
	expectRefusal,
	faultOf,
	fieldsOf,
	lineOf,
	locator,
	OWN_VALUE,
	sourcesOf,
	subOrganization,
	textOf,
	useSandbox,
	valued,
} from '../harness/support.mts';

const api = useSandbox();

const TYPE = 'TOOLS:WEB_SEARCH';

/** An assistant with actions of these names. */
function assistantWith(...names: string[]): { id: string; actions: AssistantAction[]; path: string } {
	const { id } = api.sandbox.store.add({});
	const actions = names.map((name) => api.sandbox.store.addAction(id, { name }));
	return { id, actions, path: `/orgs/c/assistants/${id}/actions` };
}

function on(id: string, operation: string, own: INodeParameters = {}): INodeParameters {
	return { resource: 'assistantAction', operation, assistantId: locator(id), ...own };
}

function creating(id: string, own: INodeParameters = {}): INodeParameters {
	return on(id, 'create', { actionType: locator(TYPE), ...own });
}

function updating(id: string, actionId: string, updateFields: INodeParameters, own: INodeParameters = {}) {
	return on(id, 'update', { actionId: locator(actionId), updateFields, ...own });
}

function reordering(id: string, ...position: INodeParameters[]): INodeParameters {
	return on(id, 'reorder', { positions: { position } });
}

const EMPTY_CONFIG = { input: {}, definitions: [] };

describe('Create', () => {
	test('sends type, switch and configuration always', async () => {
		const { id, path } = assistantWith();
		await api.run(creating(id));
		expect(api.sandbox.requests.map(lineOf)).toEqual([`POST ${path}`, `POST ${path}`]);
		expect(bodiesOf(api)).toEqual(Array(2).fill({ action_id: TYPE, enabled: true, config: EMPTY_CONFIG }));
		expect(api.sandbox.store.actions(id)).toHaveLength(2);
	});

	test('sends every documented member', async () => {
		const { id } = assistantWith();
		const config = { input: { url: 'https://shop.example' }, definitions: [{ path: 'id', definition: {} }] };
		const { error, items } = await api.run(
			creating(id, {
				enabled: false,
				actionConfig: JSON.stringify(config),
				additionalFields: { connectionId: ' con_1 ', instructions: 'Use it.', name: 'Find' },
			}),
			{ items: [{}] },
		);
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([
			{
				action_id: TYPE,
				enabled: false,
				config,
				connection_id: 'con_1',
				instructions: 'Use it.',
				name: 'Find',
			},
		]);
		expect(items).toHaveLength(1);
	});

	test('takes a configuration that an expression gives as an object', async () => {
		const { id } = assistantWith();
		await api.run(creating(id, { actionConfig: OWN_VALUE }), {
			items: valued([{ input: { a: 1 } }, { definitions: [] }]),
		});
		expect(bodiesOf(api)).toMatchObject([{ config: { input: { a: 1 } } }, { config: { definitions: [] } }]);
	});

	test('creates in the order of the items, the same new action twice for two items', async () => {
		const { id } = assistantWith();
		const values = ['B', 'A', 'A', 'C'];
		const outcome = await api.run(creating(id, { additionalFields: { name: OWN_VALUE } }), {
			items: valued(values),
		});
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(values);
		expect(sourcesOf(outcome)).toEqual([0, 1, 2, 3]);
		expect(api.sandbox.store.actions(id).map(({ name }) => name)).toEqual(values);
	});

	test.each<[string, INodeParameters, unknown, unknown, string]>([
		['no type', { actionType: locator(OWN_VALUE) }, TYPE, '', 'Action Type'],
		['a type that is null', { actionType: locator(OWN_VALUE) }, TYPE, null, 'Action Type'],
		['a switch of another word', { enabled: OWN_VALUE }, 'false', 'on', 'Enabled'],
		['a broken configuration', { actionConfig: OWN_VALUE }, '{}', '{"input"', 'Configuration'],
		['a list as configuration', { actionConfig: OWN_VALUE }, {}, [], 'Configuration'],
		['a configuration that is null', { actionConfig: OWN_VALUE }, {}, null, 'Configuration'],
		['a long name', { additionalFields: { name: OWN_VALUE } }, 'x'.repeat(64), 'x'.repeat(65), 'Name'],
		[
			'long instructions',
			{ additionalFields: { instructions: OWN_VALUE } },
			'🦊'.repeat(2048),
			'x'.repeat(2049),
			'Instructions',
		],
		['an empty connection', { additionalFields: { connectionId: OWN_VALUE } }, 'con_1', ' ', 'Connection ID'],
		[
			'a connection of null',
			{ additionalFields: { connectionId: OWN_VALUE } },
			'con_1',
			null,
			'Connection ID',
		],
	])('refuses %s', async (_, own, good, bad, label) => {
		const { id } = assistantWith();
		await expectRefusal(api, { parameters: creating(id, own), good, bad, label });
	});

	test('an undefined from an expression means that the field was not added', async () => {
		const { id } = assistantWith();
		const additionalFields = { name: OWN_VALUE, connectionId: OWN_VALUE, instructions: OWN_VALUE };
		const { error } = await api.run(creating(id, { additionalFields }), { items: [{}] });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([{ action_id: TYPE, enabled: true, config: EMPTY_CONFIG }]);
	});
});

test.each([
	['without a name', {}],
	['with an empty name', { name: '' }],
	['with a name', { name: 'Find' }],
])('a new action %s whose answer got lost is found, for each of two items', async (_, additionalFields) => {
	const { id } = assistantWith();
	api.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { dropAfter: true } }]);
	const outcome = await api.run(creating(id, { additionalFields }));
	expect(outcome.error).toBeUndefined();
	expect(fieldsOf(outcome).map((action) => action.id)).toEqual(
		api.sandbox.store.actions(id).map((action) => action.id),
	);
	expect(outcome.items).toHaveLength(2);
});

describe('Get and Get Many', () => {
	test('get reads the action by its id', async () => {
		const { id, actions, path } = assistantWith('One', 'Two');
		const outcome = await api.run(on(id, 'get', { actionId: locator(OWN_VALUE) }), {
			items: valued(actions.map((action) => ` ${action.id} `)),
		});
		expect(api.sandbox.requests.map(lineOf).sort()).toEqual(
			actions.map((action) => `GET ${path}/${action.id}`).sort(),
		);
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(['One', 'Two']);
	});

	test.each([
		[0, 1],
		[99, 1],
		[100, 2],
		[101, 2],
		[250, 3],
	])('get many returns all of %i actions, once', async (count) => {
		const { id, path } = assistantWith();
		const actions = Array.from({ length: count }, (_, at) => ({
			...EMPTY,
			id: `act_${at}`,
			position: at,
		}));
		api.sandbox.store.update(id, { actions });
		const outcome = await api.run(on(id, 'getAll', { returnAll: true }), { items: [{}] });
		expect(fieldsOf(outcome).map((action) => action.id)).toEqual(actions.map((action) => action.id));
		expect(new Set(api.sandbox.requests.map(lineOf))).toEqual(new Set([`GET ${path}`]));
	});

	test.each([
		[1, 1],
		[50, 50],
		['7', 7],
	])('get many returns up to %j', async (limit, expected) => {
		const { id } = assistantWith(...Array.from({ length: 60 }, (_, at) => `Action ${at}`));
		const outcome = await api.run(on(id, 'getAll', { limit }), { items: [{}] });
		expect(outcome.items).toHaveLength(expected);
		expect(api.sandbox.requests.map(({ query }) => query)).toEqual([{ page: '1', take: String(expected) }]);
	});

	test('the items of each input item point to it', async () => {
		const one = assistantWith('One', 'Two');
		const other = assistantWith('Three');
		const outcome = await api.run(
			{ ...on('', 'getAll'), assistantId: locator(OWN_VALUE) },
			{ items: valued([one.id, other.id]) },
		);
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(['One', 'Two', 'Three']);
		expect(sourcesOf(outcome)).toEqual([0, 0, 1]);
	});
});

const EMPTY: AssistantAction = {
	id: '',
	enabled: true,
	name: null,
	instructions: null,
	action_id: TYPE,
	assistant_id: '',
	connection_id: null,
	config: {},
	created_at: null,
	updated_at: null,
};

describe('Update', () => {
	test('sends what was added and nothing else', async () => {
		const { id, actions, path } = assistantWith('One');
		const actionId = actions[0]?.id ?? '';
		const updateFields = { enabled: false, name: 'New', instructions: 'Do.', connectionId: 'con_2' };
		const { error } = await api.run(updating(id, actionId, updateFields));
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(`PATCH ${path}/${actionId}`));
		expect(bodiesOf(api)).toEqual(
			Array(2).fill({ enabled: false, name: 'New', instructions: 'Do.', connection_id: 'con_2' }),
		);
	});

	test.each([
		['name', { name: '' }, { name: '' }],
		['instructions', { instructions: '' }, { instructions: '' }],
		['connection', { connectionId: '' }, { connection_id: null }],
		['connection by null', { connectionId: '={{ null }}' }, { connection_id: null }],
	])('clears the %s by an empty value', async (_, updateFields, body) => {
		const { id, actions } = assistantWith('One');
		await api.run(updating(id, actions[0]?.id ?? '', updateFields), { items: [{}] });
		expect(bodiesOf(api)).toEqual([body]);
	});

	test('merges the configuration into the one that the action has', async () => {
		const { id } = assistantWith();
		const config = { input: { a: 1, b: { c: [1], d: 2 } }, definitions: [{ path: 'x' }] };
		const action = api.sandbox.store.addAction(id, { config });
		const actionConfig = '{ "input": { "b": { "c": [2] } } }';
		const { error } = await api.run(updating(id, action.id, { actionConfig }), { items: [{}] });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH']);
		expect(bodiesOf(api)[1]).toEqual({
			config: { input: { a: 1, b: { c: [2], d: 2 } }, definitions: [{ path: 'x' }] },
		});
	});

	test('sends the configuration as entered if that is wanted', async () => {
		const { id, actions } = assistantWith('One');
		const own = { options: { configUpdate: 'asEntered' } };
		await api.run(updating(id, actions[0]?.id ?? '', { actionConfig: '{"input":{}}' }, own), { items: [{}] });
		expect(bodiesOf(api)).toEqual([{ config: { input: {} } }]);
	});

	test('an empty configuration as entered is a change by itself', async () => {
		const { id } = assistantWith();
		const action = api.sandbox.store.addAction(id, { config: { input: { a: 1 } } });
		const own = { options: { configUpdate: 'asEntered' } };
		const { error } = await api.run(updating(id, action.id, { actionConfig: '{}' }, own), { items: [{}] });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([{ config: {} }]);
	});

	test('an empty configuration to merge is no change', async () => {
		const { id, actions } = assistantWith('One');
		const fault = faultOf(await api.run(updating(id, actions[0]?.id ?? '', { actionConfig: '{}' })));
		expect(textOf(fault)).toContain('Update Fields');
		expect(api.sandbox.requests).toEqual([]);
	});

	test('refuses an update of nothing, and sends nothing', async () => {
		const { id, actions } = assistantWith('One');
		const fault = faultOf(await api.run(updating(id, actions[0]?.id ?? '', {})));
		expectClear(fault);
		expect(textOf(fault)).toContain('Update Fields');
		expect(api.sandbox.requests).toEqual([]);
	});

	test('items that change the same action take effect one after the other', async () => {
		const { id, actions } = assistantWith('One');
		const names = ['A', 'B', 'C', 'D', 'E'];
		const outcome = await api.run(updating(id, actions[0]?.id ?? '', { name: OWN_VALUE }), {
			items: valued(names),
		});
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(names);
		expect(api.sandbox.inFlight.peak).toBe(1);
		expect(api.sandbox.store.actions(id)[0]?.name).toBe('E');
	});

	test('an action called reorder is not taken for the route of that name', async () => {
		const { id, path } = assistantWith();
		api.sandbox.store.addAction(id, { id: 'reorder', name: 'Mine' });
		const fault = faultOf(await api.run(updating(id, 'reorder', { name: 'New' })));
		expectClear(fault);
		expect(fault.message).toContain("'Action'");
		expect(api.sandbox.requests).toEqual([]);
		const got = await api.run(on(id, 'get', { actionId: locator('reorder') }), { items: [{}] });
		expect(fieldsOf(got)).toMatchObject([{ id: 'reorder', name: 'Mine' }]);
		expect(api.sandbox.requests.map(lineOf)).toEqual([`GET ${path}/reorder`]);
	});
});

describe('Reorder', () => {
	test('sends the positions in one request, and returns the actions that the API answers', async () => {
		const { id, actions, path } = assistantWith('One', 'Two', 'Three');
		const [one, two] = actions.map((action) => action.id);
		const outcome = await api.run(
			reordering(
				id,
				{ actionId: locator(two ?? ''), position: 0 },
				{ actionId: locator(one ?? '', 'list'), position: '={{ "900" }}' },
			),
			{ items: [{}] },
		);
		expect(api.sandbox.requests.map(lineOf)).toEqual([`PATCH ${path}/reorder`]);
		expect(bodiesOf(api)).toEqual([
			{
				positions: [
					{ id: two, position: 0 },
					{ id: one, position: 900 },
				],
			},
		]);
		expect(api.sandbox.requests[0]?.query).toEqual({});
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(['Two', 'Three', 'One']);
		expect(sourcesOf(outcome)).toEqual([0, 0, 0]);
	});

	test('an action that is not found is told with the positions that it is one of', async () => {
		const { id } = assistantWith('One');
		const { items } = await api.run(reordering(id, { actionId: 'act_none', position: 1 }), {
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.errorCode)).toEqual(['not_found', 'not_found']);
		expect(items[1]?.json.error).toMatch(/^'Positions' or 'Assistant' or 'Organization' not found/);
	});

	test('takes 25 positions, and refuses 26', async () => {
		const { id, actions } = assistantWith(...Array.from({ length: 26 }, (_, at) => `Action ${at}`));
		const rows = actions.map((action, position) => ({ actionId: locator(action.id), position }));
		const fault = faultOf(await api.run(reordering(id, ...rows)));
		expectClear(fault);
		expect(textOf(fault)).toMatch(/'Positions'.*26.*25/);
		expect(api.sandbox.requests).toEqual([]);
		expect((await api.run(reordering(id, ...rows.slice(1)), { items: [{}] })).error).toBeUndefined();
		expect(api.sandbox.requests[0]?.body).toHaveProperty('positions.length', 25);
	});

	test.each<[string, INodeParameters['positions']]>([
		['none', {}],
		['an empty list', { position: [] }],
		['an expression for all of them', '={{ { position: [{ actionId: "act_1", position: 1 }] } }}'],
	])('refuses %s', async (_, positions) => {
		const { id } = assistantWith('One');
		const fault = faultOf(await api.run(on(id, 'reorder', { positions: positions ?? {} })));
		expectClear(fault);
		expect(fault.message).toContain("'Positions'");
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each<[string, INodeParameters, string]>([
		['an action that is not picked', { actionId: locator('', 'list'), position: 1 }, "row 2: 'Action'"],
		['an action that an expression lacks', { actionId: '={{ $json.none }}', position: 1 }, "row 2: 'Action'"],
		['a position below 0', { actionId: 'act_1', position: -1 }, "row 2: 'Position'"],
		['a broken position', { actionId: 'act_1', position: '={{ 1.5 }}' }, "row 2: 'Position'"],
		['a position that is null', { actionId: 'act_1', position: '={{ null }}' }, "row 2: 'Position'"],
	])('refuses %s, and tells its row', async (_, row, expected) => {
		const { id } = assistantWith('One');
		const fault = faultOf(await api.run(reordering(id, { actionId: 'act_1', position: 1 }, row)));
		expectClear(fault);
		expect(fault.message).toContain(expected);
		expect(api.sandbox.requests).toEqual([]);
	});
});

describe('The output', () => {
	const ALL = ['get', 'getAll', 'create', 'update', 'reorder'] as const;

	function parametersFor(operation: (typeof ALL)[number], id: string, actionId: string): INodeParameters {
		if (operation === 'create') return creating(id);
		if (operation === 'update') return updating(id, actionId, { enabled: true });
		if (operation === 'reorder') return reordering(id, { actionId, position: 5 });
		return on(id, operation, { actionId: locator(actionId) });
	}

	test.each(ALL)('%s: simplified, it has ten flat fields', async (operation) => {
		const { id, actions } = assistantWith('One');
		const outcome = await api.run(parametersFor(operation, id, actions[0]?.id ?? ''), { items: [{}] });
		expect(fieldsOf(outcome).map((fields) => Object.keys(fields))).toEqual([
			[
				'id',
				'name',
				'enabled',
				'action_id',
				'assistant_id',
				'connection_id',
				'instructions',
				'position',
				'created_at',
				'updated_at',
			],
		]);
	});

	test.each(ALL)("%s: otherwise, it is the API's object", async (operation) => {
		const { id, actions } = assistantWith('One');
		const simple = { ...parametersFor(operation, id, actions[0]?.id ?? ''), simplify: false };
		const outcome = await api.run(simple, { items: [{}] });
		const stored = api.sandbox.store.actions(id).find((action) => action.id === fieldsOf(outcome)[0]?.id);
		expect(fieldsOf(outcome)).toEqual([stored]);
	});

	test('an older API without positions is fine', async () => {
		api.sandbox.reset({ generation: 'older', data: 'empty' });
		const { id, actions } = assistantWith('One');
		const outcome = await api.run(reordering(id, { actionId: actions[0]?.id ?? '', position: 5 }), {
			items: [{}],
		});
		expect(fieldsOf(outcome)).toMatchObject([{ name: 'One', position: null }]);
	});
});

describe('Ids', () => {
	const HOSTILE = ['a/b', '../actions', 'a?b=c', 'a#b', '%2F', 'ü', 'x y', '__proto__', 'reorder?'];

	test.each(HOSTILE)('an action %j is one segment of the path', async (hostile) => {
		const { id, path } = assistantWith();
		api.sandbox.store.addAction(id, { id: hostile, name: 'Mine' });
		for (const parameters of [
			on(id, 'get', { actionId: locator(hostile) }),
			updating(id, hostile, { name: 'New' }),
		]) {
			expect((await api.run(parameters, { items: [{}] })).error).toBeUndefined();
		}
		const own = `${path}/${encodeURIComponent(hostile)}`;
		expect(api.sandbox.requests.map(lineOf)).toEqual([`GET ${own}`, `PATCH ${own}`]);
	});

	test.each(['', ' ', '.', '..', '\ud800', null, true, {}, ['a']])(
		'an action %j is refused before anything is sent',
		async (bad) => {
			const { id } = assistantWith();
			const parameters = on(id, 'get', { actionId: locator(OWN_VALUE) });
			await expectRefusal(api, { parameters, good: 'act_1', bad, label: 'Action' });
		},
	);

	test('an action of an assistant in a sub-organization, given by its address', async () => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add({}, org);
		const action = api.sandbox.store.addAction(id);
		const outcome = await api.run({
			...on(id, 'get', { actionId: locator(action.id), organizationId: locator(org) }),
			assistantId: locator(`https://useinvent.com/o/assistants/${id}?tab=actions`, 'url'),
		});
		expect(outcome.error).toBeUndefined();
		expect(api.sandbox.requests[0]?.path).toBe(`/orgs/${org}/assistants/${id}/actions/${action.id}`);
	});

	test('what is not found is told with the parameters that it may be', async () => {
		const { id } = assistantWith();
		const { items } = await api.run(on(id, 'get', { actionId: locator('act_none') }), {
			items: [{}],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items[0]?.json).toMatchObject({ errorCode: 'not_found', httpStatus: 404 });
		expect(items[0]?.json.error).toMatch(/Action.*Assistant.*Organization/);
	});
});

describe('An agent', () => {
	const ASKED = (key: string) => `={{ $fromAI('${key}') }}`;

	async function called(parameters: INodeParameters, given: IDataObject): Promise<IDataObject[]> {
		let answer: IDataObject[] = [];
		await executeTool({
			credential: api.credential,
			tools: { Tool: { parameters } },
			work: async (call) => {
				answer = await call('Tool', given);
			},
		});
		return answer;
	}

	test('creates an action, and arguments that it leaves out are not sent', async () => {
		const { id } = assistantWith();
		const additionalFields = { name: ASKED('name'), connectionId: ASKED('connection') };
		const parameters = creating(id, { enabled: ASKED('enabled'), additionalFields });
		await called(parameters, { name: 'Find', connection: '', enabled: '' });
		expect(bodiesOf(api)).toEqual([{ action_id: TYPE, enabled: true, config: EMPTY_CONFIG, name: 'Find' }]);
	});

	test('clears a text by an empty one', async () => {
		const { id, actions } = assistantWith('One');
		const updateFields = { instructions: ASKED('instructions'), enabled: ASKED('enabled') };
		await called(updating(id, actions[0]?.id ?? '', updateFields), { instructions: '', enabled: 'false' });
		expect(bodiesOf(api)).toEqual([{ instructions: '', enabled: false }]);
	});

	test('reorders, gets and lists', async () => {
		const { id, actions } = assistantWith('One', 'Two');
		const actionId = locator(ASKED('action'));
		await called(reordering(id, { actionId, position: ASKED('position') }), {
			action: actions[1]?.id ?? '',
			position: '1',
		});
		expect(bodiesOf(api)).toEqual([{ positions: [{ id: actions[1]?.id, position: 1 }] }]);
		await called(on(id, 'get', { actionId }), { action: actions[0]?.id ?? '' });
		await called(on(id, 'getAll', { limit: ASKED('limit') }), { limit: '' });
		expect(api.sandbox.requests.map(({ status }) => status)).toEqual([200, 200, 200]);
	});
});

describe('The drop-downs', () => {
	async function listed(method: string, parameters: INodeParameters, filter = '') {
		const { results } = await loadList({ parameters, credential: api.credential, method, filter });
		return results;
	}

	test('offer the actions of the assistant, one without a name by its type', async () => {
		const { id, actions } = assistantWith('Look up', '');
		expect(await listed('searchActions', on(id, 'get'))).toEqual([
			{ name: 'Look up', value: actions[0]?.id },
			{ name: TYPE, value: actions[1]?.id },
		]);
	});

	test.each([
		['part of a name', 'ook U', 1],
		['part of a type', 'web_search', 2],
		['nothing', 'elsewhere', 0],
	])('find actions by %s', async (_, filter, count) => {
		const { id } = assistantWith('Look up', 'Second');
		expect(await listed('searchActions', on(id, 'get'), filter)).toHaveLength(count);
	});

	test('are those of the organization that is picked', async () => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add({}, org);
		api.sandbox.store.addAction(id, { name: 'There' });
		const parameters = { ...on(id, 'get'), organizationId: locator(org) };
		expect(await listed('searchActions', parameters)).toHaveLength(1);
		expect(api.sandbox.requests.map(lineOf)).toEqual([`GET /orgs/${org}/assistants/${id}/actions`]);
	});

	test.each([
		['ID', 'id', (id: string) => id],
		['address', 'url', (id: string) => `https://useinvent.com/o/assistants/${id}/actions`],
		['percent-encoded address', 'url', (id: string) => `https://useinvent.com/o/${id.replace('_', '%5F')}`],
	])('know the assistant by its %s', async (_, mode, valueOf) => {
		const { id } = assistantWith('Look up');
		const parameters = { ...on(id, 'get'), assistantId: locator(valueOf(id), mode) };
		expect(await listed('searchActions', parameters)).toHaveLength(1);
	});

	test('offer more than one page of actions', async () => {
		const { id } = assistantWith(...Array.from({ length: 101 }, (_, at) => `Action ${at}`));
		expect(await listed('searchActions', on(id, 'get'))).toHaveLength(101);
	});

	test.each<[string, INodeParameters, RegExp]>([
		['no assistant', { assistantId: locator('', 'list') }, /'Assistant'/],
		['an empty organization', { organizationId: locator('') }, /'Organization'/],
	])('say what is missing with %s', async (_, own, expected) => {
		const parameters = { ...on('ast_1', 'get'), ...own };
		await expect(listed('searchActions', parameters)).rejects.toThrow(expected);
		expect(api.sandbox.requests).toEqual([]);
	});

	test('offer the documented types, then those in use, each once', async () => {
		const { id } = assistantWith();
		for (const type of ['TOOLS:MINE', 'TOOLS:WEB_SEARCH', 'TOOLS:MINE']) {
			api.sandbox.store.addAction(id, { action_id: type });
		}
		const offered = await listed('searchActionTypes', on(id, 'create'));
		expect(offered.map(({ value }) => value)).toEqual([
			'TOOLS:HTTP_REQUEST',
			'TOOLS:WEB_SEARCH',
			'TOOLS:WEB_SCRAPING',
			'TOOLS:MINE',
		]);
	});
});
