import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	assistants,
	fieldsOf,
	least,
	OPERATIONS,
	OWN_VALUE,
	sourcesOf,
	subOrganization,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

const TEN = [
	'id',
	'name',
	'enabled',
	'deleted',
	'avatar_url',
	'language',
	'model',
	'instructions',
	'created_at',
	'updated_at',
];

const COMPLETE = {
	name: 'Shop',
	enabled: false,
	deleted: true,
	avatar_url: 'https://files.invent.example/a.png',
	config: { language: 'es', model: 'm1', instructions: 'Be kind.', timezone: 'UTC' },
	created_at: '2025-01-02T03:04:05.000Z',
	updated_at: '2025-02-03T04:05:06.000Z',
};

async function outputOf(operation: OperationName, own: INodeParameters = {}): Promise<IDataObject[]> {
	const { id } = api.sandbox.store.add({ ...COMPLETE, secret_key: 'stored' });
	const outcome = await api.run({ ...least(operation, id), ...own });
	expect(outcome.error).toBeUndefined();
	expect(outcome.items).toHaveLength(2);
	return fieldsOf(outcome);
}

describe('Simplified', () => {
	test.each(OPERATIONS.filter((operation) => operation !== 'rotateKey'))(
		'%s returns the ten fields in their order',
		async (operation) => {
			for (const fields of await outputOf(operation)) expect(Object.keys(fields)).toEqual(TEN);
		},
	);

	test('Rotate Key returns its four fields in their order', async () => {
		for (const fields of await outputOf('rotateKey')) {
			expect(Object.keys(fields)).toEqual(['id', 'name', 'secret_key', 'updated_at']);
		}
	});

	test.each(['get', 'getAll'] as const)(
		'%s gives each field the value that the API has for it',
		async (operation) => {
			const [fields] = await outputOf(operation);
			expect(fields).toEqual({
				id: expect.stringMatching(/^ast_/) as unknown,
				name: 'Shop',
				enabled: false,
				deleted: true,
				avatar_url: 'https://files.invent.example/a.png',
				language: 'es',
				model: 'm1',
				instructions: 'Be kind.',
				created_at: '2025-01-02T03:04:05.000Z',
				updated_at: '2025-02-03T04:05:06.000Z',
			});
		},
	);

	test('Rotate Key gives each field the value that the API has for it', async () => {
		const fields = await outputOf('rotateKey');
		const [stored] = api.sandbox.store.assistants();
		expect(fields[1]).toEqual({
			id: stored?.id,
			name: 'Shop',
			secret_key: stored?.secret_key,
			updated_at: stored?.updated_at,
		});
	});

	test('a field that the API has no value for is null, and false stays false', async () => {
		const { id } = api.sandbox.store.add({ config: null, deleted: false, enabled: false, avatar_url: null });
		const outcome = await api.run(least('get', id));
		expect(fieldsOf(outcome)[0]).toMatchObject({
			enabled: false,
			deleted: false,
			avatar_url: null,
			language: null,
			model: null,
			instructions: null,
		});
	});
});

describe('Unsimplified', () => {
	test.each(OPERATIONS)("%s returns the API's object, all of it but the secret key", async (operation) => {
		const outputs = await outputOf(operation, { simplify: false });
		const last = outputs.at(-1);
		const stored = api.sandbox.store.assistants().find(({ id }) => id === last?.id);
		const { secret_key, ...rest } = stored ?? {};
		expect(last).toEqual(operation === 'rotateKey' ? { ...rest, secret_key } : rest);
		expect(Object.keys(rest)).toHaveLength(11);
	});
});

/** Where the secret key is, by operation: what the user has switched on, and whether the key is returned. */
const KEYS = OPERATIONS.flatMap((operation) =>
	[true, false].flatMap((simplify) =>
		[true, false].flatMap((includeSecretKey) =>
			[true, false].map((generateSecretKey) => ({
				operation,
				simplify,
				includeSecretKey,
				generateSecretKey,
			})),
		),
	),
).map((row) => ({
	...row,
	present:
		row.operation === 'rotateKey' ||
		row.includeSecretKey ||
		(row.operation === 'create' && row.generateSecretKey),
}));

const A_KEY: unknown = expect.stringMatching(/^\w+$/);

describe('The secret key', () => {
	test.each(KEYS)(
		'$operation, simplify $simplify, includeSecretKey $includeSecretKey, generateSecretKey $generateSecretKey: present is $present',
		async ({ operation, simplify, includeSecretKey, generateSecretKey, present }) => {
			const outputs = await outputOf(operation, {
				simplify,
				options: { includeSecretKey },
				...(operation === 'create' ? { additionalFields: { generateSecretKey } } : {}),
			});
			// A new assistant has no key unless one was asked for.
			const hasKey = operation !== 'duplicate' && (operation !== 'create' || generateSecretKey);
			const key: unknown = hasKey ? A_KEY : null;
			for (const fields of outputs) {
				expect('secret_key' in fields).toBe(present);
				expect(fields.secret_key).toEqual(present ? key : undefined);
			}
		},
	);

	test.each(OPERATIONS.filter((operation) => operation !== 'rotateKey'))(
		'%s: with Include Secret Key it is the eleventh field',
		async (operation) => {
			for (const fields of await outputOf(operation, { options: { includeSecretKey: true } })) {
				expect(Object.keys(fields)).toEqual([...TEN, 'secret_key']);
			}
		},
	);

	test('is the one that is in force', async () => {
		const [id = '', other = ''] = assistants(api);
		const outcome = await api.run(
			{ operation: 'rotateKey', assistantId: OWN_VALUE },
			{ items: valued([id, other]) },
		);
		expect(fieldsOf(outcome).map(({ secret_key }) => secret_key)).toEqual(
			[id, other].map((own) => api.sandbox.store.find(own)?.secret_key),
		);
	});

	test('is returned only for the items that ask for it', async () => {
		const outcome = await api.run(
			{ ...least('create', ''), additionalFields: { generateSecretKey: OWN_VALUE } },
			{ items: valued([false, true, false]) },
		);
		expect(fieldsOf(outcome).map((fields) => 'secret_key' in fields)).toEqual([false, true, false]);
	});

	test('that the API does not have is null', async () => {
		const [id = ''] = assistants(api);
		const outcome = await api.run({ ...least('get', id), options: { includeSecretKey: true } });
		expect(fieldsOf(outcome).map(({ secret_key }) => secret_key)).toEqual([null, null]);
	});
});

describe('Each output item points to its input item', () => {
	test.each(OPERATIONS.filter((operation) => operation !== 'getAll'))('%s', async (operation) => {
		const [id = ''] = assistants(api);
		const outcome = await api.run(least(operation, id), { items: [{}, {}, {}] });
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
	});

	test.each([
		['two', ['c', 'sub'], [0, 0, 0, 1, 1]],
		['three', ['sub', 'none', 'c'], [0, 0, 2, 2, 2]],
	])('Get Many with %s inputs whose counts differ', async (_, organizations, expected) => {
		const [sub = '', none = ''] = api.sandbox.store
			.organizations()
			.filter(({ parent_id }) => parent_id !== null)
			.map(({ id }) => id);
		const idOf: Record<string, string> = { sub, none, c: 'c' };
		assistants(api, 3);
		for (let count = 0; count < 2; count++) api.sandbox.store.add({ name: 'There' }, sub);
		const outcome = await api.run(
			{ operation: 'getAll', organizationId: OWN_VALUE },
			{ items: valued(organizations.map((name) => idOf[name])) },
		);
		expect(sourcesOf(outcome)).toEqual(expected);
	});

	test('and stands in the order of the inputs, however fast each is', async () => {
		const ids = assistants(api, 3);
		api.sandbox.faults.set([{ match: { path: ids[0] ?? '' }, effect: { delayMs: 150 } }]);
		const outcome = await api.run({ operation: 'get', assistantId: OWN_VALUE }, { items: valued(ids) });
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(ids);
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
	});
});

test('An item of another organization is returned like the others', async () => {
	const org = subOrganization(api);
	const { id } = api.sandbox.store.add(COMPLETE, org);
	const outcome = await api.run({ ...least('get', id), organizationId: org });
	expect(fieldsOf(outcome).map((fields) => fields.id)).toEqual([id, id]);
});
