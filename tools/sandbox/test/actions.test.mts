import type { Sandbox } from '../server.mts';
import { anyText, LIST, member, names, send, withSandbox } from './client.mts';

function withActions(use: (sandbox: Sandbox, path: string, id: string) => Promise<void>): Promise<void> {
	return withSandbox({ data: 'empty' }, async (sandbox) => {
		const { id } = sandbox.store.add({});
		for (const name of ['First', 'Second', 'Third']) sandbox.store.addAction(id, { name });
		await use(sandbox, `${LIST}/${id}/actions`, id);
	});
}

test('the actions of an assistant are listed in pages, by their positions', async () => {
	await withActions(async (sandbox, path, id) => {
		sandbox.store.addAction(id, { name: 'Zeroth', position: 50 });
		const first = await send(sandbox, 'GET', `${path}?take=3`);
		const second = await send(sandbox, 'GET', `${path}?take=3&page=2`);
		expect(names(first.json)).toEqual(['Zeroth', 'First', 'Second']);
		expect(names(second.json)).toEqual(['Third']);
		expect(first.headers.get('pagination-count')).toBe('4');
	});
});

test('an action is created after the last one, and its assistant has it', async () => {
	await withActions(async (sandbox, path, id) => {
		const body = { enabled: false, action_id: 'TOOLS:WEB_SEARCH', config: { input: { a: 1 } } };
		const { status, json } = await send(sandbox, 'POST', path, { body });
		expect(status).toBe(200);
		expect(json).toMatchObject({
			...body,
			id: anyText,
			name: null,
			instructions: null,
			connection_id: null,
			assistant_id: id,
			position: 400,
		});
		expect(sandbox.store.find(id)?.actions.at(-1)).toEqual(json);
	});
});

test.each([
	['deepMerge', { input: { a: 1, b: 2 }, definitions: [] }],
	['shallowMerge', { input: { b: 2 }, definitions: [] }],
	['replace', { input: { b: 2 } }],
] as const)('an update of an action’s config can be %s', async (patchConfig, expected) => {
	await withSandbox({ data: 'empty', patchConfig }, async (sandbox) => {
		const { id } = sandbox.store.add({});
		const config = { input: { a: 1 }, definitions: [] };
		const action = sandbox.store.addAction(id, { config, connection_id: 'con_1' });
		const path = `${LIST}/${id}/actions/${action.id}`;
		const body = { config: { input: { b: 2 } }, connection_id: null };
		expect((await send(sandbox, 'PATCH', path, { body })).status).toBe(200);
		const { json } = await send(sandbox, 'GET', path);
		expect(member(json, 'config')).toEqual(expected);
		expect(member(json, 'connection_id')).toBeNull();
	});
});

test('reordering sets the named positions and answers all actions in their new order', async () => {
	await withActions(async (sandbox, path, id) => {
		const [first, second] = sandbox.store.actions(id);
		const positions = [
			{ id: second?.id, position: 0 },
			{ id: first?.id, position: 999 },
		];
		const { status, json } = await send(sandbox, 'PATCH', `${path}/reorder`, { body: { positions } });
		expect(status).toBe(200);
		expect(names(json)).toEqual(['Second', 'Third', 'First']);
		expect(sandbox.requests[0]?.operationId).toBe('reorderAssistantActions');
	});
});

test.each([
	['GET', '/act_other', undefined],
	['PATCH', '/act_other', {}],
	['PATCH', '/reorder', { positions: [{ id: 'act_other', position: 1 }] }],
])('%s %s is answered with 404 where the assistant has no such action', async (method, rest, body) => {
	await withActions(async (sandbox, path) => {
		const other = sandbox.store.add({});
		sandbox.store.addAction(other.id, { id: 'act_other' });
		expect((await send(sandbox, method, `${path}${rest}`, { body })).status).toBe(404);
	});
});

test('a list of actions can change while it is read', async () => {
	await withActions(async (sandbox, path) => {
		sandbox.faults.set([{ match: { nth: 1 }, effect: { afterList: { insert: 1 } } }]);
		await send(sandbox, 'GET', path);
		expect(names((await send(sandbox, 'GET', path)).json)).toEqual(['Newcomer', 'First', 'Second', 'Third']);
	});
});
