import { Unfit } from './reasons';

/** The code that axios gives to a request that was cancelled. */
const CANCELLED = 'ERR_CANCELED';

/**
 * The code of a network fault, such as `ECONNRESET`; `undefined` when it is none.
 *
 * n8n's HTTP helper throws a NodeApiError whose `cause` is the error of axios (n8n-core,
 * request-helpers/authentication.js).
 */
export function faultCode(reason: unknown): string | undefined {
	if (reason instanceof Error && reason.name === 'AbortError') return CANCELLED;
	if (reason instanceof Error && reason.name === 'TimeoutError') return 'ETIMEDOUT';
	const cause: unknown = reason instanceof Error ? reason.cause : undefined;
	const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
	return typeof code === 'string' ? code : undefined;
}

/** Codes of faults that come before a connection stands, so that the API has seen nothing of the request. */
const BEFORE_CONNECTION =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EAI_FAIL|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$|CERT|SELF_SIGNED|UNABLE_TO/;

/** Whether it is certain that a request did not reach the API. */
function neverLeft(reason: unknown): boolean {
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
 * Whether to send a request once more: the service or the network gave way, which may pass.
 *
 * @param repeatable whether it does no harm when the request is carried out twice
 */
export function mayPass(reason: unknown, repeatable: boolean): boolean {
	if (reason instanceof Unfit) return repeatable && reason.status >= 500;
	const code = faultCode(reason);
	return code !== undefined && code !== CANCELLED && (repeatable || neverLeft(reason));
}
