import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IHttpRequestOptions, INodeCredentialTestResult } from 'n8n-workflow';

import { credentialType, nodeType, testCredential } from '../harness/engine.mts';
import { selfSigned, throughGateway } from '../harness/gateways.mts';
import { answering, lineOf, useSandbox } from '../harness/support.mts';

const api = useSandbox();

async function testWith(
	fields: { apiKey?: string; baseUrl?: string } = {},
): Promise<INodeCredentialTestResult> {
	return await testCredential({ ...api.credential, ...fields });
}

/** Expects the test to fail with sentences for a person. */
async function expectFailure(
	words: RegExp,
	fields: { apiKey?: string; baseUrl?: string } = {},
): Promise<string> {
	const { status, message } = await testWith(fields);
	expect(status).toBe('Error');
	expect(message).toMatch(words);
	expect(message).toMatch(/^\S+ \S+.*\. \S+ \S+/s);
	expect(message).not.toMatch(/undefined|\[object|run the workflow|request options|max wait/i);
	expect(message).not.toContain(api.sandbox.apiKey);
	return message;
}

const SUCCESS = { status: 'OK', message: 'Connection successful!' };

describe('The credential test', () => {
	test('asks for one assistant of the own organization, with the key as a bearer token', async () => {
		expect(await testWith()).toEqual(SUCCESS);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
		expect(api.sandbox.requests[0]?.query).toEqual({ take: '1' });
		expect(api.sandbox.requests[0]?.headers.authorization).toBe(`Bearer ${api.sandbox.apiKey}`);
	});

	test('succeeds where there are assistants, and where there are none', async () => {
		expect(await testWith()).toEqual(SUCCESS);
		api.sandbox.store.add({ name: 'One' });
		expect(await testWith()).toEqual(SUCCESS);
	});

	test('keeps a path in the Base URL', async () => {
		api.sandbox.reset({ basePath: '/proxy/invent' });
		expect(await testWith()).toEqual(SUCCESS);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /proxy/invent/orgs/c/assistants']);
	});

	test.each([
		['a slash at its end', (url: string) => `${url}/`],
		['blanks around it', (url: string) => ` \u00a0${url}\n`],
	])('takes a Base URL with %s', async (_, around) => {
		expect(await testWith({ baseUrl: around(api.sandbox.url) })).toEqual(SUCCESS);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
	});

	test.each([
		['blanks', (key: string) => ` ${key}\n`],
		['invisible characters', (key: string) => `\ufeff\u200b${key}\u00ad`],
		['quotes', (key: string) => `"${key}"`],
		['the word Bearer before it', (key: string) => `Bearer ${key}`],
		['the word Bearer and quotes', (key: string) => `'bearer ${key}'`],
	])('takes a key with %s around it', async (_, around) => {
		expect(await testWith({ apiKey: around(api.sandbox.apiKey) })).toEqual(SUCCESS);
		expect(api.sandbox.requests[0]?.headers.authorization).toBe(`Bearer ${api.sandbox.apiKey}`);
	});

	test.each([
		['a wrong key', (key: string) => `${key}x`],
		['no key', () => ''],
	])('fails with %s, and says so', async (_, changed) => {
		await expectFailure(/API key.*Settings/s, { apiKey: changed(api.sandbox.apiKey) });
	});

	const PAGE = '<!doctype html><title>Sign in</title><p>Welcome</p>';

	test.each([
		['a web page', 200, PAGE, /a web page/],
		['an object', 200, { data: [] }, /an object/],
		['nothing', 200, '', /nothing/],
		['nothing, with status 204', 204, '', /nothing/],
		['a text', 200, 'ok', /text/],
		['a list of something else', 200, ['x'], /a list/],
		['a list that is cut off', 200, '[{"id":', /incomplete/],
	])('fails when %s comes, and says so', async (_, status, body, words) => {
		api.sandbox.faults.set(answering(status, body));
		const message = await expectFailure(words);
		expect(message).toContain("'Base URL'");
	});

	test.each([400, 401, 402, 403, 404, 405, 407, 422, 429, 500, 502, 503])(
		'fails with status %i, and says what it means',
		async (status) => {
			api.sandbox.faults.set(answering(status, { message: 'Told by the API' }));
			await expectFailure(/Told by the API/);
		},
	);

	test.each([403, 404, 502])('fails when a web page with status %i comes, and says so', async (status) => {
		api.sandbox.faults.set(answering(status, PAGE));
		await expectFailure(/web page/i);
	});

	test.each([
		['plain http to another host', () => `http://0.0.0.0:${new URL(api.sandbox.url).port}`],
		['ftp', () => `ftp://127.0.0.1:${new URL(api.sandbox.url).port}`],
		['an address with a query', () => `${api.sandbox.url}?key=1`],
		['an address with a fragment', () => `${api.sandbox.url}#top`],
		['an address with a user', () => api.sandbox.url.replace('//', '//user@')],
		['an empty address', () => ''],
		['an address that is none', () => 'nonsense'],
	])('sends nothing to %s, and says why', async (_, baseUrl) => {
		await expectFailure(/'Base URL'.*Nothing was sent/s, { baseUrl: baseUrl() });
		expect(api.sandbox.requests).toEqual([]);
	});

	test('says in a sentence that nothing listens at the Base URL', async () => {
		const closed = await throughGateway(api.sandbox.url, {}, async ({ url }) => await Promise.resolve(url));
		await expectFailure(new RegExp(`^[A-Z].*${new URL(closed).host}.*'Base URL'`, 's'), { baseUrl: closed });
	});

	test('says in a sentence that the host is unknown', async () => {
		const message = await expectFailure(/nowhere\.invalid/, { baseUrl: 'https://nowhere.invalid' });
		expect(message).toMatch(/'Base URL'/);
	});

	test('says in a sentence that the certificate is not trusted', async () => {
		const work = async ({ url }: { url: string }) => await expectFailure(/certificate/, { baseUrl: url });
		expect(await throughGateway(api.sandbox.url, {}, work, selfSigned())).toContain("'Base URL'");
		expect(api.sandbox.requests).toEqual([]);
	});

	test('says in a sentence that the connection broke', async () => {
		api.sandbox.faults.set([{ effect: { dropBefore: true } }]);
		await expectFailure(/connection to 127\.0\.0\.1:\d+ was lost/);
	});

	test.each([301, 302, 303, 307, 308])('follows no redirect %i, and says so', async (status) => {
		const arrivals: unknown[] = [];
		const other = createServer((request, response) => {
			arrivals.push(request.headers.authorization);
			response.setHeader('content-type', 'application/json').end('[]');
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		try {
			const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/orgs/c/assistants`;
			api.sandbox.faults.set([{ effect: { redirect: { to, status } } }]);
			await expectFailure(/redirect/);
			expect(arrivals).toHaveLength(0);
		} finally {
			await new Promise((resolve) => other.close(resolve));
		}
	});

	test('leaves no trace of the key when the API repeats it', async () => {
		const { apiKey } = api.sandbox;
		api.sandbox.faults.set(answering(401, { message: `No key ${apiKey}, nor Bearer ${apiKey}` }));
		await expectFailure(/No key/);
	});
});

describe('The credential puts its key on a request', () => {
	const KEY = 'k-1';

	async function authenticated(baseUrl: string, request: IHttpRequestOptions): Promise<IHttpRequestOptions> {
		const { authenticate } = credentialType;
		if (typeof authenticate !== 'function') throw new Error('authenticate is a function');
		return await authenticate({ apiKey: KEY, baseUrl }, request);
	}

	test.each([
		['an address below it', { url: 'https://api.useinvent.com/orgs/c' }],
		['a path with the same base', { url: '/orgs/c', baseURL: 'https://api.useinvent.com' }],
		['the same origin in capitals', { url: 'HTTPS://API.useinvent.com:443/orgs' }],
	])('to the origin of the Base URL: %s', async (_, request) => {
		const { headers } = await authenticated('https://api.useinvent.com', request);
		expect(headers).toEqual({ Authorization: `Bearer ${KEY}` });
	});

	test.each([
		['another host', { url: 'https://evil.example/orgs/c' }],
		['another port', { url: 'https://api.useinvent.com:8443/orgs/c' }],
		['another scheme', { url: 'http://api.useinvent.com/orgs/c' }],
		['a host that begins like it', { url: 'https://api.useinvent.com.evil.example/' }],
		['a host whose user name is it', { url: 'https://api.useinvent.com@evil.example/' }],
		['another base', { url: '/orgs/c', baseURL: 'https://evil.example' }],
		['no address', { url: '/orgs/c' }],
	])('and to no other origin: %s', async (_, request) => {
		await expect(authenticated('https://api.useinvent.com', request)).rejects.toThrow("'Base URL'");
	});

	test.each([
		[
			'an absolute url beside the base',
			{ url: 'https://evil.example/x', baseURL: 'https://api.useinvent.com' },
		],
		[
			'a url without a scheme beside the base',
			{ url: '//evil.example/x', baseURL: 'https://api.useinvent.com' },
		],
	])('and is not led astray by %s', async (_, request) => {
		await expect(authenticated('https://api.useinvent.com', request)).rejects.toThrow("'Base URL'");
	});

	test.each([
		'http://api.useinvent.com',
		'ftp://api.useinvent.com',
		'',
		'nonsense',
		'https:api.useinvent.com',
		'https://user@api.useinvent.com',
		'https://api.useinvent.com?key=1',
		'https://api.useinvent.com#top',
	])('and refuses the Base URL %j', async (baseUrl) => {
		await expect(authenticated(baseUrl, { url: '/orgs', baseURL: baseUrl })).rejects.toThrow("'Base URL'");
	});

	test('and keeps the other headers', async () => {
		const request = { url: 'https://api.useinvent.com/', headers: { accept: 'text/csv' } };
		const { headers } = await authenticated('https://api.useinvent.com', request);
		expect(headers).toEqual({ accept: 'text/csv', Authorization: `Bearer ${KEY}` });
	});

	test('and takes it off on redirects to other origins, whoever follows them', async () => {
		const request = { url: 'https://api.useinvent.com/' };
		const options = await authenticated('https://api.useinvent.com', request);
		expect(options.sendCredentialsOnCrossOriginRedirect).toBe(false);
	});
});

describe('The credential', () => {
	test('is the one that the node asks for', () => {
		expect(nodeType.description.credentials).toMatchObject([{ name: credentialType.name, required: true }]);
		expect(credentialType).toMatchObject({ name: 'inventApi', displayName: 'Invent API' });
	});

	test('has an API key, which is hidden and required, and a Base URL', () => {
		expect(credentialType.properties).toMatchObject([
			{ name: 'apiKey', type: 'string', typeOptions: { password: true }, required: true, default: '' },
			{ name: 'baseUrl', type: 'string', default: 'https://api.useinvent.com' },
		]);
	});

	test('is offered by the HTTP Request node', () => {
		expect(credentialType.httpRequestNode).toEqual({
			name: 'Invent',
			docsUrl: expect.stringMatching(/^https:\/\/docs\.useinvent\.com\//) as unknown,
			apiBaseUrl: 'https://api.useinvent.com/',
		});
	});

	test('links to its documentation', () => {
		expect(credentialType.documentationUrl).toMatch(/^https:\/\/docs\.useinvent\.com\//);
	});
});
