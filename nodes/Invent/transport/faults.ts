/**
 * The code of a network fault, such as `ECONNRESET`; `undefined` when it is none.
 *
 * n8n's HTTP helper throws a NodeApiError whose `cause` is the error of axios (n8n-core,
 * request-helpers/authentication.js).
 */
export function faultCode(reason: unknown): string | undefined {
	const cause: unknown = reason instanceof Error ? reason.cause : undefined;
	const code: unknown = cause instanceof Error && 'code' in cause ? cause.code : undefined;
	return typeof code === 'string' ? code : undefined;
}
