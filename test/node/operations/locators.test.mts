import { takePrinted } from '../harness/console.mts';

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';

import type { INodeListSearchResult, INodeParameters, INodeProperties } from 'n8n-workflow';

import type { Assistant } from '../../../contract/invent.d.ts';
import { loadList, nodeType } from '../harness/engine.mts';
import type { Panel } from '../harness/engine.mts';
import {
	answering,
	assistants,
	at,
	bodiesOf,
	expectClear,
	faultOf,
	lineOf,
	labelOf,
	locator,
	OWN_VALUE,
	subOrganization,
	useSandbox,
	valued,
} from '../harness/support.mts';

const api = useSandbox();

/** Loads a list for a panel in which the own organization is picked, unless `own` says otherwise. */
async function load(method: string, own: Partial<Panel> = {}): Promise<INodeListSearchResult> {
	const organizationId = locator('c', 'list');
	const parameters = { operation: 'get', organizationId, assistantId: locator('ast_1') };
	return await loadList({ method, parameters, credential: api.credential, ...own });
}

function inOrganization(organizationId: INodeParameters[string]): Partial<Panel> {
	return { parameters: { operation: 'get', organizationId } };
}

function namesIn({ results }: INodeListSearchResult): string[] {
	return results.map(({ name }) => name);
}

function valuesIn({ results }: INodeListSearchResult): unknown[] {
	return results.map(({ value }) => value);
}

function storedIds(): string[] {
	return api.sandbox.store.assistants().map(({ id }) => id);
}

/** The error that ended the loading of a list. */
async function faultIn(loading: Promise<unknown>) {
	const [outcome] = await Promise.allSettled([loading]);
	if (outcome.status === 'fulfilled') throw new Error('The list should not have been loaded');
	const { reason } = outcome;
	if (!(reason instanceof Error)) throw new Error('An Error should have been thrown');
	const description = 'description' in reason ? String(reason.description) : '';
	return { reason, name: reason.name, message: reason.message, description, itemIndex: undefined };
}

function fieldsIn({ options = [] }: INodeProperties): INodeProperties[] {
	return options.flatMap((option) => ('values' in option ? option.values : 'type' in option ? [option] : []));
}

function withFields(property: INodeProperties): INodeProperties[] {
	return [property, ...fieldsIn(property).flatMap(withFields)];
}

/** Names of lists, and the parameters that offer them. */
const OFFERED = nodeType.description.properties
	.flatMap(withFields)
	.flatMap(({ name, modes = [] }) =>
		modes.flatMap(({ typeOptions }) =>
			typeOptions?.searchListMethod === undefined ? [] : [[name, typeOptions.searchListMethod] as const],
		),
	);
const LISTS = Object.keys(nodeType.methods?.listSearch ?? {});
/** The lists that ask the API. */
const REMOTE = LISTS.filter((method) => method !== 'searchTimeZones');

/** Whether a list can't be loaded with a status: that of organizations has the own one at least. */
function failsWith(method: string, status: number): boolean {
	return method !== 'searchOrganizations' || ![402, 403, 404].includes(status);
}

describe('The lists and the parameters belong together', () => {
	test.each(OFFERED)('%s: the node has its list %s', (_, method) => expect(LISTS).toContain(method));

	test.each(LISTS)('%s is offered by a parameter', (method) => {
		expect(OFFERED.map(([, offered]) => offered)).toContain(method);
	});

	test.each([
		['assistantId', 'searchAssistants'],
		['organizationId', 'searchOrganizations'],
		['targetOrganizationId', 'searchOrganizations'],
		['knowledgeScope', 'searchKnowledgeScopes'],
		['language', 'searchLanguages'],
		['model', 'searchModels'],
		['sttModel', 'searchSpeechInputModels'],
		['threadMode', 'searchThreadModes'],
		['timezone', 'searchTimeZones'],
		['ttsModel', 'searchSpeechOutputModels'],
		['ttsVoiceId', 'searchVoices'],
	])('%s offers %s', (name, method) => {
		const methods = OFFERED.filter(([parameter]) => parameter === name).map(([, offered]) => offered);
		expect(new Set(methods)).toEqual(new Set([method]));
	});
});

describe('Assistants', () => {
	test.each([
		[0, [0]],
		[1, [1]],
		[100, [100, 0]],
		[101, [100, 1]],
		[250, [100, 100, 50]],
	])('%i of them come in pages of %j', async (count, sizes) => {
		api.sandbox.reset({ assistants: count });
		const pages = [await load('searchAssistants')];
		for (;;) {
			const paginationToken: unknown = pages.at(-1)?.paginationToken;
			if (typeof paginationToken !== 'string' || pages.length > sizes.length) break;
			pages.push(await load('searchAssistants', { paginationToken }));
		}
		expect(pages.map(({ results }) => results.length)).toEqual(sizes);
		expect(pages.flatMap(valuesIn)).toEqual(storedIds());
		expect(api.sandbox.requests).toHaveLength(sizes.length);
	});

	test('are offered by their names alone, which the editor stores, and without the deleted ones', async () => {
		const { store } = api.sandbox;
		const on = store.add({ name: 'On' });
		const off = store.add({ name: 'Off', enabled: false });
		store.add({ name: 'Gone', deleted: true });
		for (const filter of ['', 'o']) {
			const { results } = await load('searchAssistants', { filter });
			expect(results).toEqual([
				{ name: 'On', value: on.id },
				{ name: 'Off', value: off.id },
			]);
		}
	});

	test('of an older API, which does not tell about deletion, are all offered', async () => {
		api.sandbox.reset({ generation: 'older' });
		api.sandbox.store.add({ name: 'Old' });
		expect(namesIn(await load('searchAssistants'))).toEqual(['Old']);
	});

	describe.each(['works', 'ignored'] as const)("where the API's search is such that it %s", (search) => {
		test.each(['needle', 'NEEDLE', 'eedl', 'a Needle in'])(
			'typing %p finds a name on any page',
			async (filter) => {
				api.sandbox.reset({ assistants: 120, search });
				const first = api.sandbox.store.add({ name: 'Has a Needle in it' }, undefined, 'start');
				const last = api.sandbox.store.add({ name: 'HAS A NEEDLE IN IT, too' });
				const list = await load('searchAssistants', { filter });
				expect(valuesIn(list)).toEqual([first.id, last.id]);
				expect(list.paginationToken).toBeUndefined();
			},
		);

		test.each(['whole', 'part', 'capitals'])('typing an ID finds it on any page: %s', async (how) => {
			api.sandbox.reset({ assistants: 230, search });
			const { id } = api.sandbox.store.add({ name: 'Last', id: 'ast_4kQ7ZbXw2mN9sT1vR8cLpA' });
			const filter = { whole: id, part: id.slice(3, 20), capitals: id.toUpperCase() }[how];
			const list = await load('searchAssistants', filter === undefined ? {} : { filter });
			expect(valuesIn(list)).toEqual([id]);
		});

		test('typing what nobody is called finds nothing', async () => {
			api.sandbox.reset({ assistants: 120, search });
			const list = await load('searchAssistants', { filter: 'no such name' });
			expect(list).toEqual({ results: [] });
		});

		test.each(['50% & more?', 'a+b #1', 'ä/ö', '\\d.*'])(
			'typing %j finds the name that holds it',
			async (filter) => {
				api.sandbox.reset({ search });
				const { id } = api.sandbox.store.add({ name: `My ${filter} shop` });
				api.sandbox.store.add({ name: 'Other' });
				expect(valuesIn(await load('searchAssistants', { filter }))).toEqual([id]);
			},
		);
	});

	test.each([
		['accents', 'asane'],
		['other accents', 'ÀSÂNÉ'],
		['blanks around it', '  åsane\t'],
	])('%s make no difference to what is typed', async (_, filter) => {
		const { id } = api.sandbox.store.add({ name: 'Åsane Hotline' });
		api.sandbox.store.add({ name: 'A sane one' });
		expect(valuesIn(await load('searchAssistants', { filter }))).toEqual([id]);
	});

	test.each([400, 422])(
		'are searched in the whole list when the API refuses search with %i',
		async (status) => {
			api.sandbox.reset({ assistants: 120 });
			const { id } = api.sandbox.store.add({ name: 'Last' });
			api.sandbox.faults.set(answering(status, { message: 'No search' }, { nth: 1 }));
			expect(valuesIn(await load('searchAssistants', { filter: 'last' }))).toEqual([id]);
			expect(api.sandbox.requests.map(({ query }) => query.search)).toEqual(['last', undefined, undefined]);
		},
	);

	test.each([
		['nothing', undefined],
		['an empty text', ''],
		['blanks', ' \t'],
	])('%s typed is no search', async (_, filter) => {
		assistants(api, 3);
		await load('searchAssistants', filter === undefined ? {} : { filter });
		expect(api.sandbox.requests.map(({ query }) => query)).toEqual([{ page: '1', take: '100' }]);
	});
});

describe('The organization that is picked counts', () => {
	const WITH_VALUES = {
		name: 'There',
		config: {
			knowledge_scope: 'there',
			language: 'there',
			model: 'there',
			stt: { model: 'there' },
			tts: { model: 'there', voice_id: 'there' },
			conversation: { thread_mode: 'there' },
		},
	};
	/** How many entries come from what the organizations have. */
	const stored = ({ results }: INodeListSearchResult) =>
		results.filter(({ name }) => /^t?here$/i.test(name)).length;
	const OF_ORGANIZATION = REMOTE.filter(
		(method) => !['searchOrganizations', 'searchActions'].includes(method),
	);

	test.each(OF_ORGANIZATION)('%s', async (method) => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add(WITH_VALUES, org);
		api.sandbox.store.addAction(id, { action_id: 'there' });
		api.sandbox.store.add({ name: 'Here', config: null });
		const asked: Array<[INodeParameters[string], string]> = [
			[locator(org, 'list'), org],
			[locator(org, 'id'), org],
			[org, org],
			[locator('c', 'list'), 'c'],
			['c', 'c'],
			[locator('../c', 'id'), encodeURIComponent('../c')],
		];
		const found: unknown[] = [];
		for (const [organization] of asked) {
			const [loading] = await Promise.allSettled([load(method, inOrganization(organization))]);
			found.push(loading.status === 'fulfilled' ? stored(loading.value) : 'refused');
		}
		expect(api.sandbox.requests.map(lineOf)).toEqual(
			asked.map(([, segment]) => `GET /orgs/${segment}/assistants`),
		);
		const here = method === 'searchAssistants' ? 1 : 0;
		expect(found).toEqual([1, 1, 1, here, here, 'refused']);
	});

	test.each([
		['without any', {}],
		['with one that is still to be picked', { organizationId: locator('', 'list') }],
	])('and %s it is the own one', async (_, own) => {
		const [id] = assistants(api, 1);
		const parameters = { operation: 'get', ...own };
		expect(valuesIn(await load('searchAssistants', { parameters }))).toEqual([id]);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
	});

	const VALUELESS: ReadonlyArray<readonly [string, INodeParameters[string]]> = [
		['is empty', locator('', 'id')],
		['is blank', locator(' ', 'id')],
		['is an expression that gives nothing yet', { __rl: true, mode: 'id', value: null }],
		['is an expression that gives no text', { __rl: true, mode: 'id', value: { a: 1 } }],
		['is an empty text', ''],
	];
	test.each(
		VALUELESS.flatMap(([how, value]) =>
			['searchAssistants', 'searchModels'].map((method) => ({ how, value, method })),
		),
	)('$method: one that $how is told by name, and nothing is sent', async ({ value, method }) => {
		const fault = await faultIn(load(method, inOrganization(value)));
		expect(fault.name).toBe('NodeOperationError');
		expect(fault.message).toContain("'Organization'");
		expectClear(fault);
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each<readonly [string, INodeParameters[string]]>([
		['By ID', { __rl: true, mode: 'id', value: null }],
		['From List', { __rl: true, mode: 'list' }],
		['in place of the locator', null],
	])(
		'one whose expression, %s, can not be evaluated yet says to execute the previous nodes',
		async (_, value) => {
			const fault = await faultIn(load('searchAssistants', inOrganization(value)));
			expect(fault.message).toBe("'Organization' has no value yet: execute the previous nodes");
			expect(api.sandbox.requests).toEqual([]);
		},
	);

	test('one that the key does not reach is told by name', async () => {
		const fault = await faultIn(load('searchAssistants', inOrganization(locator('org_none'))));
		expect(fault.message).toContain("'Organization'");
		expectClear(fault);
	});
});

describe('Organizations', () => {
	function below() {
		const { store, orgId } = api.sandbox;
		return store.organizations().filter(({ parent_id }) => parent_id === orgId);
	}

	test('are the own one and then those below it', async () => {
		const list = await load('searchOrganizations');
		expect(below().length).toBeGreaterThan(0);
		expect(valuesIn(list)).toEqual(['c', ...below().map(({ id }) => id)]);
		expect(namesIn(list).slice(1)).toEqual(below().map(({ name }) => name));
		expect(namesIn(list)[0]).toMatch(/API Key's Organization/);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/orgs']);
	});

	test.each([402, 403, 404])(
		'are the own one alone where sub-organizations are answered with %i',
		async (status) => {
			api.sandbox.faults.set(answering(status, { message: 'Not for this key' }));
			expect(valuesIn(await load('searchOrganizations'))).toEqual(['c']);
		},
	);

	test('are found by what is typed, in names and IDs and any capitals', async () => {
		const [first] = below();
		if (first === undefined) throw new Error('The sandbox has a sub-organization');
		for (const text of [first.name, first.id, first.name.slice(1, -1), first.id.slice(3, 18)]) {
			for (const filter of [text, text.toUpperCase(), text.toLowerCase()]) {
				expect(valuesIn(await load('searchOrganizations', { filter }))).toContain(first.id);
			}
		}
		expect(valuesIn(await load('searchOrganizations', { filter: "KEY'S ORG" }))).toEqual(['c']);
		expect(await load('searchOrganizations', { filter: 'no such name' })).toEqual({ results: [] });
	});

	test('are all read, however many there are', async () => {
		const page = (from: number, count: number) =>
			Array.from({ length: count }, (_, index) => ({ id: `org_${from + index}`, name: 'Sub' }));
		const pages = [page(0, 100), page(100, 100), page(200, 3)];
		api.sandbox.faults.set(pages.flatMap((members) => answering(200, members, { nth: 1 })));
		const list = await load('searchOrganizations');
		expect(list.results).toHaveLength(204);
		expect(api.sandbox.requests.map(({ query }) => query.page)).toEqual(['1', '2', '3']);
	});

	test('are those of the key, whichever is picked in the panel', async () => {
		const list = await load('searchOrganizations', inOrganization(locator(subOrganization(api))));
		expect(list.results.length).toBeGreaterThan(1);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/orgs']);
	});
});

describe('Values in use', () => {
	/** The lists, and a configuration that has a value at the place that each reads. */
	const PLACES: ReadonlyArray<readonly [string, (value: string) => NonNullable<Assistant['config']>]> = [
		['searchKnowledgeScopes', (knowledge_scope) => ({ knowledge_scope })],
		['searchLanguages', (language) => ({ language })],
		['searchModels', (model) => ({ model })],
		['searchSpeechInputModels', (model) => ({ stt: { model } })],
		['searchSpeechOutputModels', (model) => ({ tts: { model } })],
		['searchThreadModes', (thread_mode) => ({ conversation: { thread_mode } })],
		['searchVoices', (voice_id) => ({ tts: { voice_id } })],
	];
	/** Every place but that of the list has another value, so that none is taken for another. */
	const OTHERS = PLACES.map(([, config], index) => config(`other ${index}`));

	const DOCUMENTED: Readonly<Record<string, string[]>> = {
		searchKnowledgeScopes: ['all'],
		searchLanguages: ['auto'],
		searchThreadModes: ['new'],
	};
	const documentedFor = (method: string): string[] => DOCUMENTED[method] ?? [];

	test.each(PLACES)(
		'%s: each once, the documented one first, then those of most assistants',
		async (method, config) => {
			for (const value of ['one', 'two', 'Two', ...documentedFor(method), 'two']) {
				api.sandbox.store.add({ name: 'Uses', config: config(value) });
			}
			for (const nothing of [null, {}, config('')]) {
				api.sandbox.store.add({ name: 'Uses none', config: nothing });
			}
			const values = [...documentedFor(method), 'two', 'one', 'Two'];
			expect(await load(method)).toEqual({ results: values.map((value) => ({ name: value, value })) });
		},
	);

	test.each(PLACES)('%s: of its own place', async (method, config) => {
		for (const other of OTHERS) api.sandbox.store.add({ config: other });
		const index = PLACES.findIndex(([name]) => name === method);
		expect(OTHERS[index]).toEqual(config(`other ${index}`));
		expect(valuesIn(await load(method))).toEqual([...documentedFor(method), `other ${index}`]);
	});

	test.each(PLACES)(
		'%s: found by what is typed, whatever its capitals, accents and blanks',
		async (method, config) => {
			for (const value of ['Älpha-1', 'Beta-2', 'alphabet']) api.sandbox.store.add({ config: config(value) });
			expect(valuesIn(await load(method, { filter: ' ALPHA ' }))).toEqual(['Älpha-1', 'alphabet']);
			expect(valuesIn(await load(method, { filter: '-2' }))).toEqual(['Beta-2']);
			expect(valuesIn(await load(method, { filter: 'no such value' }))).toEqual([]);
		},
	);

	test.each(PLACES)('%s: of all assistants, on all pages', async (method, config) => {
		for (let index = 0; index < 205; index++) {
			api.sandbox.store.add({ config: config(index < 203 ? 'common' : 'rare') });
		}
		expect(namesIn(await load(method))).toEqual([...documentedFor(method), 'common', 'rare']);
	});

	test.each(PLACES)('%s: the documented ones where there are no assistants', async (method) => {
		expect(valuesIn(await load(method))).toEqual(documentedFor(method));
	});

	test.each(PLACES)('%s: the documented ones where no assistant has a value', async (method) => {
		api.sandbox.store.add({ config: null });
		expect(valuesIn(await load(method))).toEqual(documentedFor(method));
	});

	test('of all settings come from one listing for whoever types and goes on to another list', async () => {
		api.sandbox.store.add({ config: { model: 'm1', language: 'nb' } });
		const [models, found, languages] = await Promise.all([
			load('searchModels'),
			load('searchModels', { filter: 'M1' }),
			load('searchLanguages'),
		]);
		expect([models, found, languages].map(valuesIn)).toEqual([['m1'], ['m1'], ['auto', 'nb']]);
		expect(valuesIn(await load('searchModels', { filter: 'm' }))).toEqual(['m1']);
		expect(api.sandbox.requests).toHaveLength(1);
	});

	test.each([
		['organization', () => inOrganization(locator(subOrganization(api)))],
		['API key', () => ({ credential: { ...api.credential, apiKey: `${api.sandbox.apiKey} ` } })],
		['Base URL', () => ({ credential: { ...api.credential, baseUrl: `${api.sandbox.url}/` } })],
	])('are listed anew for another %s', async (_, panel) => {
		await load('searchModels');
		await load('searchModels', panel());
		expect(api.sandbox.requests).toHaveLength(2);
	});

	test('are listed anew after a listing that failed', async () => {
		api.sandbox.store.add({ config: { model: 'm1' } });
		api.sandbox.faults.set(answering(403, { message: 'No' }, { nth: 1 }));
		await faultIn(load('searchModels'));
		expect(valuesIn(await load('searchModels'))).toEqual(['m1']);
	});
});

describe('Time zones', () => {
	test('are those of the platform and UTC, each once and in the order of their names', async () => {
		const [first, ...values] = valuesIn(await load('searchTimeZones')).map(String);
		expect(first).toBe('UTC');
		expect(values).toHaveLength(Intl.supportedValuesOf('timeZone').length);
		expect(values).toEqual([...new Set(values)].sort());
		const format = (timeZone: string) =>
			new Intl.DateTimeFormat('en', { timeZone, dateStyle: 'full', timeStyle: 'full' }).format(0);
		expect(values.map(format)).toHaveLength(values.length);
	});

	test.each([
		['new york', 'America/New_York'],
		['New_York', 'America/New_York'],
		['america/new york', 'America/New_York'],
		[' MADRID ', 'Europe/Madrid'],
		['utc', 'UTC'],
		['kolkata', 'Asia/Kolkata'],
		['Calcutta', 'Asia/Kolkata'],
		['kyiv', 'Europe/Kyiv'],
		['Kiev', 'Europe/Kyiv'],
		['ho chi minh', 'Asia/Ho_Chi_Minh'],
		['Saigon', 'Asia/Ho_Chi_Minh'],
		['Nuuk', 'America/Nuuk'],
		['Kathmandu', 'Asia/Kathmandu'],
	])('%p finds %s', async (filter, zone) => {
		expect(valuesIn(await load('searchTimeZones', { filter }))).toEqual([zone]);
	});

	test('are shown as people write them', async () => {
		const list = await load('searchTimeZones', { filter: 'new york' });
		expect(namesIn(list)).toEqual(['America/New York']);
	});

	test('need no API', async () => {
		await load('searchTimeZones', { credential: { apiKey: '', baseUrl: '' } });
		expect(api.sandbox.requests).toEqual([]);
	});
});

/** What must be in no trace of a list that could not be loaded. */
function expectNoKey(fault: Awaited<ReturnType<typeof faultIn>>, key: string): void {
	const traces = [
		JSON.stringify(fault.reason),
		inspect(fault.reason, { depth: Infinity, showHidden: true, maxStringLength: Infinity }),
		fault.message,
		fault.description,
		takePrinted(),
	];
	expect(traces.join('\n')).not.toContain(key);
}

/** A server that keeps what arrives. */
async function withListener<T>(work: (url: string, arrivals: string[]) => Promise<T>): Promise<T> {
	const arrivals: string[] = [];
	const server = createServer((request, response) => {
		arrivals.push(`${request.method} ${request.url} ${request.headers.authorization}`);
		response.setHeader('content-type', 'application/json').end('[{"id":"ast_1","name":"Taken"}]');
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	try {
		return await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, arrivals);
	} finally {
		await new Promise((resolve) => server.close(resolve));
	}
}

describe('A list that can not be loaded says why', () => {
	const ANSWERS: ReadonlyArray<readonly [string, number, unknown, RegExp]> = [
		['401', 401, { message: 'No such key' }, /rejected the API key/],
		['403', 403, { message: 'Not yours' }, /does not have permission/],
		['404', 404, '', /'Organization' not found|'Base URL'/s],
		['a web page', 200, '<html><body>Sign in</body></html>', /expected a list, received a web page/],
		['an object', 200, { data: [] }, /expected a list, received an object/],
		['nothing', 200, '', /expected a list, received nothing/],
		['a list of no objects', 200, ['x'], /expected a list, received a list with invalid or missing IDs/],
		[
			'a list with one that has no ID',
			200,
			[{ id: 'ast_1' }, { name: 'x' }],
			/expected a list, received a list with invalid or missing IDs/,
		],
	];
	test.each(
		ANSWERS.flatMap(([what, status, body, words]) =>
			REMOTE.filter((method) => failsWith(method, status)).map((method) => ({
				what,
				status,
				body,
				words,
				method,
			})),
		),
	)('$method: $what', async ({ status, body, words, method }) => {
		api.sandbox.faults.set(answering(status, body));
		const fault = await faultIn(load(method));
		expect(fault.name).toBe('NodeApiError');
		expect(`${fault.message}. ${fault.description}`).toMatch(words);
		expect(fault.message).not.toMatch(/\[item/);
		expectClear(fault);
		expectNoKey(fault, api.sandbox.apiKey);
		expect(api.sandbox.requests).toHaveLength(1);
	});

	test.each(['searchAssistants', 'searchOrganizations'])(
		'%s: a 500 that stays, after some repeats',
		async (method) => {
			api.sandbox.faults.set(answering(500, { message: 'Broken' }));
			const fault = await faultIn(load(method));
			expect(fault.message).toContain('status 500');
			expect(fault.description).toContain('Broken');
			expectClear(fault);
			expect(api.sandbox.requests).toHaveLength(4);
		},
	);

	test.each(['searchAssistants', 'searchModels'])('%s: a 500 that passes is repeated', async (method) => {
		api.sandbox.store.add({ name: 'One', config: { model: 'm1' } });
		api.sandbox.faults.set([{ match: { nth: 1 }, effect: { answer: { status: 500 } } }]);
		expect((await load(method)).results).toHaveLength(1);
		expect(api.sandbox.requests).toHaveLength(2);
	});

	test('nothing answers', async () => {
		const { port } = new URL(await withListener(async (url) => await Promise.resolve(url)));
		const credential = { ...api.credential, baseUrl: `http://127.0.0.1:${port}` };
		const fault = await faultIn(load('searchOrganizations', { credential }));
		expect(fault.message).toContain(`Could not connect to 127.0.0.1:${port}`);
		expect(fault.description).toContain("'Base URL'");
		expectClear(fault);
		expectNoKey(fault, api.sandbox.apiKey);
	});

	test.each([
		['plain HTTP', 'http://0.0.0.0', /unencrypted/],
		['no web address', 'api.useinvent.com', /not a valid URL/],
		['nothing', '', /not a valid URL/],
		['no text', 42, /not a valid URL/],
	])('a Base URL that is %s gets no request', async (_, baseUrl, words) => {
		for (const method of ['searchAssistants', 'searchOrganizations', 'searchVoices']) {
			const fault = await faultIn(load(method, { credential: { ...api.credential, baseUrl } }));
			expect(fault.name).toBe('NodeOperationError');
			expect(fault.message).toMatch(words);
			expectClear(fault);
			expectNoKey(fault, api.sandbox.apiKey);
		}
	});

	test.each([301, 302, 303, 307, 308])(
		'a redirect %i to another origin is not followed, the key does not get there',
		async (status) => {
			await withListener(async (url, arrivals) => {
				api.sandbox.faults.set([{ effect: { redirect: { to: `${url}/taken`, status } } }]);
				for (const method of REMOTE) {
					const fault = await faultIn(load(method));
					expect(`${fault.message}. ${fault.description}`).toMatch(/redirect.*\/taken/s);
					expectClear(fault);
					expectNoKey(fault, api.sandbox.apiKey);
				}
				expect(arrivals).toEqual([]);
			});
		},
	);

	test('a page in the middle that fails makes no half list', async () => {
		api.sandbox.reset({ assistants: 250 });
		api.sandbox.faults.set([{ match: { nth: 2 }, effect: { answer: { status: 403 } } }]);
		const fault = await faultIn(load('searchModels'));
		expect(fault.message).toMatch(/does not have permission/);
	});
});

describe('The key that an error repeats', () => {
	test.each(
		[400, 401, 404, 429].flatMap((status) =>
			REMOTE.filter((method) => failsWith(method, status)).map((method) => ({ status, method })),
		),
	)('$method: $status is in no trace', async ({ status, method }) => {
		const { apiKey } = api.sandbox;
		const body = { message: `Key ${apiKey}`, headers: `Authorization: Bearer ${apiKey}` };
		const headers = { 'content-type': 'application/json', 'retry-after': '3600' };
		api.sandbox.faults.set([{ effect: { answer: { status, body: JSON.stringify(body), headers } } }]);
		expectNoKey(await faultIn(load(method)), apiKey);
	});

	test.each(['%s', ' %s', '%s\n', ' %s\n'])('is in no trace when it was entered as %j', async (form) => {
		const key = 'k4Zq9';
		api.sandbox.faults.set(answering(401, { message: `Unknown key ${key}` }));
		const credential = { ...api.credential, apiKey: form.replace('%s', key) };
		const fault = await faultIn(load('searchAssistants', { credential }));
		expect(fault.description).toContain('Unknown key');
		expectNoKey(fault, key);
	});

	test('is in no trace when a redirect repeats it', async () => {
		const { apiKey } = api.sandbox;
		for (const to of [`http://127.0.0.1:1/?key=${apiKey}`, `http://127.0.0.1:1/${apiKey}`]) {
			api.sandbox.faults.set([{ effect: { redirect: { to } } }]);
			expectNoKey(await faultIn(load('searchOrganizations')), apiKey);
		}
	});

	test.each(REMOTE)('%s: a list that could be loaded holds no key', async (method) => {
		api.sandbox.store.add({ id: 'ast_1', name: 'One', secret_key: 'hidden_1' });
		const list = JSON.stringify(await load(method));
		expect(list).not.toContain(api.sandbox.apiKey);
		expect(list).not.toContain('hidden_1');
		expect(api.sandbox.requests.map(({ headers }) => headers.authorization)).toEqual([
			`Bearer ${api.sandbox.apiKey}`,
		]);
	});
});

describe('When the API asks for a pause', () => {
	const pausing = (retryAfter: string) => [
		{ match: { nth: 1 }, effect: { answer: { status: 429, retryAfter } } },
	];

	test.each(['searchAssistants', 'searchLanguages'])('%s waits for a short one', async (method) => {
		api.sandbox.store.add({ name: 'One', config: { language: 'es' } });
		api.sandbox.faults.set(pausing('1'));
		expect((await load(method, { filter: 'e' })).results).toHaveLength(1);
		expect(api.sandbox.requests.map(({ status }) => status)).toEqual([429, 200]);
		const [first, second] = api.sandbox.requests.map(({ at }) => at);
		expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(990);
	});

	test('a long one is told at once', async () => {
		api.sandbox.faults.set(pausing('3600'));
		const fault = await faultIn(load('searchAssistants'));
		expect(fault.message).toContain('Rate limit reached: try again in ');
		expectClear(fault);
		expect(api.sandbox.requests).toHaveLength(1);
	});
});

test('A path in the Base URL and a slash at its end are kept', async () => {
	api.sandbox.reset({ basePath: '/proxy/invent' });
	const [id] = assistants(api, 1);
	for (const end of ['', '/']) {
		const credential = { ...api.credential, baseUrl: api.sandbox.url + end };
		expect(valuesIn(await load('searchAssistants', { credential }))).toEqual([id]);
	}
	expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill('GET /proxy/invent/orgs/c/assistants'));
});

describe('What is picked arrives at its place in the request', () => {
	const PICKED = [
		['config.knowledgeScope', 'config.knowledge_scope'],
		['config.language', 'config.language'],
		['config.model', 'config.model'],
		['config.sttModel', 'config.stt.model'],
		['config.timezone', 'config.timezone'],
		['config.ttsModel', 'config.tts.model'],
		['config.ttsVoiceId', 'config.tts.voice_id'],
		['conversation.threadMode', 'config.conversation.thread_mode'],
	] as const;
	const FORMS: ReadonlyArray<readonly [string, INodeParameters[string], readonly [unknown, unknown]]> = [
		[
			'from the list',
			{
				...Object(locator('picked', 'list')),
				cachedResultName: 'Picked',
			} as INodeParameters,
			['picked', 'picked'],
		],
		['by name', locator('typed', 'name'), ['typed', 'typed']],
		['by an expression in the list', locator(OWN_VALUE, 'list'), ['first', 'second']],
		['by an expression as name', locator(OWN_VALUE, 'name'), ['first', 'second']],
		['as bare text', 'bare', ['bare', 'bare']],
		['by an expression in place of it all', OWN_VALUE, ['first', 'second']],
	];

	test.each(
		PICKED.flatMap(([parameter, place]) =>
			FORMS.map(([how, given, sent]) => ({ parameter, place, how, given, sent })),
		),
	)('$parameter, $how, to $place', async ({ parameter, place, given, sent }) => {
		const { error } = await api.run(
			{ operation: 'create', name: 'Given', ...at(parameter, given) },
			{ items: valued(['first', 'second']) },
		);
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual(sent.map((value) => ({ name: 'Given', ...at(place, value as string) })));
	});

	test.each(PICKED.flatMap(([parameter]) => [[parameter, 'list'] as const, [parameter, 'name'] as const]))(
		'%s, with nothing picked in mode %s, is refused, and nothing is sent',
		async (parameter, mode) => {
			const fault = faultOf(
				await api.run({ operation: 'create', name: 'Given', ...at(parameter, locator('', mode)) }),
			);
			expect(fault.message).toBe(`'${labelOf('create', parameter)}' is empty [item 0]`);
			expect(fault.description).toBe('Select or enter a value. Or remove the field.');
			expect(api.sandbox.requests).toEqual([]);
		},
	);

	const IDS: ReadonlyArray<readonly [string, (value: string) => INodeParameters[string]]> = [
		['from the list', (value) => locator(value, 'list')],
		['by ID', (value) => locator(value, 'id')],
		['as bare text', (value) => value],
	];

	test.each(IDS)('assistant and organization, %s', async (_, picked) => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add({ name: 'There' }, org);
		const own = { organizationId: picked(org), assistantId: picked(OWN_VALUE) };
		await api.run({ operation: 'get', ...own }, { items: valued([id, id]) });
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(`GET /orgs/${org}/assistants/${id}`));
	});

	test.each(IDS)('target organization, %s', async (_, picked) => {
		const org = subOrganization(api);
		const [id = ''] = assistants(api, 1);
		const own = { assistantId: id, additionalFields: { targetOrganizationId: picked(OWN_VALUE) } };
		await api.run({ operation: 'duplicate', ...own }, { items: valued([org, api.sandbox.orgId]) });
		expect(bodiesOf(api)).toEqual([{ target_org_id: org }, { target_org_id: api.sandbox.orgId }]);
	});

	test('what the lists give is what the operations take', async () => {
		const org = subOrganization(api);
		const { id } = api.sandbox.store.add({ name: 'There', config: { model: 'm1' } }, org);
		const organization = valuesIn(await load('searchOrganizations')).find((value) => value === org);
		const panel = inOrganization(locator(String(organization), 'list'));
		const [assistant] = valuesIn(await load('searchAssistants', panel));
		const [model] = valuesIn(await load('searchModels', panel));
		const outcome = await api.run({
			operation: 'update',
			organizationId: locator(String(organization), 'list'),
			assistantId: locator(String(assistant), 'list'),
			config: { model: locator(String(model), 'list'), language: 'es' },
		});
		expect(outcome.error).toBeUndefined();
		expect(api.sandbox.store.find(id)?.config).toEqual({ model: 'm1', language: 'es' });
	});
});
