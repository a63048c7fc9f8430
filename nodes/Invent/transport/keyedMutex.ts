import { delay } from './delay';
import { LinkedQueue } from './linkedQueue';
import { onAbort } from './onAbort';

/** Locks that nobody uses any more are looked at a few at a time, so that no call pays for all of them. */
const SWEEP_COUNT = 8;

/** What the holder of a key may do with it. */
export interface Lease {
	/**
	 * The next holder starts no earlier than this, on the clock of `performance.now()`: what was sent may still take
	 * effect until then.
	 */
	holdUntil(timestampMs: number): void;
}

interface Lock {
	isHeld: boolean;
	heldUntil: number;
	readonly waiters: LinkedQueue<() => void>;
}

/** Tasks with the same key run one after the other, in the order of asking. */
export class KeyedMutex {
	private readonly locks = new Map<string, Lock>();

	/** Keys that nobody holds or waits for, though their hold time may not be over. */
	private readonly idle = new Map<string, Lock>();

	/** How many keys are held, waited for, or not forgotten yet. */
	get size(): number {
		return this.locks.size;
	}

	/**
	 * Runs a task while nobody else has the key.
	 *
	 * @throws the signal's reason when it aborts while waiting; the task does not run then
	 */
	async runExclusive<T>(key: string, task: (lease: Lease) => Promise<T>, signal?: AbortSignal): Promise<T> {
		signal?.throwIfAborted();
		this.sweep();
		const lock = this.lockOf(key);
		await this.acquire(lock, signal);
		try {
			await delay(lock.heldUntil - performance.now(), signal);
			return await task({
				holdUntil: (timestampMs) => {
					lock.heldUntil = Math.max(lock.heldUntil, timestampMs);
				},
			});
		} finally {
			this.release(key, lock);
		}
	}

	private lockOf(key: string): Lock {
		const existing = this.locks.get(key);
		this.idle.delete(key);
		if (existing !== undefined) return existing;
		const lock: Lock = { isHeld: false, heldUntil: -Infinity, waiters: new LinkedQueue() };
		this.locks.set(key, lock);
		return lock;
	}

	private async acquire(lock: Lock, signal: AbortSignal | undefined): Promise<void> {
		if (!lock.isHeld) {
			lock.isHeld = true;
			return;
		}
		await new Promise<void>((resolve, reject) => {
			const entry = lock.waiters.enqueue(() => {
				stopListening?.();
				resolve();
			});
			const stopListening =
				signal &&
				onAbort(signal, (reason) => {
					lock.waiters.remove(entry);
					reject(reason);
				});
		});
	}

	/** Hands the key to the next in the queue. It stays held in between, so that nobody jumps the queue. */
	private release(key: string, lock: Lock): void {
		const startNext = lock.waiters.dequeue();
		if (startNext !== undefined) return startNext();
		lock.isHeld = false;
		if (lock.heldUntil > performance.now()) this.idle.set(key, lock);
		else this.locks.delete(key);
	}

	/** Forgets a few of the keys whose hold time is over. */
	private sweep(): void {
		const now = performance.now();
		let left = SWEEP_COUNT;
		for (const [key, lock] of this.idle) {
			if (left-- === 0) return;
			this.idle.delete(key);
			if (lock.heldUntil > now) this.idle.set(key, lock);
			else this.locks.delete(key);
		}
	}
}
