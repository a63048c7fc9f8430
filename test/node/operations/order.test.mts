import type { INodeParameters } from 'n8n-workflow';

import { assistants, fieldsOf, least, locator, OWN_VALUE, useSandbox, valued } from '../harness/support.mts';

const api = useSandbox();

const LATE = { latencyMs: 15 };
const NAMES = ['First', 'Second', 'Third', 'Fourth', 'Fifth'];

describe('Creations arrive one after another, in the order of the items', () => {
	test('create', async () => {
		api.sandbox.reset(LATE);
		await api.run({ operation: 'create', name: OWN_VALUE }, { items: valued(NAMES) });
		expect(api.sandbox.requests.map(({ body }) => body)).toEqual(NAMES.map((name) => ({ name })));
		expect(api.sandbox.store.assistants().map(({ name }) => name)).toEqual(NAMES);
		expect(api.sandbox.inFlight.peak).toBe(1);
	});

	test('duplicate, also of different assistants', async () => {
		api.sandbox.reset(LATE);
		const ids = assistants(api, NAMES.length);
		await api.run({ operation: 'duplicate', assistantId: locator(OWN_VALUE) }, { items: valued(ids) });
		expect(api.sandbox.requests.map(({ path }) => path.split('/')[4])).toEqual(ids);
		expect(api.sandbox.inFlight.peak).toBe(1);
	});

	test('also when the first ones take longest', async () => {
		api.sandbox.faults.set([
			{ match: { nth: 1 }, effect: { delayMs: 60 } },
			{ match: { nth: 1 }, effect: { delayMs: 30 } },
		]);
		const outcome = await api.run({ operation: 'create', name: OWN_VALUE }, { items: valued(NAMES) });
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(NAMES);
		expect(api.sandbox.store.assistants().map(({ name }) => name)).toEqual(NAMES);
	});

	test('so with a quota the first ones win', async () => {
		api.sandbox.reset({ creationsPerHour: 3, latencyMs: 5 });
		const parameters = { operation: 'create', name: OWN_VALUE, options: { maxWait: 0 } };
		const settings = { onError: 'continueRegularOutput' } as const;
		await api.run(parameters, { items: valued(NAMES), settings });
		expect(api.sandbox.store.assistants().map(({ name }) => name)).toEqual(NAMES.slice(0, 3));
	});
});

describe('Items that change the same assistant', () => {
	const RENAME: INodeParameters = {
		operation: 'update',
		assistantId: locator('={{ $json.id }}'),
		updateFields: { name: '={{ $json.name }}' },
	};

	test('arrive in their order, and the last one has the last word', async () => {
		api.sandbox.reset(LATE);
		const [id = ''] = assistants(api);
		await api.run(RENAME, { items: NAMES.map((name) => ({ id, name })) });
		expect(api.sandbox.requests.map(({ body }) => body)).toEqual(NAMES.map((name) => ({ name })));
		expect(api.sandbox.store.find(id)?.name).toBe(NAMES.at(-1));
		expect(api.sandbox.inFlight.peak).toBe(1);
	});

	test('keep their order also when the first ones take longest', async () => {
		const [id = ''] = assistants(api);
		api.sandbox.faults.set([{ match: { nth: 1 }, effect: { delayMs: 60 } }]);
		await api.run(RENAME, { items: NAMES.map((name) => ({ id, name })) });
		expect(api.sandbox.store.find(id)?.name).toBe(NAMES.at(-1));
	});

	test('do not wait for those that change another one', async () => {
		api.sandbox.reset({ latencyMs: 40 });
		const ids = assistants(api, 3);
		await api.run(RENAME, { items: ids.map((id) => ({ id, name: 'New' })) });
		expect(api.sandbox.inFlight.peak).toBeGreaterThan(1);
	});

	test('each get their own key from Rotate Key, and the last one is in force', async () => {
		api.sandbox.reset(LATE);
		const [id = ''] = assistants(api);
		const outcome = await api.run(least('rotateKey', id), { items: [{}, {}, {}] });
		const keys = fieldsOf(outcome).map(({ secret_key }) => secret_key);
		expect(new Set(keys).size).toBe(3);
		expect(keys.at(-1)).toBe(api.sandbox.store.find(id)?.secret_key);
		expect(api.sandbox.inFlight.peak).toBe(1);
	});
});

describe('Reads may overlap', () => {
	test('but of forty items at most eight are under way at once', async () => {
		api.sandbox.reset({ latencyMs: 40 });
		const ids = assistants(api, 40);
		const parameters = { operation: 'get', assistantId: locator(OWN_VALUE) };
		const outcome = await api.run(parameters, { items: valued(ids) });
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(ids);
		expect(api.sandbox.inFlight.peak).toBeGreaterThan(1);
		expect(api.sandbox.inFlight.peak).toBeLessThanOrEqual(8);
	});

	test('and two executions at once keep to the same eight', async () => {
		api.sandbox.reset({ latencyMs: 40 });
		const ids = assistants(api, 20);
		const parameters = { operation: 'get', assistantId: locator(OWN_VALUE) };
		await Promise.all([1, 2].map(async () => await api.run(parameters, { items: valued(ids) })));
		expect(api.sandbox.requests).toHaveLength(40);
		expect(api.sandbox.inFlight.peak).toBeLessThanOrEqual(8);
	});
});
