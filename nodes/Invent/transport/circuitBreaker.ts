import { LinkedQueue } from './linkedQueue';
import { onAbort } from './onAbort';

/** After this many items in a row that could not reach the service, the others are not sent any more. */
export const MAX_CONSECUTIVE_FAILURES = 5;

/** Items that begin while it is half open and fail too, before it opens. */
export const MIN_PROBES = 2;

/** After this time a few items try again, for batches that the engine starts much later. */
export const RESET_TIMEOUT_MS = 30_000;

/** The permission of one item to send its first request. Ends with either `fail` or `settle`. */
export interface Permit {
	/**
	 * To be asked right before the first request is sent.
	 *
	 * @returns false when the service has become unreachable since: the item has to wait for another permit
	 */
	begin(): boolean;
	/** A request of the item could not reach the service. */
	onUnreachable(): void;
	/** The item has given up, because it could not reach the service. */
	fail(reason: unknown): void;
	/** The item has ended in any other way. Changes nothing after `fail`. */
	settle(): void;
}

interface Waiter {
	readonly admit: (permit: Permit) => void;
	readonly reject: (reason: unknown) => void;
}

/**
 * Ends an outage early: while nothing reaches the service, a few items try on behalf of all. There is one for each
 * execution of the node, so a new execution tries at once.
 *
 * It is closed as long as requests reach the service. After one that does not, it is half open: what has begun goes
 * on, and of the items that wait a few are let in. Only when they fail too, and enough items in a row have failed, it
 * is open, and the items that wait are rejected. Any answer of the service closes it.
 */
export class CircuitBreaker {
	private state: 'closed' | 'halfOpen' | 'open' = 'closed';

	/** Why it is open. */
	private reason: unknown;

	/** Until when it is open, by `performance.now()`. */
	private openUntil = 0;

	/** Items in a row that have given up. */
	private consecutiveFailures = 0;

	/** Items that had begun before, could not reach the service and try again. */
	private readonly struggling = new Set<Permit>();

	/** Items that were let in while it was half open, and have not ended. */
	private readonly probes = new Set<Permit>();

	/** How many of them have failed. */
	private failedProbes = 0;

	private readonly waiters = new LinkedQueue<Waiter>();

	/** How often it has left the closed state: permits from before that are void. */
	private outages = 0;

	/**
	 * Waits until an item may begin.
	 *
	 * @throws what the last failed item has given as its reason, when the circuit is open
	 * @throws the signal's reason when it aborts before that
	 */
	async waitUntilAdmitted(signal?: AbortSignal): Promise<Permit> {
		signal?.throwIfAborted();
		return await new Promise((resolve, reject) => {
			if (this.state === 'open' && performance.now() >= this.openUntil) this.reopen();
			if (this.state === 'open') return reject(this.reason);
			if (this.mayAdmit()) return resolve(this.createPermit());
			const entry = this.waiters.enqueue({
				admit: (permit) => {
					stopListening?.();
					resolve(permit);
				},
				reject: (reason) => {
					stopListening?.();
					reject(reason);
				},
			});
			const stopListening =
				signal &&
				onAbort(signal, (reason) => {
					this.waiters.remove(entry);
					reject(reason);
				});
		});
	}

	/** The service has answered something, whatever it was. */
	onReachable(): void {
		this.state = 'closed';
		this.consecutiveFailures = 0;
		this.failedProbes = 0;
		this.probes.clear();
		this.struggling.clear();
		this.admitWaiters();
	}

	/**
	 * While it is half open, as many as are missing to a decision; a few in any case, since those that fail may be the
	 * only ones. While it is closed, everybody: nobody has failed or tries again then.
	 */
	private mayAdmit(): boolean {
		const isMissing =
			this.consecutiveFailures + this.struggling.size + this.probes.size < MAX_CONSECUTIVE_FAILURES;
		return isMissing || this.failedProbes + this.probes.size < MIN_PROBES;
	}

	private admitWaiters(): void {
		while (this.mayAdmit()) {
			const waiter = this.waiters.dequeue();
			if (waiter === undefined) return;
			waiter.admit(this.createPermit());
		}
	}

	private createPermit(): Permit {
		const outage = this.outages;
		let isSettled = false;
		const permit: Permit = {
			begin: () => this.state === 'closed' || outage === this.outages,
			onUnreachable: () => {
				if (!isSettled) this.onUnreachable(permit);
			},
			fail: (reason) => {
				if (isSettled) return;
				isSettled = true;
				this.onUnreachable(permit);
				this.struggling.delete(permit);
				if (this.probes.delete(permit)) this.failedProbes += 1;
				this.onFailure(reason);
			},
			settle: () => {
				isSettled = true;
				this.probes.delete(permit);
				this.struggling.delete(permit);
				this.decide();
			},
		};
		if (this.state === 'halfOpen') this.probes.add(permit);
		return permit;
	}

	/** Lets a few items try whether the service is back. */
	private reopen(): void {
		this.state = 'halfOpen';
		this.failedProbes = 0;
	}

	private onUnreachable(permit: Permit): void {
		if (!this.probes.has(permit)) this.struggling.add(permit);
		if (this.state !== 'closed') return;
		this.state = 'halfOpen';
		this.outages += 1;
		this.admitWaiters();
	}

	private onFailure(reason: unknown): void {
		this.consecutiveFailures += 1;
		this.reason = reason;
		this.decide();
	}

	/** Opens it when enough have failed and nobody is trying any more; otherwise lets the next ones try. */
	private decide(): void {
		const isDecided =
			this.consecutiveFailures >= MAX_CONSECUTIVE_FAILURES &&
			this.failedProbes >= MIN_PROBES &&
			this.probes.size === 0;
		if (!isDecided || this.state !== 'halfOpen') return this.admitWaiters();
		this.state = 'open';
		this.openUntil = performance.now() + RESET_TIMEOUT_MS;
		for (let waiter = this.waiters.dequeue(); waiter; waiter = this.waiters.dequeue())
			waiter.reject(this.reason);
	}
}
