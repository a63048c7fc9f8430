import { sleep } from 'n8n-workflow';

import { onAbort } from './onAbort';

/** The longest single sleep, in milliseconds. A sleep can't be ended early, so a long wait is a row of short ones. */
export const MAX_SLEEP_MS = 1000;

/**
 * Waits, and ends at once when the signal aborts.
 *
 * @param ms how long, in milliseconds
 * @throws the signal's reason when it aborts before the time is over
 */
export async function delay(ms: number, signal?: AbortSignal): Promise<void> {
	signal?.throwIfAborted();
	const end = performance.now() + ms;
	for (let rest = ms; rest > 0; rest = end - performance.now()) {
		await raceAbort(sleep(Math.min(rest, MAX_SLEEP_MS)), signal);
	}
}

/**
 * Waits for a promise, and ends at once when the signal aborts.
 *
 * @throws the signal's reason when it aborts before the promise settles
 */
export async function raceAbort<T>(promise: Promise<T>, signal?: AbortSignal): Promise<T> {
	if (signal === undefined) return await promise;
	// When the signal has aborted before, nobody else handles the promise's rejection.
	promise.catch(() => undefined);
	signal.throwIfAborted();
	return await new Promise<T>((resolve, reject) => {
		const stopListening = onAbort(signal, reject);
		promise.then(
			(value) => {
				stopListening();
				resolve(value);
			},
			(reason: unknown) => {
				stopListening();
				reject(reason);
			},
		);
	});
}
