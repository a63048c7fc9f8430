import { describeNetworkError } from '../../../nodes/Invent/transport/networkErrorMessages.ts';
import type { RequestContext } from '../../../nodes/Invent/transport/requestContext.ts';
import { ABORTED, httpHelperError, SEEN, TIMED_OUT } from './networkFixtures.mts';

const ITEM: RequestContext = {
	responseType: 'object',
	pathParameters: ['Organization'],
	index: 0,
	timeoutMs: 60_000,
};
const DROPDOWN: RequestContext = { ...ITEM, isDropdown: true, timeoutMs: 15_000 };
const BASE_URL = 'https://user@api.example:8443/proxy';
const HOST = 'api.example:8443';

const CANT_CONNECT = "Check the 'Base URL' of the credential and whether n8n can reach the host.";
const CLOSED = "Check the 'Base URL' of the credential, any proxy, and whether n8n can reach the host.";
const CERTIFICATE =
	"Check the 'Base URL' of the credential. A proxy needs a certificate that n8n trusts. Nothing was sent.";
const TLS =
	"Check the 'Base URL' of the credential, and the TLS settings of the server and any proxy. Nothing was sent.";
const UNREADABLE =
	"Check the 'Base URL' of the credential. A proxy or gateway may have changed the response, or responded instead of the API.";

describe('Each network error has its text', () => {
	test.each<readonly [keyof typeof SEEN, string, string]>([
		['refused', `Could not connect to ${HOST}`, `${CANT_CONNECT} (ECONNREFUSED)`],
		[
			'unknownHost',
			`Could not resolve host ${HOST}`,
			"Check the 'Base URL' of the credential and the DNS settings of n8n. (ENOTFOUND)",
		],
		['connectTimeout', `Could not connect to ${HOST}`, `${CANT_CONNECT} (ETIMEDOUT)`],
		['connectTimeoutOfAll', `Could not connect to ${HOST}`, `${CANT_CONNECT} (ETIMEDOUT)`],
		[
			'plainPort',
			`${HOST} does not support HTTPS`,
			"Check the 'Base URL' of the credential. Its port may serve plain HTTP or something other than the API. Nothing was sent. (EPROTO)",
		],
		['tlsVersion', `Could not establish a secure connection to ${HOST}`, `${TLS} (EPROTO)`],
		[
			'clientCertificate',
			`Could not establish a secure connection to ${HOST}`,
			`${TLS} (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)`,
		],
		[
			'selfSigned',
			`The certificate of ${HOST} is not trusted`,
			`${CERTIFICATE} (DEPTH_ZERO_SELF_SIGNED_CERT)`,
		],
		[
			'wrongName',
			`The certificate of ${HOST} is not trusted`,
			`${CERTIFICATE} (ERR_TLS_CERT_ALTNAME_INVALID)`,
		],
		[
			'closedInHandshake',
			`The connection to ${HOST} was closed before the request was sent`,
			`${CLOSED} (ECONNRESET)`,
		],
		[
			'proxyClosed',
			`The connection to ${HOST} was closed before the request was sent`,
			`${CLOSED} (ECONNRESET)`,
		],
		[
			'invalidUrl',
			'The URL of the request is invalid',
			"Check the 'Base URL' of the credential. Nothing was sent. (ERR_INVALID_URL)",
		],
		[
			'unsupportedProtocol',
			'The URL of the request is invalid',
			"Check the 'Base URL' of the credential. Nothing was sent. (ERR_BAD_REQUEST)",
		],
		[
			'invalidCharacter',
			"The 'API Key' of the credential contains an invalid character",
			'Copy the key again, and enter only the key. Nothing was sent. (ERR_INVALID_CHAR)',
		],
		[
			'reset',
			`The connection to ${HOST} was lost before the response was complete`,
			'Run the workflow again later. (ECONNRESET)',
		],
		[
			'badRecord',
			`The connection to ${HOST} was lost before the response was complete`,
			'Run the workflow again later. (ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC)',
		],
		[
			'truncated',
			`The connection to ${HOST} was lost before the response was complete`,
			'Run the workflow again later. (ERR_BAD_RESPONSE)',
		],
		[
			'endInHeaders',
			`The connection to ${HOST} was lost before the response was complete`,
			'Run the workflow again later. (HPE_INVALID_EOF_STATE)',
		],
		[
			'timeout',
			`${HOST} did not respond in time (60 seconds)`,
			"Run the workflow again later, or increase 'Timeout' in Request Options. (ECONNABORTED)",
		],
		['cancelled', 'The execution was canceled', 'A request was in progress. (ERR_CANCELED)'],
		[
			'headersTooLarge',
			`The response headers from ${HOST} are too large`,
			"Check the 'Base URL' of the credential. A proxy or gateway may have responded instead of the API. (HPE_HEADER_OVERFLOW)",
		],
		['notHttp', `Could not read the response from ${HOST}`, `${UNREADABLE} (HPE_INVALID_CONSTANT)`],
		['brokenGzip', `Could not read the response from ${HOST}`, `${UNREADABLE} (Z_DATA_ERROR)`],
	])('%s', (name, message, description) => {
		expect(describeNetworkError(SEEN[name], ITEM, BASE_URL)).toEqual({ message, description });
	});

	test.each<readonly [keyof typeof SEEN, string, string]>([
		['refused', `Could not connect to ${HOST}`, `${CANT_CONNECT} (ECONNREFUSED)`],
		[
			'reset',
			`The connection to ${HOST} was lost before the response was complete`,
			'Try again later. (ECONNRESET)',
		],
		['timeout', `${HOST} did not respond in time (15 seconds)`, 'Try again later. (ECONNABORTED)'],
		['cancelled', `${HOST} did not respond in time (15 seconds)`, 'Try again later. (ERR_CANCELED)'],
	])('%s for a drop-down', (name, message, description) => {
		expect(describeNetworkError(SEEN[name], DROPDOWN, BASE_URL)).toEqual({ message, description });
	});
});

test.each([
	['EAI_AGAIN', `Could not resolve host ${HOST}`],
	['EAI_FAIL', `Could not resolve host ${HOST}`],
	['ENETUNREACH', `Could not connect to ${HOST}`],
	['EHOSTUNREACH', `Could not connect to ${HOST}`],
	['EADDRNOTAVAIL', `Could not connect to ${HOST}`],
	['ETIMEDOUT', `${HOST} did not respond in time (60 seconds)`],
	['ESOCKETTIMEDOUT', `${HOST} did not respond in time (60 seconds)`],
	['CERT_HAS_EXPIRED', `The certificate of ${HOST} is not trusted`],
	['ERR_INVALID_HTTP_TOKEN', "The 'API Key' of the credential contains an invalid character"],
	['ERR_UNESCAPED_CHARACTERS', 'The URL of the request is invalid'],
	['EPIPE', `The connection to ${HOST} was lost before the response was complete`],
])('%s: %s', (code, message) => {
	expect(describeNetworkError(httpHelperError('', { code }), ITEM, BASE_URL).message).toBe(message);
});

test.each([
	[60_000, ' (60 seconds)'],
	[1000, ' (1 second)'],
	[300, ' (0.3 seconds)'],
])('A time-out of %i ms is told as%s', (timeoutMs, told) => {
	expect(describeNetworkError(SEEN.timeout, { ...ITEM, timeoutMs }, BASE_URL).message).toBe(
		`${HOST} did not respond in time${told}`,
	);
});

test('A time-out of unknown length is told without it', () => {
	const context: RequestContext = { responseType: 'list', pathParameters: [] };
	expect(describeNetworkError(SEEN.timeout, context, BASE_URL).message).toBe(
		`${HOST} did not respond in time`,
	);
});

test.each(['ENOTFOUNDED', 'AN_ENOTFOUND', 'ERR_INVALID_CHARS', 'AN_ERR_INVALID_CHAR'])(
	'%s is not taken for a code that is part of it',
	(code) => {
		expect(describeNetworkError(httpHelperError('', { code }), ITEM, BASE_URL).message).toBe(
			`The connection to ${HOST} was lost before the response was complete`,
		);
	},
);

describe('When a wait ends before anything was sent', () => {
	test('because the user cancelled the execution, the text says so', () => {
		expect(describeNetworkError(ABORTED, ITEM, BASE_URL)).toEqual({
			message: 'The execution was canceled',
			description: 'Nothing more was sent for this item.',
		});
	});

	test('because its time is over, only the text for a drop-down names the rate limit', () => {
		expect(describeNetworkError(TIMED_OUT, ITEM, BASE_URL)).toEqual({
			message: `${HOST} did not respond in time (60 seconds)`,
			description: "Run the workflow again later, or increase 'Timeout' in Request Options.",
		});
	});

	test('because a drop-down was given up, the text does not name the rate limit', () => {
		expect(describeNetworkError(ABORTED, DROPDOWN, BASE_URL)).toEqual({
			message: `${HOST} did not respond in time (15 seconds)`,
			description: 'Try again later.',
		});
	});

	test('because a drop-down must be filled, the text names the rate limit, and no time-out or option', () => {
		expect(describeNetworkError(TIMED_OUT, DROPDOWN, BASE_URL)).toEqual({
			message: 'Rate limit reached: try again in a minute',
			description: 'Invent allows 500 requests per minute and IP address.',
		});
	});
});

test('Without a valid address the API is called the API', () => {
	expect(describeNetworkError(SEEN.reset, ITEM, 'no address').message).toBe(
		'The connection to the API was lost before the response was complete',
	);
});
