import { sleep } from 'n8n-workflow';

import { MAX_SLEEP_MS } from './delay';
import { LinkedQueue } from './linkedQueue';
import { onAbort } from './onAbort';

/** Requests in an interval, for each IP address (docs: workspace-management/api-keys). */
export const LIMIT = 500;

export const INTERVAL_MS = 60_000;

/** Requests that may be active at the same time. More would be faster only until the limit is reached. */
export const MAX_CONCURRENT = 8;

/**
 * How long an active request holds its slot. One that hangs for longer does not keep others from being sent, but
 * still counts toward the limit.
 */
export const SLOT_TIMEOUT_MS = 60_000;

/** One more request at a time is allowed after this many successes for each that is allowed now. */
const SUCCESSES_PER_INCREASE = 2;

export interface AcquireOptions {
	/** On whose behalf: callers take turns, however many requests each of them has. */
	caller: object;
	/** Goes first, because somebody is watching. */
	priority?: boolean | undefined;
	signal?: AbortSignal | undefined;
}

/** The permission to send one request. Ends with either `release` or `cancel`; what comes after that changes nothing. */
export interface Slot {
	/** When the slot was given, on the clock of `performance.now()`. */
	readonly startedAt: number;
	/** The how many-th slot it is: tells which were given before a decrease, also within one millisecond. */
	readonly sequence: number;
	/** Whether it took the last place: only then its success says something about how many are allowed at once. */
	readonly wasLastFree: boolean;
	/** The request has completed, whatever came of it. */
	release(): void;
	/** Nothing was sent, so nothing counts toward the limit. */
	cancel(): void;
}

interface Waiter {
	readonly start: (slot: Slot) => void;
}

/** Waiters of many callers, which take turns. Knows a caller only while it has a waiter. */
class RoundRobinQueue {
	/** What each caller waits for, first in, first out; the callers in the order of their turns. */
	private readonly queues = new Map<object, LinkedQueue<Waiter>>();

	get isEmpty(): boolean {
		return this.queues.size === 0;
	}

	/** @returns removes the waiter; to be called only before its turn has come */
	enqueue(caller: object, waiter: Waiter): () => void {
		const queue = this.queues.get(caller) ?? new LinkedQueue<Waiter>();
		// A caller that is there already keeps its turn.
		this.queues.set(caller, queue);
		const entry = queue.enqueue(waiter);
		return () => {
			queue.remove(entry);
			if (queue.size === 0) this.queues.delete(caller);
		};
	}

	dequeue(): Waiter | undefined {
		const [next] = this.queues;
		if (next === undefined) return undefined;
		const [caller, queue] = next;
		const waiter = queue.dequeue();
		this.queues.delete(caller);
		if (queue.size > 0) this.queues.set(caller, queue);
		return waiter;
	}
}

/**
 * Limits the requests of this process to one API: a burst goes at full speed, a long run settles at the limit.
 *
 * A request counts from when it is sent until a minute after its completion: Invent has counted it somewhere in
 * between, so however long each was active, no minute of Invent's sees more than the limit.
 */
export class RateLimiter {
	/** How many requests may be active at the same time: half after a refusal, slowly more again (AIMD). */
	private concurrency = MAX_CONCURRENT;

	private readonly priorityQueue = new RoundRobinQueue();

	private readonly queue = new RoundRobinQueue();

	/** Active requests that hold a slot, in the order in which they were sent. */
	private readonly holding = new Set<Slot>();

	/** All active requests, also those that no longer hold a slot. */
	private activeCount = 0;

	/** When the requests that still count were completed, oldest first. */
	private readonly completedAt: number[] = [];

	private pausedUntil = 0;

	private slotCount = 0;

	/** The last slot before the last decrease. */
	private decreasedAfter = 0;

	/** Successes in a row since the last change of the concurrency. */
	private successesInARow = 0;

	/** Whether a pass over the waiters is due in a moment. */
	private isPassDue = false;

	/** When the limiter looks at the waiters again by itself. */
	private wakeAt = Infinity;

	/** How long until one more request is allowed by the limit, or by a pause that the API asked for; 0 when it is. */
	get waitMs(): number {
		const now = performance.now();
		return Math.max(this.roomInMs(now), this.pausedUntil - now, 0);
	}

	/**
	 * Waits until a request may be sent.
	 *
	 * @throws the signal's reason when it aborts before that
	 */
	async acquire({ caller, priority = false, signal }: AcquireOptions): Promise<Slot> {
		signal?.throwIfAborted();
		return await new Promise((resolve, reject) => {
			const start = (slot: Slot) => {
				stopListening?.();
				resolve(slot);
			};
			const removeFromQueue = (priority ? this.priorityQueue : this.queue).enqueue(caller, { start });
			const stopListening =
				signal &&
				onAbort(signal, (reason) => {
					removeFromQueue();
					reject(reason);
				});
			if (!this.isPassDue) this.startWaiters();
		});
	}

	/**
	 * Sends nothing for a while, whoever asks, because the API wants it. A longer wait than the limit's own interval is
	 * about something else, such as the quota of new assistants, and holds nobody else.
	 */
	pauseFor(ms: number): void {
		if (ms > INTERVAL_MS) return;
		this.pausedUntil = Math.max(this.pausedUntil, performance.now() + ms);
	}

	/** The API worked on the request that was sent with this slot. */
	onAccepted(slot: Slot): void {
		if (slot.sequence <= this.decreasedAfter || !slot.wasLastFree) return;
		this.successesInARow += 1;
		if (this.successesInARow < SUCCESSES_PER_INCREASE * this.concurrency) return;
		this.successesInARow = 0;
		if (this.concurrency === MAX_CONCURRENT) return;
		this.concurrency += 1;
		this.schedulePass();
	}

	/**
	 * Something refused the request because there were too many at once. Those that were sent together are refused
	 * together, so only the first of them lowers the number.
	 */
	onRefused(slot: Slot): void {
		if (slot.sequence <= this.decreasedAfter) return;
		this.decreasedAfter = this.slotCount;
		this.successesInARow = 0;
		this.concurrency = Math.ceil(this.concurrency / 2);
	}

	private get hasWaiters(): boolean {
		return !this.priorityQueue.isEmpty || !this.queue.isEmpty;
	}

	/** Starts what may start, in one pass. */
	private startWaiters(): void {
		this.expireSlots();
		let free = this.concurrency - this.holding.size;
		while (free > 0 && this.waitMs === 0) {
			const waiter = this.priorityQueue.dequeue() ?? this.queue.dequeue();
			if (waiter === undefined) return;
			free -= 1;
			waiter.start(this.createSlot(free === 0));
		}
		if (this.hasWaiters) void this.wakeIn(this.waitMs || this.slotTimeoutMs());
	}

	/**
	 * A moment after a request has completed: others that complete in that moment make room as well, and requests
	 * that start together are less work than the same number one by one.
	 */
	private schedulePass(): void {
		if (this.isPassDue || !this.hasWaiters) return;
		this.isPassDue = true;
		void sleep(0).then(() => {
			this.isPassDue = false;
			this.startWaiters();
		});
	}

	/** Looks at the waiters again after some time, unless it does so earlier anyway. Sleeps only while somebody waits. */
	private async wakeIn(ms: number): Promise<void> {
		const wakeAt = performance.now() + Math.min(ms, MAX_SLEEP_MS);
		// The same moment, computed twice, differs by a fraction.
		if (wakeAt > this.wakeAt - 1) return;
		this.wakeAt = wakeAt;
		await sleep(wakeAt - performance.now());
		// A shorter sleep that began later has taken over.
		if (this.wakeAt !== wakeAt) return;
		this.wakeAt = Infinity;
		this.startWaiters();
	}

	private createSlot(wasLastFree: boolean): Slot {
		let isActive = true;
		const end = (completedAt?: number) => {
			if (!isActive) return;
			isActive = false;
			this.activeCount -= 1;
			this.holding.delete(slot);
			if (completedAt !== undefined) this.completedAt.push(completedAt);
			this.schedulePass();
		};
		const slot: Slot = {
			startedAt: performance.now(),
			sequence: ++this.slotCount,
			wasLastFree,
			release: () => end(performance.now()),
			cancel: () => end(),
		};
		this.activeCount += 1;
		this.holding.add(slot);
		return slot;
	}

	private expireSlots(): void {
		const now = performance.now();
		for (const slot of this.holding) {
			if (slot.startedAt + SLOT_TIMEOUT_MS > now) return;
			this.holding.delete(slot);
		}
	}

	/** How long until the oldest active request no longer holds its slot. */
	private slotTimeoutMs(): number {
		const [oldest] = this.holding;
		return oldest === undefined ? 0 : oldest.startedAt + SLOT_TIMEOUT_MS - performance.now();
	}

	/** How long until the limit has room for one more request. */
	private roomInMs(now: number): number {
		while ((this.completedAt[0] ?? Infinity) + INTERVAL_MS <= now) this.completedAt.shift();
		const surplus = this.completedAt.length + this.activeCount - LIMIT;
		if (surplus < 0) return 0;
		// When all that count are active, the first of them to complete decides.
		return (this.completedAt[surplus] ?? now) + INTERVAL_MS - now;
	}
}

const limiters = new Map<string, RateLimiter>();

/**
 * The rate limiter of the API at a Base URL. There is one for the whole process, because Invent counts by IP
 * address, whichever workflow sends. Several processes, such as n8n's workers, know nothing of each other.
 */
export function rateLimiterFor(baseUrl: string): RateLimiter {
	const { origin, pathname } = new URL(baseUrl);
	const api = origin + pathname.replace(/\/$/, '');
	let limiter = limiters.get(api);
	if (limiter === undefined) limiters.set(api, (limiter = new RateLimiter()));
	return limiter;
}
