import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import {
	INTERVAL_MS,
	LIMIT,
	MAX_CONCURRENT,
	RateLimiter,
	rateLimiterFor,
	SLOT_TIMEOUT_MS,
} from '../../../nodes/Invent/transport/rateLimiter.ts';
import type { AcquireOptions, Slot } from '../../../nodes/Invent/transport/rateLimiter.ts';
import { workedMs } from '../cpuTime.mts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A request that waits for its slot, told without waiting for it. */
class Request {
	slot: Slot | undefined;

	rejection: unknown;

	constructor(limiter: RateLimiter, options: Partial<AcquireOptions> = {}) {
		limiter.acquire({ caller: limiter, ...options }).then(
			(slot) => (this.slot = slot),
			(reason: unknown) => (this.rejection = reason),
		);
	}

	get isWaiting(): boolean {
		return this.slot === undefined && this.rejection === undefined;
	}
}

/** Long enough for everything that is due at once: a pass over the waiters is a timer of 1 ms. */
async function settled(): Promise<void> {
	await vi.advanceTimersByTimeAsync(1);
}

async function request(
	limiter: RateLimiter,
	count: number,
	options: Partial<AcquireOptions> = {},
): Promise<Request[]> {
	const requests = Array.from({ length: count }, () => new Request(limiter, options));
	await settled();
	return requests;
}

function slotsOf(requests: readonly Request[]): Slot[] {
	return requests.flatMap(({ slot }) => slot ?? []);
}

function startedIn(requests: readonly Request[]): number {
	return slotsOf(requests).length;
}

/** Sends requests of no duration, one after the other. */
async function complete(limiter: RateLimiter, count: number): Promise<void> {
	for (let left = count; left > 0; left--) (await limiter.acquire({ caller: limiter })).release();
}

/** Sends requests as long as there are any, each of the same duration; tells when each was sent. */
async function sendAll(limiter: RateLimiter, count: number, durationMs: number): Promise<number[]> {
	const startedAt: number[] = [];
	await Promise.all(
		Array.from({ length: count }, async () => {
			const slot = await limiter.acquire({ caller: limiter });
			startedAt.push(slot.startedAt);
			await new Promise((resolve) => setTimeout(resolve, durationMs));
			slot.release();
		}),
	);
	return startedAt;
}

describe('At the same time', () => {
	test('8 requests are sent, the next when one of them has completed', async () => {
		const limiter = new RateLimiter();
		const requests = await request(limiter, 20);
		expect(startedIn(requests)).toBe(MAX_CONCURRENT);
		requests[3]?.slot?.release();
		await settled();
		expect(startedIn(requests)).toBe(9);
		expect(requests[8]?.isWaiting).toBe(false);
	});

	test('those that complete together make room for others together', async () => {
		const limiter = new RateLimiter();
		const requests = await request(limiter, 20);
		for (const slot of slotsOf(requests).slice(0, 5)) slot.release();
		await Promise.resolve();
		expect(startedIn(requests)).toBe(8);
		expect(vi.getTimerCount()).toBe(2);
		await settled();
		expect(startedIn(requests)).toBe(13);
		const times = new Set(
			slotsOf(requests)
				.slice(8)
				.map(({ startedAt }) => startedAt),
		);
		expect(times.size).toBe(1);
	});

	test('one that comes while others are about to start waits its turn', async () => {
		const limiter = new RateLimiter();
		const first = await request(limiter, 9);
		first[0]?.slot?.release();
		const late = new Request(limiter, { caller: {} });
		for (let turn = 0; turn < 5; turn++) await Promise.resolve();
		expect(late.isWaiting).toBe(true);
		expect(first[8]?.isWaiting).toBe(true);
		await settled();
		expect(first[8]?.isWaiting).toBe(false);
		expect(late.isWaiting).toBe(true);
	});

	test('a slot that is released or cancelled twice makes room once', async () => {
		const limiter = new RateLimiter();
		const requests = await request(limiter, 20);
		const [slot] = slotsOf(requests);
		slot?.release();
		slot?.release();
		slot?.cancel();
		await settled();
		expect(startedIn(requests)).toBe(9);
	});

	test('a request that hangs for a minute holds no slot any more, but still counts', async () => {
		const limiter = new RateLimiter();
		const hanging = await request(limiter, 8);
		await vi.advanceTimersByTimeAsync(500);
		const waiting = await request(limiter, 10);
		await vi.advanceTimersByTimeAsync(SLOT_TIMEOUT_MS - 503);
		expect(startedIn(waiting)).toBe(0);
		await vi.advanceTimersByTimeAsync(2);
		expect(startedIn(waiting)).toBe(8);
		// When it completes after all, it makes no room again.
		hanging[0]?.slot?.release();
		await settled();
		expect(startedIn(waiting)).toBe(8);
		for (const slot of slotsOf(waiting)) slot.release();
		await settled();
		for (const slot of slotsOf(waiting)) slot.release();
		await complete(limiter, LIMIT - 18);
		expect(limiter.waitMs).toBeGreaterThan(0);
		for (const { slot } of hanging) slot?.release();
	});
});

describe('Within a minute', () => {
	test('500 requests are sent, the next a minute after the first has completed', async () => {
		const limiter = new RateLimiter();
		const start = performance.now();
		const slow = await limiter.acquire({ caller: {} });
		await complete(limiter, LIMIT - 1);
		expect(limiter.waitMs).toBeGreaterThan(INTERVAL_MS - 1000);
		const [waiting] = await request(limiter, 1);
		await vi.advanceTimersByTimeAsync(INTERVAL_MS - 2);
		expect(waiting?.isWaiting).toBe(true);
		await vi.advanceTimersByTimeAsync(3);
		expect(waiting?.slot?.startedAt).toBeGreaterThanOrEqual(start + INTERVAL_MS);
		slow.release();
	});

	test('a request counts from when it is sent until a minute after its completion', async () => {
		const limiter = new RateLimiter();
		const slow = await limiter.acquire({ caller: {} });
		await vi.advanceTimersByTimeAsync(30_000);
		await complete(limiter, LIMIT - 1);
		await vi.advanceTimersByTimeAsync(20_000);
		slow.release();
		await vi.advanceTimersByTimeAsync(41_000);
		// The 499 count no more; the slow one was sent before them, but completed later.
		await complete(limiter, LIMIT - 1);
		expect(Math.round(limiter.waitMs)).toBe(19_000);
	});

	test('one that was never sent does not count', async () => {
		const limiter = new RateLimiter();
		for (let turn = 0; turn < LIMIT * 2; turn++) (await limiter.acquire({ caller: limiter })).cancel();
		expect(limiter.waitMs).toBe(0);
		await complete(limiter, LIMIT - 1);
		expect(limiter.waitMs).toBe(0);
		await complete(limiter, 1);
		expect(limiter.waitMs).toBe(INTERVAL_MS);
	});

	test('a slot that is cancelled or released twice counts once', async () => {
		const limiter = new RateLimiter();
		for (const slot of slotsOf(await request(limiter, 8))) {
			slot.cancel();
			slot.cancel();
			slot.release();
		}
		await complete(limiter, LIMIT);
		expect(limiter.waitMs).toBe(INTERVAL_MS);
	});

	test('no minute sees more than 500, however long the requests take', async () => {
		for (const durationMs of [1, 30, 700]) {
			const limiter = new RateLimiter();
			const sending = sendAll(limiter, 1600, durationMs);
			await vi.advanceTimersByTimeAsync(5 * INTERVAL_MS);
			const startedAt = await sending;
			const counted = startedAt.map(
				(time) => startedAt.filter((other) => other >= time && other < time + INTERVAL_MS).length,
			);
			expect(Math.max(...counted)).toBeLessThanOrEqual(LIMIT);
			expect(Math.max(...startedAt) - Math.min(...startedAt)).toBeLessThan(3 * (INTERVAL_MS + 8000));
		}
	});

	test('when all 500 are active, the next waits for one of them to complete and a minute more', async () => {
		const limiter = new RateLimiter();
		const requests = await request(limiter, LIMIT + 1);
		await vi.advanceTimersByTimeAsync(64 * SLOT_TIMEOUT_MS);
		expect(startedIn(requests)).toBe(LIMIT);
		expect(limiter.waitMs).toBe(INTERVAL_MS);
		requests[0]?.slot?.release();
		await vi.advanceTimersByTimeAsync(INTERVAL_MS - 2);
		expect(startedIn(requests)).toBe(LIMIT);
		await vi.advanceTimersByTimeAsync(1100);
		expect(startedIn(requests)).toBe(LIMIT + 1);
	});
});

describe('Callers take turns', () => {
	test('so that a single request beside 1,060 others waits for room, not for their end', async () => {
		const limiter = new RateLimiter();
		const many = await request(limiter, 1060, { caller: {} });
		const [single] = await request(limiter, 1, { caller: {} });
		slotsOf(many)[0]?.release();
		await settled();
		expect(single?.isWaiting).toBe(true);
		slotsOf(many)[1]?.release();
		await settled();
		expect(single?.isWaiting).toBe(false);
	});

	test('and each has its own requests sent in their order', async () => {
		const limiter = new RateLimiter();
		const order: string[] = [];
		const ask = (caller: object, name: string) =>
			limiter.acquire({ caller }).then((slot) => {
				order.push(name);
				slot.release();
			});
		const blocking = await request(limiter, 8);
		const [a, b, c] = [{}, {}, {}];
		const asked = [ask(a, 'a1'), ask(a, 'a2'), ask(a, 'a3'), ask(b, 'b1'), ask(c, 'c1'), ask(b, 'b2')];
		blocking[0]?.slot?.release();
		await vi.advanceTimersByTimeAsync(10);
		await Promise.all(asked);
		expect(order).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
	});

	test('and what has priority goes first', async () => {
		const limiter = new RateLimiter();
		const blocking = await request(limiter, 8);
		const ordinary = await request(limiter, 20, { caller: {} });
		const urgent = await request(limiter, 2, { caller: {}, priority: true });
		for (const { slot } of blocking.slice(0, 3)) slot?.release();
		await settled();
		expect([startedIn(urgent), startedIn(ordinary)]).toEqual([2, 1]);
	});
});

describe('A wait that is given up', () => {
	test('ends with the reason at once, and neither frees nor keeps a slot', async () => {
		const limiter = new RateLimiter();
		const blocking = await request(limiter, 8);
		const controller = new AbortController();
		const { signal } = controller;
		const caller = {};
		const given = [
			...(await request(limiter, 5, { caller, signal })),
			...(await request(limiter, 1, { signal })),
		];
		const [other] = await request(limiter, 1, { caller });
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		controller.abort('cancelled');
		await Promise.resolve();
		await settled();
		expect(given.map(({ rejection }) => rejection)).toEqual(Array(6).fill('cancelled'));
		expect(other?.isWaiting).toBe(true);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		blocking[0]?.slot?.release();
		await settled();
		expect(other?.isWaiting).toBe(false);
		for (const { slot } of [...blocking, ...(other ? [other] : [])]) slot?.release();
		const next = await request(limiter, 20);
		expect(startedIn(next)).toBe(8);
	});

	test('changes nothing once the slot was given', async () => {
		const limiter = new RateLimiter();
		const controller = new AbortController();
		const acquiring = limiter.acquire({ caller: {}, signal: controller.signal });
		controller.abort('too late');
		const slot = await acquiring;
		expect(startedIn(await request(limiter, 20))).toBe(7);
		slot.cancel();
		expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
	});

	test('leaves no listener on the signal when the request was sent', async () => {
		const limiter = new RateLimiter();
		const { signal } = new AbortController();
		const sent = await request(limiter, 8);
		const [waiting] = await request(limiter, 1, { signal });
		expect(waiting?.isWaiting).toBe(true);
		expect(getEventListeners(signal, 'abort')).toHaveLength(1);
		sent[0]?.slot?.release();
		await settled();
		expect(waiting?.isWaiting).toBe(false);
		expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	});

	test('is none when the signal has aborted before', async () => {
		const limiter = new RateLimiter();
		const signal = AbortSignal.abort('cancelled');
		await expect(limiter.acquire({ caller: {}, signal })).rejects.toBe('cancelled');
		expect(startedIn(await request(limiter, 20))).toBe(8);
	});
});

describe('A pause that the API asks for', () => {
	test('holds everybody, also what has priority', async () => {
		const limiter = new RateLimiter();
		limiter.pauseFor(5000);
		limiter.pauseFor(1000);
		expect(limiter.waitMs).toBe(5000);
		const requests = [
			...(await request(limiter, 2, { caller: {} })),
			...(await request(limiter, 2, { caller: {}, priority: true })),
		];
		await vi.advanceTimersByTimeAsync(4900);
		expect(startedIn(requests)).toBe(0);
		await vi.advanceTimersByTimeAsync(100);
		expect(startedIn(requests)).toBe(4);
		expect(limiter.waitMs).toBe(0);
	});

	test('of a minute holds everybody, a longer one nobody', async () => {
		const limiter = new RateLimiter();
		limiter.pauseFor(INTERVAL_MS + 1);
		expect(limiter.waitMs).toBe(0);
		limiter.pauseFor(INTERVAL_MS);
		expect(limiter.waitMs).toBe(INTERVAL_MS);
	});

	test('begins for those that already wait', async () => {
		const limiter = new RateLimiter();
		const blocking = await request(limiter, 8);
		const [waiting] = await request(limiter, 1);
		await vi.advanceTimersByTimeAsync(400);
		limiter.pauseFor(300);
		const end = performance.now() + 300;
		for (const { slot } of blocking) slot?.release();
		await vi.advanceTimersByTimeAsync(298);
		expect(waiting?.isWaiting).toBe(true);
		await vi.advanceTimersByTimeAsync(10);
		expect(waiting?.slot?.startedAt).toBeGreaterThanOrEqual(end);
		expect(waiting?.slot?.startedAt).toBeLessThanOrEqual(end + 2);
	});
});

describe('A refusal because of too many at once', () => {
	/** How many may be active at the same time now. */
	async function concurrencyOf(limiter: RateLimiter): Promise<number> {
		const controller = new AbortController();
		const requests = await request(limiter, 20, { signal: controller.signal });
		controller.abort();
		for (const slot of slotsOf(requests)) slot.cancel();
		await settled();
		return startedIn(requests);
	}

	async function refuse(limiter: RateLimiter): Promise<void> {
		const slot = await limiter.acquire({ caller: {} });
		slot.release();
		limiter.onRefused(slot);
	}

	test('halves their number, down to one', async () => {
		const limiter = new RateLimiter();
		const seen: number[] = [];
		for (let turn = 0; turn < 5; turn++) {
			seen.push(await concurrencyOf(limiter));
			await refuse(limiter);
		}
		expect(seen).toEqual([8, 4, 2, 1, 1]);
	});

	test('counts once for those that were sent before it', async () => {
		const limiter = new RateLimiter();
		const requests = await request(limiter, 8);
		for (const slot of slotsOf(requests)) {
			slot.release();
			limiter.onRefused(slot);
		}
		expect(await concurrencyOf(limiter)).toBe(4);
	});

	test('is followed by slowly more again, one by one, up to 8', async () => {
		const limiter = new RateLimiter();
		for (let turn = 0; turn < 3; turn++) await refuse(limiter);
		const seen: number[] = [];
		const successes: number[] = [];
		let count = 0;
		while ((seen.at(-1) ?? 1) < 8) {
			const requests = await request(limiter, seen.at(-1) ?? 1);
			for (const slot of slotsOf(requests)) {
				slot.release();
				limiter.onAccepted(slot);
				count += 1;
			}
			await settled();
			const now = await concurrencyOf(limiter);
			if (now === seen.at(-1)) continue;
			seen.push(now);
			successes.push(count);
		}
		expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
		// Only successes with all slots taken tell that one more may be possible.
		expect(successes).toEqual([1, 2, 10, 28, 60, 110, 182, 280]);
		for (let turn = 0; turn < 20; turn++) {
			for (const slot of slotsOf(await request(limiter, 8))) {
				slot.release();
				limiter.onAccepted(slot);
			}
		}
		expect(await concurrencyOf(limiter)).toBe(8);
	});

	test('takes back what successes had gained, and only those in a row count', async () => {
		const limiter = new RateLimiter();
		for (let turn = 0; turn < 3; turn++) await refuse(limiter);
		for (let turn = 0; turn < 10; turn++) {
			const slot = await limiter.acquire({ caller: {} });
			slot.release();
			limiter.onAccepted(slot);
			expect(await concurrencyOf(limiter)).toBe(1);
			await refuse(limiter);
		}
	});

	test('is not made up for by successes of requests that were sent before it, or did not fill the slots', async () => {
		const limiter = new RateLimiter();
		const before = await request(limiter, 8);
		await refuseActive(limiter, before);
		for (const slot of slotsOf(before).slice(1)) {
			slot.release();
			for (let turn = 0; turn < 10; turn++) limiter.onAccepted(slot);
		}
		for (let turn = 0; turn < 100; turn++) {
			const slot = await limiter.acquire({ caller: {} });
			slot.release();
			limiter.onAccepted(slot);
		}
		expect(await concurrencyOf(limiter)).toBe(4);
	});

	async function refuseActive(limiter: RateLimiter, requests: readonly Request[]): Promise<void> {
		const [slot] = slotsOf(requests);
		slot?.release();
		if (slot !== undefined) limiter.onRefused(slot);
	}

	test('is over at once for those that wait when more are allowed again', async () => {
		const limiter = new RateLimiter();
		for (let turn = 0; turn < 3; turn++) await refuse(limiter);
		const requests = await request(limiter, 5);
		for (const number of [0, 1]) {
			const slot = requests[number]?.slot;
			slot?.release();
			if (slot !== undefined) limiter.onAccepted(slot);
			await settled();
		}
		expect(startedIn(requests)).toBe(4);
	});

	test('is over at once also when the success is told after the slot was taken by the next', async () => {
		const limiter = new RateLimiter();
		for (let turn = 0; turn < 3; turn++) await refuse(limiter);
		const requests = await request(limiter, 5);
		const [first] = slotsOf(requests);
		first?.release();
		await settled();
		expect(startedIn(requests)).toBe(2);
		for (let turn = 0; turn < 2; turn++) if (first !== undefined) limiter.onAccepted(first);
		await settled();
		expect(startedIn(requests)).toBe(3);
	});

	test('lets 30 requests of 30 ms through a gateway for two in less than 10 s, none with more than 3 refusals', async () => {
		const limiter = new RateLimiter();
		let active = 0;
		const refusals: number[] = [];
		const send = async (): Promise<void> => {
			for (let refused = 0; ; refused++) {
				const slot = await limiter.acquire({ caller: limiter });
				active += 1;
				const isRefused = active > 2;
				if (!isRefused) await new Promise((resolve) => setTimeout(resolve, 30));
				active -= 1;
				slot.release();
				if (!isRefused) {
					refusals.push(refused);
					return limiter.onAccepted(slot);
				}
				limiter.onRefused(slot);
				await new Promise((resolve) => setTimeout(resolve, 200 * 2 ** refused));
			}
		};
		const start = performance.now();
		let ms = Infinity;
		void Promise.all(Array.from({ length: 30 }, send)).then(() => (ms = performance.now() - start));
		await vi.advanceTimersByTimeAsync(60_000);
		expect(ms).toBeLessThan(10_000);
		expect(Math.max(...refusals)).toBeLessThanOrEqual(3);
	});
});

test('Nothing is left when nobody waits: no timer, no caller', async () => {
	const limiter = new RateLimiter();
	const controller = new AbortController();
	const callers = Array.from({ length: 50 }, () => ({}));
	const requests = callers.map((caller) => new Request(limiter, { caller, signal: controller.signal }));
	await settled();
	for (let turn = 0; turn < 3; turn++) {
		for (const slot of slotsOf(requests)) slot.release();
		await settled();
	}
	limiter.pauseFor(30_000);
	controller.abort();
	await vi.advanceTimersByTimeAsync(1000);
	expect(vi.getTimerCount()).toBe(0);
	// A function that is called for every object of the limiter, however deep it is.
	const reachable = new Set<unknown>();
	const visit = (value: unknown): void => {
		if (typeof value !== 'object' || value === null || reachable.has(value)) return;
		reachable.add(value);
		const members = value instanceof Map || value instanceof Set ? [...value].flat() : Object.values(value);
		for (const member of members) visit(member);
	};
	visit(limiter);
	expect(callers.filter((caller) => reachable.has(caller))).toEqual([]);
});

test('While somebody waits there is one timer', async () => {
	const limiter = new RateLimiter();
	await request(limiter, 1000);
	for (let turn = 0; turn < 20; turn++) {
		await vi.advanceTimersByTimeAsync(777);
		expect(vi.getTimerCount()).toBe(1);
	}
	await complete(new RateLimiter(), 10);
	expect(vi.getTimerCount()).toBe(1);
});

test('A shorter wait takes over from a longer one, and there is one timer again', async () => {
	const limiter = new RateLimiter();
	await request(limiter, 9);
	await vi.advanceTimersByTimeAsync(100);
	limiter.pauseFor(300);
	await request(limiter, 1);
	expect(vi.getTimerCount()).toBe(2);
	await vi.advanceTimersByTimeAsync(1000);
	expect(vi.getTimerCount()).toBe(1);
});

test('20,000 wait and are sent or give up in less than a second of work', async () => {
	const limiter = new RateLimiter();
	const controller = new AbortController();
	const callers = [{}, {}, {}];
	const start = workedMs();
	const requests = Array.from({ length: 20_000 }, (_, index) => {
		return new Request(limiter, { caller: callers[index % 3] ?? {}, signal: controller.signal });
	});
	for (let turn = 0; turn < 200; turn++) {
		await settled();
		for (const slot of slotsOf(requests.slice(turn * 8, turn * 8 + 8))) slot.cancel();
	}
	controller.abort();
	await settled();
	expect(workedMs() - start).toBeLessThan(1000);
	expect(startedIn(requests)).toBeGreaterThan(1000);
	expect(requests.filter(({ isWaiting }) => isWaiting)).toEqual([]);
});

test('There is one limiter for each API: origin and path of the Base URL, with or without a slash at its end', () => {
	const limiter = rateLimiterFor('https://api.example.com');
	expect(rateLimiterFor('https://api.example.com/')).toBe(limiter);
	expect(rateLimiterFor('https://API.example.com:443')).toBe(limiter);
	expect(rateLimiterFor('https://api.example.com/v1')).not.toBe(limiter);
	expect(rateLimiterFor('https://api.example.com/v1/')).toBe(rateLimiterFor('https://api.example.com/v1'));
	expect(rateLimiterFor('https://api.example.com:8443')).not.toBe(limiter);
	expect(rateLimiterFor('http://api.example.com')).not.toBe(limiter);
});

/** What is known of the limiter: who waits, in the order of turns, what is active, and what counts. */
interface Model {
	readonly turns: Record<'priority' | 'ordinary', Array<{ caller: number; waiting: number[] }>>;
	readonly active: Map<number, { slot: Slot; startedAt: number }>;
	completedAt: number[];
	pausedUntil: number;
	concurrency: number;
	lastDecrease: number;
}

/** The limiter, and what it has started since the model looked last. */
class Real {
	readonly limiter = new RateLimiter();

	readonly controllers: AbortController[] = [];

	readonly rejected = new Set<number>();

	started: Array<{ index: number; slot: Slot }> = [];

	readonly #callers = [{}, {}, {}, {}];

	acquire(caller: number, priority: boolean): number {
		const controller = new AbortController();
		const index = this.controllers.push(controller) - 1;
		const options = { caller: this.#callers[caller] ?? {}, priority, signal: controller.signal };
		this.limiter.acquire(options).then(
			(slot) => this.started.push({ index, slot }),
			() => this.rejected.add(index),
		);
		return index;
	}
}

function holdingAt(model: Model, time: number): number {
	return [...model.active.values()].filter(({ startedAt }) => startedAt + SLOT_TIMEOUT_MS > time).length;
}

function countedAt(model: Model, time: number): number {
	return (
		model.active.size + model.completedAt.filter((completedAt) => completedAt + INTERVAL_MS > time).length
	);
}

function nextOf({ turns }: Model): number | undefined {
	const queue = turns.priority.length > 0 ? turns.priority : turns.ordinary;
	const turn = queue.shift();
	const next = turn?.waiting.shift();
	if (turn !== undefined && turn.waiting.length > 0) queue.push(turn);
	return next;
}

/** All that has started was allowed to, and was the next; all that may start has started. */
function expectRules(model: Model, real: Real): void {
	for (const { index, slot } of real.started) {
		expect(index).toBe(nextOf(model));
		expect(slot.startedAt).toBeGreaterThanOrEqual(model.pausedUntil);
		expect(holdingAt(model, slot.startedAt)).toBeLessThan(model.concurrency);
		expect(countedAt(model, slot.startedAt)).toBeLessThan(LIMIT);
		model.active.set(index, { slot, startedAt: slot.startedAt });
	}
	real.started = [];
	const now = performance.now();
	// A timer may be a little late.
	const [before, after] = [now - 3, now];
	const hasWaiting = model.turns.priority.length + model.turns.ordinary.length > 0;
	const isFull =
		holdingAt(model, before) >= model.concurrency ||
		countedAt(model, before) >= LIMIT ||
		model.pausedUntil > before;
	expect(hasWaiting && !isFull).toBe(false);
	const isLimited = countedAt(model, after) >= LIMIT || model.pausedUntil > after;
	expect(real.limiter.waitMs > 0).toBe(isLimited);
}

abstract class Step implements fc.AsyncCommand<Model, Real> {
	constructor(readonly number: number) {}

	check = () => true;

	async run(model: Model, real: Real): Promise<void> {
		this.act(model, real);
		await vi.advanceTimersByTimeAsync(4);
		expectRules(model, real);
	}

	toString = () => `${this.constructor.name}(${this.number})`;

	protected abstract act(model: Model, real: Real): void;

	protected pick<T>(candidates: readonly T[]): T | undefined {
		return candidates[this.number % Math.max(candidates.length, 1)];
	}
}

class Acquire extends Step {
	protected act({ turns }: Model, real: Real): void {
		const caller = this.number % 4;
		const isPriority = this.number % 10 === 0;
		const queue = isPriority ? turns.priority : turns.ordinary;
		for (let count = this.number; count >= 0; count -= 10) {
			const index = real.acquire(caller, isPriority);
			const turn = queue.find((other) => other.caller === caller);
			if (turn === undefined) queue.push({ caller, waiting: [index] });
			else turn.waiting.push(index);
		}
	}
}

/** Some complete, and others take their place, and so on, until as many as the number have completed. */
class Complete extends Step {
	override async run(model: Model, real: Real): Promise<void> {
		for (let left = this.number * 5; left > 0 && model.active.size > 0;) {
			for (const [index, { slot }] of [...model.active].slice(0, Math.min(left, 5))) {
				slot.release();
				model.active.delete(index);
				model.completedAt.push(performance.now());
				left -= 1;
			}
			await vi.advanceTimersByTimeAsync(4);
			expectRules(model, real);
		}
	}

	protected act(): void {
		// Does so several times.
	}
}

class Cancel extends Step {
	protected act({ active }: Model): void {
		const [index, chosen] = this.pick([...active]) ?? [];
		chosen?.slot.cancel();
		if (index !== undefined) active.delete(index);
	}
}

class Refuse extends Step {
	protected act(model: Model, { limiter }: Real): void {
		const [index, chosen] = this.pick([...model.active]) ?? [];
		if (index === undefined || chosen === undefined) return;
		chosen.slot.release();
		model.active.delete(index);
		model.completedAt.push(performance.now());
		limiter.onRefused(chosen.slot);
		if (chosen.slot.sequence <= model.lastDecrease) return;
		model.concurrency = Math.ceil(model.concurrency / 2);
		model.lastDecrease = Math.max(
			chosen.slot.sequence,
			...[...model.active.values()].map(({ slot }) => slot.sequence),
		);
	}
}

class GiveUp extends Step {
	protected act({ turns }: Model, { controllers }: Real): void {
		const chosen = this.pick([...turns.priority, ...turns.ordinary].flatMap(({ waiting }) => waiting));
		if (chosen === undefined) return;
		controllers[chosen]?.abort();
		for (const queue of [turns.priority, turns.ordinary]) {
			for (const turn of queue) turn.waiting = turn.waiting.filter((other) => other !== chosen);
			const rest = queue.filter(({ waiting }) => waiting.length > 0);
			queue.splice(0, queue.length, ...rest);
		}
	}
}

class Pause extends Step {
	protected act(model: Model, { limiter }: Real): void {
		const ms = this.number * 700;
		limiter.pauseFor(ms);
		if (ms <= INTERVAL_MS) model.pausedUntil = Math.max(model.pausedUntil, performance.now() + ms);
	}
}

class Pass extends Step {
	override async run(model: Model, real: Real): Promise<void> {
		await vi.advanceTimersByTimeAsync(this.number * 1000);
		await super.run(model, real);
	}

	protected act(): void {
		// Only time passes.
	}
}

test('Whatever is asked, completed, refused, given up and paused: the next is sent, no earlier and no later than allowed', async () => {
	const number = fc.nat(100);
	const steps = [Acquire, Acquire, Acquire, Complete, Complete, Cancel, Refuse, GiveUp, Pause, Pass].map(
		(Kind) => number.map((value) => new Kind(value)),
	);
	await fc.assert(
		fc.asyncProperty(fc.commands(steps, { size: '+1', maxCommands: 40 }), async (commands) => {
			const model: Model = {
				turns: { priority: [], ordinary: [] },
				active: new Map(),
				completedAt: [],
				pausedUntil: 0,
				concurrency: MAX_CONCURRENT,
				lastDecrease: 0,
			};
			const real = new Real();
			await fc.asyncModelRun(() => ({ model, real }), commands);
			for (const controller of real.controllers) controller.abort();
			await vi.advanceTimersByTimeAsync(1000);
			expect(vi.getTimerCount()).toBe(0);
			expect(real.started).toEqual([]);
		}),
		{ seed: 9, numRuns: 100 },
	);
});
