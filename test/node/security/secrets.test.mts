/** Where the API key and secret keys must never arrive, when things go wrong on the way. */
import { takePrinted } from '../harness/console.mts';

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { inspect } from 'node:util';

import type { INodeParameters } from 'n8n-workflow';

import type { FaultMatch, FaultRule } from '../../../tools/sandbox/server.mts';
import type { Outcome } from '../harness/engine.mts';
import { locator } from '../harness/support.mts';
import { addOld, errorOf, JSON_TYPE, onSandbox } from '../harness/scene.mts';
import type { Scene } from '../harness/scene.mts';

const OWN_ID = locator('={{ $json.id }}');
const GET: FaultMatch = { method: 'GET' };
const POST: FaultMatch = { method: 'POST' };

/** Each request that the node can send, the ones for its own use included, with what makes it send it. */
interface Sending {
	readonly what: string;
	readonly parameters: INodeParameters;
	/** The request that goes wrong. */
	readonly match: FaultMatch;
	/** What must go wrong before, so that the request is sent at all. */
	readonly before?: FaultRule[];
}

const CREATE: INodeParameters = { operation: 'create', name: '={{ $json.name }}' };
const COPY: INodeParameters = {
	operation: 'duplicate',
	assistantId: OWN_ID,
	additionalFields: { name: '={{ $json.name }}' },
};
const UPDATE: INodeParameters = { operation: 'update', assistantId: OWN_ID, config: { instructions: 'New' } };
const ROTATE: INodeParameters = { operation: 'rotateKey', assistantId: OWN_ID };
const LOST: FaultRule = { match: POST, effect: { dropAfter: true } };
const WITHOUT_KEY: FaultRule = {
	match: POST,
	effect: { answer: { body: '{"id":"ast_1"}', headers: JSON_TYPE, when: 'after' } },
};

const SENDINGS: readonly Sending[] = [
	{ what: 'Get', parameters: { operation: 'get', assistantId: OWN_ID }, match: GET },
	{ what: 'Get Many', parameters: { operation: 'getAll', returnAll: true }, match: GET },
	{ what: 'Create', parameters: CREATE, match: POST },
	{ what: "Create's look-up", parameters: CREATE, match: GET, before: [LOST] },
	{ what: 'Duplicate', parameters: COPY, match: POST },
	{ what: "Duplicate's look-up", parameters: COPY, match: GET, before: [LOST] },
	{ what: 'Update', parameters: UPDATE, match: { method: 'PATCH' } },
	{ what: "Update's reading", parameters: UPDATE, match: GET },
	{ what: 'Rotate Key', parameters: ROTATE, match: { path: '/ast_' } },
	{ what: "Rotate Key's reading", parameters: ROTATE, match: GET, before: [WITHOUT_KEY] },
];

/** All that n8n keeps of an execution and all that was printed, in full. */
function tracesOf({ run }: Outcome): string {
	const whole = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
	return [JSON.stringify(run.data), inspect(run.data, whole), takePrinted()].join('\n');
}

function two(scene: Scene) {
	return ['One', 'Two'].map((name) => ({ name, id: addOld(scene, { secret_key: newKey() }).id }));
}

/** A secret key as the sandbox makes them. */
function newKey(): string {
	return randomBytes(32).toString('hex');
}

/** An API key that can be told from other words only by who knows it. */
function shortKey(): string {
	return `k${randomBytes(6).toString('hex')}`;
}

/** A server of another origin that keeps all that it gets. */
async function startStranger() {
	const seen: string[] = [];
	const server = createServer((request, response) => {
		seen.push(`${request.method} ${request.url} ${JSON.stringify(request.rawHeaders)}`);
		request.on('data', (chunk) => seen.push(String(chunk)));
		request.on('end', () => response.end('{"id":"ast_1","secret_key":"s"}'));
	});
	await once(server.listen(0, '127.0.0.1'), 'listening');
	const address = server.address();
	if (address === null || typeof address === 'string') throw new Error('The server listens on a port');
	const close = async () => {
		server.closeAllConnections();
		await once(server.close(), 'close');
	};
	return { seen, url: `http://127.0.0.1:${address.port}`, close };
}

const ON_ERROR = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'] as const;

describe('A redirect to another origin is not followed, so nothing arrives there, least of all the key', () => {
	test.each(SENDINGS)('$what', async ({ parameters, match, before = [] }) => {
		const stranger = await startStranger();
		for (const status of [301, 302, 303, 307, 308]) {
			await onSandbox({}, async (scene) => {
				const { faults, requests } = scene.sandbox;
				const items = two(scene);
				faults.set([...before, { match, effect: { redirect: { to: `${stranger.url}/take`, status } } }]);
				const outcome = await scene.run(parameters, {
					items,
					settings: { onError: 'continueRegularOutput' },
				});
				expect(requests.some((request) => request.status === status)).toBe(true);
				expect(outcome.items.map(errorOf)).toEqual([expect.any(String), expect.any(String)]);
				expect(tracesOf(outcome)).not.toContain(scene.sandbox.apiKey);
			});
		}
		expect(stranger.seen).toEqual([]);
		await stranger.close();
	});
});

test.each(['http://localhost.example:80', '//example.invalid', 'https://127.0.0.1'])(
	'A redirect to %s names the address without its query, where a key may be',
	async (to) => {
		await onSandbox({}, async (scene) => {
			const secret = newKey();
			scene.sandbox.faults.set([{ effect: { redirect: { to: `${to}/x?token=${secret}#${secret}` } } }]);
			const traces = tracesOf(await scene.run(CREATE, { items: two(scene) }));
			expect(traces).not.toContain(secret);
			expect(traces).not.toContain(scene.sandbox.apiKey);
		});
	},
);

/** Bodies that repeat the API key and the secret key in words, in members, in a header and in an address. */
const BODIES: ReadonlyArray<readonly [how: string, body: (key: string, secret: string) => string]> = [
	['in words', (key, secret) => JSON.stringify({ message: `Not ${key} with ${secret}` })],
	['as members', (key, secret) => JSON.stringify({ api_key: key, assistant: { secret_key: secret } })],
	['as text', (key, secret) => `Authorization: Bearer ${key}\nsecret_key=${secret}`],
	['in a web page', (key, secret) => `<html><a href="/?k=${key}">${key}</a><b>${secret}</b></html>`],
	['in an object of the right form', (key, secret) => JSON.stringify([{ name: key, secret_key: secret }])],
];

describe.each([400, 403, 404, 500, 200])(
	'The keys that an answer with status %i repeats are in no trace',
	(status) => {
		test.each(SENDINGS)('$what', async ({ parameters, match, before = [] }) => {
			// Every body under every setting for one status, under one of them for the others.
			const runs = BODIES.flatMap(([, body], index) =>
				ON_ERROR.filter((_, at) => status === 400 || at === index % ON_ERROR.length).map((onError) => ({
					body,
					onError,
				})),
			);
			// They wait side by side, and the traces of all are looked through for the keys of all.
			const hidden: string[] = [];
			const traces = await Promise.all(
				runs.map(async ({ body, onError }) => {
					return await onSandbox({ apiKey: shortKey() }, async (scene) => {
						const items = two(scene);
						const { store, faults, apiKey } = scene.sandbox;
						const secret = store.find(items[0]?.id ?? '')?.secret_key ?? '';
						hidden.push(apiKey, secret, apiKey.slice(0, 20), secret.slice(0, 20));
						const answer = { status, body: body(apiKey, secret), headers: JSON_TYPE };
						faults.set([...before, { match, effect: { answer } }]);
						const outcome = await scene.run(parameters, { items, settings: { onError } });
						const failures = [...outcome.items, ...outcome.refused].filter((item) => errorOf(item));
						expect(outcome.error === undefined).toBe(onError !== 'stopWorkflow');
						expect(failures).toHaveLength(onError === 'stopWorkflow' ? 0 : 2);
						return tracesOf(outcome);
					});
				}),
			);
			const all = traces.join('\n') + takePrinted();
			for (const key of hidden) expect(all).not.toContain(key);
		});
	},
);

describe('A secret key that was read on the way and not asked for is in no trace', () => {
	test.each(SENDINGS.filter(({ parameters }) => parameters.operation !== 'rotateKey'))(
		'$what',
		async ({ parameters, before = [] }) => {
			await onSandbox({}, async (scene) => {
				const items = two(scene);
				scene.sandbox.faults.set(before);
				const outcome = await scene.run({ ...parameters, simplify: false }, { items });
				expect(outcome.error).toBeUndefined();
				const traces = tracesOf(outcome);
				const keys = scene.sandbox.store.assistants().flatMap(({ secret_key: key }) => key ?? []);
				expect(keys).toHaveLength(2);
				for (const key of keys) expect(traces).not.toContain(key);
			});
		},
	);

	test('of a namesake, when a creation is looked for with a secret key', async () => {
		await onSandbox({}, async (scene) => {
			const secret = newKey();
			addOld(scene, { name: 'One', secret_key: secret });
			scene.sandbox.faults.set([LOST]);
			const parameters = { ...CREATE, additionalFields: { generateSecretKey: true } };
			const outcome = await scene.run(parameters, { items: [{ name: 'One' }, { name: 'Two' }] });
			const fresh = scene.sandbox.store.assistants().slice(1);
			expect(outcome.items.map(({ json }) => json.secret_key)).toEqual(
				fresh.map(({ secret_key: key }) => key),
			);
			expect(tracesOf(outcome)).not.toContain(secret);
		});
	});
});

test('The key that a rotation has made and lost is in no trace', async () => {
	await onSandbox({}, async (scene) => {
		const items = two(scene);
		const old = scene.sandbox.store.assistants().map(({ secret_key: key }) => key);
		scene.sandbox.faults.set([LOST]);
		const traces = tracesOf(await scene.run(ROTATE, { items: items.slice(0, 1).concat(items.slice(0, 1)) }));
		const [first] = scene.sandbox.store.assistants();
		expect(old).not.toContain(first?.secret_key);
		for (const key of [first?.secret_key, ...old]) expect(traces).not.toContain(key);
	});
});
