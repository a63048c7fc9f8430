import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	about,
	assistants,
	at,
	bodiesOf,
	expectRefusal,
	least,
	lineOf,
	locator,
	OPERATIONS,
	OWN_VALUE,
	subOrganization,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

type Two = readonly [unknown, unknown];
const TEXTS: Two = ['First', 'Second'];
const FLAGS: Two = [true, false];

/** Parameter, its place in the body, and what two items give it. */
type Row = readonly [parameter: string, place: string, values: Two];

const CONFIGURATION: Row[] = [
	['config.instructions', 'config.instructions', TEXTS],
	['config.knowledgeScope', 'config.knowledge_scope', TEXTS],
	['config.language', 'config.language', TEXTS],
	['config.model', 'config.model', TEXTS],
	['config.sttModel', 'config.stt.model', TEXTS],
	['config.timezone', 'config.timezone', TEXTS],
	['config.ttsModel', 'config.tts.model', TEXTS],
	['config.ttsVoiceId', 'config.tts.voice_id', TEXTS],
	['conversation.autoIntroMessage', 'config.conversation.auto_intro_message', TEXTS],
	['conversation.enableAutoCsat', 'config.conversation.enable_auto_csat', FLAGS],
	['conversation.enableAutoFollowUps', 'config.conversation.enable_auto_follow_ups', FLAGS],
	['conversation.enableAutoResolve', 'config.conversation.enable_auto_resolve', FLAGS],
	['conversation.enableBlockContactTool', 'config.conversation.enable_block_contact_tool', FLAGS],
	['conversation.enableEndConversationTool', 'config.conversation.enable_end_conversation_tool', FLAGS],
	['conversation.enableMemories', 'config.conversation.enable_memories', FLAGS],
	['conversation.enablePrivateChats', 'config.conversation.enable_private_chats', FLAGS],
	['conversation.enableTransferToHumanTool', 'config.conversation.enable_transfer_to_human_tool', FLAGS],
	['conversation.enableUpdateContactTool', 'config.conversation.enable_update_contact_tool', FLAGS],
	['conversation.suggestedMessages', 'config.conversation.suggested_messages', [['One'], ['Two', 'Three']]],
	['conversation.threadMode', 'config.conversation.thread_mode', TEXTS],
	['conversation.welcomeBanner', 'config.conversation.welcome_banner', TEXTS],
];

const BY_OPERATION: ReadonlyArray<readonly [OperationName, readonly Row[]]> = [
	[
		'create',
		[
			['name', 'name', TEXTS],
			['additionalFields.avatarId', 'avatar_id', TEXTS],
			['additionalFields.enabled', 'enabled', FLAGS],
			['additionalFields.generateSecretKey', 'generate_secret_key', FLAGS],
			...CONFIGURATION,
		],
	],
	[
		'update',
		[
			['updateFields.avatarId', 'avatar_id', TEXTS],
			['updateFields.enabled', 'enabled', FLAGS],
			['updateFields.name', 'name', TEXTS],
			...CONFIGURATION,
		],
	],
	[
		'duplicate',
		[
			['additionalFields.includeActions', 'include_actions', FLAGS],
			['additionalFields.includeAgents', 'include_agents', FLAGS],
			['additionalFields.includeIntegrations', 'include_integrations', FLAGS],
			['additionalFields.includeKnowledge', 'include_knowledge', FLAGS],
			['additionalFields.name', 'name', TEXTS],
		],
	],
];
const ROWS = BY_OPERATION.flatMap(([operation, rows]) => rows.map((row) => [operation, ...row] as const));

/** With it, an update is the one request that the parameters describe. */
const AS_ENTERED = { options: { configUpdate: 'asEntered' } };

function parametersOf(operation: OperationName, id: string, own: INodeParameters): INodeParameters {
	return { ...about(operation, id), ...own, ...(operation === 'update' ? AS_ENTERED : {}) };
}

describe('A parameter goes to its place in the body, and nothing else is sent', () => {
	test.each(ROWS)('%s: %s to %s', async (operation, parameter, place, values) => {
		const [id = ''] = assistants(api);
		const { error } = await api.run(parametersOf(operation, id, at(parameter, OWN_VALUE)), {
			items: valued(values),
		});
		expect(error).toBeUndefined();
		const name = operation === 'create' ? { name: 'Given' } : {};
		expect(bodiesOf(api)).toEqual(values.map((value) => ({ ...name, ...at(place, value as string) })));
	});

	test('duplicate: additionalFields.targetOrganizationId to target_org_id', async () => {
		const [id = ''] = assistants(api);
		const target = subOrganization(api);
		await api.run(
			{
				...least('duplicate', id),
				additionalFields: { targetOrganizationId: locator(OWN_VALUE) },
			},
			{ items: valued([target, api.sandbox.orgId]) },
		);
		expect(bodiesOf(api)).toEqual([{ target_org_id: target }, { target_org_id: api.sandbox.orgId }]);
	});

	test('update: updateFields.boards to boards', async () => {
		const [id = ''] = assistants(api);
		const board = [
			{ boardId: OWN_VALUE, initialSegmentId: 'seg_1' },
			{ boardId: 'brd_2', initialSegmentId: OWN_VALUE },
		];
		await api.run(
			{ ...about('update', id), updateFields: { boards: { board } } },
			{ items: valued(['x', 'y']) },
		);
		expect(bodiesOf(api)).toEqual(
			['x', 'y'].map((value) => ({
				boards: [
					{ board_id: value, initial_segment_id: 'seg_1' },
					{ board_id: 'brd_2', initial_segment_id: value },
				],
			})),
		);
	});

	test('update: a board without a segment names no segment', async () => {
		const [id = ''] = assistants(api);
		const board = [{ boardId: 'brd_1', initialSegmentId: '' }];
		await api.run({ ...about('update', id), updateFields: { boards: { board } } });
		expect(bodiesOf(api)).toEqual(Array(2).fill({ boards: [{ board_id: 'brd_1' }] }));
	});

	test.each(['create', 'update'] as const)('%s: configJson to config, as given', async (operation) => {
		const [id = ''] = assistants(api);
		const given = [
			'{ "language": "es", "future": [1, null, {}] }',
			'{ "conversation": { "enable_memories": true } }',
		];
		const own = { configMode: 'json', configJson: OWN_VALUE };
		await api.run(parametersOf(operation, id, own), { items: valued(given) });
		const name = operation === 'create' ? { name: 'Given' } : {};
		expect(bodiesOf(api)).toEqual(
			given.map((config) => ({ ...name, config: JSON.parse(config) as unknown })),
		);
	});
});

describe('Create or Update sends a parameter to its place in the body, and nothing else', () => {
	const UPSERT = { operation: 'upsert', name: '={{ $json.name }}' };
	const NAMES = ['One', 'Two'];
	const itemsOf = (values: readonly unknown[]) =>
		values.map((value, index) => ({ name: NAMES[index], value }) as IDataObject);
	const bodiesOfWrites = () =>
		api.sandbox.requests.filter(({ method }) => method !== 'GET').map(({ method, body }) => [method, body]);
	const FIELDS: Row[] = [
		['additionalFields.avatarId', 'avatar_id', TEXTS],
		['additionalFields.enabled', 'enabled', FLAGS],
		...CONFIGURATION,
	];

	test.each(FIELDS)('of a new assistant: %s to %s', async (parameter, place, values) => {
		const { error } = await api.run({ ...UPSERT, ...at(parameter, OWN_VALUE) }, { items: itemsOf(values) });
		expect(error).toBeUndefined();
		expect(bodiesOfWrites()).toEqual(
			values.map((value, index) => ['POST', { name: NAMES[index], ...at(place, value as string) }]),
		);
	});

	test.each(FIELDS)('of an assistant that is there: %s to %s', async (parameter, place, values) => {
		for (const [index, name] of NAMES.entries()) {
			api.sandbox.store.add({ name, enabled: values[index] !== true, config: {} });
		}
		for (const configUpdate of ['merge', 'asEntered']) {
			api.sandbox.requests.length = 0;
			const own = { ...at(parameter, OWN_VALUE), options: { configUpdate } };
			const items = itemsOf(configUpdate === 'merge' ? values : [...values].reverse());
			const { error } = await api.run({ ...UPSERT, ...own }, { items });
			expect(error).toBeUndefined();
			expect(bodiesOfWrites()).toEqual(
				items.map(({ value }) => ['PATCH', at(place, value as INodeParameters[string])]),
			);
		}
	});

	test('and with everything filled in, the body is the one of the reference page', async () => {
		const additionalFields = { avatarId: 'file_1', enabled: true };
		await api.run({ ...UPSERT, additionalFields, ...ALL_CONFIGURATION }, { items: itemsOf([0, 1]) });
		const rest = { config: ALL_OF_CONFIG, enabled: true, avatar_id: 'file_1' };
		expect(bodiesOfWrites()).toEqual(NAMES.map((name) => ['POST', { name, ...rest }]));
	});

	test('with the key as a bearer token, and its bodies as JSON', async () => {
		await api.run({ ...UPSERT, config: { language: OWN_VALUE } }, { items: itemsOf(TEXTS) });
		await api.run({ ...UPSERT, config: { model: OWN_VALUE } }, { items: itemsOf(TEXTS) });
		expect(new Set(api.sandbox.requests.map(({ method }) => method))).toEqual(
			new Set(['GET', 'POST', 'PATCH']),
		);
		for (const { method, headers } of api.sandbox.requests) {
			expect(headers.authorization).toBe(`Bearer ${api.sandbox.apiKey}`);
			expect(headers['content-type']).toBe(method === 'GET' ? undefined : 'application/json');
		}
	});
});

describe('Options tell how to send, and are not sent', () => {
	const CHANGE = { config: { language: 'es' } };

	test.each([
		['merge', ['GET', 'PATCH'], { model: 'm1', language: 'es' }],
		['asEntered', ['PATCH'], { language: 'es' }],
	])('update: Configuration Update %s', async (configUpdate, methods, config) => {
		const ids = ['One', 'Two'].map((name) => api.sandbox.store.add({ name, config: { model: 'm1' } }).id);
		await api.run(
			{ operation: 'update', assistantId: OWN_VALUE, ...CHANGE, options: { configUpdate } },
			{ items: valued(ids) },
		);
		for (const id of ids) {
			const own = api.sandbox.requests.filter(({ path }) => path.endsWith(id));
			expect(own.map(({ method }) => method)).toEqual(methods);
			expect(own.map(({ body }) => body).at(-1)).toEqual({ config });
		}
	});

	test.each(['update', 'upsert'] as const)(
		'%s: without Configuration Update it is merged',
		async (operation) => {
			const { id } = api.sandbox.store.add({ name: 'Given', config: { model: 'm1' } });
			await api.run({ operation, name: 'Given', assistantId: locator(id), ...CHANGE });
			expect(bodiesOf(api)).toContainEqual({ config: { model: 'm1', language: 'es' } });
			expect(bodiesOf(api)).not.toContainEqual({ config: { language: 'es' } });
		},
	);

	const leastOf = (operation: OperationName | 'upsert', id: string) =>
		operation === 'upsert' ? { operation, name: 'Given' } : least(operation, id);
	const PAUSE = { answer: { status: 429, retryAfter: '1' } };

	test.each([...OPERATIONS, 'upsert'] as const)(
		'%s: with Max Wait 0 no pause is waited for',
		async (operation) => {
			const [id = ''] = assistants(api);
			api.sandbox.faults.set([{ effect: PAUSE }]);
			const settings = { onError: 'continueRegularOutput' } as const;
			const own = { ...leastOf(operation, id), options: { maxWait: OWN_VALUE } };
			const outcome = await api.run(own, { items: valued([0, '0']), settings });
			expect(outcome.items.map(({ json }) => json.error)).toEqual(
				Array(2).fill(expect.stringContaining('Rate limit reached')),
			);
			expect(api.sandbox.requests.length).toBeLessThanOrEqual(2);
			const sent = api.sandbox.requests.map(({ query, rawBody }) => [query, rawBody]);
			expect(JSON.stringify(sent)).not.toMatch(/wait/i);
		},
	);

	test.each(['get', 'create', 'upsert'] as const)(
		'%s: within Max Wait it is waited for',
		async (operation) => {
			const [id = ''] = assistants(api);
			api.sandbox.faults.set([{ match: { nth: 1 }, effect: PAUSE }]);
			const own = { ...leastOf(operation, id), options: { maxWait: OWN_VALUE } };
			const { error } = await api.run(own, { items: valued([1, '60']) });
			expect(error).toBeUndefined();
			expect(api.sandbox.requests[0]?.status).toBe(429);
		},
	);

	test('each item has its own Max Wait', async () => {
		const ids = assistants(api);
		api.sandbox.faults.set(ids.map((path) => ({ match: { path, nth: 1 }, effect: PAUSE })));
		const outcome = await api.run(
			{
				operation: 'get',
				assistantId: '={{ $json.id }}',
				options: { maxWait: '={{ $json.seconds }}' },
			},
			{
				items: ids.map((id, index) => ({ id, seconds: index * 5 })),
				settings: { onError: 'continueRegularOutput' },
			},
		);
		expect(outcome.items.map(({ json }) => json.error !== undefined)).toEqual([true, false]);
	});

	test.each([
		['maxWait', [60, '60', 0], [-1, 1.5, 'soon', true, null, {}]],
		['configUpdate', ['merge', 'asEntered'], ['other', '', 1, null]],
	])('%s takes %j and refuses %j', async (name, good, bad) => {
		const [id = ''] = assistants(api, 1);
		const parameters = { ...about('update', id), ...CHANGE, options: { [name]: OWN_VALUE } };
		const { error } = await api.run(parameters, { items: valued(good) });
		expect(error).toBeUndefined();
		api.sandbox.requests.length = 0;
		for (const value of bad) {
			const label = name === 'maxWait' ? 'Max Wait' : 'Configuration Update';
			await expectRefusal(api, { parameters, good: good[0], bad: value, label });
		}
	});
});

describe('Get Many sends its parameters in the query, and nothing else', () => {
	test.each([
		['limit', { limit: OWN_VALUE }, [7, 100], [{ take: '7' }, { take: '100' }]],
		['no limit given', {}, [0, 0], [{ take: '50' }, { take: '50' }]],
		['returnAll', { returnAll: OWN_VALUE }, [true, false], [{ take: '100' }, { take: '50' }]],
		[
			'filters.search',
			{ filters: { search: OWN_VALUE } },
			['Bike & ride', 'ä+b'],
			[
				{ take: '50', search: 'Bike & ride' },
				{ take: '50', search: 'ä+b' },
			],
		],
	])('%s', async (_, own, values, expected) => {
		await api.run({ operation: 'getAll', ...own }, { items: valued(values) });
		const queries = api.sandbox.requests.map(({ query }) => query);
		expect(queries).toEqual(expect.arrayContaining(expected.map((query) => ({ page: '1', ...query }))));
		expect(queries).toHaveLength(2);
		expect(bodiesOf(api)).toEqual([undefined, undefined]);
	});
});

/** One value for every field of the configuration, and the `config` of the reference page that it makes. */
const ALL_CONFIGURATION = {
	config: {
		instructions: 'Be kind.',
		knowledgeScope: 'all',
		language: 'auto',
		model: 'm1',
		sttModel: 'm2',
		timezone: 'Europe/Madrid',
		ttsModel: 'm3',
		ttsVoiceId: 'v1',
	},
	conversation: {
		autoIntroMessage: 'Hi',
		enableAutoCsat: true,
		enableAutoFollowUps: true,
		enableAutoResolve: true,
		enableBlockContactTool: true,
		enableEndConversationTool: true,
		enableMemories: true,
		enablePrivateChats: true,
		enableTransferToHumanTool: true,
		enableUpdateContactTool: true,
		suggestedMessages: ['Where is my order?'],
		threadMode: 'new',
		welcomeBanner: 'Welcome',
	},
};
const ALL_OF_CONFIG = {
	language: 'auto',
	model: 'm1',
	stt: { model: 'm2' },
	tts: { model: 'm3', voice_id: 'v1' },
	conversation: {
		thread_mode: 'new',
		enable_memories: true,
		enable_transfer_to_human_tool: true,
		welcome_banner: 'Welcome',
		suggested_messages: ['Where is my order?'],
		auto_intro_message: 'Hi',
		enable_end_conversation_tool: true,
		enable_block_contact_tool: true,
		enable_auto_resolve: true,
		enable_auto_follow_ups: true,
		enable_auto_csat: true,
		enable_private_chats: true,
		enable_update_contact_tool: true,
	},
	knowledge_scope: 'all',
	timezone: 'Europe/Madrid',
	instructions: 'Be kind.',
};

describe('With everything filled in, the body is the one of the reference page', () => {
	test('create', async () => {
		await api.run({
			operation: 'create',
			name: 'Support',
			additionalFields: { avatarId: 'file_1', enabled: true, generateSecretKey: true },
			...ALL_CONFIGURATION,
		});
		const body = {
			name: 'Support',
			config: ALL_OF_CONFIG,
			enabled: true,
			avatar_id: 'file_1',
			generate_secret_key: true,
		};
		expect(bodiesOf(api)).toEqual([body, body]);
	});

	test('update', async () => {
		const [id = ''] = assistants(api);
		const own = {
			updateFields: {
				name: 'Support',
				enabled: true,
				avatarId: 'file_1',
				boards: { board: [{ boardId: 'brd_1', initialSegmentId: 'seg_1' }] },
			},
			...ALL_CONFIGURATION,
		};
		await api.run(parametersOf('update', id, own));
		const body = {
			name: 'Support',
			enabled: true,
			avatar_id: 'file_1',
			config: ALL_OF_CONFIG,
			boards: [{ board_id: 'brd_1', initial_segment_id: 'seg_1' }],
		};
		expect(bodiesOf(api)).toEqual([body, body]);
	});

	test('duplicate', async () => {
		const [id = ''] = assistants(api);
		const target = subOrganization(api);
		await api.run({
			...least('duplicate', id),
			additionalFields: {
				name: 'Copy',
				targetOrganizationId: locator(target),
				includeActions: true,
				includeIntegrations: true,
				includeAgents: true,
				includeKnowledge: true,
			},
		});
		const body = {
			name: 'Copy',
			target_org_id: target,
			include_actions: true,
			include_integrations: true,
			include_agents: true,
			include_knowledge: true,
		};
		expect(bodiesOf(api)).toEqual([body, body]);
	});
});

describe('What is not set is not sent', () => {
	test.each([
		['create', '{"name":"Given"}'],
		['update', '{"enabled":true}'],
		['duplicate', '{}'],
		['rotateKey', ''],
		['get', ''],
		['getAll', ''],
	] as const)('%s sends the body %p', async (operation, body) => {
		const [id = ''] = assistants(api);
		await api.run(least(operation, id));
		expect(api.sandbox.requests.map(({ rawBody }) => rawBody)).toEqual([body, body]);
	});

	test('Get Many without a search has no search in its query', async () => {
		await api.run({ operation: 'getAll' });
		expect(api.sandbox.requests.map(({ query }) => 'search' in query)).toEqual([false, false]);
	});

	test.each([
		['create', { configJson: '{"language":"es"}' }, { name: 'Given' }],
		['update', { configJson: '{"language":"es"}', updateFields: { name: 'N' } }, { name: 'N' }],
		['create', { configMode: 'json', config: { language: 'es' } }, { name: 'Given', config: {} }],
		['create', { configMode: 'json', conversation: { threadMode: 'new' } }, { name: 'Given', config: {} }],
	] as const)('%s leaves out what the configuration mode hides: %j', async (operation, own, body) => {
		const [id = ''] = assistants(api);
		await api.run(parametersOf(operation, id, own));
		expect(bodiesOf(api)).toEqual([body, body]);
	});
});

describe('An empty value is a value', () => {
	const empty: ReadonlyArray<readonly [OperationName, string, INodeParameters[string], string, unknown]> = [
		['create', 'additionalFields.avatarId', '', 'avatar_id', null],
		['update', 'updateFields.avatarId', '', 'avatar_id', null],
		['update', 'config.instructions', '', 'config.instructions', ''],
		['update', 'config.ttsVoiceId', '', 'config.tts.voice_id', ''],
		['update', 'conversation.welcomeBanner', '', 'config.conversation.welcome_banner', ''],
		['update', 'conversation.autoIntroMessage', '', 'config.conversation.auto_intro_message', ''],
		['update', 'conversation.suggestedMessages', [], 'config.conversation.suggested_messages', []],
		['create', 'config.language', '', 'config.language', ''],
		['update', 'updateFields.boards', { board: [] }, 'boards', []],
	];
	test.each(empty)(
		'%s: %s given as %j goes to %s as %j',
		async (operation, parameter, given, place, sent) => {
			const [id = ''] = assistants(api);
			await api.run(parametersOf(operation, id, at(parameter, given)));
			const name = operation === 'create' ? { name: 'Given' } : {};
			const body = { ...name, ...at(place, sent as string) };
			expect(bodiesOf(api)).toEqual([body, body]);
		},
	);

	test('an empty search is sent as it is', async () => {
		await api.run({ operation: 'getAll', filters: { search: '' } });
		expect(api.sandbox.requests.map(({ query }) => query.search)).toEqual(['', '']);
	});
});

describe('Methods and paths are those of the reference pages', () => {
	const LINES: Record<OperationName, string> = {
		create: 'POST /orgs/{org}/assistants',
		getAll: 'GET /orgs/{org}/assistants',
		get: 'GET /orgs/{org}/assistants/{id}',
		update: 'PATCH /orgs/{org}/assistants/{id}',
		duplicate: 'POST /orgs/{org}/assistants/{id}/duplicate',
		rotateKey: 'POST /orgs/{org}/assistants/{id}/rotate-secret-key',
	};
	const lineFor = (operation: OperationName, org: string, id: string) =>
		LINES[operation].replace('{org}', org).replace('{id}', id);

	test.each(OPERATIONS)(
		'%s in the own organization, which is c when nothing is chosen',
		async (operation) => {
			const [id = ''] = assistants(api);
			await api.run(least(operation, id));
			expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(lineFor(operation, 'c', id)));
		},
	);

	test.each(OPERATIONS)('%s in the own organization when the list has nothing picked', async (operation) => {
		const [id = ''] = assistants(api);
		const { error } = await api.run({ ...least(operation, id), organizationId: locator('', 'list') });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(lineFor(operation, 'c', id)));
	});

	test.each(OPERATIONS)('%s in a sub-organization', async (operation) => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add({ name: 'There' }, org);
		const { error } = await api.run({ ...least(operation, id), organizationId: locator(org) });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(lineFor(operation, org, id)));
	});

	test('each item has its own organization and assistant', async () => {
		const org = subOrganization(api);
		const { id: there } = api.sandbox.store.add({ name: 'There' }, org);
		const [here = ''] = assistants(api);
		await api.run(
			{
				operation: 'rotateKey',
				organizationId: locator('={{ $json.org }}'),
				assistantId: locator('={{ $json.id }}'),
			},
			{
				items: [
					{ org: 'c', id: here },
					{ org, id: there },
				],
			},
		);
		const lines = api.sandbox.requests.map(lineOf);
		expect(lines.sort()).toEqual([lineFor('rotateKey', 'c', here), lineFor('rotateKey', org, there)].sort());
	});

	test.each(OPERATIONS)('%s carries the key as a bearer token', async (operation) => {
		const [id = ''] = assistants(api);
		await api.run(least(operation, id));
		expect(api.sandbox.requests.map(({ headers }) => headers.authorization)).toEqual(
			Array(2).fill(`Bearer ${api.sandbox.apiKey}`),
		);
	});

	test.each(['create', 'update', 'duplicate'] as const)('%s declares its body as JSON', async (operation) => {
		const [id = ''] = assistants(api);
		await api.run(least(operation, id));
		expect(api.sandbox.requests.map(({ headers }) => headers['content-type'])).toEqual(
			Array(2).fill('application/json'),
		);
	});
});
