import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IHttpRequestOptions, INodeType } from 'n8n-workflow';

import { answering, faultOf, lineOf, useSandbox } from '../harness/support.mts';
import { credentialType, nodeType } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';

const api = useSandbox();

function testOf() {
	const { test } = credentialType;
	if (test === undefined) throw new Error('The credential has a test');
	return test;
}

/** The node that n8n's credentials tester makes: one property, which is the credential's test request. */
function testerNode(): INodeType {
	const { request } = testOf();
	return {
		description: {
			displayName: 'Tester',
			name: 'tester',
			group: ['transform'],
			version: 1,
			description: 'Sends the test request of the credential',
			defaults: {},
			inputs: ['main'],
			outputs: ['main'],
			credentials: [{ name: credentialType.name, required: true }],
			properties: [{ displayName: 'Temp', name: 'temp', type: 'string', default: '', routing: { request } }],
		},
	};
}

async function testWith(fields: { apiKey?: string; baseUrl?: string } = {}): Promise<Outcome> {
	const credential = { ...api.credential, ...fields };
	return await api.run({}, { credential, items: [{}], nodeType: testerNode() });
}

/** The rule that n8n picks for a status, with its text. */
function ruleFor(status: number): string | undefined {
	const rule = testOf().rules?.find(
		({ type, properties }) => type === 'responseCode' && 'value' in properties && properties.value === status,
	);
	return rule?.properties.message;
}

function statusOf({ run }: Outcome): unknown {
	const { error } = run.data.resultData;
	return error !== undefined && 'httpCode' in error ? error.httpCode : undefined;
}

describe('The credential test', () => {
	test('asks for one assistant of the own organization, with the key as a bearer token', async () => {
		const { error } = await testWith();
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
		expect(api.sandbox.requests[0]?.query).toEqual({ take: '1' });
		expect(api.sandbox.requests[0]?.headers.authorization).toBe(`Bearer ${api.sandbox.apiKey}`);
	});

	test('keeps a path in the Base URL', async () => {
		api.sandbox.reset({ basePath: '/proxy/invent' });
		const { error } = await testWith();
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /proxy/invent/orgs/c/assistants']);
	});

	test('takes a Base URL with a slash at its end', async () => {
		const { error } = await testWith({ baseUrl: `${api.sandbox.url}/` });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
	});

	test('takes a Base URL with blanks around it', async () => {
		const { error } = await testWith({ baseUrl: ` \u00a0${api.sandbox.url}\n` });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
	});

	test.each([
		['blanks', (key: string) => ` ${key}\n`],
		['invisible characters', (key: string) => `\ufeff\u200b${key}\u00ad`],
		['quotes', (key: string) => `"${key}"`],
		['the word Bearer before it', (key: string) => `Bearer ${key}`],
	])('takes a key with %s around it', async (_, around) => {
		const { error } = await testWith({ apiKey: around(api.sandbox.apiKey) });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests[0]?.headers.authorization).toBe(`Bearer ${api.sandbox.apiKey}`);
	});

	test('fails with a wrong key, with the words of its rule for 401', async () => {
		const outcome = await testWith({ apiKey: `${api.sandbox.apiKey}x` });
		expect(statusOf(outcome)).toBe('401');
		expect(ruleFor(401)).toMatch(/API key.*Settings/);
	});

	test.each([404, 429])('fails with status %i, for which it has words', async (status) => {
		api.sandbox.faults.set(answering(status, ''));
		expect(statusOf(await testWith())).toBe(String(status));
		expect(ruleFor(status)).toMatch(/\w+ \w+/);
	});

	test.each([
		['plain http to another host', () => `http://0.0.0.0:${new URL(api.sandbox.url).port}`],
		['ftp', () => `ftp://127.0.0.1:${new URL(api.sandbox.url).port}`],
	])('sends nothing over %s', async (_, baseUrl) => {
		const fault = faultOf(await testWith({ baseUrl: baseUrl() }));
		expect(`${fault.message} ${fault.description}`).toContain("'Base URL'");
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each(['', 'nonsense'])('fails with the Base URL %j', async (baseUrl) => {
		expect((await testWith({ baseUrl })).error).toBeDefined();
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each([301, 302, 307, 308])("follows no redirect %i to another origin's host", async (status) => {
		const arrivals: unknown[] = [];
		const other = createServer((request, response) => {
			arrivals.push(request.headers.authorization);
			response.setHeader('content-type', 'application/json').end('[]');
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		try {
			const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/orgs/c/assistants`;
			api.sandbox.faults.set([{ effect: { redirect: { to, status } } }]);
			const { error } = await testWith();
			expect(error).toBeDefined();
			expect(arrivals).toHaveLength(0);
		} finally {
			await new Promise((resolve) => other.close(resolve));
		}
	});

	test('leaves no trace of the key when it fails', async () => {
		api.sandbox.faults.set(answering(401, { message: 'No.' }));
		const { error } = await testWith();
		expect(JSON.stringify(error)).not.toContain(api.sandbox.apiKey);
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
		expect(nodeType.description.credentials).toEqual([{ name: credentialType.name, required: true }]);
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
