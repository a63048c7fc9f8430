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

const CHECK = 'Check the parameters.';
const LIMIT = 'Invent allows 500 requests per minute and IP address.';
const NOT_THE_API =
	"Check the 'Base URL' of the credential. A proxy, gateway, or login page may have responded instead of the API.";
const REFUSED_KEY =
	'The key in the credential may be wrong or deleted (see Settings > API Keys in Invent), or this route does not accept API keys.';
const WRONG_KEY = 'Use a key of the organization that owns it, or of its parent organization.';
const REACH = 'A key can access its own organization and its sub-organizations.';
const READ = 'Check the parameters and the plan of the organization.';

describe('Each status has its text', () => {
	test.each([
		[400, 'Invent rejected the request (status 400)', CHECK],
		[401, 'Invent rejected the API key', REFUSED_KEY],
		[402, 'Invent rejected the request (status 402)', READ],
		[403, 'The API key does not have permission for this', WRONG_KEY],
		[404, "'Thing' or 'Organization' not found", `Check 'Thing' or 'Organization'. ${REACH}`],
		[405, 'Invent rejected the request (status 405)', READ],
		[
			407,
			'The proxy requires authentication (status 407)',
			"Check 'Proxy' in Request Options and the proxy settings of n8n.",
		],
		[409, 'Invent rejected the request (status 409)', READ],
		[413, 'Invent rejected the request (status 413)', READ],
		[422, 'Invent rejected the request (status 422)', CHECK],
		[429, 'Rate limit reached: try again later', LIMIT],
		[
			500,
			'Invent could not process the request (status 500)',
			'This is an issue with the service. Run the workflow again later.',
		],
		[
			502,
			'Invent could not process the request (status 502)',
			'This is an issue with the service. Run the workflow again later.',
		],
		[
			503,
			'Invent could not process the request (status 503)',
			'This is an issue with the service. Run the workflow again later.',
		],
		[
			504,
			'Invent could not process the request (status 504)',
			'This is an issue with the service. Run the workflow again later.',
		],
		[100, 'Unexpected response: expected an object, received nothing', NOT_THE_API],
		[600, 'Unexpected response: expected an object, received nothing', NOT_THE_API],
	])('%i', (status, message, description) => {
		expect(textOf(status)).toEqual({ message, description });
	});

	test.each([
		[401, 'Invent rejected the API key', REFUSED_KEY],
		[404, "'Organization' not found", `Check 'Organization', and the 'Base URL' of the credential. ${REACH}`],
		[407, 'The proxy requires authentication (status 407)', 'Check the proxy settings of n8n.'],
		[429, 'Rate limit reached: try again later', LIMIT],
		[
			503,
			'Invent could not process the request (status 503)',
			'This is an issue with the service. Try again later.',
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
		['text', 'ok'],
		['text', 7],
		['a list', []],
		['an object with invalid or missing IDs', { id: '' }],
	])('is %s', (kind, body) => {
		expect(textOf(200, { body })).toEqual({
			message: `Unexpected response: expected an object, received ${kind}`,
			description: NOT_THE_API,
		});
	});

	test('may be in place of a list', () => {
		expect(textOf(201, { body: { id: 'a' }, context: { responseType: 'list' } }).message).toBe(
			'Unexpected response: expected a list, received an object',
		);
	});
});

describe('A web page is not by the API', () => {
	const BEFORE =
		"A proxy or gateway may have responded instead of the API. Check the 'Base URL' of the credential. If Invent responded: ";
	test.each([
		[400, CHECK],
		[401, REFUSED_KEY],
		[403, WRONG_KEY],
		[404, `Check 'Thing' or 'Organization'. ${REACH}`],
		[413, READ],
		[499, READ],
	])('with status %i', (status, description) => {
		expect(textOf(status, { body: PAGE })).toEqual({
			message: `Received a web page instead of a response from Invent (status ${status})`,
			description: BEFORE + description,
		});
	});

	test.each([500, 502, 503, 504])('with status %i, which may pass', (status) => {
		expect(textOf(status, { body: PAGE })).toEqual({
			message: `Invent could not process the request (status ${status})`,
			description:
				'This is an issue with the service, or with a proxy or gateway. Run the workflow again later.',
		});
	});

	test('with status 407, which only a proxy has', () => {
		expect(textOf(407, { body: PAGE })).toEqual(textOf(407));
	});

	test('with status 429', () => {
		expect(textOf(429, { body: PAGE }).description).toBe(
			`${textOf(429).description} A proxy or gateway may have responded instead of the API.`,
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
			'Not found in Invent',
			"Check the 'Base URL' of the credential, and whether the key belongs to the right organization.",
		],
		[
			[],
			`${BASE_URL}/proxy//`,
			'Not found in Invent',
			"Check the 'Base URL' of the credential (path /proxy), and whether the key belongs to the right organization.",
		],
		[
			['Organization'],
			BASE_URL,
			"'Organization' not found",
			`Check 'Organization', and the 'Base URL' of the credential. ${REACH}`,
		],
		[
			['Organization'],
			`${BASE_URL}/proxy/invent`,
			"'Organization' not found",
			`Check 'Organization', and the 'Base URL' of the credential (path /proxy/invent). ${REACH}`,
		],
		[
			['Organization', 'Thing'],
			`${BASE_URL}/`,
			"'Thing' or 'Organization' not found",
			`Check 'Thing' or 'Organization'. ${REACH}`,
		],
		[
			['Organization', 'Thing'],
			`${BASE_URL}/proxy`,
			"'Thing' or 'Organization' not found",
			`Check 'Thing' or 'Organization', and the 'Base URL' of the credential (path /proxy). ${REACH}`,
		],
		[
			[],
			`${BASE_URL}/k1`,
			'Not found in Invent',
			"Check the 'Base URL' of the credential (path /•••), and whether the key belongs to the right organization.",
		],
		[
			[],
			'not an address',
			'Not found in Invent',
			"Check the 'Base URL' of the credential, and whether the key belongs to the right organization.",
		],
	])('of %j at %s', (pathParameters, baseUrl, message, description) => {
		expect(textOf(404, { context: { pathParameters }, baseUrl })).toEqual({ message, description });
	});
});

describe('A redirect', () => {
	const MESSAGE = 'Received a redirect, which is not followed';
	const ENTER = "Enter the final address as 'Base URL' of the credential";
	const NOT_SENT = 'The API key was not sent there.';
	const NOT_DONE = 'Nothing was changed, and the API key was not sent there.';
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
			`${ENTER} (redirects to ${target}). ${NOT_SENT}`,
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
		for (const context of [{}, DROPDOWN]) {
			expect(textOf(429, { headers: IN_90_SECONDS, context })).toEqual({
				message: 'Rate limit reached: try again in 90 seconds',
				description: LIMIT,
			});
		}
	});

	test('is told with another limit of the API', () => {
		expect(textOf(429, { context: { creationLimit: '10 new things per hour' } }).description).toBe(
			'Invent allows 500 requests per minute and IP address and 10 new things per hour.',
		);
	});

	test('is told with a 503', () => {
		expect(textOf(503, { headers: IN_90_SECONDS }).description).toBe(
			'This is an issue with the service. Run the workflow again in 90 seconds.',
		);
		expect(textOf(503, { headers: IN_90_SECONDS, context: DROPDOWN }).description).toBe(
			'This is an issue with the service. Try again in 90 seconds.',
		);
	});

	test.each([
		['1', 'in 1 second'],
		['1.5', 'in 2 seconds'],
		['119', 'in 119 seconds'],
		['119.5', 'in 2 minutes, at 12:02 UTC'],
		['120', 'in 2 minutes, at 12:02 UTC'],
		['121', 'in 3 minutes, at 12:03 UTC'],
		['3480', 'in 58 minutes, at 12:58 UTC'],
		['7140', 'in 119 minutes, at 13:59 UTC'],
		['7141', 'in 2 hours, on 2026-05-01 at 14:00 UTC'],
		['90000', 'in 25 hours, on 2026-05-02 at 13:00 UTC'],
		['172800', 'in 2 days, on 2026-05-03 at 12:00 UTC'],
	])('after %s seconds is %s', (retryAfter, when) => {
		const headers = { ...IN_90_SECONDS, 'retry-after': retryAfter };
		expect(textOf(429, { headers }).message).toBe(`Rate limit reached: try again ${when}`);
	});

	describe('comes with the advice to increase Max Wait', () => {
		const exceedsMaxWait = true;
		const ADVICE = " To wait longer, increase 'Max Wait' in Options.";

		test.each([
			['90', ADVICE],
			['3600', ADVICE],
			['3601', ''],
			['36000', ''],
		])('after a 429 of %s seconds: %j', (retryAfter, advice) => {
			const headers = { 'retry-after': retryAfter };
			expect(textOf(429, { headers, exceedsMaxWait }).description).toBe(LIMIT + advice);
		});

		test('after a 429 that does not say when', () => {
			expect(textOf(429, { exceedsMaxWait }).description).toBe(LIMIT + ADVICE);
		});

		test('after a 503 that says when', () => {
			const headers = { 'retry-after': '90' };
			expect(textOf(503, { headers, exceedsMaxWait }).description).toBe(
				"This is an issue with the service. Run the workflow again in 90 seconds, or increase 'Max Wait' in Options.",
			);
			expect(textOf(503, { headers: { 'retry-after': '36000' }, exceedsMaxWait }).description).not.toContain(
				'Max Wait',
			);
			expect(textOf(503, { exceedsMaxWait }).description).not.toContain('Max Wait');
		});

		test('never in a drop-down, which has no options', () => {
			const headers = { 'retry-after': '90' };
			for (const status of [429, 503]) {
				const { description } = textOf(status, { headers, exceedsMaxWait, context: DROPDOWN });
				expect(description).not.toContain('Max Wait');
			}
		});
	});

	test('is by the clock of the API, and by the own without one', () => {
		const time = retryAt(new ResponseError(429, '', IN_90_SECONDS));
		expect(time).toBe('2026-05-01T12:01:30.000Z');
		vi.useFakeTimers({ now: Date.parse('2027-01-01T00:00:00Z') });
		expect(retryAt(new ResponseError(429, '', { 'retry-after': '5' }))).toBe('2027-01-01T00:00:05.000Z');
		vi.useRealTimers();
		expect(retryAt(new ResponseError(429, '', {}))).toBeUndefined();
	});
});

test('What stays wrong is not to be tried later', () => {
	for (const status of [200, 301, 303, 400, 401, 403, 404, 407, 413]) {
		for (const body of ['', PAGE]) expect(textOf(status, { body }).description).not.toMatch(/again|later/);
	}
});
