import { mayPass } from './faults';
import { retryAfterMs } from './headers';
import { TooLong, Unfit } from './reasons';
import { pause } from './waiting';

/** How often a request is sent again after the service or the network gave way. */
const REPEATS = 3;

const FIRST_BACKOFF_MS = 200;

/** The first wait after a 429 without Retry-After; it doubles each time. */
const FIRST_LIMIT_WAIT_MS = 1000;

export interface Patience {
	/** Whether the request does no harm when it is carried out twice. */
	readonly repeatable: boolean;
	/** How long to wait for a 429 to pass, in all, in milliseconds. */
	readonly maxWaitMs: number;
	/** Aborted when the request must not go on. */
	readonly signal: AbortSignal | undefined;
	/** Told of each wait that the API has asked for, in milliseconds. */
	readonly onLimit: (ms: number) => void;
}

/**
 * Sends a request until it is answered, as far as that can do no harm: a 429 was not carried out and is waited
 * for with any method; after other failures only what may be repeated is sent again, and what never left.
 *
 * @param send sends the request once
 * @throws what `send` threw last, or `TooLong`
 */
export async function persist<T>(send: () => Promise<T>, patience: Patience): Promise<T> {
	let waited = 0;
	let limits = 0;
	let failures = 0;
	for (;;) {
		const [outcome] = await Promise.allSettled([send()]);
		if (outcome.status === 'fulfilled') return outcome.value;
		const reason: unknown = outcome.reason;
		if (reason instanceof Unfit && reason.status === 429) {
			const wait = retryAfterMs(reason.headers) ?? doubled(FIRST_LIMIT_WAIT_MS, limits++);
			waited += wait;
			if (waited > patience.maxWaitMs) throw new TooLong(reason);
			patience.onLimit(wait);
			await pause(wait, patience.signal);
		} else if (failures < REPEATS && mayPass(reason, patience.repeatable)) {
			await pause(doubled(FIRST_BACKOFF_MS, failures++), patience.signal);
		} else {
			throw reason;
		}
	}
}

/** A time that doubles with each failure, give or take a quarter, so that not everybody comes back at once. */
function doubled(ms: number, failures: number): number {
	return ms * 2 ** failures * (0.75 + Math.random() / 2);
}
