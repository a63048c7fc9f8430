import {
	OutcomeUnknownError,
	RateLimitError,
	ResponseError,
	SkippedRequestError,
} from '../../../nodes/Invent/transport/errors.ts';
import {
	closedBeforeSend,
	failedBeforeSend,
	isCancelled,
	isCertificateError,
	isInvalidRequest,
	isNotTls,
	isPermanent,
	isTimeout,
	isTlsError,
	isTruncatedJson,
	isUnreachable,
	isUnreadable,
	isWaitAborted,
	mayHaveBeenProcessed,
	mayStillBeProcessed,
	networkErrorCode,
} from '../../../nodes/Invent/transport/networkErrors.ts';
import { ABORTED, httpHelperError, SEEN, TIMED_OUT } from './networkFixtures.mts';

const PREDICATES = {
	closedBeforeSend,
	failedBeforeSend,
	isCancelled,
	isCertificateError,
	isInvalidRequest,
	isNotTls,
	isPermanent,
	isTimeout,
	isTlsError,
	isUnreachable,
	isUnreadable,
	isWaitAborted,
	mayHaveBeenProcessed,
	mayStillBeProcessed,
} as const;

/** The names of all predicates that hold. */
function holding(error: unknown): string[] {
	return Object.entries(PREDICATES).flatMap(([name, predicate]) => (predicate(error) ? [name] : []));
}

const LATE = ['isUnreachable', 'mayHaveBeenProcessed', 'mayStillBeProcessed'];
const TLS = ['failedBeforeSend', 'isPermanent', 'isTlsError', 'isUnreachable'];
const CERTIFICATE = ['failedBeforeSend', 'isCertificateError', 'isPermanent', 'isUnreachable'];

test.each<readonly [keyof typeof SEEN, string, readonly string[]]>([
	['refused', 'ECONNREFUSED', ['failedBeforeSend', 'isUnreachable']],
	['unknownHost', 'ENOTFOUND', ['failedBeforeSend', 'isUnreachable']],
	['connectTimeout', 'ETIMEDOUT', ['failedBeforeSend', 'isUnreachable']],
	['connectTimeoutOfAll', 'ETIMEDOUT', ['failedBeforeSend', 'isUnreachable']],
	['plainPort', 'EPROTO', ['failedBeforeSend', 'isNotTls', 'isPermanent', 'isTlsError', 'isUnreachable']],
	['tlsVersion', 'EPROTO', TLS],
	['clientCertificate', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', TLS],
	['selfSigned', 'DEPTH_ZERO_SELF_SIGNED_CERT', CERTIFICATE],
	['wrongName', 'ERR_TLS_CERT_ALTNAME_INVALID', CERTIFICATE],
	['closedInHandshake', 'ECONNRESET', ['closedBeforeSend', 'failedBeforeSend', 'isUnreachable']],
	['proxyClosed', 'ECONNRESET', ['closedBeforeSend', 'failedBeforeSend', 'isUnreachable']],
	['badRecord', 'ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', LATE],
	['invalidUrl', 'ERR_INVALID_URL', ['failedBeforeSend', 'isInvalidRequest', 'isPermanent']],
	['invalidCharacter', 'ERR_INVALID_CHAR', ['failedBeforeSend', 'isInvalidRequest', 'isPermanent']],
	['unsupportedProtocol', 'ERR_BAD_REQUEST', ['failedBeforeSend', 'isInvalidRequest', 'isPermanent']],
	['reset', 'ECONNRESET', LATE],
	['timeout', 'ECONNABORTED', ['isTimeout', ...LATE]],
	['cancelled', 'ERR_CANCELED', ['isCancelled', 'mayHaveBeenProcessed', 'mayStillBeProcessed']],
	['truncated', 'ERR_BAD_RESPONSE', LATE],
	['headersTooLarge', 'HPE_HEADER_OVERFLOW', ['isUnreadable', ...LATE].sort()],
	['notHttp', 'HPE_INVALID_CONSTANT', ['isUnreadable', ...LATE].sort()],
	['endInHeaders', 'HPE_INVALID_EOF_STATE', LATE],
	['brokenGzip', 'Z_DATA_ERROR', ['isUnreadable', ...LATE].sort()],
])('%s has the code %s and is %j', (name, code, predicates) => {
	expect(networkErrorCode(SEEN[name])).toBe(code);
	expect(holding(SEEN[name]).sort()).toEqual([...predicates].sort());
	expect(isTruncatedJson(SEEN[name])).toBe(false);
});

describe('Nothing can have been processed when the request failed with', () => {
	test.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'EAI_FAIL',
		'EHOSTUNREACH',
		'EHOSTDOWN',
		'ENETUNREACH',
		'ENETDOWN',
		'EADDRNOTAVAIL',
	])('%s, which may pass', (code) => {
		const error = httpHelperError('', { code });
		expect(holding(error)).toEqual(['failedBeforeSend', 'isUnreachable']);
	});

	test.each([
		'CERT_HAS_EXPIRED',
		'CERT_NOT_YET_VALID',
		'CERT_REVOKED',
		'CERT_UNTRUSTED',
		'CERT_CHAIN_TOO_LONG',
		'CRL_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_GET_ISSUER_CERT',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'INVALID_CA',
		'INVALID_PURPOSE',
		'HOSTNAME_MISMATCH',
		'ERR_SSL_CERTIFICATE_VERIFY_FAILED',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('%s, which stays', (code) => {
		expect(holding(httpHelperError('', { code }))).toEqual(CERTIFICATE);
	});

	test.each([
		'EPROTO',
		'ERR_SSL_NO_PROTOCOLS_AVAILABLE',
		'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
		'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
		'ERR_TLS_HANDSHAKE_TIMEOUT',
	])('%s, which stays', (code) => {
		expect(holding(httpHelperError('', { code }))).toEqual(TLS);
	});

	test.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG', 'ERR_SSL_HTTP_REQUEST'])(
		'%s, which a port without TLS causes',
		(code) => {
			expect(holding(httpHelperError('', { code }))).toEqual([...TLS, 'isNotTls'].sort());
		},
	);

	test.each([
		'ERR_INVALID_URL',
		'ERR_INVALID_CHAR',
		'ERR_INVALID_PROTOCOL',
		'ERR_INVALID_ARG_TYPE',
		'ERR_INVALID_ARG_VALUE',
		'ERR_INVALID_HTTP_TOKEN',
		'ERR_UNESCAPED_CHARACTERS',
		'ERR_BAD_REQUEST',
		'ERR_BAD_OPTION',
		'ERR_BAD_OPTION_VALUE',
	])('%s, which is no matter of the service', (code) => {
		const error = httpHelperError('', { code });
		expect(holding(error)).toEqual(['failedBeforeSend', 'isInvalidRequest', 'isPermanent']);
	});
});

test.each([
	'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC',
	'ERR_SSL_UNEXPECTED_EOF_WHILE_READING',
	'EPIPE',
	'ENEWCODE',
])('After %s the request may have been processed', (code) => {
	expect(holding(httpHelperError('', { code }))).toEqual(LATE);
});

test.each([
	'AN_ECONNREFUSED',
	'ECONNREFUSED_BY_ALL',
	'EPROTOTYPE',
	'AN_ERR_SSL_WRONG_VERSION',
	'AN_INVALID_CA',
	'INVALID_CALL',
	'AN_ERR_INVALID_URL',
	'ERR_INVALID_URL_SCHEME',
	'AN_HPE_INVALID_CONSTANT',
	'AN_ETIMEDOUT',
	'ETIMEDOUT_OF_ALL',
])('%s is not taken for a code that is part of it', (code) => {
	expect(holding(httpHelperError('', { code }))).toEqual(LATE);
});

test.each(['connection', 'reconnect', 'read', 'write'])(
	'After a failed system call %s the request may have been processed',
	(syscall) => {
		expect(holding(httpHelperError('', { code: 'ENEWCODE', syscall }))).toEqual(LATE);
	},
);

describe('A response', () => {
	const PROCESSED = ['mayHaveBeenProcessed'];
	const IN_DOUBT = ['isUnreachable', 'mayHaveBeenProcessed', 'mayStillBeProcessed'];
	test.each<readonly [number, readonly string[]]>([
		[200, PROCESSED],
		[201, PROCESSED],
		[204, PROCESSED],
		[300, []],
		[301, []],
		[302, []],
		[303, PROCESSED],
		[304, []],
		[307, []],
		[308, []],
		[400, []],
		[401, []],
		[404, []],
		[408, []],
		[429, []],
		[499, []],
		[500, ['isUnreachable', 'mayHaveBeenProcessed']],
		[501, ['isUnreachable', 'mayHaveBeenProcessed']],
		[502, IN_DOUBT],
		[503, IN_DOUBT],
		[504, IN_DOUBT],
	])('with status %i is %j', (status, predicates) => {
		expect(holding(new ResponseError(status, {}, {}))).toEqual(predicates);
		expect(networkErrorCode(new ResponseError(status, {}, {}))).toBeUndefined();
	});

	test('with too long a wait was processed as far as its status says', () => {
		const busy = new RateLimitError(new ResponseError(503, '', { 'retry-after': '9' }));
		expect(holding(busy)).toEqual(['mayHaveBeenProcessed', 'mayStillBeProcessed']);
		expect(holding(new RateLimitError(new ResponseError(429, '', {})))).toEqual([]);
	});
});

test('What is unknown because the service could not be reached says that it could not', () => {
	expect(isUnreachable(new OutcomeUnknownError('', '', SEEN.reset))).toBe(true);
	expect(isUnreachable(new OutcomeUnknownError('', '', new ResponseError(201, '', {})))).toBe(false);
});

describe('When a signal ends a wait, nothing was on its way', () => {
	test('as with a cancelled execution', () => {
		expect(networkErrorCode(ABORTED)).toBe('ERR_CANCELED');
		expect(holding(ABORTED)).toEqual(['isCancelled', 'isWaitAborted']);
	});

	test('as with a time limit', () => {
		expect(networkErrorCode(TIMED_OUT)).toBe('ETIMEDOUT');
		expect(holding(TIMED_OUT)).toEqual(['isTimeout', 'isWaitAborted']);
	});
});

test.each<readonly [string, unknown]>([
	['An ordinary error', new Error('x')],
	['An error of n8n', httpHelperError('No credentials')],
	['A request that was skipped', new SkippedRequestError(new Error('x'))],
	['A request that was skipped because of one', new SkippedRequestError(SEEN.reset)],
	['A failed system call without a code', { syscall: 'connect' }],
	['An object with a number as code', { code: 7 }],
	['A text', 'x'],
	['Nothing', undefined],
	['null', null],
])('%s is no network error', (_, error) => {
	expect(networkErrorCode(error)).toBeUndefined();
	expect(holding(error)).toEqual([]);
});

test('The code is found behind several causes, and a circle of causes ends', () => {
	const inner = Object.assign(new Error('inner'), { code: 'ECONNRESET' });
	expect(networkErrorCode(new Error('a', { cause: new Error('b', { cause: inner }) }))).toBe('ECONNRESET');
	const circle: Error = new Error('a');
	circle.cause = circle;
	expect(networkErrorCode(circle)).toBeUndefined();
});

test.each<readonly [number, unknown, boolean]>([
	[200, '{"id":', true],
	[201, ' \n[{"id":"a"},', true],
	[299, '{', true],
	[200, '{"id":"a"}', false],
	[200, '', false],
	[200, 'text', false],
	[200, '<html>', false],
	[200, 'text [', false],
	[200, { id: 'a' }, false],
	[199, '{', false],
	[300, '{', false],
	[500, '{', false],
])('Whether status %i with %j was cut off: %p', (status, body, expected) => {
	expect(isTruncatedJson(new ResponseError(status, body, {}))).toBe(expected);
});
