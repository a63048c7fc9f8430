import type { INode } from 'n8n-workflow';
import { NodeApiError } from 'n8n-workflow';

export const NODE: INode = {
	id: 'id',
	name: 'Invent',
	type: 'n8n-nodes-invent.invent',
	typeVersion: 1,
	position: [0, 0],
	parameters: {},
};

interface ErrorFields {
	readonly code?: string;
	readonly syscall?: string;
	readonly errors?: readonly Error[];
	readonly cause?: Error;
}

/** An error as n8n's HTTP helper throws it: a NodeApiError around the error of axios around the one of Node.js. */
export function httpHelperError(message: string, fields: ErrorFields = {}): NodeApiError {
	const cause = Object.assign(new Error(message), fields);
	const axiosError = Object.assign(
		new Error(message, { cause }),
		fields.code !== undefined && { code: fields.code },
	);
	const error = new NodeApiError(NODE, { message });
	error.cause = axiosError;
	return error;
}

/** Why a signal was aborted, as the engine and `AbortSignal.timeout` do it. */
export const ABORTED: unknown = new DOMException('This operation was aborted', 'AbortError');
export const TIMED_OUT: unknown = new DOMException(
	'The operation was aborted due to timeout',
	'TimeoutError',
);

/** What n8n 2.41 on Node.js 24 was seen to throw, by what happened. */
export const SEEN = {
	refused: httpHelperError('connect ECONNREFUSED 127.0.0.1:1', { code: 'ECONNREFUSED', syscall: 'connect' }),
	unknownHost: httpHelperError('getaddrinfo ENOTFOUND a.invalid', {
		code: 'ENOTFOUND',
		syscall: 'getaddrinfo',
	}),
	connectTimeout: httpHelperError('connect ETIMEDOUT 10.0.0.1:443', {
		code: 'ETIMEDOUT',
		syscall: 'connect',
	}),
	connectTimeoutOfAll: httpHelperError('', {
		code: 'ETIMEDOUT',
		errors: [Object.assign(new Error('connect ETIMEDOUT'), { code: 'ETIMEDOUT', syscall: 'connect' })],
	}),
	plainPort: httpHelperError(
		'write EPROTO 801C:error:0A00010B:SSL routines:tls_validate_record_header:wrong version number',
		{ code: 'EPROTO', syscall: 'write' },
	),
	tlsVersion: httpHelperError(
		'write EPROTO 801C:error:0A00042E:SSL routines:ssl3_read_bytes:tlsv1 alert protocol version',
		{ code: 'EPROTO', syscall: 'write' },
	),
	clientCertificate: httpHelperError('tlsv13 alert certificate required', {
		code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
	}),
	selfSigned: httpHelperError('self-signed certificate', { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
	wrongName: httpHelperError("Hostname/IP does not match certificate's altnames", {
		code: 'ERR_TLS_CERT_ALTNAME_INVALID',
	}),
	closedInHandshake: httpHelperError(
		'Client network socket disconnected before secure TLS connection was established',
		{ code: 'ECONNRESET' },
	),
	proxyClosed: httpHelperError('Proxy connection ended before receiving CONNECT response'),
	badRecord: httpHelperError('decryption failed or bad record mac', {
		code: 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC',
	}),
	invalidUrl: httpHelperError('Invalid URL', { code: 'ERR_INVALID_URL' }),
	invalidCharacter: httpHelperError('Invalid character in header content ["Authorization"]', {
		code: 'ERR_INVALID_CHAR',
	}),
	unsupportedProtocol: httpHelperError('Unsupported protocol ftp:', { code: 'ERR_BAD_REQUEST' }),
	reset: httpHelperError('socket hang up', { code: 'ECONNRESET' }),
	timeout: httpHelperError('timeout of 300ms exceeded', { code: 'ECONNABORTED' }),
	cancelled: httpHelperError('canceled', { code: 'ERR_CANCELED' }),
	truncated: httpHelperError('stream has been aborted', { code: 'ERR_BAD_RESPONSE' }),
	headersTooLarge: httpHelperError('Parse Error: Header overflow', { code: 'HPE_HEADER_OVERFLOW' }),
	notHttp: httpHelperError('Parse Error: Expected HTTP/', { code: 'HPE_INVALID_CONSTANT' }),
	endInHeaders: httpHelperError('Parse Error', { code: 'HPE_INVALID_EOF_STATE' }),
	brokenGzip: httpHelperError('incorrect header check', { code: 'Z_DATA_ERROR' }),
} as const;
