import type { IDataObject } from 'n8n-workflow';

import { Unfit } from './answer';
import { faultCode } from './faults';
import { pause } from './waiting';

/** How often a request that may be repeated is sent again after the service or the network gave way. */
const REPEATS = 3;

const FIRST_BACKOFF_MS = 200;

/** Without a Retry-After the first wait after a 429; it doubles each time. */
const FIRST_LIMIT_WAIT_MS = 1000;

/** What the API asked for is longer than the node may wait. */
export class TooLong extends Error {
	/**
	 * @param because the API's answer, a 429
	 * @param waitMs how long the API asked to wait, in milliseconds
	 */
	constructor(
		readonly because: Unfit,
		readonly waitMs: number,
	) {
		super('The API asks for a longer wait');
	}
}

export interface Patience {
	/** Whether the request does no harm when it is carried out twice. */
	readonly repeatable: boolean;
	/** How long to wait for a 429 to pass, in all, in milliseconds. */
	readonly maxWaitMs: number;
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
	for (let failures = 1; ; failures += 1) {
		const [outcome] = await Promise.allSettled([send()]);
		if (outcome.status === 'fulfilled') return outcome.value;
		const reason: unknown = outcome.reason;
		if (reason instanceof Unfit && reason.status === 429) {
			const wait = retryAfterMs(reason.headers) ?? jittered(FIRST_LIMIT_WAIT_MS * 2 ** (failures - 1));
			if (waited + wait > patience.maxWaitMs) throw new TooLong(reason, wait);
			waited += wait;
			patience.onLimit(wait);
			await pause(wait, patience.signal);
		} else if (failures <= REPEATS && mayBeSentAgain(reason, patience.repeatable)) {
			await pause(jittered(FIRST_BACKOFF_MS * 2 ** (failures - 1)), patience.signal);
		} else {
			throw reason;
		}
	}
}

function mayBeSentAgain(reason: unknown, repeatable: boolean): boolean {
	if (reason instanceof Unfit) return repeatable && reason.status >= 500;
	const code = faultCode(reason);
	if (code === undefined || code === 'ERR_CANCELED') return false;
	return repeatable || neverLeft(reason);
}

/** Codes of faults that come before a connection stands, so that the API has seen nothing of the request. */
const BEFORE_CONNECTION =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$|CERT|SELF_SIGNED|UNABLE_TO/;

/** Whether it is certain that a request did not reach the API. */
export function neverLeft(reason: unknown): boolean {
	return BEFORE_CONNECTION.test(faultCode(reason) ?? '');
}

/**
 * Whether a request may have been carried out although it did not succeed: the connection broke, time ran out,
 * the service gave way in the middle, or the answer can't be understood. A refusal (4xx) was not carried out.
 */
export function mayHaveHappened(reason: unknown): boolean {
	if (reason instanceof Unfit) return reason.status < 400 || reason.status >= 500;
	return faultCode(reason) !== undefined && !neverLeft(reason);
}

/**
 * How long an answer asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3). A date is read by the server's
 * own clock, which the answer tells too. A wait of nothing would be a loop, so it is a second at least.
 *
 * @returns milliseconds, or `undefined` when there is no usable Retry-After
 */
export function retryAfterMs(headers: IDataObject): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	if (Number.isFinite(seconds)) return Math.max(seconds * 1000, 1000);
	const at = Date.parse(value);
	if (Number.isNaN(at)) return undefined;
	return Math.max(at - (clockOf(headers) ?? Date.now()), 0) + 1000;
}

/** The server's clock when it answered, in milliseconds since 1970; whole seconds. */
export function clockOf(headers: IDataObject): number | undefined {
	const time = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
	return Number.isNaN(time) ? undefined : time;
}

function jittered(ms: number): number {
	return ms * (0.75 + Math.random() / 2);
}
