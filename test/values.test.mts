import type { INodeParameters } from 'n8n-workflow';

import {
	about,
	assistants,
	at,
	bodiesOf,
	expectRefusal,
	fieldsOf,
	labelOf,
	least,
	OWN_VALUE,
	secretText,
	useSandbox,
	valued,
} from './support.mts';
import type { OperationName } from './support.mts';

const api = useSandbox();

const AS_ENTERED = { options: { configUpdate: 'asEntered' } };

/** An operation with one parameter given by each item. */
function withOwn(operation: OperationName, parameter: string): INodeParameters {
	const [id = ''] = assistants(api);
	return {
		...about(operation, id),
		...(operation === 'update' ? AS_ENTERED : {}),
		...at(parameter, OWN_VALUE),
	};
}

async function expectRefused(operation: OperationName, parameter: string, good: unknown, bad: unknown) {
	const label = labelOf(operation, parameter);
	await expectRefusal(api, { parameters: withOwn(operation, parameter), good, bad, label });
}

/** The body's value at the end of a place: each object on the way has one member, beside a creation's name. */
function sentAt(body: unknown, place: string): unknown {
	return place
		.split('.')
		.reduce<unknown>((value, name) => Object.entries(value ?? {}).find(([key]) => key === name)?.[1], body);
}

const NO_TEXTS: ReadonlyArray<readonly [string, unknown]> = [
	['an object', { text: 'x' }],
	['an empty object', {}],
	['a list', ['x']],
	['an empty list', []],
	['null', null],
	['nothing', undefined],
	['no number', NaN],
];

const TEXTS: ReadonlyArray<readonly [OperationName, string, string]> = [
	['create', 'name', 'name'],
	['create', 'additionalFields.avatarId', 'avatar_id'],
	['update', 'updateFields.avatarId', 'avatar_id'],
	['update', 'updateFields.name', 'name'],
	['duplicate', 'additionalFields.name', 'name'],
	['update', 'config.instructions', 'config.instructions'],
	['create', 'config.knowledgeScope', 'config.knowledge_scope'],
	['update', 'config.language', 'config.language'],
	['create', 'config.model', 'config.model'],
	['update', 'config.sttModel', 'config.stt.model'],
	['create', 'config.timezone', 'config.timezone'],
	['update', 'config.ttsModel', 'config.tts.model'],
	['create', 'config.ttsVoiceId', 'config.tts.voice_id'],
	['update', 'conversation.autoIntroMessage', 'config.conversation.auto_intro_message'],
	['create', 'conversation.threadMode', 'config.conversation.thread_mode'],
	['update', 'conversation.welcomeBanner', 'config.conversation.welcome_banner'],
];

describe('A text field', () => {
	test.each(TEXTS)('%s: %s sends numbers and booleans as text', async (operation, parameter, place) => {
		await api.run(withOwn(operation, parameter), { items: valued([42, 4.5, 0, true, false]) });
		expect(bodiesOf(api).map((body) => sentAt(body, place))).toEqual(['42', '4.5', '0', 'true', 'false']);
	});

	test.each(
		TEXTS.flatMap(([operation, parameter]) => NO_TEXTS.map((row) => [operation, parameter, ...row] as const)),
	)(
		'%s: %s refuses %s',
		async (operation, parameter, _, bad) => await expectRefused(operation, parameter, 'fine', bad),
	);

	test('keeps the spaces and line ends of its text', async () => {
		const texts = [' a\r\n\tb ', '\u00a0\u{1F9E1}\u200f'];
		await api.run(withOwn('update', 'config.instructions'), { items: valued(texts) });
		expect(bodiesOf(api)).toEqual(texts.map((instructions) => ({ config: { instructions } })));
	});

	test('of a filter sends numbers as text', async () => {
		await api.run(withOwn('getAll', 'filters.search'), { items: valued([7, true]) });
		expect(api.sandbox.requests.map(({ query }) => query.search).sort()).toEqual(['7', 'true']);
	});

	test.each(NO_TEXTS)('of a filter refuses %s', async (_, bad) => {
		await expectRefused('getAll', 'filters.search', 'fine', bad);
	});
});

const TRUE = [true, 'true', 'TRUE', 'True', 1, '1'];
const FALSE = [false, 'false', 'FALSE', 'False', 0, '0'];
const NO_FLAGS: ReadonlyArray<readonly [string, unknown]> = [
	["the text 'yes'", 'yes'],
	["the text 'no'", 'no'],
	['2', 2],
	['-1', -1],
	['null', null],
	['an empty text', ''],
	['an object', {}],
	['a list', []],
	['a list of one', [true]],
	['nothing', undefined],
];

const FLAGS: ReadonlyArray<readonly [OperationName, string, string]> = [
	['create', 'additionalFields.enabled', 'enabled'],
	['create', 'additionalFields.generateSecretKey', 'generate_secret_key'],
	['update', 'updateFields.enabled', 'enabled'],
	['duplicate', 'additionalFields.includeActions', 'include_actions'],
	['duplicate', 'additionalFields.includeAgents', 'include_agents'],
	['duplicate', 'additionalFields.includeIntegrations', 'include_integrations'],
	['duplicate', 'additionalFields.includeKnowledge', 'include_knowledge'],
	['update', 'conversation.enableAutoCsat', 'config.conversation.enable_auto_csat'],
	['create', 'conversation.enableAutoFollowUps', 'config.conversation.enable_auto_follow_ups'],
	['update', 'conversation.enableAutoResolve', 'config.conversation.enable_auto_resolve'],
	['create', 'conversation.enableBlockContactTool', 'config.conversation.enable_block_contact_tool'],
	['update', 'conversation.enableEndConversationTool', 'config.conversation.enable_end_conversation_tool'],
	['create', 'conversation.enableMemories', 'config.conversation.enable_memories'],
	['update', 'conversation.enablePrivateChats', 'config.conversation.enable_private_chats'],
	['create', 'conversation.enableTransferToHumanTool', 'config.conversation.enable_transfer_to_human_tool'],
	['update', 'conversation.enableUpdateContactTool', 'config.conversation.enable_update_contact_tool'],
];

describe('A flag', () => {
	test.each(FLAGS)(
		'%s: %s takes true and false, also as text in any capitals and as 1 and 0',
		async (operation, parameter, place) => {
			const items = valued([...TRUE, ...FALSE]);
			await api.run(withOwn(operation, parameter), { items });
			expect(bodiesOf(api).map((body) => sentAt(body, place))).toEqual([
				...TRUE.map(() => true),
				...FALSE.map(() => false),
			]);
		},
	);

	test.each(
		FLAGS.flatMap(([operation, parameter]) => NO_FLAGS.map((row) => [operation, parameter, ...row] as const)),
	)('%s: %s refuses %s', async (operation, parameter, _, bad) => {
		await expectRefused(operation, parameter, true, bad);
	});

	test.each(NO_FLAGS)('Return All refuses %s', async (_, bad) => {
		await expectRefused('getAll', 'returnAll', true, bad);
	});

	test.each(NO_FLAGS)('Simplify refuses %s', async (_, bad) => {
		await expectRefused('get', 'simplify', true, bad);
	});

	test.each(NO_FLAGS)('Include Secret Key refuses %s', async (_, bad) => {
		await expectRefused('get', 'options.includeSecretKey', true, bad);
	});

	test('Return All takes all forms', async () => {
		await api.run(withOwn('getAll', 'returnAll'), { items: valued([...TRUE, ...FALSE]) });
		const takes = api.sandbox.requests.map(({ query }) => query.take).sort();
		expect(takes).toEqual([...TRUE.map(() => '100'), ...FALSE.map(() => '50')]);
	});

	test('Simplify takes all forms', async () => {
		const outcome = await api.run(withOwn('get', 'simplify'), { items: valued([...TRUE, ...FALSE]) });
		expect(fieldsOf(outcome).map((fields) => 'integrations' in fields)).toEqual([
			...TRUE.map(() => false),
			...FALSE.map(() => true),
		]);
	});

	test('Include Secret Key takes all forms', async () => {
		const items = valued([...TRUE, ...FALSE]);
		const outcome = await api.run(withOwn('get', 'options.includeSecretKey'), { items });
		expect(fieldsOf(outcome).map((fields) => 'secret_key' in fields)).toEqual([
			...TRUE.map(() => true),
			...FALSE.map(() => false),
		]);
	});
});

describe('A list of texts', () => {
	const PARAMETER = 'conversation.suggestedMessages';

	test('sends numbers and booleans in it as text', async () => {
		await api.run(withOwn('update', PARAMETER), { items: valued([[1, true, 'x', ''], []]) });
		expect(bodiesOf(api).map((body) => sentAt(body, 'config.conversation.suggested_messages'))).toEqual([
			['1', 'true', 'x', ''],
			[],
		]);
	});

	test('takes an expression for each of its members', async () => {
		const [id = ''] = assistants(api);
		const parameters = { ...about('update', id), ...AS_ENTERED, ...at(PARAMETER, ['Fixed', OWN_VALUE]) };
		await api.run(parameters, { items: valued(['a', 'b']) });
		expect(bodiesOf(api)).toEqual(
			['a', 'b'].map((own) => ({ config: { conversation: { suggested_messages: ['Fixed', own] } } })),
		);
	});

	test.each([
		['a text', 'One'],
		['an object', { 0: 'One' }],
		['null', null],
		['nothing', undefined],
		['a number', 1],
		['a list with null', ['One', null]],
		['a list with an object', ['One', {}]],
		['a list with a list', [['One']]],
	])('refuses %s', async (_, bad) => {
		await expectRefused('create', PARAMETER, ['fine'], bad);
	});
});

describe('Limit', () => {
	test.each([
		[1, '1'],
		['7', '7'],
		[' 12 ', '12'],
		[100, '100'],
		[250, '100'],
	])('takes %j', async (given, take) => {
		const { error } = await api.run(withOwn('getAll', 'limit'), { items: valued([given, given]) });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(({ query }) => query.take)).toEqual([take, take]);
	});

	test.each([
		['0', 0],
		['-1', -1],
		['1.5', 1.5],
		["the text '1.5'", '1.5'],
		["the text 'abc'", 'abc'],
		['an empty text', ''],
		['a blank text', '  '],
		['null', null],
		['nothing', undefined],
		['true', true],
		['a list', []],
		['a list of one', [5]],
		['an object', {}],
		['NaN', NaN],
		['Infinity', Infinity],
	])('refuses %s', async (_, bad) => {
		await expectRefused('getAll', 'limit', 5, bad);
	});

	test('is not looked at when all are wanted', async () => {
		const [id = ''] = assistants(api);
		const { error } = await api.run({ ...least('getAll', id), returnAll: true, limit: 'abc' });
		expect(error).toBeUndefined();
	});
});

describe('The length of a name', () => {
	const NAMES: ReadonlyArray<readonly [OperationName, string, number]> = [
		['create', 'name', 1024],
		['update', 'updateFields.name', 1024],
		['duplicate', 'additionalFields.name', 255],
	];
	const BIKE = '\u{1F6B2}';

	test.each(NAMES)('%s: %s may have 1 to %i Unicode characters', async (operation, parameter, longest) => {
		const names = ['x', 'y'.repeat(longest), BIKE.repeat(longest)];
		const { error } = await api.run(withOwn(operation, parameter), { items: valued(names) });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual(names.map((name) => ({ name })));
	});

	test.each(NAMES)('%s: %s refuses one character more than %i', async (operation, parameter, longest) => {
		await expectRefused(operation, parameter, 'fine', 'y'.repeat(longest + 1));
		await expectRefused(operation, parameter, 'fine', BIKE.repeat(longest + 1));
	});

	test.each(NAMES)('%s: %s refuses an empty name', async (operation, parameter) => {
		await expectRefused(operation, parameter, 'fine', '');
	});
});

describe('What is refused is not repeated in the error', () => {
	test.each([
		['a flag', 'create', 'additionalFields.enabled', true, (secret: string) => secret],
		['a limit', 'getAll', 'limit', 5, (secret: string) => secret],
		['a text', 'create', 'config.language', 'x', (secret: string) => ({ secret })],
		['a name', 'create', 'name', 'x', (secret: string) => secret.repeat(100)],
		['a list', 'create', 'conversation.suggestedMessages', [], (secret: string) => secret],
	] as const)('when it is given for %s', async (_, operation, parameter, good, make) => {
		const secret = secretText();
		const { error } = await api.run(withOwn(operation, parameter), { items: valued([good, make(secret)]) });
		expect(error?.message).toContain(`'${labelOf(operation, parameter)}'`);
		expect(JSON.stringify(error)).not.toContain(secret);
	});
});
