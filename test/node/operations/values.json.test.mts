import type { INodeParameters } from 'n8n-workflow';

import {
	about,
	assistants,
	bodiesOf,
	expectRefusal,
	least,
	OWN_VALUE,
	secretText,
	useSandbox,
	valued,
} from '../harness/support.mts';

const api = useSandbox();
const WRITING = ['create', 'update'] as const;

function json(operation: (typeof WRITING)[number], configJson = OWN_VALUE): INodeParameters {
	const [id = ''] = assistants(api);
	const whole = operation === 'update' ? { options: { configUpdate: 'asEntered' } } : {};
	return { ...least(operation, id), ...whole, configMode: 'json', configJson };
}

function configsOf(): unknown[] {
	return bodiesOf(api).map((body) => (body as { config?: unknown }).config);
}

function parsed(json: string): unknown {
	return JSON.parse(json);
}

describe.each(WRITING)('configJson of %s', (operation) => {
	test('takes an object from an expression', async () => {
		const configs = [{ language: 'es', future: { list: [1, null, { a: 'b' }] } }, { stt: { model: 'm' } }];
		await api.run(json(operation), { items: valued(configs) });
		expect(configsOf()).toEqual(configs);
	});

	test('takes text from an expression', async () => {
		const texts = ['{"language":"es"}', ' {\n"tts": {"voice_id": null}}\n'];
		await api.run(json(operation), { items: valued(texts) });
		expect(configsOf()).toEqual([{ language: 'es' }, { tts: { voice_id: null } }]);
	});

	test('takes text with expressions in it', async () => {
		await api.run(json(operation, '={ "language": "{{ $json.value }}" }'), { items: valued(['es', 'fr']) });
		expect(configsOf()).toEqual([{ language: 'es' }, { language: 'fr' }]);
	});

	test('sends an empty object', async () => {
		await api.run(json(operation), { items: valued(['{}', {}]) });
		expect(configsOf()).toEqual([{}, {}]);
	});

	test.each([
		['a list', () => []],
		['a list of objects', () => [{}]],
		['a number', () => 7],
		['true', () => true],
		['null', () => null],
		['nothing', () => undefined],
		['an empty text', () => ''],
		['a blank text', () => ' '],
		['a list as text', () => '[]'],
		['a number as text', () => '7'],
		['null as text', () => 'null'],
		['a text as text', () => '"auto"'],
		['broken JSON', () => `{"language": ${secretText()}`],
		['words', () => secretText()],
	])('refuses %s', async (_, make) => {
		const parameters = json(operation);
		await expectRefusal(api, { parameters, good: '{}', bad: make(), label: 'Configuration (JSON)' });
	});

	test('sends keys such as __proto__ as given, and nothing in the process changes', async () => {
		const given =
			'{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"2"}},' +
			'"toString":"3","conversation":{"__proto__":{"polluted":"4"}},"list":[{"__proto__":5}]}';
		const before = Reflect.ownKeys(Object.prototype);
		const { error } = await api.run(json(operation), { items: valued([given, given]) });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(({ rawBody }) => rawBody.includes(`"config":${given}`))).toEqual([
			true,
			true,
		]);
		expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
		expect(Reflect.get({}, 'toString')).toBe(Object.prototype.toString);
	});

	test('sends an object with a key such as __proto__ as given', async () => {
		const given = '{"__proto__":{"polluted":"1"},"language":"es"}';
		const { error } = await api.run(json(operation), { items: valued([given, given].map(parsed)) });
		expect(error).toBeUndefined();
		expect(configsOf().map((config) => JSON.stringify(config))).toEqual([given, given]);
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
	});

	test('takes an object whose members have the names of inherited ones', async () => {
		const given = { constructor: { prototype: { polluted: 1 } }, toString: 'x', hasOwnProperty: null };
		const { error } = await api.run(json(operation), { items: valued([given, given]) });
		expect(error).toBeUndefined();
		expect(configsOf().map((config) => JSON.stringify(config))).toEqual(Array(2).fill(JSON.stringify(given)));
		expect(Reflect.get({}, 'polluted')).toBeUndefined();
	});
});

test('Merged into what an assistant has, keys such as __proto__ are sent as given, and nothing in the process changes', async () => {
	const { id } = api.sandbox.store.add({ config: { language: 'es' } });
	const given = '{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"2"}},"toString":"3"}';
	const { error } = await api.run({ ...about('update', id), configMode: 'json', configJson: given });
	expect(error).toBeUndefined();
	const bodies = api.sandbox.requests
		.filter(({ method }) => method === 'PATCH')
		.map(({ rawBody }) => rawBody);
	expect(bodies.map((body) => body.includes(given.slice(1, -1)))).toEqual([true, true]);
	expect(Reflect.get({}, 'polluted')).toBeUndefined();
	expect(Reflect.get({}, 'toString')).toBe(Object.prototype.toString);
});
