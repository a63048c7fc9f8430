import { delay } from './delay';
import { RateLimitError, ResponseError } from './errors';
import { parseRetryAfter } from './headers';
import { failedBeforeSend, isPermanent, isTimeout, isTruncatedJson, networkErrorCode } from './networkErrors';
import { settle } from './settle';

/** How often a request is sent again after the service or the network failed. */
const MAX_RETRIES = 3;

const BASE_BACKOFF_MS = 200;

/** The first wait after a 429 without Retry-After; it doubles each time. */
const RATE_LIMIT_BASE_DELAY_MS = 1000;

export interface RetryOptions {
	/** Whether it does no harm when the request is processed twice. */
	readonly idempotent: boolean;
	/** How long to wait in all because the API demands it, in milliseconds. */
	readonly maxRateLimitWaitMs: number;
	/** Aborted when the request must not be sent again. */
	readonly signal: AbortSignal;
	/** Told of each wait that the API demands, in milliseconds. */
	readonly onRateLimit: (ms: number) => void;
}

/**
 * Sends a request until it succeeds, as far as that does no harm. A 429 was not processed and is waited for with
 * any method, as is a request that never left. After other failures only an idempotent request is sent again.
 *
 * @param send sends the request once
 * @throws RateLimitError when the API demands a longer wait than allowed; otherwise what `send` threw last
 */
export async function retry<T>(send: () => Promise<T>, options: RetryOptions): Promise<T> {
	const { idempotent, maxRateLimitWaitMs, signal, onRateLimit } = options;
	let waitedMs = 0;
	let rateLimits = 0;
	let retries = 0;
	for (;;) {
		const outcome = await settle(send());
		if (outcome.status === 'fulfilled') return outcome.value;
		const error: unknown = outcome.reason;
		const demandedMs = demandedWait(error, idempotent);
		if (error instanceof ResponseError && demandedMs !== undefined) {
			const waitMs = demandedMs ?? backoffDelay(RATE_LIMIT_BASE_DELAY_MS, rateLimits++);
			waitedMs += waitMs;
			if (waitedMs > maxRateLimitWaitMs) throw new RateLimitError(error);
			onRateLimit(waitMs);
			await delay(waitMs, signal);
		} else if (retries < MAX_RETRIES && shouldRetry(error, idempotent)) {
			const waiting = await settle(delay(backoffDelay(BASE_BACKOFF_MS, retries++), signal));
			// When no time is left to send it again, what went wrong tells more than that time is up.
			if (waiting.status === 'rejected') throw isTimeout(waiting.reason) ? error : waiting.reason;
		} else {
			throw error;
		}
	}
}

/**
 * The wait that a response demands before the request may be sent again: a 429, which was not processed, or a
 * 503 with Retry-After, after which that is not certain.
 *
 * @returns milliseconds; null when the response does not say how long; `undefined` when it demands none
 */
function demandedWait(error: unknown, idempotent: boolean): number | null | undefined {
	if (!(error instanceof ResponseError)) return undefined;
	const retryAfterMs = parseRetryAfter(error.headers);
	if (error.status === 429) return retryAfterMs ?? null;
	return error.status === 503 && idempotent ? retryAfterMs : undefined;
}

/** Whether the service or the network failed in a way that may pass. */
function shouldRetry(error: unknown, idempotent: boolean): boolean {
	if (error instanceof ResponseError) return idempotent && (error.status >= 500 || isTruncatedJson(error));
	const code = networkErrorCode(error);
	if (code === undefined || code === 'ERR_CANCELED' || isPermanent(error)) return false;
	return idempotent || failedBeforeSend(error);
}

/** A delay that doubles with each retry, give or take a quarter, so that not everybody comes back at once. */
function backoffDelay(baseMs: number, retries: number): number {
	return baseMs * 2 ** retries * (0.75 + Math.random() / 2);
}
