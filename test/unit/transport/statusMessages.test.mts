import { ResponseError } from '../../../nodes/Invent/transport/errors.ts';
import type { RequestContext } from '../../../nodes/Invent/transport/requestContext.ts';
import { describeResponse, isWebPage, retryAt } from '../../../nodes/Invent/transport/statusMessages.ts';

const GET: RequestContext = { responseType: 'object', pathParameters: ['Organization', 'Thing'] };
const BASE_URL = 'https://api.example';

interface Given {
	readonly body?: unknown;
	readonly headers?: ResponseError['headers'];
	readonly context?: Partial<RequestContext>;
	readonly baseUrl?: string;
	readonly exceedsMaxWait?: boolean;
}

function textOf(status: number, given: Given = {}) {
	const { headers = {}, context, baseUrl = BASE_URL, exceedsMaxWait = false } = given;
	const response = new ResponseError(status, 'body' in given ? given.body : '', headers);
	return describeResponse({
		response,
		context: { ...GET, ...context },
		baseUrl,
		secrets: ['k1'],
		exceedsMaxWait,
	});
}

const PAGE = '<!DOCTYPE html><html><body>Log in</body></html>';
const DROPDOWN = { isDropdown: true, responseType: 'list', pathParameters: ['Organization'] } as const;
const IN_90_SECONDS = { 'retry-after': '90', date: 'Fri, 01 May 2026 12:00:00 GMT' };

const NOT_ACCEPTED = [
	'Invent did not accept the request',
	'Correct the parameter that Invent names.',
] as const;
const NOT_THE_API =
	"Check the 'Base URL' of the credential; a proxy, a gateway or a login page may have answered instead of the API.";
const REFUSED_KEY =
	'Either the key in the credential is wrong or was deleted (compare it in Invent under Settings, API Keys), or this route is not open to API keys.';
const WRONG_KEY = 'Use a key of the organization that owns it, or of its parent organization.';
const REACH = 'A key reaches its own organization and the sub-organizations of that.';
const READ = 'Read what Invent says, and correct the parameters or the plan of the organization.';

describe('Each status has its text', () => {
	test.each([
		[400, ...NOT_ACCEPTED],
		[401, 'Invent refused the API key', REFUSED_KEY],
		[402, 'Invent refused the request with status 402', READ],
		[403, 'Invent does not allow this with the API key', WRONG_KEY],
		[
			404,
			"Invent found nothing under the given 'Organization' or 'Thing'",
			`Check 'Organization' or 'Thing'. ${REACH}`,
		],
		[405, 'Invent refused the request with status 405', READ],
		[
			407,
			'A proxy demands a user name and a password (status 407)',
			"Correct 'Proxy' under 'Request Options' or the proxy settings of this machine.",
		],
		[409, 'Invent refused the request with status 409', READ],
		[413, 'Invent refused the request with status 413', READ],
		[422, ...NOT_ACCEPTED],
		[
			429,
			'Invent asks for a pause',
			"Run it again later, or raise 'Max Wait'. Invent allows 500 requests a minute per IP address.",
		],
		[
			500,
			'Invent could not process the request and answered with status 500',
			'This lies with the service. Run the workflow again later.',
		],
		[
			502,
			'Invent could not process the request and answered with status 502',
			'This lies with the service. Run the workflow again later.',
		],
		[
			503,
			'Invent could not process the request and answered with status 503',
			'This lies with the service. Run the workflow again later.',
		],
		[
			504,
			'Invent could not process the request and answered with status 504',
			'This lies with the service. Run the workflow again later.',
		],
		[100, "The answer is not what Invent's API promises: one object was due, nothing came", NOT_THE_API],
		[600, "The answer is not what Invent's API promises: one object was due, nothing came", NOT_THE_API],
	])('%i', (status, message, description) => {
		expect(textOf(status)).toEqual({ message, description });
	});

	test.each([
		[401, 'Invent refused the API key', REFUSED_KEY],
		[
			404,
			"Invent found nothing under the given 'Organization'",
			`Check 'Organization', and the 'Base URL' of the credential. ${REACH}`,
		],
		[
			407,
			'A proxy demands a user name and a password (status 407)',
			'Correct the proxy settings of this machine.',
		],
		[
			429,
			'Invent asks for a pause: the rate limit is reached',
			'Open the list again later. Invent allows 500 requests a minute per IP address.',
		],
		[
			503,
			'Invent could not process the request and answered with status 503',
			'This lies with the service. Open the list again later.',
		],
	])('%i for a drop-down', (status, message, description) => {
		expect(textOf(status, { context: DROPDOWN })).toEqual({ message, description });
	});
});

describe('A success that is not what was asked for', () => {
	test.each<readonly [string, unknown]>([
		['nothing', undefined],
		['nothing', null],
		['nothing', ''],
		['a web page', PAGE],
		['incomplete JSON', '{"id":"a'],
		['a text', 'ok'],
		['a list', []],
		['an object of another kind', { id: '' }],
		['an object of another kind', 7],
	])('is %s', (kind, body) => {
		expect(textOf(200, { body })).toEqual({
			message: `The answer is not what Invent's API promises: one object was due, ${kind} came`,
			description: NOT_THE_API,
		});
	});

	test('may be in place of a list', () => {
		expect(textOf(201, { body: { id: 'a' }, context: { responseType: 'list' } }).message).toBe(
			"The answer is not what Invent's API promises: a list of objects was due, an object of another kind came",
		);
	});
});

describe('A web page is not by the API', () => {
	const BEFORE =
		"A proxy or gateway in between may have answered instead of the API. Check the 'Base URL' of the credential. If it was Invent: ";
	test.each([
		[400, NOT_ACCEPTED[1]],
		[401, REFUSED_KEY],
		[403, WRONG_KEY],
		[404, `Check 'Organization' or 'Thing'. ${REACH}`],
		[413, READ],
		[499, READ],
	])('with status %i', (status, description) => {
		expect(textOf(status, { body: PAGE })).toEqual({
			message: `A web page with status ${status} came instead of an answer of Invent's API`,
			description: BEFORE + description,
		});
	});

	test.each([500, 502, 503, 504])('with status %i, which may pass', (status) => {
		expect(textOf(status, { body: PAGE })).toEqual({
			message: `Invent could not process the request and answered with status ${status}`,
			description:
				'This lies with the service, or with a proxy or gateway in between. Run the workflow again later.',
		});
	});

	test('with status 407, which only a proxy has', () => {
		expect(textOf(407, { body: PAGE })).toEqual(textOf(407));
	});

	test('with status 429', () => {
		expect(textOf(429, { body: PAGE }).description).toBe(
			`${textOf(429).description} A proxy or gateway in between may have answered instead of the API.`,
		);
	});

	test.each<readonly [unknown, string | undefined, boolean]>([
		[PAGE, undefined, true],
		['<HTML>', undefined, true],
		['<body class="x">', undefined, true],
		['Down', 'text/html; charset=utf-8', true],
		['Down', 'text/plain', false],
		['Down', undefined, false],
		['', 'text/html', false],
		[' ', 'text/html', false],
		[{ html: '<html>' }, 'text/html', false],
	])('%j of type %s: %p', (body, type, expected) => {
		expect(isWebPage(new ResponseError(200, body, { 'content-type': type }))).toBe(expected);
	});
});

describe('A 404 names what may be wrong', () => {
	test.each<readonly [readonly string[], string, string, string]>([
		[
			[],
			BASE_URL,
			'Invent has nothing at this address',
			"Check the 'Base URL' of the credential, and whether the key is for the right organization.",
		],
		[
			[],
			`${BASE_URL}/proxy//`,
			'Invent has nothing at this address',
			"Check the 'Base URL' of the credential with its path /proxy, and whether the key is for the right organization.",
		],
		[
			['Organization'],
			BASE_URL,
			"Invent found nothing under the given 'Organization'",
			`Check 'Organization', and the 'Base URL' of the credential. ${REACH}`,
		],
		[
			['Organization'],
			`${BASE_URL}/proxy/invent`,
			"Invent found nothing under the given 'Organization'",
			`Check 'Organization', and the 'Base URL' of the credential with its path /proxy/invent. ${REACH}`,
		],
		[
			['Organization', 'Thing'],
			`${BASE_URL}/`,
			"Invent found nothing under the given 'Organization' or 'Thing'",
			`Check 'Organization' or 'Thing'. ${REACH}`,
		],
		[
			['Organization', 'Thing'],
			`${BASE_URL}/proxy`,
			"Invent found nothing under the given 'Organization' or 'Thing'",
			`Check 'Organization' or 'Thing', and the 'Base URL' of the credential with its path /proxy. ${REACH}`,
		],
		[
			[],
			`${BASE_URL}/k1`,
			'Invent has nothing at this address',
			"Check the 'Base URL' of the credential with its path /•••, and whether the key is for the right organization.",
		],
		[
			[],
			'not an address',
			'Invent has nothing at this address',
			"Check the 'Base URL' of the credential, and whether the key is for the right organization.",
		],
	])('of %j at %s', (pathParameters, baseUrl, message, description) => {
		expect(textOf(404, { context: { pathParameters }, baseUrl })).toEqual({ message, description });
	});
});

describe('A redirect', () => {
	const MESSAGE = 'The address answers with a redirect, which is not followed';
	const ENTER = "Enter the address that is meant as 'Base URL' of the credential";
	const NOT_SENT = 'The API key was not sent there.';
	const NOT_DONE = 'The request was not carried out, and the API key was not sent there.';
	test.each([
		[301, 'GET', NOT_SENT],
		[302, 'GET', NOT_SENT],
		[303, 'GET', NOT_SENT],
		[301, 'POST', NOT_DONE],
		[302, 'PATCH', NOT_DONE],
		[303, 'POST', NOT_SENT],
		[307, 'POST', NOT_DONE],
		[308, 'POST', NOT_DONE],
	])('with status %i of a %s', (status, method, end) => {
		const expected = { message: MESSAGE, description: `${ENTER}. ${end}` };
		expect(textOf(status, { context: { method } })).toEqual(expected);
		expect(textOf(status, { context: { method }, body: PAGE })).toEqual(expected);
	});

	test.each([
		['https://other.example', 'https://other.example'],
		['https://other.example/', 'https://other.example'],
		['https://other.example:8443/taken?key=k1#k1', 'https://other.example:8443/taken'],
		['https://user:password@other.example/orgs/c', 'https://other.example'],
		['https://other.example/proxy/invent/orgs/c/things?take=1', 'https://other.example/proxy/invent'],
		['https://other.example/v1/eyJhbGciOiJIUzI1NiJ9/orgs', 'https://other.example/v1'],
		['https://other.example/a/0123456789abc/b', 'https://other.example/a'],
		['https://other.example/a/0123456789ab/b', 'https://other.example/a/0123456789ab/b'],
		['https://other.example/a/abcDefGhiJklMno/b', 'https://other.example/a'],
		['http://other.example/login', 'http://other.example/login'],
		['https://other.example/a/one%20two/b', 'https://other.example/a'],
		['https://other.example/a;jsessionid=1/b', 'https://other.example'],
		['https://other.example/api-gateway-eu', 'https://other.example/api-gateway-eu'],
		['https://other.example/x/k1', 'https://other.example/x/•••'],
		['/login', 'https://api.example/login'],
		['//other.example/login', 'https://other.example/login'],
	])('to %s names at most %s', (location, target) => {
		expect(textOf(302, { headers: { location } }).description).toBe(
			`${ENTER}; this one leads to ${target}. ${NOT_SENT}`,
		);
	});

	test.each([
		undefined,
		7,
		'https://',
		'javascript:alert(1)',
		'data:text/plain,k1',
		'file:///k1',
		'shttp://k1',
	])('to %s names nothing', (location) => {
		expect(textOf(302, { headers: { location } }).description).toBe(`${ENTER}. ${NOT_SENT}`);
	});
});

describe('When to come back', () => {
	test('is told with a 429', () => {
		expect(textOf(429, { headers: IN_90_SECONDS }).description).toBe(
			"Run it again after 2026-05-01T12:01:30.000Z (in 90 seconds), or raise 'Max Wait'. Invent allows 500 requests a minute per IP address.",
		);
		expect(textOf(429, { headers: IN_90_SECONDS, context: DROPDOWN }).description).toBe(
			'Open the list again after 2026-05-01T12:01:30.000Z (in 90 seconds). Invent allows 500 requests a minute per IP address.',
		);
	});

	test('is told with another limit of the API', () => {
		expect(textOf(429, { context: { creationLimit: '10 new things an hour' } }).description).toBe(
			"Run it again later, or raise 'Max Wait'. Invent allows 500 requests a minute per IP address and 10 new things an hour.",
		);
	});

	test('is told with a 503, with Max Wait if that was too short', () => {
		const headers = IN_90_SECONDS;
		expect(textOf(503, { headers }).description).toBe(
			'This lies with the service. Run the workflow again after 2026-05-01T12:01:30.000Z (in 90 seconds).',
		);
		expect(textOf(503, { headers, exceedsMaxWait: true }).description).toBe(
			"This lies with the service. Run the workflow again after 2026-05-01T12:01:30.000Z (in 90 seconds), or raise 'Max Wait'.",
		);
		expect(textOf(503, { headers, exceedsMaxWait: true, context: DROPDOWN }).description).toBe(
			'This lies with the service. Open the list again after 2026-05-01T12:01:30.000Z (in 90 seconds).',
		);
		expect(textOf(503, { exceedsMaxWait: true }).description).toBe(
			'This lies with the service. Run the workflow again later.',
		);
	});

	test.each([
		['1', '1 second'],
		['1.5', '2 seconds'],
		['119', '119 seconds'],
		['119.5', '2 minutes'],
		['120', '2 minutes'],
		['121', '3 minutes'],
		['3600', '60 minutes'],
	])('after %s seconds is in %s', (retryAfter, duration) => {
		const headers = { ...IN_90_SECONDS, 'retry-after': retryAfter };
		expect(textOf(429, { headers }).description).toContain(`(in ${duration})`);
	});

	test('is by the clock of the API, and by the own without one', () => {
		const time = retryAt(new ResponseError(429, '', IN_90_SECONDS));
		expect(time).toBe('2026-05-01T12:01:30.000Z');
		jest.useFakeTimers({ now: Date.parse('2027-01-01T00:00:00Z') });
		expect(retryAt(new ResponseError(429, '', { 'retry-after': '5' }))).toBe('2027-01-01T00:00:05.000Z');
		jest.useRealTimers();
		expect(retryAt(new ResponseError(429, '', {}))).toBeUndefined();
	});
});

test('What stays wrong is not to be tried later', () => {
	for (const status of [200, 301, 303, 400, 401, 403, 404, 407, 413]) {
		for (const body of ['', PAGE]) expect(textOf(status, { body }).description).not.toMatch(/again|later/);
	}
});
