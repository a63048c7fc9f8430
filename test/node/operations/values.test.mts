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
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

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

/** The field is as if it were not there: nothing is sent of it, and an update is left with nothing to change. */
async function expectLeftOut(operation: OperationName, parameter: string) {
	const outcome = await api.run(withOwn(operation, parameter), { items: [{}] });
	if (operation === 'update') {
		expect(outcome.error?.message).toContain('No fields to update');
	} else {
		expect(outcome.error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([operation === 'create' ? { name: 'Given' } : {}]);
	}
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
	['no number', NaN],
];

/** A field of a collection, which an expression can leave out. */
function isMember(parameter: string): boolean {
	return parameter.includes('.');
}

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
		TEXTS.flatMap(([operation, parameter]) =>
			NO_TEXTS.filter(([, bad]) => bad !== null || !parameter.endsWith('.avatarId')).map(
				(row) => [operation, parameter, ...row] as const,
			),
		),
	)(
		'%s: %s refuses %s',
		async (operation, parameter, _, bad) => await expectRefused(operation, parameter, 'fine', bad),
	);

	test('create: name refuses nothing', async () => await expectRefused('create', 'name', 'fine', undefined));

	test.each(TEXTS.filter(([, parameter]) => isMember(parameter)))(
		'%s: %s is not sent when its expression gives nothing',
		async (operation, parameter) => await expectLeftOut(operation, parameter),
	);

	test.each(TEXTS.filter(([, parameter]) => parameter.endsWith('.avatarId')))(
		'%s: %s sends null, which takes the avatar away',
		async (operation, parameter) => {
			const { error } = await api.run(withOwn(operation, parameter), { items: valued([null, null]) });
			expect(error).toBeUndefined();
			expect(bodiesOf(api)).toEqual(Array(2).fill(expect.objectContaining({ avatar_id: null })));
		},
	);

	test.each(TEXTS)('%s: %s sends dates as ISO 8601', async (operation, parameter, place) => {
		const parameters = withOwn(operation, parameter);
		const dates = ["={{ DateTime.fromISO('2026-01-02T03:04:05Z').toUTC() }}", '={{ new Date(0) }}'];
		for (const date of dates) await api.run({ ...parameters, ...at(parameter, date) }, { items: [{}] });
		expect(bodiesOf(api).map((body) => sentAt(body, place))).toEqual([
			'2026-01-02T03:04:05.000Z',
			'1970-01-01T00:00:00.000Z',
		]);
	});

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

	test('of a filter is not sent when its expression gives nothing', async () => {
		await api.run(withOwn('getAll', 'filters.search'), { items: valued([undefined, 'x']) });
		expect(api.sandbox.requests.map(({ query }) => query.search).sort()).toEqual(['x', undefined]);
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
];

const NOTHING = ['nothing', undefined] as const;

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

	test.each(FLAGS)('%s: %s is not sent when its expression gives nothing', async (operation, parameter) => {
		await expectLeftOut(operation, parameter);
	});

	test.each([...NO_FLAGS, NOTHING])('Return All refuses %s', async (_, bad) => {
		await expectRefused('getAll', 'returnAll', true, bad);
	});

	test.each([...NO_FLAGS, NOTHING])('Simplify refuses %s', async (_, bad) => {
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

	test('takes a text as its one member, and lays lists in it flat', async () => {
		const parameters = withOwn('update', PARAMETER);
		await api.run(parameters, { items: valued(['One', [['One'], 'Two', [[3], []]]]) });
		expect(bodiesOf(api).map((body) => sentAt(body, 'config.conversation.suggested_messages'))).toEqual([
			['One'],
			['One', 'Two', '3'],
		]);
	});

	test('is not sent when its expression gives nothing', async () => await expectLeftOut('create', PARAMETER));

	test.each([
		['an empty text', ''],
		['an object', { 0: 'One' }],
		['null', null],
		['a number', 1],
		['a list with null', ['One', null]],
		['a list with an object', ['One', {}]],
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

	test.each(NAMES)('%s: %s refuses an empty or blank name', async (operation, parameter) => {
		for (const name of ['', ' \t\u00a0']) await expectRefused(operation, parameter, 'fine', name);
	});
});

describe('What is refused is not repeated in the error', () => {
	test.each([
		['a flag', 'create', 'additionalFields.enabled', true, (secret: string) => secret],
		['a limit', 'getAll', 'limit', 5, (secret: string) => secret],
		['a text', 'create', 'config.language', 'x', (secret: string) => ({ secret })],
		['a name', 'create', 'name', 'x', (secret: string) => secret.repeat(100)],
		['a list', 'create', 'conversation.suggestedMessages', [], (secret: string) => [{ secret }]],
	] as const)('when it is given for %s', async (_, operation, parameter, good, make) => {
		const secret = secretText();
		const { error } = await api.run(withOwn(operation, parameter), { items: valued([good, make(secret)]) });
		expect(error?.message).toContain(`'${labelOf(operation, parameter)}'`);
		expect(JSON.stringify(error)).not.toContain(secret);
	});
});
