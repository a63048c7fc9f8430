import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../server.mts';
import { anyText, LIST, names, send, withSandbox } from './client.mts';

let folder = '';

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'invent-sandbox-'));
});

afterEach(() => {
	rmSync(folder, { recursive: true });
});

describe('A data file', () => {
	test('keeps assistants, secret keys and the API key over a restart', async () => {
		const file = join(folder, 'data.json');
		let before: { key: string; assistants: unknown } | undefined;
		await withSandbox({ file }, async (sandbox) => {
			await send(sandbox, 'POST', LIST, { body: { name: 'Kept', generate_secret_key: true } });
			before = { key: sandbox.apiKey, assistants: sandbox.store.assistants() };
		});
		await withSandbox({ file }, async (sandbox) => {
			expect({ key: sandbox.apiKey, assistants: sandbox.store.assistants() }).toEqual(before);
		});
	});

	test('is complete after each change, and stands alone', async () => {
		const file = join(folder, 'data.json');
		await withSandbox({ file }, async (sandbox) => {
			await send(sandbox, 'POST', LIST, { body: { name: 'Kept' } });
			expect(readFileSync(file, 'utf8')).toContain('"Kept"');
			expect(readdirSync(folder)).toEqual(['data.json']);
		});
	});

	test.each([
		['text', 'hello', 'is not JSON'],
		['other JSON', '{"format":1}', 'is not a data file'],
	])('with %s in it is refused', async (_, content, message) => {
		const file = join(folder, 'data.json');
		writeFileSync(file, content);
		await expect(startSandbox({ file })).rejects.toThrow(message);
		expect(readFileSync(file, 'utf8')).toBe(content);
	});
});

describe('A base path', () => {
	test.each(['/proxy/invent', 'proxy/invent/', '/proxy/invent/'])(
		'%s stands before every route',
		async (basePath) => {
			await withSandbox({ basePath }, async (sandbox) => {
				expect(sandbox.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/proxy\/invent$/);
				expect((await send(sandbox, 'GET', LIST)).status).toBe(200);
				expect(sandbox.requests[0]?.path).toBe(`/proxy/invent${LIST}`);
			});
		},
	);

	test('without it a request goes nowhere', async () => {
		await withSandbox({ basePath: '/proxy' }, async (sandbox) => {
			const response = await fetch(`${new URL(sandbox.url).origin}${LIST}`);
			expect(response.status).toBe(404);
			expect(sandbox.requests).toMatchObject([{ operationId: undefined, violation: anyText }]);
		});
	});
});

describe('Requests', () => {
	test('are kept with everything that was sent', async () => {
		const now = () => 1_000;
		await withSandbox({ now }, async (sandbox) => {
			await send(sandbox, 'GET', `${LIST}?search=a%20b&page=2`);
			await send(sandbox, 'POST', LIST, { body: { name: 'ä' } });
			expect(sandbox.requests).toMatchObject([
				{
					at: 1_000,
					method: 'GET',
					path: LIST,
					query: { search: 'a b', page: '2' },
					headers: { authorization: `Bearer ${sandbox.apiKey}` },
					body: undefined,
					rawBody: '',
					operationId: 'listAssistants',
					status: 200,
					violation: undefined,
				},
				{ method: 'POST', body: { name: 'ä' }, rawBody: '{"name":"ä"}', operationId: 'createAssistant' },
			]);
		});
	});

	test('at the same time are counted', async () => {
		await withSandbox({ faults: [{ effect: { stall: 'before' } }] }, async (sandbox) => {
			const client = new AbortController();
			const waiting = [1, 2, 3].map(() => send(sandbox, 'GET', LIST, { signal: client.signal }));
			const settled = Promise.allSettled(waiting);
			while (sandbox.requests.length < 3) await new Promise(setImmediate);
			expect(sandbox.inFlight).toEqual({ now: 3, peak: 3 });
			client.abort();
			await settled;
		});
	});
});

describe('A reset', () => {
	test('forgets requests, faults, limits and data, and keeps address, key and options', async () => {
		const options = { creationsPerHour: 1, patchConfig: 'replace', requestsPerMinute: 3 } as const;
		await withSandbox(options, async (sandbox) => {
			const { url, apiKey } = sandbox;
			await send(sandbox, 'POST', LIST, { body: { name: 'Gone' } });
			await send(sandbox, 'GET', LIST);
			sandbox.faults.set([{ effect: { dropBefore: true } }]);
			sandbox.reset();
			expect([sandbox.url, sandbox.apiKey, sandbox.requests]).toEqual([url, apiKey, []]);
			expect((await send(sandbox, 'POST', LIST, { body: { name: 'Again' } })).status).toBe(200);
			expect((await send(sandbox, 'POST', LIST, { body: { name: 'Again' } })).status).toBe(429);
			expect(names((await send(sandbox, 'GET', LIST)).json)).not.toContain('Gone');
		});
	});

	test('an option that is undefined changes nothing', async () => {
		await withSandbox(Object.assign({}, { data: undefined, now: undefined }), async (sandbox) => {
			expect((await send(sandbox, 'GET', LIST)).json).toHaveLength(12);
		});
	});

	test('can change options', async () => {
		await withSandbox({}, async (sandbox) => {
			sandbox.reset({ data: 'empty', basePath: '/v1', apiKey: 'other' });
			expect((await send(sandbox, 'GET', LIST)).json).toEqual([]);
			expect([sandbox.apiKey, sandbox.url.endsWith('/v1')]).toEqual(['other', true]);
		});
	});
});

describe('The store', () => {
	test('adds, changes and removes without any rule', async () => {
		await withSandbox({ data: 'empty' }, async ({ store }) => {
			const { id } = store.add({ name: 'a', deleted: true });
			expect(store.update(id, { name: 'b' })).toMatchObject({ id, name: 'b', deleted: true });
			expect(store.assistants()).toHaveLength(1);
			expect([store.remove(id), store.remove(id), store.find(id)]).toEqual([true, false, undefined]);
		});
	});

	test('refuses an unknown organization and an id that is taken', async () => {
		await withSandbox({ data: 'empty' }, async ({ store }) => {
			const { id } = store.add({});
			expect(() => store.add({}, 'org_unknown')).toThrow('no organization');
			expect(() => store.add({ id })).toThrow('already');
		});
	});
});
