/** An answer before it is put on the wire. */
export interface Answer {
	status: number;
	headers: Record<string, string>;
	/** The body as text, sent as it is. */
	body: string;
	/** Why the contract forbids the request, when that is the reason for this answer. */
	violation?: string;
}

/** How a 429 says when to come back. */
export type RetryAfter = 'seconds' | 'http-date' | 'none';

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

/** A 200 with `body`, which is JSON text already. (Every documented operation answers 200, creations too.) */
export function ok(body: string, headers: Record<string, string> = {}): Answer {
	return { status: 200, headers: { ...JSON_TYPE, ...headers }, body };
}

/** An error as JSON. The shape `{ "message": … }` is this sandbox's choice: no page shows the body of an error. */
export function refusal(status: number, message: string, headers: Record<string, string> = {}): Answer {
	return { status, headers: { ...JSON_TYPE, ...headers }, body: JSON.stringify({ message }) };
}

/** A 400 for a request that the contract forbids. */
export function forbidden(violation: string): Answer {
	return { ...refusal(400, violation), violation };
}

const SECOND = 1000;

/**
 * A Retry-After header (RFC 9110, section 10.2.3) for `waitMs` milliseconds from `now`, rounded up, so that who obeys it is
 * never too early.
 */
export function retryAfterHeader(form: RetryAfter, waitMs: number, now: number): Record<string, string> {
	if (form === 'none') return {};
	if (form === 'seconds') return { 'retry-after': String(Math.ceil(waitMs / SECOND)) };
	return { 'retry-after': new Date(Math.ceil((now + waitMs) / SECOND) * SECOND).toUTCString() };
}
