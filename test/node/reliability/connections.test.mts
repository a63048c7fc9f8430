/** What fails before a request can have left: the real cause is named, nothing may exist, and the key goes nowhere. */
import type { INodeListSearchResult, INodeParameters } from 'n8n-workflow';

import { credentialType, loadList } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';
import { CONTINUE, errorOf, onSandbox, sourceOf, stored } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { nowhere, selfSigned, throughGateway } from '../harness/gateways.mts';
import type { Gateway } from '../harness/gateways.mts';
import { locator } from '../harness/support.mts';
import {
	AGAIN_LATER,
	codeOf,
	errorsOf,
	MAY_EXIST,
	OPERATIONS,
	parametersOf,
	POSTING,
	proveInTime,
	twoItems,
} from '../harness/operations.mts';

/** A user and a password as an address has them. */
const LOGIN = ['ada', 'hunter2'].join(':');

const CERTIFICATE = selfSigned();
const UNSIGNED_ALLOWED: INodeParameters = { requestOptions: { allowUnauthorizedCerts: true } };

/** Does something with the sandbox behind TLS, whose certificate nobody has signed. */
async function behindTls<T>({ sandbox }: Scene, work: (gateway: Gateway) => Promise<T>): Promise<T> {
	return await throughGateway(sandbox.url, {}, work, CERTIFICATE);
}

function at(scene: Scene, baseUrl: string) {
	return { ...scene.credential, baseUrl };
}

/** Both items are errors that tell of nothing that may have been done. */
function expectNothingDone({ items }: Outcome): void {
	expect(items.map(sourceOf)).toEqual([0, 1]);
	for (const item of items) {
		expect(errorOf(item)).toContain(`[item ${sourceOf(item)}]`);
		expect(errorOf(item)).not.toMatch(MAY_EXIST);
		expect(errorOf(item)).not.toMatch(/response was lost/i);
	}
}

function expectCodes({ items }: Outcome, ...codes: readonly string[]): void {
	for (const item of items) expect(codes).toContain(codeOf(item));
}

const plainPort = OPERATIONS.map(([operation, parameters]): Case => {
	return [
		`${operation}: https to a port that speaks plain http is told as that, and not tried again`,
		async (scene) => {
			const items = twoItems(scene);
			const before = stored(scene, 'id');
			const work = async (gateway: Gateway) => {
				const credential = at(scene, gateway.url.replace('http:', 'https:'));
				const ended = await scene.run(parameters, { items, credential, settings: CONTINUE });
				return { outcome: ended, connections: gateway.connections };
			};
			const { outcome, connections } = await throughGateway(scene.sandbox.url, {}, work);
			expectNothingDone(outcome);
			for (const text of errorsOf(outcome)) {
				expect(text).toMatch(/TLS|HTTPS|SSL|encrypt/);
				expect(text).not.toMatch(/certificate of \S+ is not trusted/i);
				expect(text).not.toMatch(AGAIN_LATER);
			}
			expect(connections).toBeLessThanOrEqual(2);
			expect(stored(scene, 'id')).toEqual(before);
			expectCodes(outcome, 'unavailable', 'invalid_input');
		},
	];
});

const unsigned = OPERATIONS.flatMap(([operation, parameters]): Case[] => {
	return [
		[
			`${operation}: a certificate that nobody has signed is not trusted, is named as the cause, and is not tried again`,
			async (scene) => {
				const items = twoItems(scene);
				await behindTls(scene, async (gateway) => {
					const credential = at(scene, gateway.url);
					const outcome = await scene.run(parameters, { items, credential, settings: CONTINUE });
					expectNothingDone(outcome);
					for (const text of errorsOf(outcome)) {
						expect(text).toMatch(/certificate/i);
						expect(text).not.toMatch(AGAIN_LATER);
					}
					expect(gateway.seen).toEqual([]);
					expect(scene.sandbox.requests).toEqual([]);
					expect(gateway.connections).toBeLessThanOrEqual(2);
					expectCodes(outcome, 'unavailable', 'invalid_input');
				});
			},
		],
		[
			`${operation}: a certificate that nobody has signed is taken with Ignore SSL Issues on`,
			async (scene) => {
				const items = twoItems(scene);
				await behindTls(scene, async (gateway) => {
					const credential = at(scene, gateway.url);
					const outcome = await scene.run(
						{ ...parameters, ...UNSIGNED_ALLOWED },
						{ items, credential, settings: CONTINUE },
					);
					expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
					expect([...new Set(outcome.items.map(sourceOf))]).toEqual([0, 1]);
				});
			},
		],
		[
			`${operation}: with Ignore SSL Issues switched off again a certificate that nobody has signed is not trusted`,
			async (scene) => {
				const items = twoItems(scene);
				await behindTls(scene, async (gateway) => {
					const strict = { requestOptions: { allowUnauthorizedCerts: false } };
					const credential = at(scene, gateway.url);
					const outcome = await scene.run(
						{ ...parameters, ...strict },
						{ items, credential, settings: CONTINUE },
					);
					for (const text of errorsOf(outcome)) expect(text).toMatch(/certificate/i);
					expect(gateway.seen).toEqual([]);
				});
			},
		],
	];
});

/** What an operation sends besides its own request. */
const BESIDES: ReadonlyArray<readonly [what: string, parameters: INodeParameters, lostFirst: boolean]> = [
	["Update's reading", { ...parametersOf('update'), config: { model: 'm' } }, false],
	["Create's look-up", parametersOf('create'), true],
	["Duplicate's look-up", parametersOf('duplicate'), true],
	["Rotate Key's reading", parametersOf('rotateKey'), true],
	["Create or Update's look-up", parametersOf('upsert'), true],
];

const besides = BESIDES.map(([what, parameters, lostFirst]): Case => {
	return [
		`${what} takes a certificate that nobody has signed with Ignore SSL Issues on`,
		async (scene) => {
			const items = twoItems(scene);
			const answer = { status: 500, when: 'after' } as const;
			if (lostFirst) scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { answer } }]);
			await behindTls(scene, async (gateway) => {
				const credential = at(scene, gateway.url);
				const outcome = await scene.run(
					{ ...parameters, ...UNSIGNED_ALLOWED },
					{ items, credential, settings: CONTINUE },
				);
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(gateway.seen.some(({ method }) => method === 'GET')).toBe(true);
			});
		},
	];
});

/** What the drop-downs of a panel ask the API for. */
const LISTS = ['searchAssistants', 'searchOrganizations', 'searchModels'] as const;

async function listWith(
	scene: Scene,
	method: string,
	baseUrl: string,
	more: INodeParameters,
): Promise<INodeListSearchResult> {
	const parameters = { operation: 'get', organizationId: locator('c', 'list'), ...more };
	return await loadList({ method, parameters, credential: at(scene, baseUrl) });
}

async function messageOf(loading: Promise<unknown>): Promise<string> {
	const [outcome] = await Promise.allSettled([loading]);
	const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
	if (!(reason instanceof Error)) throw new Error('The list should not have been loaded');
	return `${reason.message}. ${'description' in reason ? String(reason.description) : ''}`;
}

const dropDowns = LISTS.flatMap((method): Case[] => {
	return [
		[
			`The drop-down of ${method} does not trust a certificate that nobody has signed`,
			async (scene) => {
				await behindTls(scene, async ({ url, seen }) => {
					expect(await messageOf(listWith(scene, method, url, {}))).toMatch(/certificate/i);
					expect(seen).toEqual([]);
				});
			},
		],
		[
			`The drop-down of ${method} takes a certificate that nobody has signed with Ignore SSL Issues on in the panel`,
			async (scene) => {
				scene.sandbox.store.add({ config: { model: 'm' } });
				await behindTls(scene, async ({ url }) => {
					const { results } = await listWith(scene, method, url, UNSIGNED_ALLOWED);
					expect(results.length).toBeGreaterThan(0);
				});
			},
		],
	];
});

const nobody = POSTING.flatMap((operation) =>
	(['http', 'https'] as const).map((scheme): Case => {
		return [
			`${operation}: where nothing listens at an ${scheme} address that is said, and nothing may exist`,
			async (scene) => {
				const items = twoItems(scene);
				const credential = at(scene, nowhere(scheme));
				const outcome = await scene.run(parametersOf(operation), { items, credential, settings: CONTINUE });
				expectNothingDone(outcome);
				expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('unavailable');
			},
		];
	}),
);

/** Addresses that the key must not go to. `HOST` is where the sandbox listens. */
const REFUSED: ReadonlyArray<readonly [what: string, baseUrl: string]> = [
	['plain http to evil-localhost', 'http://evil-localhost:PORT'],
	['plain http to notlocalhost', 'http://notlocalhost:PORT'],
	['plain http to my.localhost', 'http://my.localhost:PORT'],
	['plain http to localhost.example.com', 'http://localhost.example.com:PORT'],
	['plain http to localhost.evil', 'http://localhost.evil:PORT'],
	['plain http to 127.0.0.1.example.com', 'http://127.0.0.1.example.com:PORT'],
	['plain http to 1127.0.0.1.nip.io', 'http://1127.0.0.1.nip.io:PORT'],
	['http: and a host without slashes', 'http:127.0.0.1:PORT'],
	['http: and localhost without slashes', 'http:localhost:PORT'],
	['http:/ and a host after one slash', 'http:/127.0.0.1:PORT'],
	['https: and a host without slashes', 'https:api.useinvent.com'],
	['a user and a password', `http://${LOGIN}@127.0.0.1:PORT`],
	['a user alone', 'http://ada@127.0.0.1:PORT'],
	['a password alone', 'http://:hunter2@127.0.0.1:PORT'],
	['https with a user and a password', `https://${LOGIN}@127.0.0.1:PORT`],
	['a query', 'http://127.0.0.1:PORT?token=abc'],
	['a query after a path', 'http://127.0.0.1:PORT/base?token=abc'],
	['a fragment', 'http://127.0.0.1:PORT#top'],
	['a fragment after a path', 'http://127.0.0.1:PORT/base#top'],
	['a port that is none', 'http://127.0.0.1:99999'],
	['no host', 'https://'],
];

const refused = REFUSED.flatMap(([what, address]): Case[] => {
	return [
		[
			`A Base URL with ${what} is refused for every operation, and nothing is sent`,
			async (scene) => {
				const items = twoItems(scene);
				const { port } = new URL(scene.sandbox.url);
				const credential = at(scene, address.replace('PORT', port));
				for (const [, parameters] of OPERATIONS) {
					const outcome = await scene.run(parameters, { items, credential, settings: CONTINUE });
					expectNothingDone(outcome);
					for (const text of errorsOf(outcome)) {
						expect(text).toContain("'Base URL'");
						expect(text).not.toContain('hunter2');
					}
				}
				expect(scene.sandbox.requests).toEqual([]);
				const outcome = await scene.run(parametersOf('get'), { items, credential, settings: CONTINUE });
				expectCodes(outcome, 'invalid_input');
			},
		],
		[
			`A Base URL with ${what} is refused by the drop-downs and by the credential itself`,
			async (scene) => {
				const { port } = new URL(scene.sandbox.url);
				const baseUrl = address.replace('PORT', port);
				for (const method of LISTS) {
					const text = await messageOf(listWith(scene, method, baseUrl, {}));
					expect(text).toContain("'Base URL'");
					expect(text).not.toContain('hunter2');
				}
				const { authenticate } = credentialType;
				if (typeof authenticate !== 'function') throw new Error('authenticate is a function');
				const request = { baseURL: baseUrl, url: '/orgs/c/assistants' };
				expect(await messageOf(authenticate(at(scene, baseUrl), request))).toContain('Base URL');
				expect(scene.sandbox.requests).toEqual([]);
			},
		],
	];
});

const accepted: Case = [
	'A Base URL of this machine by any of its names, with a path, blanks around it or a slash at its end is fine',
	async (scene) => {
		const { port } = new URL(scene.sandbox.url);
		const items = twoItems(scene);
		for (const url of [
			`http://127.0.0.1:${port}`,
			`http://localhost:${port}`,
			`HTTP://LOCALHOST:${port}`,
			` http://127.0.0.1:${port}/\n`,
		]) {
			const outcome = await scene.run(parametersOf('get'), {
				items,
				credential: at(scene, url),
				settings: CONTINUE,
			});
			for (const text of errorsOf(outcome)) expect(text ?? '').not.toContain('Base URL');
		}
	},
];

proveInTime([...plainPort, ...unsigned, ...besides]);
proveInTime([...dropDowns, ...nobody, ...refused, accepted]);

test('What a certificate proves is not weakened for others by Ignore SSL Issues of one execution', async () => {
	await onSandbox({}, async (scene) => {
		const items = twoItems(scene);
		await behindTls(scene, async ({ url }) => {
			const credential = at(scene, url);
			const run = async (more: INodeParameters) =>
				await scene.run({ ...parametersOf('get'), ...more }, { items, credential, settings: CONTINUE });
			const [loose, strict] = await Promise.all([run(UNSIGNED_ALLOWED), run({})]);
			expect(errorsOf(loose)).toEqual([undefined, undefined]);
			expect(errorsOf(strict)).toEqual([
				expect.stringMatching(/certificate/i),
				expect.stringMatching(/certificate/i),
			]);
		});
	});
});
