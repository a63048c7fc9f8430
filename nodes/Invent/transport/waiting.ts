import { sleep } from 'n8n-workflow';

/** The longest single sleep, in milliseconds: a sleep can't be ended early, so long waits are made of short ones. */
const SLICE_MS = 1000;

/**
 * Waits, and ends at once when the execution is cancelled.
 *
 * @param ms how long, in milliseconds
 * @throws the signal's reason when it is aborted before the time is over
 */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
	const end = performance.now() + ms;
	for (let rest = ms; rest > 0; rest = end - performance.now()) {
		await unlessAborted(sleep(Math.min(rest, SLICE_MS)), signal);
	}
}

/** Waits for a promise, and ends at once when the execution is cancelled. */
export async function unlessAborted<T>(awaited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
	if (signal === undefined) return await awaited;
	signal.throwIfAborted();
	let stopListening = () => {};
	const aborted = new Promise<never>((_, reject) => {
		const onAbort = () => reject(signal.reason);
		signal.addEventListener('abort', onAbort);
		stopListening = () => signal.removeEventListener('abort', onAbort);
	});
	try {
		return await Promise.race([awaited, aborted]);
	} finally {
		stopListening();
	}
}
