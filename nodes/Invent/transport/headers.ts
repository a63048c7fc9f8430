import type { IDataObject } from 'n8n-workflow';

/** The number of items in the whole list, if the response has it (docs: api-reference/getting-started/cookbook). */
export function parseTotalCount(headers: IDataObject): number | undefined {
	const value = headers['pagination-count'];
	const count = typeof value === 'string' && value.trim() === '' ? NaN : Number(value ?? NaN);
	return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}

/** The server's clock at the time of the response, in milliseconds since 1970; precise to the second. */
export function parseDate(headers: IDataObject): number | undefined {
	const time = typeof headers.date === 'string' ? Date.parse(headers.date) : NaN;
	return Number.isNaN(time) ? undefined : time;
}

/** Without a minimum, `Retry-After: 0` would repeat requests in a tight loop. */
const MIN_RETRY_AFTER_MS = 1000;

/** A larger number than `Date` can hold, such as `Retry-After: 1e99`, must still give a point in time. */
const MAX_RETRY_AFTER_MS = 365 * 24 * 60 * 60 * 1000;

/**
 * How long to wait according to the response: seconds or an HTTP date (RFC 9110, section 10.2.3). A date is
 * compared with the server's own clock, which the response has too.
 *
 * @returns milliseconds, or `undefined` without a valid Retry-After header
 */
export function parseRetryAfter(headers: IDataObject): number | undefined {
	const value = headers['retry-after'];
	if (typeof value !== 'string' || value.trim() === '') return undefined;
	const seconds = Number(value);
	const wait = Number.isNaN(seconds)
		? Date.parse(value) - (parseDate(headers) ?? Date.now()) + MIN_RETRY_AFTER_MS
		: seconds * 1000;
	if (Number.isNaN(wait)) return undefined;
	return Math.min(Math.max(wait, MIN_RETRY_AFTER_MS), MAX_RETRY_AFTER_MS);
}
