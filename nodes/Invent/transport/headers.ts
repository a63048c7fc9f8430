import type { IDataObject } from 'n8n-workflow';

/** How many members the whole list has, as far as the answer tells (docs: api-reference/getting-started/cookbook). */
export function countOf(headers: IDataObject): number | undefined {
	const count = Number(headers['pagination-count'] ?? NaN);
	return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** The server's clock when it answered, in milliseconds since 1970; whole seconds. */
export function clockOf(headers: IDataObject): number | undefined {
	const time = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
	return Number.isNaN(time) ? undefined : time;
}

/** A wait of nothing would be a loop. */
const SHORTEST_WAIT_MS = 1000;

/** No clock can tell the end of a wait without bounds. */
const LONGEST_WAIT_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * How long an answer asks to wait: seconds or an HTTP date (RFC 9110, 10.2.3). A date is read by the server's
 * own clock, which the answer tells too.
 *
 * @returns milliseconds, or `undefined` when there is no Retry-After that can be read
 */
export function retryAfterMs(headers: IDataObject): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const wait = Number.isNaN(seconds)
		? Date.parse(value) - (clockOf(headers) ?? Date.now()) + SHORTEST_WAIT_MS
		: seconds * 1000;
	if (Number.isNaN(wait)) return undefined;
	return Math.min(Math.max(wait, SHORTEST_WAIT_MS), LONGEST_WAIT_MS);
}
