import type { FaultRule, Sandbox } from '../server.mts';
import { failureOf, LIST, names, send, withSandbox } from './client.mts';

async function statuses(sandbox: Sandbox, count: number, path = LIST): Promise<number[]> {
	const found: number[] = [];
	for (let index = 0; index < count; index++) found.push((await send(sandbox, 'GET', path)).status);
	return found;
}

const BUSY: FaultRule['effect'] = { answer: { status: 503 } };
const CREATION = { body: { name: 'New' } };

describe('Which requests a rule is for', () => {
	const cases: Array<[string, FaultRule[], number[]]> = [
		['no rule: none', [], [200, 200, 200, 200]],
		['no matcher: all', [{ effect: BUSY }], [503, 503, 503, 503]],
		['nth: that one', [{ match: { nth: 3 }, effect: BUSY }], [200, 200, 503, 200]],
		['times: the first ones', [{ match: { times: 2 }, effect: BUSY }], [503, 503, 200, 200]],
		[
			'nth and times: so many from there',
			[{ match: { nth: 2, times: 2 }, effect: BUSY }],
			[200, 503, 503, 200],
		],
		['method: that method', [{ match: { method: 'post' }, effect: BUSY }], [200, 200, 200, 200]],
		[
			'operationId: that operation',
			[{ match: { operationId: 'listAssistants' }, effect: BUSY }],
			[503, 503, 503, 503],
		],
		[
			'operationId: no other',
			[{ match: { operationId: 'getAssistant' }, effect: BUSY }],
			[200, 200, 200, 200],
		],
		['path: a regular expression', [{ match: { path: '/assistants$' }, effect: BUSY }], [503, 503, 503, 503]],
		['path: no other', [{ match: { path: '/orgs$' }, effect: BUSY }], [200, 200, 200, 200]],
		[
			'several rules: one after the other',
			[
				{ match: { times: 2 }, effect: { answer: { status: 429 } } },
				{ match: { nth: 2 }, effect: BUSY },
			],
			[429, 429, 200, 503],
		],
	];
	test.each(cases)('%s', async (_, faults, expected) => {
		await withSandbox({ faults }, async (sandbox) => expect(await statuses(sandbox, 4)).toEqual(expected));
	});

	test('rules can be set and cleared while the sandbox runs', async () => {
		await withSandbox({}, async (sandbox) => {
			sandbox.faults.set([{ effect: BUSY }]);
			expect(await statuses(sandbox, 1)).toEqual([503]);
			sandbox.faults.clear();
			expect(await statuses(sandbox, 1)).toEqual([200]);
		});
	});

	test('a path outside the contract can be met too', async () => {
		await withSandbox({ faults: [{ match: { path: '^/other' }, effect: BUSY }] }, async (sandbox) => {
			expect(await statuses(sandbox, 1, '/other')).toEqual([503]);
		});
	});
});

describe('An answer in place of the true one', () => {
	const now = () => Date.UTC(2026, 4, 1);
	test.each([
		['nothing but a status', { status: 429 }, 429, '', null],
		['Retry-After in seconds', { status: 429, retryAfter: { seconds: 7 } }, 429, '', '7'],
		[
			'Retry-After as a date',
			{ status: 429, retryAfter: { seconds: 7, as: 'http-date' as const } },
			429,
			'',
			'Fri, 01 May 2026 00:00:07 GMT',
		],
		['Retry-After that makes no sense', { status: 429, retryAfter: 'soon' }, 429, '', 'soon'],
		[
			'an HTML page',
			{ status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad</h1>' },
			502,
			'<h1>Bad</h1>',
			null,
		],
		['broken JSON', { body: '[{"id":' }, 200, '[{"id":', null],
		['an empty 200', {}, 200, '', null],
		['the wrong shape', { body: '{"data":[]}' }, 200, '{"data":[]}', null],
	])('%s', async (_, answer, status, text, retryAfter) => {
		await withSandbox({ now, faults: [{ effect: { answer } }] }, async (sandbox) => {
			const reply = await send(sandbox, 'POST', LIST, CREATION);
			expect([reply.status, reply.text, reply.headers.get('retry-after')]).toEqual([
				status,
				text,
				retryAfter,
			]);
			expect(sandbox.requests[0]?.status).toBe(status);
			expect(sandbox.store.assistants()).toHaveLength(12);
		});
	});

	test('can come after the request was carried out', async () => {
		const answer = { status: 504, when: 'after' as const };
		await withSandbox({ faults: [{ effect: { answer } }] }, async (sandbox) => {
			expect((await send(sandbox, 'POST', LIST, CREATION)).status).toBe(504);
			expect(sandbox.store.assistants()).toHaveLength(13);
		});
	});
});

describe('Connections', () => {
	test.each([
		['dropBefore cuts it, nothing was done', { dropBefore: true as const }, 12],
		['dropAfter cuts it, the request was carried out', { dropAfter: true as const }, 13],
	])('%s', async (_, effect, count) => {
		await withSandbox({ faults: [{ effect }] }, async (sandbox) => {
			await expect(send(sandbox, 'POST', LIST, CREATION)).rejects.toThrow('fetch failed');
			expect(sandbox.requests).toMatchObject([{ method: 'POST', status: undefined, violation: undefined }]);
			expect(sandbox.store.assistants()).toHaveLength(count);
		});
	});

	test.each([
		['before', 12],
		['after', 13],
	] as const)('stall (%s) never answers, until the client goes away', async (stall, count) => {
		let leave = () => {};
		const left = new Promise<void>((resolve) => (leave = resolve));
		await withSandbox({ faults: [{ effect: { stall } }], log: () => leave() }, async (sandbox) => {
			const client = new AbortController();
			const failed = failureOf(send(sandbox, 'POST', LIST, { ...CREATION, signal: client.signal }));
			while (sandbox.requests.length === 0 || sandbox.store.assistants().length < count) {
				await new Promise(setImmediate);
			}
			client.abort();
			expect(await failed).toContain('aborted');
			await left;
			expect(sandbox.inFlight.now).toBe(0);
			expect(sandbox.requests).toMatchObject([{ status: undefined }]);
			expect(sandbox.store.assistants()).toHaveLength(count);
		});
	});

	test('close ends a stalled request at once', async () => {
		let failed = Promise.resolve('');
		await withSandbox({ faults: [{ effect: { stall: 'before' } }] }, async (sandbox) => {
			failed = failureOf(send(sandbox, 'GET', LIST));
			while (sandbox.requests.length === 0) await new Promise(setImmediate);
		});
		expect(await failed).toContain('fetch failed');
	});

	test('close ends a delayed request at once', async () => {
		let failed = Promise.resolve('');
		await withSandbox({ faults: [{ effect: { delayMs: 3_600_000 } }] }, async (sandbox) => {
			failed = failureOf(send(sandbox, 'GET', LIST));
			while (sandbox.requests.length === 0) await new Promise(setImmediate);
		});
		expect(await failed).toContain('fetch failed');
	});

	test('truncateBody sends a part and cuts', async () => {
		await withSandbox({ faults: [{ effect: { truncateBody: 10 } }] }, async (sandbox) => {
			await expect(send(sandbox, 'GET', LIST)).rejects.toThrow('terminated');
			expect(sandbox.requests[0]?.status).toBe(200);
		});
	});
});

describe('True answers, changed', () => {
	test.each([
		['before', 12],
		['after', 13],
	] as const)('redirect (%s)', async (when, count) => {
		const redirect = { to: 'https://elsewhere.example/', status: 307, when };
		await withSandbox({ faults: [{ effect: { redirect } }] }, async (sandbox) => {
			const reply = await send(sandbox, 'POST', LIST, CREATION);
			expect([reply.status, reply.headers.get('location')]).toEqual([307, 'https://elsewhere.example/']);
			expect(sandbox.store.assistants()).toHaveLength(count);
		});
	});

	test('headers can be changed and taken away', async () => {
		const headers = { 'Pagination-Count': null, date: 'yesterday' };
		await withSandbox({ faults: [{ effect: { headers } }] }, async (sandbox) => {
			const reply = await send(sandbox, 'GET', LIST);
			expect(reply.headers.get('pagination-count')).toBeNull();
			expect(reply.headers.get('date')).toBe('yesterday');
			expect(reply.json).toHaveLength(12);
		});
	});

	test('landLater answers at once, and carries the request out later', async () => {
		const effect = { landLater: { afterMs: 100, status: 504 } };
		await withSandbox({ data: 'empty', faults: [{ effect }] }, async (sandbox) => {
			expect((await send(sandbox, 'POST', LIST, CREATION)).status).toBe(504);
			expect(sandbox.store.assistants()).toEqual([]);
			await sandbox.landed();
			expect(sandbox.store.assistants()).toHaveLength(1);
		});
	});

	test('landLater without a status never answers, and carries the request out all the same', async () => {
		const effect = { landLater: { afterMs: 100 } };
		await withSandbox({ data: 'empty', faults: [{ effect }] }, async (sandbox) => {
			const signal = AbortSignal.timeout(1000);
			expect(await failureOf(send(sandbox, 'POST', LIST, { ...CREATION, signal }))).not.toBe('answered');
			await sandbox.landed();
			expect(sandbox.store.assistants()).toHaveLength(1);
		});
	});

	test('delayMs gives the true answer in the end', async () => {
		await withSandbox({ faults: [{ effect: { delayMs: 1 } }] }, async (sandbox) => {
			expect(await statuses(sandbox, 1)).toEqual([200]);
		});
	});

	test('delayMs stands beside another effect', async () => {
		await withSandbox({ faults: [{ effect: { delayMs: 1, ...BUSY } }] }, async (sandbox) => {
			expect(await statuses(sandbox, 1)).toEqual([503]);
		});
	});

	const changes: Array<[string, FaultRule['effect'], unknown]> = [
		['insert at the start', { afterList: { insert: 1 } }, ['b', 'c']],
		['delete at the start', { afterList: { delete: 1 } }, ['d']],
		['insert at the end', { afterList: { insert: 1, at: 'end' } }, ['c', 'd']],
		['delete at the end', { afterList: { delete: 1, at: 'end' } }, ['c']],
	];
	test.each(changes)('afterList: %s shows on the next page', async (_, effect, second) => {
		await withSandbox({ data: 'empty', faults: [{ match: { nth: 1 }, effect }] }, async (sandbox) => {
			for (const name of ['a', 'b', 'c', 'd']) sandbox.store.add({ name });
			expect(names((await send(sandbox, 'GET', `${LIST}?take=2`)).json)).toEqual(['a', 'b']);
			expect(names((await send(sandbox, 'GET', `${LIST}?take=2&page=2`)).json)).toEqual(second);
		});
	});
});
