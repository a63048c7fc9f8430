import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../shared/typeGuards';
import { OutcomeUnknownError, RateLimitError, ResponseError, TransportError } from './errors';

/** The code that axios gives to a request that was cancelled. */
const CANCELLED = 'ERR_CANCELED';

/** A NodeApiError, the error of axios and the one of Node.js; more only with an agent for a proxy. */
const MAX_CAUSES = 5;

/** Codes of what fails before there is a connection. */
const NO_CONNECTION =
	/^(ECONNREFUSED|ENOTFOUND|EAI_\w+|EHOSTUNREACH|EHOSTDOWN|ENETUNREACH|ENETDOWN|EADDRNOTAVAIL)$/;

/** System calls that come before the first byte is sent; what they fail with can have any code, such as ETIMEDOUT. */
const CONNECTING = /^(connect|getaddrinfo)$/;

/** What Node.js and the agent for proxies say without a code of its own (node:_tls_wrap, https-proxy-agent). */
const CLOSED_BEFORE_SEND =
	/before secure TLS connection was established|Proxy connection ended before receiving CONNECT response/;

/** TLS errors (Node.js docs, errors: OpenSSL error codes). */
const TLS_ERROR = /^(EPROTO$|ERR_SSL_|ERR_TLS_)/;

/** What OpenSSL says of a server that answers without TLS. */
const NOT_TLS = /wrong version number|packet length too long|http request/i;

/** Of the TLS errors those that can also come up in the middle of a response. */
const TLS_ERROR_LATER = /BAD_RECORD_MAC|DECRYPTION_FAILED|UNEXPECTED_EOF/;

/**
 * Errors of the server's certificate (Node.js docs, tls: X509 certificate error codes); alerts of the server are
 * about a certificate of the client.
 */
const CERTIFICATE_ERROR =
	/^(?!ERR_SSL_(?!CERTIFICATE_VERIFY)).*(CERT|CRL|SELF_SIGNED|UNABLE_TO)|^(INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH)$/;

/** Requests that Node.js or axios refuses to send. */
const INVALID_REQUEST =
	/^(ERR_INVALID_(URL|CHAR|PROTOCOL|ARG_TYPE|ARG_VALUE|HTTP_TOKEN)|ERR_UNESCAPED_CHARACTERS|ERR_BAD_REQUEST|ERR_BAD_OPTION\w*)$/;

/** Codes of the HTTP parser and of zlib, but for an end in the middle of the headers. */
const UNREADABLE = /^(HPE_(?!INVALID_EOF_STATE)|Z_)/;

const TIMEOUT = /^(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT)$/;

/**
 * The code of a network error, such as `ECONNRESET`; `undefined` when the error is none.
 *
 * n8n's HTTP helper throws a NodeApiError whose `cause` is the error of axios (n8n-core,
 * request-helpers/authentication.js). Signals abort with an AbortError or a TimeoutError.
 */
export function networkErrorCode(error: unknown): string | undefined {
	if (error instanceof TransportError) return undefined;
	if (isAbortReason(error, 'AbortError')) return CANCELLED;
	if (isAbortReason(error, 'TimeoutError')) return 'ETIMEDOUT';
	for (const { code, message } of causesOf(error)) {
		if (typeof code === 'string') return code;
		if (CLOSED_BEFORE_SEND.test(String(message))) return 'ECONNRESET';
	}
	return undefined;
}

/** Whether it is certain that the API has not received the request. */
export function failedBeforeSend(error: unknown): boolean {
	const code = networkErrorCode(error);
	if (code === undefined || isWaitAborted(error)) return false;
	if (NO_CONNECTION.test(code) || isPermanent(error)) return true;
	return causesOf(error).some(
		({ syscall, message }) => CONNECTING.test(String(syscall)) || CLOSED_BEFORE_SEND.test(String(message)),
	);
}

/** Whether sending the request again can't help: the TLS handshake fails, or the request is invalid. */
export function isPermanent(error: unknown): boolean {
	return isTlsError(error) || isCertificateError(error) || isInvalidRequest(error);
}

/** Whether the TLS handshake failed, for example because the port doesn't speak TLS. */
export function isTlsError(error: unknown): boolean {
	const code = networkErrorCode(error) ?? '';
	return TLS_ERROR.test(code) && !TLS_ERROR_LATER.test(code) && !isCertificateError(error);
}

/** Whether the server speaks plain HTTP, or something else, where TLS was expected. */
export function isNotTls(error: unknown): boolean {
	return causesOf(error).some(({ code, message }) => NOT_TLS.test(`${code} ${message}`.replaceAll('_', ' ')));
}

/** Whether the connection was closed before the request was sent. */
export function closedBeforeSend(error: unknown): boolean {
	return causesOf(error).some(({ message }) => CLOSED_BEFORE_SEND.test(String(message)));
}

/** Whether the server's certificate is not trusted. */
export function isCertificateError(error: unknown): boolean {
	const code = networkErrorCode(error) ?? '';
	return CERTIFICATE_ERROR.test(code);
}

/** Whether the request can't be sent as it is, to no server. */
export function isInvalidRequest(error: unknown): boolean {
	return INVALID_REQUEST.test(networkErrorCode(error) ?? '');
}

/**
 * Whether the answer can't be understood as HTTP, or its content can't be unpacked; unlike with a connection that
 * broke, that is likely to stay so.
 */
export function isUnreadable(error: unknown): boolean {
	return UNREADABLE.test(networkErrorCode(error) ?? '');
}

/** Whether the user cancelled the execution. */
export function isCancelled(error: unknown): boolean {
	return networkErrorCode(error) === CANCELLED;
}

/** Whether no response arrived in time. */
export function isTimeout(error: unknown): boolean {
	return TIMEOUT.test(networkErrorCode(error) ?? '') && !failedBeforeSend(error);
}

/**
 * Whether a signal ended a wait between requests, so that none was in flight. A request in flight that is
 * aborted ends with an error of axios instead.
 */
export function isWaitAborted(error: unknown): boolean {
	return isAbortReason(error, 'AbortError') || isAbortReason(error, 'TimeoutError');
}

/**
 * Whether a request may have been processed although it failed: the connection broke, time ran out, the
 * service failed on the way, or the response is unusable. What was refused (4xx) was not processed, nor was a
 * redirect that has the client send the same request elsewhere; after a 303 it was (RFC 9110, 15.4).
 */
export function mayHaveBeenProcessed(error: unknown): boolean {
	if (error instanceof RateLimitError) return mayHaveBeenProcessed(error.cause);
	if (error instanceof ResponseError)
		return error.status < 300 || error.status === 303 || error.status >= 500;
	return networkErrorCode(error) !== undefined && !isWaitAborted(error) && !failedBeforeSend(error);
}

/**
 * Whether a request may still be in progress, so that it can take effect after what is sent next. A gateway
 * (502, 503, 504) gives up on a server that may go on.
 */
export function mayStillBeProcessed(error: unknown): boolean {
	if (error instanceof RateLimitError) return mayStillBeProcessed(error.cause);
	if (error instanceof ResponseError) return [502, 503, 504].includes(error.status);
	return mayHaveBeenProcessed(error);
}

/** Whether the service could not be reached, which other requests will find as well. */
export function isUnreachable(error: unknown): boolean {
	if (error instanceof OutcomeUnknownError) return isUnreachable(error.cause);
	if (error instanceof ResponseError) return error.status >= 500;
	const isNetworkError = networkErrorCode(error) !== undefined && !isWaitAborted(error);
	return isNetworkError && !isCancelled(error) && !isInvalidRequest(error);
}

/** Whether a successful response was cut off, so that its JSON can't be parsed. */
export function isTruncatedJson(error: unknown): boolean {
	if (!(error instanceof ResponseError) || error.status < 200 || error.status >= 300) return false;
	return typeof error.body === 'string' && /^\s*[[{]/.test(error.body) && !isJson(error.body);
}

function isJson(text: string): boolean {
	try {
		JSON.parse(text);
		return true;
	} catch {
		return false;
	}
}

/** Tells by `name`, not by class: the DOMException of a signal may belong to another JavaScript realm. */
function isAbortReason(error: unknown, name: string): boolean {
	return isObject(error) && error.name === name;
}

/** An error and the errors behind it, those of a connection that was tried at several addresses included. */
function causesOf(error: unknown, depth = MAX_CAUSES): IDataObject[] {
	if (!isObject(error) || depth === 0) return [];
	const attempts: unknown[] = Array.isArray(error.errors) ? error.errors : [];
	return [error, ...[error.cause, ...attempts].flatMap((cause) => causesOf(cause, depth - 1))];
}
