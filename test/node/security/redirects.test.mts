/** Redirects after a POST: sent once, told as what they are, and without what an address may hide. */
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { CONTINUE, errorOf, sent, sourceOf, stored, valuesOf } from '../harness/scene.mts';
import type { Case } from '../harness/scene.mts';
import {
	codeOf,
	errorsOf,
	madeIds,
	madeNames,
	MAY_EXIST,
	parametersOf,
	POSTING,
	proveInTime,
	twoItems,
} from '../harness/operations.mts';

const LASTING = [301, 302, 307, 308] as const;

function redirecting(status: number, to: string, when: 'before' | 'after' = 'before'): FaultRule[] {
	return [{ match: { method: 'POST' }, effect: { redirect: { to, status, when } } }];
}

const refused = POSTING.flatMap((operation) =>
	LASTING.map((status): Case => {
		return [
			`${operation}: a ${status} is a redirect and nothing else: sent once, not carried out, nothing that may exist`,
			async (scene) => {
				const items = twoItems(scene);
				const before = stored(scene, 'id');
				scene.sandbox.faults.set(redirecting(status, 'https://elsewhere.example/orgs/c/assistants'));
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(sent(scene, 'POST')).toHaveLength(2);
				expect(stored(scene, 'id')).toEqual(before);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				for (const item of outcome.items) {
					expect(errorOf(item)).toMatch(/redirect/i);
					expect(errorOf(item)).not.toMatch(MAY_EXIST);
					expect(errorOf(item)).not.toMatch(/may have been created|response was lost/i);
					expect(codeOf(item)).not.toBe('outcome_unknown');
					expect(item.json).toMatchObject({ errorCode: expect.any(String), httpStatus: status });
				}
			},
		];
	}),
);

const retried = POSTING.flatMap((operation): Case[] => {
	return [
		[
			`${operation}: Retry On Fail sends again what a 307 has turned away, because nothing was done`,
			async (scene) => {
				const items = twoItems(scene).slice(0, 1);
				const redirect = { to: 'https://elsewhere.example/', status: 307 };
				scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { redirect } }]);
				const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
				const outcome = await scene.run(parametersOf(operation), { items, settings });
				expect(outcome.error).toBeUndefined();
				expect(errorsOf(outcome)).toEqual([undefined]);
				expect(sent(scene, 'POST').map(({ status }) => status)).toEqual([307, 200]);
			},
		],
		[
			`${operation}: Retry On Fail does not send again what a 303 may have done`,
			async (scene) => {
				const items = twoItems(scene).slice(0, 1);
				const before = stored(scene, 'id');
				scene.sandbox.faults.set(redirecting(303, 'https://elsewhere.example/'));
				const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
				const outcome = await scene.run(parametersOf(operation), { items, settings });
				expect(outcome.error).toBeDefined();
				expect(stored(scene, 'id')).toEqual(before);
				// A key that nobody has seen may be made anew.
				expect(sent(scene, 'POST').length).toBeLessThanOrEqual(operation === 'rotateKey' ? 2 : 1);
			},
		],
	];
});

const MAKERS = ['create', 'duplicate', 'upsert'] as const;

const seeOther = [
	...MAKERS.flatMap((operation): Case[] => {
		return [
			[
				`${operation}: after a 303, which may follow a success, what was made is found, and it is sent once`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set(redirecting(303, '/done', 'after'));
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(sent(scene, 'POST')).toHaveLength(2);
					expect(errorsOf(outcome)).toEqual([undefined, undefined]);
					expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
				},
			],
			[
				`${operation}: after a 303 that made nothing the outcome is unknown, and it is sent once`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set(redirecting(303, '/done'));
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(sent(scene, 'POST')).toHaveLength(2);
					expect(madeNames(scene)).toEqual([]);
					for (const item of outcome.items) {
						expect(errorOf(item)).toMatch(MAY_EXIST);
						expect(codeOf(item)).toBe('outcome_unknown');
					}
				},
			],
		];
	}),
	[
		'rotateKey: after a 303 it is sent once, and the returned key is in force, or the outcome is unknown',
		async (scene) => {
			const items = twoItems(scene);
			scene.sandbox.faults.set(redirecting(303, '/done', 'after'));
			const outcome = await scene.run(parametersOf('rotateKey'), { items, settings: CONTINUE });
			expect(sent(scene, 'POST')).toHaveLength(2);
			for (const [index, item] of outcome.items.entries()) {
				if (errorOf(item) === undefined)
					expect(item.json.secret_key).toBe(stored(scene, 'secret_key')[index]);
				else expect(codeOf(item)).toBe('outcome_unknown');
			}
		},
	] satisfies Case,
];

const TOKEN = randomBytes(24).toString('hex');
const JWT = ['{"alg":"none"}', `{"sub":"${TOKEN}"}`, TOKEN]
	.map((part) => Buffer.from(part).toString('base64url'))
	.join('.');
const HOST = 'gate.example:8443';
const ROUTE = '/orgs/c/assistants';

/** What Location says, what of it the error names, and what it must not name. */
const LOCATIONS: ReadonlyArray<
	readonly [what: string, location: string, told: RegExp | undefined, hidden: readonly string[]]
> = [
	['an address', `https://${HOST}${ROUTE}`, /gate\.example:8443/, [`${HOST}${ROUTE}`]],
	[
		'an address with a base path',
		`https://${HOST}/base/invent${ROUTE}`,
		/gate\.example:8443/,
		[`/base/invent${ROUTE}`],
	],
	[
		'a user and a password',
		`https://zelda9:hunter2@${HOST}/base${ROUTE}`,
		/gate\.example:8443/,
		['zelda9', 'hunter2'],
	],
	['a token in place of a user', `https://${TOKEN}@${HOST}${ROUTE}`, undefined, [TOKEN]],
	[
		'a short secret in its query',
		`https://${HOST}${ROUTE}?sig=abc7&x=1`,
		/gate\.example:8443/,
		['abc7', 'sig='],
	],
	['a token in its query', `https://${HOST}${ROUTE}?token=${TOKEN}`, /gate\.example:8443/, [TOKEN, 'token=']],
	['a token after the hash', `https://${HOST}${ROUTE}#${TOKEN}`, /gate\.example:8443/, [TOKEN]],
	['a token in its path', `https://${HOST}/s/${TOKEN}${ROUTE}`, undefined, [TOKEN]],
	['a token after the route', `https://${HOST}${ROUTE}/${TOKEN}`, undefined, [TOKEN]],
	[
		'a JSON web token in its path',
		`https://${HOST}/s/${JWT}${ROUTE}`,
		undefined,
		[JWT, JWT.split('.')[1] ?? ''],
	],
	['a token in the name of the host', `https://${TOKEN}.example${ROUTE}`, undefined, [TOKEN]],
	['a percent-encoded password', `https://zelda9:hunter%322@${HOST}/`, undefined, ['hunter', 'zelda9']],
	['no scheme, but a password', `//zelda9:hunter2@${HOST}/`, undefined, ['hunter2', 'zelda9']],
	['a relative path with a query', '/login?next=abc7', undefined, ['abc7', 'next=']],
	['no address at all', 'zelda9:hunter2 secret=abc7', undefined, ['hunter2', 'abc7']],
];

const locations = LOCATIONS.flatMap(([what, location, told, hidden]) =>
	(['create', 'rotateKey', 'upsert'] as const).map((operation): Case => {
		return [
			`${operation}: of a redirect to ${what} the error names at most where it leads, and nothing secret`,
			async (scene) => {
				const items = twoItems(scene);
				for (const status of [302, 303, 308]) {
					scene.sandbox.faults.set(redirecting(status, location));
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					const texts = errorsOf(outcome);
					expect(texts).toEqual([expect.any(String), expect.any(String)]);
					for (const text of texts) {
						if (told !== undefined && status !== 303) expect(text).toMatch(told);
						for (const secret of hidden) expect(text).not.toContain(secret);
					}
					const traces = inspect(outcome.run.data, { depth: Infinity, maxStringLength: Infinity });
					for (const secret of hidden) if (secret.length > 6) expect(traces.includes(secret)).toBe(false);
				}
			},
		];
	}),
);

const withKey: Case = [
	'A redirect with the API key in its path or its query leaves no trace of the key',
	async (scene) => {
		const { apiKey } = scene.sandbox;
		const items = twoItems(scene);
		for (const location of [
			`https://${HOST}/${apiKey}${ROUTE}`,
			`https://${HOST}/?k=${apiKey}`,
			`//${apiKey}/`,
		]) {
			scene.sandbox.faults.set(redirecting(302, location));
			const outcome = await scene.run(parametersOf('create'), { items, settings: CONTINUE });
			expect(errorsOf(outcome).join()).not.toContain(apiKey.slice(0, 16));
		}
	},
];

proveInTime([...refused, ...seeOther]);
proveInTime([...retried, ...locations, withKey]);
