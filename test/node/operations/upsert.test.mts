import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Assistant } from '../../../contract/invent.d.ts';
import type { FaultRule, RecordedRequest } from '../../../tools/sandbox/server.mts';
import type { Outcome } from '../harness/engine.mts';
import {
	answering,
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

const UPSERT: INodeParameters = { operation: 'upsert', name: '={{ $json.name }}' };
const CONTINUE = { onError: 'continueRegularOutput' } as const;
const LIST = 'GET /orgs/c/assistants';
const POST = 'POST /orgs/c/assistants';

/** Runs Create or Update on items that hold these names; `own` is laid over its parameters. */
async function upsert(names: readonly string[], own: INodeParameters = {}): Promise<Outcome> {
	return await api.run({ ...UPSERT, ...own }, { items: named(names) });
}

function named(names: readonly string[]): IDataObject[] {
	return names.map((name) => ({ name }));
}

function sent(method: string): RecordedRequest[] {
	return api.sandbox.requests.filter((request) => request.method === method);
}

function bodies(method: string): unknown[] {
	return sent(method).map(({ body }) => body);
}

function lines(): string[] {
	return api.sandbox.requests.map(lineOf);
}

function written(): string[] {
	return lines().filter((line) => !line.startsWith('GET '));
}

function add(assistant: Partial<Assistant>): string {
	return api.sandbox.store.add(assistant).id;
}

function stored(id: string) {
	const found = api.sandbox.store.find(id);
	if (found === undefined) throw new Error('The assistant is in the store');
	return found;
}

function storedNames(): string[] {
	return api.sandbox.store.assistants().map(({ name }) => name);
}

describe('A name that nobody has makes an assistant', () => {
	test('by one POST for each item, after one look at the list', async () => {
		const outcome = await upsert(['One', 'Two']);
		expect(outcome.error).toBeUndefined();
		expect(lines()).toEqual([LIST, POST, POST]);
		expect(bodies('POST')).toEqual([{ name: 'One' }, { name: 'Two' }]);
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(api.sandbox.store.assistants().map(({ id }) => id));
		expect(sourcesOf(outcome)).toEqual([0, 1]);
	});

	test.each(['merge', 'asEntered'])('with exactly what was entered (%s)', async (configUpdate) => {
		await upsert(['One', 'Two'], {
			additionalFields: { avatarId: 'file_1', enabled: false },
			config: { instructions: 'Be kind.', ttsVoiceId: locator('v1', 'list') },
			conversation: { enableMemories: false, suggestedMessages: ['Hi'] },
			options: { configUpdate },
		});
		const rest = {
			avatar_id: 'file_1',
			enabled: false,
			config: {
				instructions: 'Be kind.',
				tts: { voice_id: 'v1' },
				conversation: { enable_memories: false, suggested_messages: ['Hi'] },
			},
		};
		expect(written()).toEqual([POST, POST]);
		expect(bodies('POST')).toEqual([
			{ name: 'One', ...rest },
			{ name: 'Two', ...rest },
		]);
	});

	test('with the JSON that was entered', async () => {
		const config = { language: 'es', future: [1, null, {}] };
		await upsert(['One', 'Two'], { configMode: 'json', configJson: JSON.stringify(config) });
		expect(bodies('POST')).toEqual([
			{ name: 'One', config },
			{ name: 'Two', config },
		]);
	});
});

const CONFIG = {
	instructions: 'Old',
	language: 'es',
	model: 'm1',
	stt: { model: 's1' },
	tts: { model: 't1', voice_id: 'v1' },
	conversation: { thread_mode: 'new', enable_memories: true, suggested_messages: ['a', 'b'] },
	future: { deep: [1, { x: null }] },
};
const ENTERED = {
	instructions: 'New',
	tts: { voice_id: 'v2' },
	conversation: { enable_memories: false, suggested_messages: ['c'] },
};
const MERGED = {
	...CONFIG,
	instructions: 'New',
	tts: { model: 't1', voice_id: 'v2' },
	conversation: { thread_mode: 'new', enable_memories: false, suggested_messages: ['c'] },
};
const AFTER_AS_ENTERED = {
	deepMerge: MERGED,
	shallowMerge: { ...CONFIG, ...ENTERED },
	replace: ENTERED,
};

/** The two ways to enter `ENTERED`. */
const WAYS: Record<string, INodeParameters> = {
	fields: {
		config: { instructions: 'New', ttsVoiceId: locator('v2', 'name') },
		conversation: { enableMemories: false, suggestedMessages: ['c'] },
	},
	json: { configMode: 'json', configJson: JSON.stringify(ENTERED) },
};

describe('A name that one assistant has changes that assistant', () => {
	test('by a look at the list, a GET and a PATCH', async () => {
		const [one, two] = [add({ name: 'One' }), add({ name: 'Two' })];
		const outcome = await upsert(['Two', 'One'], { config: { instructions: 'New' } });
		expect(lines()).toEqual([
			LIST,
			...[two, one].flatMap((id) => [`GET /orgs/c/assistants/${id}`, `PATCH /orgs/c/assistants/${id}`]),
		]);
		expect(fieldsOf(outcome).map(({ id, instructions }) => [id, instructions])).toEqual([
			[two, 'New'],
			[one, 'New'],
		]);
		expect(sourcesOf(outcome)).toEqual([0, 1]);
	});

	describe.each(['deepMerge', 'shallowMerge', 'replace'] as const)('where PATCH does a %s', (patchConfig) => {
		test.each(Object.keys(WAYS))('merge (%s): settings that were not entered stay', async (way) => {
			api.sandbox.reset({ patchConfig });
			const ids = ['One', 'Two'].map((name) =>
				add({ name, config: CONFIG, avatar_url: 'https://f.example/a.png', secret_key: 'k' }),
			);
			const before = ids.map(stored);
			await upsert(['One', 'Two'], WAYS[way]);
			expect(bodies('PATCH')).toEqual([{ config: MERGED }, { config: MERGED }]);
			expect(ids.map(stored)).toEqual(
				before.map((assistant) => ({
					...assistant,
					config: MERGED,
					updated_at: expect.any(String) as unknown,
				})),
			);
		});

		test.each(Object.keys(WAYS))('as entered (%s): just what was entered is sent', async (way) => {
			api.sandbox.reset({ patchConfig });
			const ids = ['One', 'Two'].map((name) => add({ name, config: CONFIG }));
			await upsert(['One', 'Two'], { ...WAYS[way], options: { configUpdate: 'asEntered' } });
			expect(bodies('PATCH')).toEqual([{ config: ENTERED }, { config: ENTERED }]);
			for (const id of ids) expect(stored(id).config).toEqual(AFTER_AS_ENTERED[patchConfig]);
		});
	});

	test('an assistant without a configuration gets what was entered', async () => {
		add({ name: 'One', config: null });
		add({ name: 'Two', config: null });
		await upsert(['One', 'Two'], WAYS.json);
		expect(bodies('PATCH')).toEqual([{ config: ENTERED }, { config: ENTERED }]);
	});

	const AVATAR = 'https://files.invent.example/avatars/file_12';
	const DIFFERENCES: ReadonlyArray<
		readonly [string, Partial<Assistant>, INodeParameters, IDataObject | undefined]
	> = [
		[
			'enabled, switched off',
			{ enabled: true },
			{ additionalFields: { enabled: false } },
			{ enabled: false },
		],
		['enabled, switched on', { enabled: false }, { additionalFields: { enabled: true } }, { enabled: true }],
		['enabled, as it is', { enabled: false }, { additionalFields: { enabled: false } }, undefined],
		['a new avatar', {}, { additionalFields: { avatarId: 'file_12' } }, { avatar_id: 'file_12' }],
		['the same avatar', { avatar_url: AVATAR }, { additionalFields: { avatarId: 'file_12' } }, undefined],
		[
			'another avatar',
			{ avatar_url: AVATAR },
			{ additionalFields: { avatarId: 'file_3' } },
			{ avatar_id: 'file_3' },
		],
		[
			'another avatar whose ID begins the same',
			{ avatar_url: AVATAR },
			{ additionalFields: { avatarId: 'file_1' } },
			{ avatar_id: 'file_1' },
		],
		['no avatar', { avatar_url: AVATAR }, { additionalFields: { avatarId: '' } }, { avatar_id: null }],
		['no avatar, as it is', {}, { additionalFields: { avatarId: '' } }, undefined],
		[
			'enabled differs and the rest does not',
			{ enabled: true, avatar_url: AVATAR, config: { language: 'es' } },
			{ additionalFields: { enabled: false, avatarId: 'file_12' }, config: { language: 'es' } },
			{ enabled: false },
		],
		[
			'a setting differs and the rest does not',
			{ enabled: true, config: { language: 'es' } },
			{ additionalFields: { enabled: true }, config: { language: 'de' } },
			{ config: { language: 'de' } },
		],
		[
			'a list with the same members in another order',
			{ config: { conversation: { suggested_messages: ['a', 'b'] } } },
			{ conversation: { suggestedMessages: ['b', 'a'] } },
			{ config: { conversation: { suggested_messages: ['b', 'a'] } } },
		],
		['a list as it is', { config: CONFIG }, { conversation: { suggestedMessages: ['a', 'b'] } }, undefined],
		[
			'an emptied list',
			{ config: { conversation: { suggested_messages: ['a'] } } },
			{ conversation: { suggestedMessages: [] } },
			{ config: { conversation: { suggested_messages: [] } } },
		],
		[
			'an emptied text',
			{ config: { instructions: 'Old' } },
			{ config: { instructions: '' } },
			{ config: { instructions: '' } },
		],
		[
			'null in place of a setting',
			{ config: { timezone: 'UTC' } },
			{ configMode: 'json', configJson: '{"timezone":null}' },
			{ config: { timezone: null } },
		],
		[
			'a list in place of null',
			{ config: { language: 'es', conversation: { suggested_messages: null } } },
			{ conversation: { suggestedMessages: ['a'] } },
			{ config: { language: 'es', conversation: { suggested_messages: ['a'] } } },
		],
		[
			'a group in place of null',
			{ config: { language: 'es', conversation: null, tts: null } },
			{ config: { ttsModel: 't1' }, conversation: { suggestedMessages: ['a'] } },
			{ config: { language: 'es', conversation: { suggested_messages: ['a'] }, tts: { model: 't1' } } },
		],
		['empty JSON', { config: CONFIG }, { configMode: 'json', configJson: '{}' }, undefined],
		['empty JSON, no configuration', { config: null }, { configMode: 'json', configJson: '{}' }, undefined],
	];
	test.each(DIFFERENCES)('%s: only what differs is sent', async (_, before, own, change) => {
		add({ name: 'One', ...before });
		add({ name: 'Two', ...before });
		const { error } = await upsert(['One', 'Two'], own);
		expect(error).toBeUndefined();
		expect(bodies('PATCH')).toEqual(change === undefined ? [] : [change, change]);
		expect(sent('POST')).toEqual([]);
	});

	test('members of the JSON in another order make no difference', async () => {
		add({ name: 'One', config: { language: 'es', tts: { model: 't1', voice_id: 'v1' } } });
		add({ name: 'Two', config: { tts: { voice_id: 'v1', model: 't1' }, language: 'es' } });
		const configJson = '{"tts":{"voice_id":"v1","model":"t1"},"language":"es"}';
		await upsert(['One', 'Two'], { configMode: 'json', configJson });
		expect(written()).toEqual([]);
	});

	test.each(['__proto__', 'constructor', 'toString'])(
		'a setting named %s is compared and sent like others',
		async (name) => {
			const config = JSON.parse(`{"${name}":{"a":1}}`) as NonNullable<Assistant['config']>;
			add({ name: 'One', config });
			add({ name: 'Two', config: {} });
			const configJson = JSON.stringify(config);
			await upsert(['One', 'Two'], { configMode: 'json', configJson });
			expect(sent('PATCH').map(({ rawBody }) => rawBody)).toEqual([`{"config":${configJson}}`]);
		},
	);
});

function outcomesOf(run: Outcome): unknown[] {
	return fieldsOf(run).map(({ outcome }) => outcome);
}

/** What a run returns when it finds everything as this one has left it. */
function unchanged(run: Outcome): IDataObject[] {
	return fieldsOf(run).map((fields) => ({ ...fields, outcome: 'unchanged' }));
}

describe('When nothing differs', () => {
	test.each(
		[true, false].flatMap((simplify) =>
			[true, false].map((includeSecretKey) => ({ simplify, includeSecretKey })),
		),
	)(
		'nothing is written and the output is that of Get: simplify $simplify, includeSecretKey $includeSecretKey',
		async ({ simplify, includeSecretKey }) => {
			const ids = ['One', 'Two'].map((name) => add({ name, config: CONFIG, secret_key: `key of ${name}` }));
			const own = { simplify, options: { includeSecretKey } };
			const outcome = await upsert(['One', 'Two'], { ...own, config: { language: 'es' } });
			expect(written()).toEqual([]);
			const wanted = await api.run(
				{ operation: 'get', assistantId: OWN_VALUE, ...own },
				{ items: valued(ids) },
			);
			const added = simplify ? { outcome: 'unchanged' } : {};
			expect(fieldsOf(outcome)).toEqual(fieldsOf(wanted).map((fields) => ({ ...fields, ...added })));
			expect(fieldsOf(outcome).map(({ secret_key }) => secret_key)).toEqual(
				includeSecretKey ? ['key of One', 'key of Two'] : [undefined, undefined],
			);
			expect(sourcesOf(outcome)).toEqual([0, 1]);
		},
	);

	const RUNS: ReadonlyArray<readonly [string, INodeParameters]> = [
		['a name alone', {}],
		['fields', { config: { instructions: 'Be kind.', language: locator('es', 'name'), sttModel: 's1' } }],
		['the conversation', { conversation: { enableMemories: false, suggestedMessages: ['a', 'b'] } }],
		['enabled', { additionalFields: { enabled: false } }],
		['an avatar', { additionalFields: { avatarId: 'file_1' } }],
		['no avatar', { additionalFields: { avatarId: '' } }],
		['JSON', { configMode: 'json', configJson: '{"language":"es","future":{"a":[1,{"b":null}]}}' }],
		['fields, as entered', { config: { instructions: 'A' }, options: { configUpdate: 'asEntered' } }],
	];
	test.each(RUNS)('a second run with the same values writes nothing: %s', async (_, own) => {
		const first = await upsert(['One', 'Two'], own);
		expect(written()).toEqual([POST, POST]);
		const second = await upsert(['One', 'Two'], own);
		expect(written()).toEqual([POST, POST]);
		expect(outcomesOf(first)).toEqual(['created', 'created']);
		expect(fieldsOf(second)).toEqual(unchanged(first));
	});

	test.each(RUNS)('a second run after a change writes nothing: %s', async (_, own) => {
		const old = { avatar_url: 'https://f.example/old', config: { language: 'fr', instructions: 'Old' } };
		add({ name: 'One', ...old });
		add({ name: 'Two', ...old });
		const first = await upsert(['One', 'Two'], own);
		const count = sent('PATCH').length;
		expect(count).toBe(Object.keys(own).length === 0 ? 0 : 2);
		const second = await upsert(['One', 'Two'], own);
		expect(sent('PATCH')).toHaveLength(count);
		expect(sent('POST')).toEqual([]);
		expect(outcomesOf(first)).toEqual(Array(2).fill(count === 0 ? 'unchanged' : 'updated'));
		expect(fieldsOf(second)).toEqual(unchanged(first));
	});
});

describe('The name is matched', () => {
	test('exactly, with capitals and blanks', async () => {
		const others = ['support', 'SUPPORT', 'Support ', ' Support', 'Support 2', 'Sup'];
		for (const name of others) add({ name });
		await upsert(['Support', 'Sup port'], { additionalFields: { enabled: false } });
		expect(written()).toEqual([POST, POST]);
		expect(storedNames()).toEqual([...others, 'Support', 'Sup port']);
	});

	test('with its blanks and capitals where there is such a one', async () => {
		const [blank, capital] = [add({ name: ' Support ' }), add({ name: 'SUPPORT' })];
		add({ name: 'Support' });
		const outcome = await upsert([' Support ', 'SUPPORT'], { additionalFields: { enabled: false } });
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([blank, capital]);
		expect(sent('POST')).toEqual([]);
	});

	test('as text, whatever the expression gives', async () => {
		const ids = [add({ name: '2026' }), add({ name: 'true' })];
		const outcome = await api.run({ operation: 'upsert', name: OWN_VALUE }, { items: valued([2026, true]) });
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(ids);
		expect(written()).toEqual([]);
	});

	test.each(
		(['works', 'ignored'] as const).flatMap((search) =>
			(['total', 'absent', 'wrong', 'page'] as const).map((countHeader) => ({ search, countHeader })),
		),
	)('over all pages: search $search, count header $countHeader', async ({ search, countHeader }) => {
		api.sandbox.reset({ assistants: 249, search, countHeader });
		const last = add({ name: 'Last of all' });
		const outcome = await upsert(['Last of all', 'Nobody'], { additionalFields: { enabled: false } });
		expect(written()).toEqual([`PATCH /orgs/c/assistants/${last}`, POST]);
		expect(fieldsOf(outcome)[0]).toMatchObject({ id: last, enabled: false });
		expect(storedNames()).toHaveLength(251);
		const pages = api.sandbox.requests.flatMap(({ query }) => query.page ?? []);
		// Only a count that fits shows that nobody moved from page to page; otherwise the list is read again.
		const once = ['1', '2', '3'];
		expect(pages).toEqual(countHeader === 'total' ? once : [...once, ...once]);
	});

	test('and soft-deleted namesakes do not count', async () => {
		add({ name: 'One', deleted: true });
		add({ name: 'Two', deleted: true });
		const live = add({ name: 'Two' });
		await upsert(['One', 'Two'], { additionalFields: { enabled: false } });
		expect(written()).toEqual([POST, `PATCH /orgs/c/assistants/${live}`]);
		expect(api.sandbox.store.assistants().map(({ name, deleted }) => [name, deleted])).toEqual([
			['One', true],
			['Two', true],
			['Two', false],
			['One', false],
		]);
	});

	test('where the API knows nothing of deletion yet', async () => {
		api.sandbox.reset({ generation: 'older' });
		const id = add({ name: 'One' });
		await upsert(['One', 'Two'], { config: { language: 'es' } });
		expect(written()).toEqual([`PATCH /orgs/c/assistants/${id}`, POST]);
	});
});

describe('A name that several assistants have', () => {
	test('is an error with their IDs, and nothing is written', async () => {
		const ids = [add({ name: 'Twice' }), add({ name: 'Twice' })];
		const gone = add({ name: 'Twice', deleted: true });
		const outcome = await upsert(['Twice', 'New'], { config: { language: 'es' } });
		const fault = faultOf(outcome);
		expect(fault.itemIndex).toBe(0);
		expect(fault.message).toMatch(/'Name'.* \[item 0\]/);
		for (const id of ids) expect(textOf(fault)).toContain(id);
		expect(textOf(fault)).not.toContain(gone);
		expectClear(fault);
		expect(written()).toEqual([]);
	});

	test('leaves the other items alone under Continue', async () => {
		const ids = [add({ name: 'Twice' }), add({ name: 'Twice' })];
		const one = add({ name: 'One' });
		const outcome = await api.run(
			{ ...UPSERT, additionalFields: { enabled: false } },
			{ items: named(['One', 'Twice', 'New']), settings: CONTINUE },
		);
		expect(written()).toEqual([`PATCH /orgs/c/assistants/${one}`, POST]);
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
		expect(fieldsOf(outcome).map((fields) => 'error' in fields)).toEqual([false, true, false]);
		for (const id of ids) {
			expect(outcome.items[1]?.json.error).toContain(id);
			expect(stored(id).enabled).toBe(true);
		}
	});
});

describe('Items', () => {
	test('with the same new name make one assistant, and the later one has the last word', async () => {
		const items = [
			{ name: 'Same', text: 'First' },
			{ name: 'Other', text: 'Between' },
			{ name: 'Same', text: 'Last' },
		];
		for (const simplify of [true, false]) {
			api.sandbox.reset();
			const outcome = await api.run(
				{ ...UPSERT, simplify, config: { instructions: '={{ $json.text }}' } },
				{ items },
			);
			expect(storedNames()).toEqual(['Same', 'Other']);
			const [same] = api.sandbox.store.assistants();
			expect(same?.config?.instructions).toBe('Last');
			expect(written()).toEqual([POST, POST, `PATCH /orgs/c/assistants/${same?.id}`]);
			expect(fieldsOf(outcome)[2]?.id).toBe(same?.id);
			expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
		}
	});

	test('that are the same altogether write once', async () => {
		await upsert(['Same', 'Same', 'Same'], { config: { language: 'es' } });
		expect(written()).toEqual([POST]);
		expect(storedNames()).toEqual(['Same']);
	});

	test('build on what the items before them have changed', async () => {
		const id = add({ name: 'One', config: {} });
		const configJson = '={{ $json.config }}';
		await api.run(
			{ ...UPSERT, configMode: 'json', configJson },
			{
				items: [
					{ name: 'One', config: { language: 'es' } },
					{ name: 'One', config: { model: 'm1' } },
				],
			},
		);
		expect(stored(id).config).toEqual({ language: 'es', model: 'm1' });
	});

	test('act one after another, in their order', async () => {
		api.sandbox.reset({ latencyMs: 15 });
		const id = add({ name: 'Old' });
		await upsert(['C', 'A', 'Old', 'B'], { additionalFields: { enabled: false } });
		expect(written()).toEqual([POST, POST, `PATCH /orgs/c/assistants/${id}`, POST]);
		expect(storedNames()).toEqual(['Old', 'C', 'A', 'B']);
		expect(api.sandbox.inFlight.peak).toBe(1);
	});

	test('read the list once in a run, and anew in the next', async () => {
		add({ name: 'Old' });
		await upsert(['A', 'Old', 'B', 'A', 'C']);
		expect(lines().filter((line) => line === LIST)).toHaveLength(1);
		const late = add({ name: 'Late' });
		await upsert(['Late', 'A'], { additionalFields: { enabled: false } });
		expect(lines().filter((line) => line === LIST)).toHaveLength(2);
		expect(stored(late).enabled).toBe(false);
	});

	test('after a list that could not be read read it again', async () => {
		const id = add({ name: 'One' });
		api.sandbox.faults.set([{ match: { nth: 1 }, effect: { answer: { status: 403 } } }]);
		const outcome = await api.run(
			{ ...UPSERT, additionalFields: { enabled: false } },
			{ items: named(['One', 'One']), settings: CONTINUE },
		);
		expect(fieldsOf(outcome).map((fields) => fields.error === undefined)).toEqual([false, true]);
		expect(written()).toEqual([`PATCH /orgs/c/assistants/${id}`]);
	});

	test('that the API refuses leave the others alone under Continue', async () => {
		const ids = [add({ name: 'One' }), add({ name: 'Two' })];
		api.sandbox.faults.set(answering(400, { message: 'No' }, { method: 'PATCH', nth: 1 }));
		const outcome = await api.run(
			{ ...UPSERT, additionalFields: { enabled: false } },
			{ items: named(['One', 'Two']), settings: CONTINUE },
		);
		expect(sourcesOf(outcome)).toEqual([0, 1]);
		expect(ids.map((id) => stored(id).enabled)).toEqual([true, false]);
	});

	test('keep to the organization that was chosen', async () => {
		const org = subOrganization(api);
		const here = add({ name: 'One' });
		const there = api.sandbox.store.add({ name: 'One' }, org).id;
		const outcome = await upsert(['One', 'Two'], {
			organizationId: locator(org, 'list'),
			additionalFields: { enabled: false },
		});
		expect(lines()).toEqual([
			`GET /orgs/${org}/assistants`,
			`GET /orgs/${org}/assistants/${there}`,
			`PATCH /orgs/${org}/assistants/${there}`,
			`POST /orgs/${org}/assistants`,
		]);
		expect(fieldsOf(outcome)[0]).toMatchObject({ id: there, enabled: false });
		expect(stored(here).enabled).toBe(true);
		expect(api.sandbox.store.assistants(org).map(({ name }) => name)).toEqual(['One', 'Two']);
	});

	test('each have their own organization', async () => {
		const org = subOrganization(api);
		const items = ['c', org, 'c', org].map((value) => ({ name: 'Same', value }));
		const own = { organizationId: locator(OWN_VALUE), additionalFields: { enabled: false } };
		await api.run({ ...UPSERT, ...own }, { items });
		expect(written()).toEqual([POST, `POST /orgs/${org}/assistants`]);
		expect(lines().filter((line) => /^GET .*assistants$/.test(line))).toEqual([
			LIST,
			`GET /orgs/${org}/assistants`,
		]);
		expect(storedNames()).toEqual(['Same']);
		expect(api.sandbox.store.assistants(org)).toHaveLength(1);
	});
});

/** The first POST is carried out and its answer gets lost. */
const LOST: FaultRule = { match: { method: 'POST', nth: 1 }, effect: { dropAfter: true } };
/** The first POST gets lost on its way. */
const UNDONE: FaultRule = { match: { method: 'POST', nth: 1 }, effect: { dropBefore: true } };
/** After the first reading of the list, the API can't be read for a while: a reading and its three repeats fail. */
const BLIND: FaultRule = {
	match: { method: 'GET', nth: 2, times: 4 },
	effect: { answer: { status: 500 } },
};
const RETRY = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

describe('When the answer to the POST gets lost', () => {
	test('the new assistant is found, and later items know it', async () => {
		api.sandbox.faults.set([LOST]);
		const outcome = await api.run(
			{ ...UPSERT, config: { instructions: '={{ $json.text }}' } },
			{
				items: [
					{ name: 'New', text: 'First' },
					{ name: 'New', text: 'Last' },
				],
			},
		);
		expect(outcome.error).toBeUndefined();
		const [only] = api.sandbox.store.assistants();
		expect(storedNames()).toEqual(['New']);
		expect(only?.config?.instructions).toBe('Last');
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([only?.id, only?.id]);
		expect(sent('POST')).toHaveLength(1);
	});

	test('and a deleted namesake is older, it is not taken for the new one', async () => {
		const gone = add({ name: 'New', deleted: true, created_at: '2025-01-01T00:00:00.000Z' });
		api.sandbox.faults.set([LOST]);
		const outcome = await upsert(['New', 'Other']);
		const made = api.sandbox.store.assistants().find(({ id, name }) => name === 'New' && id !== gone);
		expect(fieldsOf(outcome)[0]?.id).toBe(made?.id);
		expect(sent('POST')).toHaveLength(2);
	});

	test.each([
		['on its way', UNDONE, 0],
		['on its way back, and the list too', LOST, 1],
	])('%s, the error says that it may exist, and it is not sent again', async (_, rule, made) => {
		api.sandbox.faults.set([rule, ...(made === 0 ? [] : [BLIND])]);
		const fault = faultOf(await upsert(['New', 'Other']));
		expect(fault.message).toMatch(/may have been created.* \[item 0\]/);
		expect(fault.description).toContain("'New'");
		expectClear(fault);
		expect(sent('POST')).toHaveLength(1);
		expect(storedNames()).toEqual(Array(made).fill('New'));
	});

	test('Retry On Fail finds it in the list and goes on', async () => {
		api.sandbox.faults.set([LOST, BLIND]);
		const outcome = await api.run(
			{ ...UPSERT, config: { language: 'es' } },
			{ items: named(['New', 'Other']), settings: RETRY },
		);
		expect(outcome.error).toBeUndefined();
		expect(bodies('POST')).toEqual(['New', 'Other'].map((name) => ({ name, config: { language: 'es' } })));
		expect(storedNames()).toEqual(['New', 'Other']);
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual(['New', 'Other']);
	});

	test('on its way, Retry On Fail does not send it again', async () => {
		api.sandbox.faults.set([UNDONE]);
		const fault = faultOf(await api.run(UPSERT, { items: named(['New', 'Other']), settings: RETRY }));
		expect(fault.message).toContain('may have been created');
		expect(bodies('POST')).toEqual([{ name: 'New' }]);
		expect(storedNames()).toEqual([]);
	});

	test('Retry On Fail does not send what an earlier item has made', async () => {
		api.sandbox.faults.set(answering(400, { message: 'No' }, { method: 'POST', nth: 2 }));
		const outcome = await api.run(UPSERT, { items: named(['One', 'Two', 'One']), settings: RETRY });
		expect(outcome.error).toBeUndefined();
		expect(storedNames()).toEqual(['One', 'Two']);
		expect(bodies('POST')).toEqual(['One', 'Two', 'Two'].map((name) => ({ name })));
	});

	test('and nobody can tell, a later item of the same name makes no second one', async () => {
		api.sandbox.faults.set([LOST, BLIND]);
		const outcome = await api.run(
			{ ...UPSERT, config: { language: 'es' } },
			{ items: named(['New', 'New']), settings: CONTINUE },
		);
		expect(outcome.items[0]?.json.error).toMatch(/may have been created/);
		expect(storedNames()).toEqual(['New']);
	});

	test.each([
		['before it was carried out', { dropBefore: true }],
		['after it was carried out', { dropAfter: true }],
	] as const)('a PATCH that is cut off %s is sent again', async (_, effect) => {
		const id = add({ name: 'One' });
		api.sandbox.faults.set([{ match: { method: 'PATCH', nth: 1 }, effect }]);
		const outcome = await upsert(['One', 'Two'], { additionalFields: { enabled: false } });
		expect(outcome.error).toBeUndefined();
		expect(stored(id).enabled).toBe(false);
		expect(storedNames()).toEqual(['One', 'Two']);
	});
});

describe('With a quota of ten new assistants an hour', () => {
	const TWELVE = Array.from({ length: 12 }, (_, index) => `New ${index}`);

	test('of twelve new names the first ten are made, and the others are told', async () => {
		api.sandbox.reset({ creationsPerHour: 10 });
		const outcome = await api.run(UPSERT, { items: named(TWELVE), settings: CONTINUE });
		expect(storedNames()).toEqual(TWELVE.slice(0, 10));
		expect(fieldsOf(outcome).map(({ name }) => name)).toEqual([...TWELVE.slice(0, 10), undefined, undefined]);
		expect(sourcesOf(outcome)).toEqual(TWELVE.map((_, index) => index));
		for (const { json } of outcome.items.slice(10)) {
			expect(json.error).toMatch(/Rate limit reached/);
			expect(json.error).toMatch(/10 new assistants per hour/);
		}
		expect(sent('POST')).toHaveLength(11);
	});

	test('changes take no place', async () => {
		api.sandbox.reset({ creationsPerHour: 1 });
		for (const name of TWELVE) add({ name });
		const outcome = await upsert([...TWELVE, 'Newest'], { additionalFields: { enabled: false } });
		expect(outcome.error).toBeUndefined();
		expect(sent('PATCH')).toHaveLength(12);
		expect(sent('POST')).toHaveLength(1);
	});
});

describe('The name', () => {
	const parameters = { operation: 'upsert', name: OWN_VALUE };

	test.each([
		['empty', ''],
		['too long', 'x'.repeat(1025)],
		['an object', { a: 1 }],
		['a list', ['Support']],
		['null', null],
	])('that is %s is refused, and nothing is sent', async (_, bad) => {
		await expectRefusal(api, { parameters, good: 'Support', bad, label: 'Name' });
	});

	test('of 1 to 1024 characters is sent, counted as the API counts', async () => {
		const names = ['x', 'y'.repeat(1024), '😀'.repeat(1024)];
		const { error } = await api.run(parameters, { items: valued(names) });
		expect(error).toBeUndefined();
		expect(storedNames()).toEqual(names);
	});
});

describe('What can not be used is refused, and nothing is sent', () => {
	test.each([
		['configUpdate', 'Configuration Update', 'merge', 'other'],
		['maxWait', 'Max Wait', 5, -1],
		['includeSecretKey', 'Include Secret Key', true, 'perhaps'],
	])('options.%s', async (name, label, good, bad) => {
		await expectRefusal(api, {
			parameters: { operation: 'upsert', name: 'Given', options: { [name]: OWN_VALUE } },
			good,
			bad,
			label,
		});
	});

	test('JSON that is none', async () => {
		await expectRefusal(api, {
			parameters: { operation: 'upsert', name: 'Given', configMode: 'json', configJson: OWN_VALUE },
			good: '{}',
			bad: '{"language": ',
			label: 'Configuration (JSON)',
		});
	});
});

test('A secret key is not asked for, also when Create has left its switch behind', async () => {
	const outcome = await upsert(['One', 'Two'], { additionalFields: { generateSecretKey: true } });
	expect(bodies('POST')).toEqual([{ name: 'One' }, { name: 'Two' }]);
	for (const fields of fieldsOf(outcome)) expect('secret_key' in fields).toBe(false);
});

test('The secret key of an assistant that is changed is returned only if asked for', async () => {
	for (const includeSecretKey of [true, false]) {
		api.sandbox.reset();
		add({ name: 'One', secret_key: 'k1' });
		add({ name: 'Two', secret_key: 'k2' });
		const outcome = await upsert(['One', 'Two'], {
			additionalFields: { enabled: false },
			options: { includeSecretKey },
		});
		expect(fieldsOf(outcome).map(({ secret_key }) => secret_key)).toEqual(
			includeSecretKey ? ['k1', 'k2'] : [undefined, undefined],
		);
	}
});
