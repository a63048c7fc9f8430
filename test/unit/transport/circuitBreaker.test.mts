import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import {
	CircuitBreaker,
	MAX_CONSECUTIVE_FAILURES,
	RESET_TIMEOUT_MS,
} from '../../../nodes/Invent/transport/circuitBreaker.ts';
import type { Permit } from '../../../nodes/Invent/transport/circuitBreaker.ts';

/** An item that waits for its permit, told without waiting for it. */
class Item {
	permit: Permit | undefined;

	rejection: unknown;

	constructor(breaker: CircuitBreaker, signal?: AbortSignal) {
		breaker.waitUntilAdmitted(signal).then(
			(permit) => (this.permit = permit),
			(reason: unknown) => (this.rejection = reason),
		);
	}

	get isWaiting(): boolean {
		return this.permit === undefined && this.rejection === undefined;
	}
}

async function settled(): Promise<void> {
	for (let turn = 0; turn < 5; turn++) await Promise.resolve();
}

async function itemsOf(breaker: CircuitBreaker, count: number): Promise<Item[]> {
	const items = Array.from({ length: count }, () => new Item(breaker));
	await settled();
	return items;
}

/** Items that have a permit and used it. */
async function begunItems(breaker: CircuitBreaker, count: number): Promise<Permit[]> {
	const items = await itemsOf(breaker, count);
	return items.flatMap(({ permit }) => (permit?.begin() === true ? [permit] : []));
}

function waitingIn(items: readonly Item[]): number {
	return items.filter(({ isWaiting }) => isWaiting).length;
}

async function openedBreaker(): Promise<CircuitBreaker> {
	const breaker = new CircuitBreaker();
	for (let item = 1; item <= MAX_CONSECUTIVE_FAILURES; item++) {
		const [permit] = await begunItems(breaker, 1);
		permit?.fail(`failure ${item}`);
	}
	return breaker;
}

test('As long as the service is reached, everybody may begin at once', async () => {
	const breaker = new CircuitBreaker();
	expect(await begunItems(breaker, 100)).toHaveLength(100);
	breaker.onReachable();
	expect(await begunItems(breaker, 100)).toHaveLength(100);
});

test('While items that have begun try again, two others are let in to try, and the rest waits', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 8);
	for (const permit of permits) permit.onUnreachable();
	const waiting = await itemsOf(breaker, 30);
	expect(waitingIn(waiting)).toBe(28);
	for (const permit of permits) permit.fail('no connection');
	await settled();
	expect(waitingIn(waiting)).toBe(28);
});

test('After five items in a row that could not reach the service, those that wait and those that come are rejected with the last reason', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 5);
	for (const permit of permits) permit.onUnreachable();
	const probes = await begunItems(breaker, 2);
	const waiting = await itemsOf(breaker, 3);
	for (const [index, permit] of [...permits, ...probes].entries()) permit.fail(`failure ${index + 1}`);
	await settled();
	expect(waiting.map(({ rejection }) => rejection)).toEqual(['failure 7', 'failure 7', 'failure 7']);
	await expect(breaker.waitUntilAdmitted()).rejects.toBe('failure 7');
});

test('Items that fail together stop nothing while one that begins after them is answered', async () => {
	const breaker = new CircuitBreaker();
	const failing = await begunItems(breaker, 20);
	for (const permit of failing) permit.fail('no connection');
	const items = await itemsOf(breaker, 10);
	expect(waitingIn(items)).toBe(8);
	items[0]?.permit?.fail('no connection');
	await settled();
	expect(waitingIn(items)).toBe(8);
	breaker.onReachable();
	await settled();
	expect(waitingIn(items)).toBe(0);
	expect(items.every(({ rejection }) => rejection === undefined)).toBe(true);
});

test('A short outage that all survive keeps nobody from beginning', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 8);
	for (const permit of permits) permit.onUnreachable();
	const waiting = await itemsOf(breaker, 30);
	breaker.onReachable();
	await settled();
	expect(waiting.every(({ permit }) => permit?.begin())).toBe(true);
	for (const permit of permits) permit.settle();
	expect(await begunItems(breaker, 10)).toHaveLength(10);
});

test('Failures that are not in a row stop nothing', async () => {
	const breaker = new CircuitBreaker();
	for (let round = 0; round < 10; round++) {
		const permits = await begunItems(breaker, 4);
		for (const permit of permits) permit.fail('no connection');
		const [probe] = await begunItems(breaker, 1);
		breaker.onReachable();
		probe?.settle();
	}
	expect(await begunItems(breaker, 10)).toHaveLength(10);
});

test('After fewer failures, as many are let in as are missing to a decision', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 3);
	for (const permit of permits) permit.fail('no connection');
	const items = await itemsOf(breaker, 10);
	expect(waitingIn(items)).toBe(8);
	const [first, second, third] = items;
	expect(first?.permit?.begin()).toBe(true);
	expect(second?.permit?.begin()).toBe(true);
	first?.permit?.fail('no connection');
	await settled();
	expect(waitingIn(items)).toBe(8);
	second?.permit?.fail('the fifth');
	await settled();
	expect(third?.rejection).toBe('the fifth');
	expect(waitingIn(items)).toBe(0);
});

test('One item after the other, five of them decide', async () => {
	const breaker = new CircuitBreaker();
	for (let item = 1; item <= 5; item++) {
		const permit = await breaker.waitUntilAdmitted();
		expect(permit.begin()).toBe(true);
		for (let attempt = 0; attempt < 4; attempt++) permit.onUnreachable();
		permit.fail(`failure ${item}`);
		permit.settle();
	}
	await expect(breaker.waitUntilAdmitted()).rejects.toBe('failure 5');
});

test('One that was let in and ends in any other way lets the next one in', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 5);
	for (const permit of permits) permit.onUnreachable();
	const waiting = await itemsOf(breaker, 9);
	expect(waitingIn(waiting)).toBe(7);
	// It gives up before its first request.
	waiting[0]?.permit?.settle();
	waiting[0]?.permit?.settle();
	await settled();
	expect(waitingIn(waiting)).toBe(6);
	// One that began before the outage was not let in.
	permits[0]?.settle();
	await settled();
	expect(waitingIn(waiting)).toBe(6);
});

test('A permit from before the outage is void until the service is reached again', async () => {
	const breaker = new CircuitBreaker();
	const [first] = await begunItems(breaker, 1);
	const early = await breaker.waitUntilAdmitted();
	first?.onUnreachable();
	expect(early.begin()).toBe(false);
	early.settle();
	const probe = await breaker.waitUntilAdmitted();
	expect(probe.begin()).toBe(true);
	breaker.onReachable();
	expect(early.begin()).toBe(true);
	first?.onUnreachable();
	expect(probe.begin()).toBe(false);
	const [, next] = await Promise.all([breaker.waitUntilAdmitted(), breaker.waitUntilAdmitted()]);
	expect(next.begin()).toBe(true);
});

test('Nothing begins once it is open, and any answer of the service closes it', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 6);
	const early = await breaker.waitUntilAdmitted();
	for (const permit of permits.slice(0, 4)) permit.fail('no connection');
	for (const permit of await begunItems(breaker, 2)) permit.fail('no connection');
	expect(early.begin()).toBe(false);
	await expect(breaker.waitUntilAdmitted()).rejects.toBe('no connection');
	// One that has begun goes on, and gets through.
	breaker.onReachable();
	expect(await begunItems(breaker, 10)).toHaveLength(10);
	// The count starts anew.
	for (const permit of await begunItems(breaker, 4)) permit.fail('no connection');
	expect(await begunItems(breaker, 1)).toHaveLength(1);
});

test('An item counts once, whatever is told of it later', async () => {
	const breaker = new CircuitBreaker();
	const [failed, settledBefore] = await begunItems(breaker, 2);
	for (let turn = 0; turn < 10; turn++) failed?.fail('no connection');
	settledBefore?.settle();
	settledBefore?.fail('too late');
	for (const permit of [failed, settledBefore]) {
		permit?.onUnreachable();
		permit?.settle();
	}
	// One has failed, so four are missing.
	const items = await itemsOf(breaker, 10);
	expect(waitingIn(items)).toBe(6);
	const probe = items[0]?.permit;
	probe?.settle();
	probe?.onUnreachable();
	await settled();
	expect(waitingIn(items)).toBe(5);
	items[1]?.permit?.settle();
	await settled();
	expect(waitingIn(items)).toBe(4);
});

test('One that was let in and tries again counts once', async () => {
	const breaker = new CircuitBreaker();
	const [failed] = await begunItems(breaker, 1);
	failed?.fail('no connection');
	const items = await itemsOf(breaker, 10);
	expect(waitingIn(items)).toBe(6);
	for (const { permit } of items.slice(0, 3)) permit?.onUnreachable();
	items[3]?.permit?.settle();
	await settled();
	expect(waitingIn(items)).toBe(5);
});

test('Those that wait are not rejected while one that was let in still tries', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 8);
	permits[0]?.onUnreachable();
	const probes = await begunItems(breaker, 4);
	const waiting = await itemsOf(breaker, 3);
	expect(waitingIn(waiting)).toBe(3);
	for (const permit of [...permits, ...probes.slice(1)]) permit.fail('no connection');
	await settled();
	expect(waitingIn(waiting)).toBe(3);
	probes[0]?.fail('the last');
	await settled();
	expect(waiting.map(({ rejection }) => rejection)).toEqual(['the last', 'the last', 'the last']);
});

test('Once it is open it stays so, whatever else could not reach the service', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 8);
	for (const permit of permits.slice(0, 5)) permit.fail('no connection');
	for (const permit of await begunItems(breaker, 2)) permit.fail('no connection');
	permits[5]?.onUnreachable();
	permits[6]?.fail('not this one either');
	permits[7]?.settle();
	await expect(breaker.waitUntilAdmitted()).rejects.toBe('not this one either');
});

test('Those that were let in during an outage stay so while others cannot reach the service', async () => {
	const breaker = new CircuitBreaker();
	const [first] = await begunItems(breaker, 1);
	first?.onUnreachable();
	const probe = await breaker.waitUntilAdmitted();
	first?.onUnreachable();
	expect(probe.begin()).toBe(true);
});

test('One that gives up while it waits throws the reason, and takes nobody’s place', async () => {
	const breaker = new CircuitBreaker();
	const permits = await begunItems(breaker, 5);
	for (const permit of permits) permit.onUnreachable();
	const [probe] = await begunItems(breaker, 2);
	const controller = new AbortController();
	const cancelled = new Item(breaker, controller.signal);
	const [other] = await itemsOf(breaker, 1);
	controller.abort('cancelled');
	await settled();
	expect(cancelled.rejection).toBe('cancelled');
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
	probe?.settle();
	await settled();
	expect(other?.isWaiting).toBe(false);
	await expect(breaker.waitUntilAdmitted(controller.signal)).rejects.toBe('cancelled');
});

test('No listener stays on the signal of an item that was let in or rejected', async () => {
	const { signal } = new AbortController();
	for (const isReached of [true, false]) {
		const breaker = new CircuitBreaker();
		const permits = await begunItems(breaker, 5);
		for (const permit of permits) permit.onUnreachable();
		const probes = await begunItems(breaker, 2);
		const item = new Item(breaker, signal);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		if (isReached) breaker.onReachable();
		else for (const permit of [...permits, ...probes]) permit.fail('no connection');
		await settled();
		expect(item.isWaiting).toBe(false);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	}
});

test('A new breaker knows nothing of the old one', async () => {
	await expect((await openedBreaker()).waitUntilAdmitted()).rejects.toBe('failure 5');
	expect(await begunItems(new CircuitBreaker(), 1)).toHaveLength(1);
});

/** What 40 items do while a service can't be reached: four attempts each, at most eight requests at a time. */
class Outage {
	readonly breaker = new CircuitBreaker();

	requests = 0;

	skipped = 0;

	failed = 0;

	#active = 0;

	#ready: Array<() => void> = [];

	constructor(
		readonly isReachable: (request: number) => boolean,
		readonly concurrency: number,
	) {}

	async runItem(): Promise<void> {
		let permit: Permit | undefined;
		for (let attempt = 0; attempt < 4; attempt++) {
			if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** attempt));
			for (;;) {
				if (attempt === 0) {
					const [outcome] = await Promise.allSettled([this.breaker.waitUntilAdmitted()]);
					if (outcome.status === 'rejected') {
						this.skipped += 1;
						return;
					}
					permit = outcome.value;
				}
				await this.acquire();
				if (attempt > 0 || permit?.begin() === true) break;
				permit?.settle();
				this.release();
			}
			const request = ++this.requests;
			await new Promise((resolve) => setTimeout(resolve, 2));
			const isReached = this.isReachable(request);
			if (isReached) this.breaker.onReachable();
			else permit?.onUnreachable();
			this.release();
			if (isReached) {
				permit?.settle();
				return;
			}
		}
		this.failed += 1;
		permit?.fail('no connection');
	}

	private async acquire(): Promise<void> {
		if (this.#active >= this.concurrency) await new Promise<void>((resolve) => this.#ready.push(resolve));
		else this.#active += 1;
	}

	private release(): void {
		const next = this.#ready.shift();
		if (next === undefined) this.#active -= 1;
		else next();
	}
}

describe('With 40 items that begin together', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	async function run(isReachable: (request: number) => boolean, concurrency = 8) {
		const outage = new Outage(isReachable, concurrency);
		const start = performance.now();
		let ms = Infinity;
		const items = Array.from({ length: 40 }, async () => await outage.runItem());
		void Promise.all(items).then(() => (ms = performance.now() - start));
		await vi.advanceTimersByTimeAsync(60_000);
		const { requests, skipped, failed } = outage;
		return { requests, skipped, failed, ms };
	}

	test.each([1, 2, 5, 8])(
		'an outage ends within 12 s and 60 requests (%i at a time)',
		async (concurrency) => {
			const { requests, skipped, failed, ms } = await run(() => false, concurrency);
			expect(requests).toBeLessThanOrEqual(60);
			expect(ms).toBeLessThan(12_000);
			expect(skipped + failed).toBe(40);
			expect(failed).toBeGreaterThanOrEqual(5);
		},
	);

	test('a short outage skips nobody', async () => {
		const { skipped, failed, requests } = await run((request) => request > 8);
		expect({ skipped, failed, requests }).toEqual({ skipped: 0, failed: 0, requests: 48 });
	});

	test('a service that is reached by one request in four skips nobody', async () => {
		const { skipped } = await run((request) => request % 4 === 0);
		expect(skipped).toBe(0);
	});

	test('whatever is reached and what is not, all end', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.boolean()),
				fc.integer({ min: 1, max: 8 }),
				async (reached, concurrency) => {
					const { ms, skipped, failed } = await run(
						(request) => reached[request % reached.length] ?? false,
						concurrency,
					);
					expect(ms).toBeLessThan(60_000);
					expect(skipped > 0 ? failed >= 5 : true).toBe(true);
				},
			),
			{ seed: 9, numRuns: 40 },
		);
	});
});

describe('30 seconds after it opened', () => {
	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	test('two items may try again, and the others wait for what it finds', async () => {
		const breaker = await openedBreaker();
		vi.advanceTimersByTime(RESET_TIMEOUT_MS - 1);
		expect((await itemsOf(breaker, 1))[0]?.rejection).toBe('failure 5');
		vi.advanceTimersByTime(1);
		const items = await itemsOf(breaker, 5);
		expect(waitingIn(items)).toBe(3);
		expect(items[0]?.permit?.begin()).toBe(true);
		breaker.onReachable();
		await settled();
		expect(waitingIn(items)).toBe(0);
		expect(await begunItems(breaker, 10)).toHaveLength(10);
	});

	test('an item may try again although others that had begun failed in between', async () => {
		const breaker = new CircuitBreaker();
		const permits = await begunItems(breaker, 6);
		for (const permit of permits.slice(0, 5)) permit.fail('no connection');
		for (const permit of await begunItems(breaker, 2)) permit.fail('no connection');
		vi.advanceTimersByTime(RESET_TIMEOUT_MS - 1000);
		permits[5]?.fail('the last');
		expect((await itemsOf(breaker, 1))[0]?.rejection).toBe('the last');
		vi.advanceTimersByTime(1000);
		expect(await begunItems(breaker, 1)).toHaveLength(1);
	});

	test('it opens again when they fail', async () => {
		const breaker = await openedBreaker();
		vi.advanceTimersByTime(RESET_TIMEOUT_MS);
		const items = await itemsOf(breaker, 4);
		items[0]?.permit?.fail('failure 6');
		items[1]?.permit?.fail('failure 7');
		await settled();
		expect(items.slice(2).map(({ rejection }) => rejection)).toEqual(['failure 7', 'failure 7']);
		vi.advanceTimersByTime(RESET_TIMEOUT_MS - 1);
		expect((await itemsOf(breaker, 1))[0]?.rejection).toBe('failure 7');
	});
});
