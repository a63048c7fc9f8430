import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { takePrinted } from '../harness/console.mts';
import type { Outcome } from '../harness/engine.mts';
import {
	answering,
	assistants,
	least,
	locator,
	NO_WAIT,
	OPERATIONS,
	POST,
	useSandbox,
} from '../harness/support.mts';

const api = useSandbox();

/** A secret key as the API might make one; nobody knows how they look. */
function newKey(): string {
	return randomBytes(32).toString('hex');
}

/** All that n8n keeps of an execution and all that it printed, in full. */
function tracesOf({ run }: Outcome): string {
	const options = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
	return [JSON.stringify(run.data), inspect(run.data, options), takePrinted()].join('\n');
}

/** What an error body may say, with the API key and a secret key in it. */
const BODIES: ReadonlyArray<readonly [string, (key: string, secret: string) => unknown]> = [
	['in a message', (key, secret) => ({ message: `Key ${key} may not read ${secret}` })],
	['by name', (key, secret) => ({ errors: [{ message: `api_key=${key}; secret_key: "${secret}"` }] })],
	['as members', (key, secret) => ({ api_key: key, assistant: { secret_key: secret } })],
	['in a list', (key, secret) => [key, secret, { message: secret }]],
	['in a header that is repeated', (key) => `Authorization: Bearer ${key}`],
	['in plain text', (key, secret) => `${key} ${secret}`],
	['in a web page', (key, secret) => `<html><pre>Authorization: Bearer ${key}</pre><b>${secret}</b></html>`],
	['in an address', (key, secret) => ({ detail: `/orgs/c?key=${key}&secret_key=${secret}` })],
	['across the end of what is repeated', (key, secret) => `${'a '.repeat(240)}${key} ${secret}`],
	['twice', (key, secret) => `${key}${key} ${secret},${secret}`],
];

describe('The API key and a secret key that an answer repeats are in no trace of the execution', () => {
	test.each(
		[400, 401, 404, 429, 500].flatMap((status) => BODIES.map(([name, body]) => ({ status, name, body }))),
	)('$status, $name', async ({ status, body }) => {
		const { apiKey } = api.sandbox;
		const secret = newKey();
		api.sandbox.faults.set(answering(status, body(apiKey, secret), POST));
		for (const onError of ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const) {
			const outcome = await api.run({ ...least('create', ''), ...NO_WAIT }, { settings: { onError } });
			expect(outcome.error === undefined).toBe(onError !== 'stopWorkflow');
			const traces = tracesOf(outcome);
			for (const hidden of [apiKey, apiKey.slice(0, 16), secret, secret.slice(0, 16)]) {
				expect(traces).not.toContain(hidden);
			}
		}
	});

	test('also when the answer is none that was promised', async () => {
		const secret = newKey();
		for (const body of [`${api.sandbox.apiKey} ${secret}`, { secret_key: secret, key: api.sandbox.apiKey }]) {
			api.sandbox.faults.set(answering(200, body));
			const traces = tracesOf(await api.run(least('rotateKey', 'ast_1')));
			expect(traces).not.toContain(api.sandbox.apiKey);
			expect(traces).not.toContain(secret);
		}
	});

	test('also when a redirect leads to an address with the key in it', async () => {
		const { apiKey } = api.sandbox;
		for (const to of [
			`http://127.0.0.1:1/?key=${apiKey}`,
			`http://127.0.0.1:1/${apiKey}`,
			`http://${apiKey}@127.0.0.1:1/`,
		]) {
			api.sandbox.faults.set([{ match: POST, effect: { redirect: { to } } }]);
			expect(tracesOf(await api.run(least('create', '')))).not.toContain(apiKey);
		}
	});

	test('also when a pause is asked for in words that hold the key', async () => {
		const { apiKey } = api.sandbox;
		api.sandbox.faults.set([{ effect: { answer: { status: 429, retryAfter: `later ${apiKey}` } } }]);
		expect(tracesOf(await api.run({ ...least('create', ''), ...NO_WAIT }))).not.toContain(apiKey);
	});

	test('also when the key was entered with blanks around it', async () => {
		const apiKey = `k${randomBytes(5).toString('hex')}`;
		api.sandbox.faults.set(answering(400, { message: `Key ${apiKey}` }));
		const credential = { ...api.credential, apiKey: ` ${apiKey}\n` };
		expect(tracesOf(await api.run(least('create', ''), { credential }))).not.toContain(apiKey);
	});

	test('also when the key is a short word', async () => {
		const apiKey = `k${randomBytes(5).toString('hex')}`;
		api.sandbox.faults.set(answering(401, { message: `Unknown key ${apiKey}` }));
		const credential = { ...api.credential, apiKey };
		const traces = tracesOf(await api.run(least('create', ''), { credential }));
		expect(traces).toContain('Unknown key');
		expect(traces).not.toContain(apiKey);
	});

	test.each([
		['refused', 'http://127.0.0.1:1'],
		['not to be sent', 'http://0.0.0.0:1'],
	])('also when the connection is %s', async (_, baseUrl) => {
		const outcome = await api.run(least('create', ''), { credential: { ...api.credential, baseUrl } });
		expect(tracesOf(outcome)).not.toContain(api.sandbox.apiKey);
	});

	test('also when the connection breaks', async () => {
		api.sandbox.faults.set([{ match: POST, effect: { dropBefore: true } }]);
		expect(tracesOf(await api.run(least('create', '')))).not.toContain(api.sandbox.apiKey);
	});
});

test.each(OPERATIONS)('%s: a success leaves no trace of the API key', async (operation) => {
	const [id = ''] = assistants(api);
	expect(tracesOf(await api.run({ ...least(operation, id), simplify: false }))).not.toContain(
		api.sandbox.apiKey,
	);
});

test.each(OPERATIONS.filter((operation) => operation !== 'rotateKey'))(
	'%s: a secret key that was not asked for is in no trace of the execution',
	async (operation) => {
		const secret = newKey();
		const { id } = api.sandbox.store.add({ name: 'Kept', secret_key: secret });
		const traces = tracesOf(await api.run({ ...least(operation, id), simplify: false }));
		expect(traces).not.toContain(secret);
	},
);

test('What a user entered is in no error of the API that does not repeat it', async () => {
	const entered = newKey();
	api.sandbox.faults.set(answering(404, ''));
	const { error } = await api.run({ operation: 'get', assistantId: locator(entered) });
	expect(JSON.stringify(error)).not.toContain(entered);
});
