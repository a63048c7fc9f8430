import type { INodeParameters } from 'n8n-workflow';

import {
	assistants,
	bodiesOf,
	expectRefusal,
	labelOf,
	least,
	lineOf,
	locator,
	ON_ONE,
	OPERATIONS,
	OWN_VALUE,
	secretText,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

const NO_IDS: ReadonlyArray<readonly [string, unknown]> = [
	['an empty text', ''],
	['a blank text', ' \t\n '],
	['null', null],
	['nothing', undefined],
	['true', true],
	['false', false],
	['an object', { id: 'x' }],
	['a list', []],
	['a list of one', ['x']],
	['NaN', NaN],
];

/** Everywhere an id is asked for: the operation, the parameter, and how an expression stands in it. */
const PLACES: ReadonlyArray<readonly [OperationName, string, INodeParameters]> = [
	...ON_ONE.map((operation) => [operation, 'assistantId', { assistantId: locator(OWN_VALUE) }] as const),
	...OPERATIONS.map(
		(operation) => [operation, 'organizationId', { organizationId: locator(OWN_VALUE) }] as const,
	),
	[
		'duplicate',
		'additionalFields.targetOrganizationId',
		{ additionalFields: { targetOrganizationId: locator(OWN_VALUE) } },
	],
];

function withOwn(operation: OperationName, own: INodeParameters): INodeParameters {
	const [id = ''] = assistants(api);
	return { ...least(operation, id), ...own };
}

describe('An id', () => {
	test.each(
		PLACES.flatMap(([operation, parameter, own]) =>
			NO_IDS.filter(([, bad]) => bad !== undefined || !parameter.includes('.')).map(([name, bad]) => ({
				operation,
				parameter,
				name,
				bad,
				own,
			})),
		),
	)('$operation: $parameter refuses $name', async ({ operation, parameter, bad, own }) => {
		const label = labelOf(operation, parameter);
		await expectRefusal(api, { parameters: withOwn(operation, own), good: 'c', bad, label });
	});

	test('of a target organization is not sent when its expression gives nothing', async () => {
		const own = { additionalFields: { targetOrganizationId: locator(OWN_VALUE) } };
		const { error } = await api.run(withOwn('duplicate', own), { items: [{}, {}] });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([{}, {}]);
	});

	test.each(PLACES)('%s: %s loses the blanks around it', async (operation, parameter, own) => {
		const [id = ''] = assistants(api);
		const value = parameter === 'assistantId' ? id : 'c';
		const parameters = { ...least(operation, id), ...own };
		const { error } = await api.run(parameters, { items: valued([` \t${value}\u00a0\r\n`, value]) });
		expect(error).toBeUndefined();
		const [first, second] = api.sandbox.requests.map(({ path, body }) => [path, body]);
		expect(first).toEqual(second);
	});

	test.each(
		PLACES.flatMap(([operation, parameter, own]) =>
			['.', '..', ' .. ', '\ud800', 'ast_\udc00x'].map((bad) => ({ operation, parameter, bad, own })),
		),
	)(
		'$operation: $parameter refuses $bad, which no address can hold',
		async ({ operation, parameter, bad, own }) => {
			const label = labelOf(operation, parameter);
			await expectRefusal(api, { parameters: withOwn(operation, own), good: 'c', bad, label });
		},
	);

	test('is encoded once', async () => {
		const parameters = { ...least('get', ''), assistantId: locator(OWN_VALUE) };
		const ids = ['a/../b', '%2e%2e', 'a%2Fb', '...', 'ü?#'];
		await api.run(parameters, { items: valued(ids), settings: { onError: 'continueRegularOutput' } });
		expect(api.sandbox.requests.map(({ path }) => path).sort()).toEqual(
			ids.map((id) => `/orgs/c/assistants/${encodeURIComponent(id)}`).sort(),
		);
	});

	test('may be a number', async () => {
		const parameters = { ...least('get', ''), assistantId: locator(OWN_VALUE) };
		await api.run(parameters, { items: valued([12345, 0]), settings: { onError: 'continueRegularOutput' } });
		expect(api.sandbox.requests.map(lineOf).sort()).toEqual([
			'GET /orgs/c/assistants/0',
			'GET /orgs/c/assistants/12345',
		]);
	});

	test('of a target organization may be a number', async () => {
		const own = { additionalFields: { targetOrganizationId: locator(OWN_VALUE) } };
		const settings = { onError: 'continueRegularOutput' } as const;
		await api.run(withOwn('duplicate', own), { items: valued([12345, 0]), settings });
		expect(bodiesOf(api)).toEqual([{ target_org_id: '12345' }, { target_org_id: '0' }]);
	});
});

describe('A locator that is an expression as a whole', () => {
	test.each(ON_ONE)('%s: gives the id of the assistant', async (operation) => {
		const ids = assistants(api);
		const { error } = await api.run(
			{ ...least(operation, ''), assistantId: OWN_VALUE },
			{ items: valued(ids) },
		);
		expect(error).toBeUndefined();
		const asked = api.sandbox.requests.map(({ path }) => path.split('/')[4]);
		expect(asked.sort()).toEqual([...ids].sort());
	});

	test.each(OPERATIONS)('%s: gives the id of the organization', async (operation) => {
		const [id = ''] = assistants(api);
		const parameters = { ...least(operation, id), organizationId: OWN_VALUE };
		const { error } = await api.run(parameters, { items: valued([api.sandbox.orgId, 'c']) });
		expect(error).toBeUndefined();
		const asked = api.sandbox.requests.map(({ path }) => path.split('/')[2]);
		expect(asked.sort()).toEqual([api.sandbox.orgId, 'c'].sort());
	});

	test('gives the id of the target organization', async () => {
		const [id = ''] = assistants(api);
		const parameters = { ...least('duplicate', id), additionalFields: { targetOrganizationId: OWN_VALUE } };
		await api.run(parameters, { items: valued([api.sandbox.orgId, api.sandbox.orgId]) });
		expect(bodiesOf(api)).toEqual(Array(2).fill({ target_org_id: api.sandbox.orgId }));
	});

	test.each(NO_IDS.filter(([name]) => name !== 'an object'))('refuses %s', async (_, bad) => {
		const parameters = { operation: 'get', assistantId: OWN_VALUE };
		await expectRefusal(api, { parameters, good: 'ast_1', bad, label: 'Assistant' });
	});
});

describe('By URL', () => {
	const ID = 'ast_4kQ7ZbXw2mN9';

	test.each([
		[`https://useinvent.com/o/assistants/${ID}`],
		[`https://useinvent.com/o/assistants/${ID}/`],
		[`https://useinvent.com/o/assistants/${ID}/settings/voice`],
		[`https://useinvent.com/o/assistants/${ID}?tab=1&next=/o/chats`],
		[`https://useinvent.com/o/assistants/${ID}#voice`],
		[`https://useinvent.com/o/chats?assistant=${ID}&page=2`],
		[`https://useinvent.com/#/assistants/${ID}`],
		[`https://api.useinvent.com/orgs/c/assistants/${ID}/duplicate`],
		[`  https://useinvent.com/o/assistants/${ID}\n`],
		[`https://useinvent.com/o/last_7/assistants/${ID}`],
		[encodeURIComponent(`https://useinvent.com/o/assistants/${ID}`)],
		[`https://useinvent.com/login?next=%2Fo%2Fassistants%2f${ID.replace('_', '%5F')}%3Ftab`],
		[ID],
	])('takes the id out of %j', async (address) => {
		api.sandbox.store.add({ id: ID });
		const parameters = { operation: 'get', assistantId: locator(OWN_VALUE, 'url') };
		const { error } = await api.run(parameters, { items: valued([address, address]) });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(`GET /orgs/c/assistants/${ID}`));
	});

	test('takes an id with hyphens and underscores as a whole', async () => {
		api.sandbox.store.add({ id: 'ast_a-b_c' });
		const parameters = {
			operation: 'get',
			assistantId: locator('https://useinvent.com/o/ast_a-b_c/x', 'url'),
		};
		await api.run(parameters);
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill('GET /orgs/c/assistants/ast_a-b_c'));
	});

	test.each([
		['an address without an id', () => 'https://useinvent.com/o/assistants'],
		['an address with last_x in it', () => 'https://useinvent.com/o/last_x/settings'],
		['an address with a bare ast_', () => 'https://useinvent.com/o/ast_/settings'],
		['an address with capitals', () => 'https://useinvent.com/o/AST_1'],
		['another text', () => secretText()],
		['an empty text', () => ''],
		['a number', () => 7],
		['null', () => null],
		['nothing', () => undefined],
		['an object', () => ({})],
		['a list', () => [ID]],
	])('refuses %s', async (_, make) => {
		const parameters = { operation: 'get', assistantId: locator(OWN_VALUE, 'url') };
		await expectRefusal(api, { parameters, good: ID, bad: make(), label: 'Assistant' });
	});

	test('is for addresses alone: By ID takes the same text as an id', async () => {
		const parameters = { operation: 'get', assistantId: locator(OWN_VALUE) };
		const settings = { onError: 'continueRegularOutput' } as const;
		await api.run(parameters, { items: valued([`x/${ID}`, ID]), settings });
		expect(api.sandbox.requests.map(({ path }) => path).sort()).toEqual([
			`/orgs/c/assistants/${ID}`,
			`/orgs/c/assistants/x%2F${ID}`,
		]);
	});
});
