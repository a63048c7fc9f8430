import { LIST, member, send, withSandbox } from './client.mts';
import type { Sandbox } from '../server.mts';

const START = Date.UTC(2026, 4, 1, 12, 0, 0, 400);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function create(sandbox: Sandbox, count: number, org = 'c'): Promise<number[]> {
	const statuses: number[] = [];
	for (let index = 0; index < count; index++) {
		const { status } = await send(sandbox, 'POST', `/orgs/${org}/assistants`, { body: { name: 'New' } });
		statuses.push(status);
	}
	return statuses;
}

describe('500 requests a minute', () => {
	test('the next one is refused until the first is a minute old', async () => {
		let now = START;
		await withSandbox({ now: () => now, data: 'empty' }, async (sandbox) => {
			for (let count = 0; count < 500; count++) expect((await send(sandbox, 'GET', LIST)).status).toBe(200);
			now += 1_500;
			const refused = await send(sandbox, 'GET', LIST);
			expect(refused.status).toBe(429);
			expect(refused.headers.get('retry-after')).toBe('59');
			now = START + MINUTE - 1;
			expect((await send(sandbox, 'GET', LIST)).status).toBe(429);
			now = START + MINUTE;
			expect((await send(sandbox, 'GET', LIST)).status).toBe(200);
		});
	});

	test('the window slides', async () => {
		let now = START;
		await withSandbox({ now: () => now, requestsPerMinute: 2 }, async (sandbox) => {
			const status = async () => (await send(sandbox, 'GET', LIST)).status;
			expect(await status()).toBe(200);
			now += MINUTE / 2;
			expect(await status()).toBe(200);
			now += MINUTE / 2;
			expect([await status(), await status()]).toEqual([200, 429]);
		});
	});

	test('0 is no limit', async () => {
		await withSandbox({ now: () => START, requestsPerMinute: 0, data: 'empty' }, async (sandbox) => {
			for (let count = 0; count < 501; count++) expect((await send(sandbox, 'GET', LIST)).status).toBe(200);
		});
	});
});

describe('10 creations an hour', () => {
	test('the eleventh is refused until the first is an hour old', async () => {
		let now = START;
		await withSandbox({ now: () => now }, async (sandbox) => {
			expect(await create(sandbox, 11)).toEqual([...Array<number>(10).fill(200), 429]);
			expect(sandbox.store.assistants()).toHaveLength(22);
			now += HOUR - 1;
			expect(await create(sandbox, 1)).toEqual([429]);
			now += 1;
			expect(await create(sandbox, 1)).toEqual([200]);
		});
	});

	test('each organization has its own count', async () => {
		await withSandbox({ creationsPerHour: 1 }, async (sandbox) => {
			const rentals = sandbox.store.organizations()[1]?.id;
			expect(await create(sandbox, 2)).toEqual([200, 429]);
			expect(await create(sandbox, 2, rentals)).toEqual([200, 429]);
			expect(await create(sandbox, 1, sandbox.orgId)).toEqual([429]);
		});
	});

	test('a refused creation does not count', async () => {
		await withSandbox({ creationsPerHour: 1 }, async (sandbox) => {
			expect((await send(sandbox, 'POST', LIST, { body: {} })).status).toBe(400);
			expect(await create(sandbox, 1)).toEqual([200]);
		});
	});

	test.each([
		[true, 429],
		[false, 200],
	])('a duplicate counts: %s', async (duplicateCounts, expected) => {
		await withSandbox({ creationsPerHour: 1, duplicateCounts }, async (sandbox) => {
			const path = `${LIST}/${sandbox.store.assistants()[0]?.id}/duplicate`;
			expect((await send(sandbox, 'POST', path, { body: {} })).status).toBe(200);
			expect((await send(sandbox, 'POST', path, { body: {} })).status).toBe(duplicateCounts ? 429 : 200);
			expect(await create(sandbox, 1)).toEqual([expected]);
		});
	});

	test.each([
		['seconds', '3600'],
		['http-date', 'Fri, 01 May 2026 13:00:01 GMT'],
		['none', null],
	] as const)('Retry-After as %s is never too early', async (retryAfter, expected) => {
		await withSandbox({ now: () => START, creationsPerHour: 1, retryAfter }, async (sandbox) => {
			await create(sandbox, 1);
			const { headers, json } = await send(sandbox, 'POST', LIST, { body: { name: 'New' } });
			expect(headers.get('retry-after')).toBe(expected);
			expect(headers.get('date')).toBe('Fri, 01 May 2026 12:00:00 GMT');
			expect(member(json, 'message')).toEqual(expect.any(String));
		});
	});
});
