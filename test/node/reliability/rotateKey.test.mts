/** Rotate Key ends with the key that is in force, or with an error. */
import type { INodeParameters } from 'n8n-workflow';

import type { FaultEffect, FaultRule } from '../../../tools/sandbox/server.mts';
import { fieldsOf, locator } from '../harness/support.mts';
import {
	addOld,
	CONTINUE,
	errorOf,
	JSON_TYPE,
	proveSideBySide,
	sent,
	sourceOf,
	stored,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const ROTATE: INodeParameters = {
	operation: 'rotateKey',
	assistantId: locator('={{ $json.id }}'),
};
/** Long enough for an answer on a busy machine. */
const TIMEOUT: INodeParameters = { requestOptions: { timeout: 2000 } };
const POST = { method: 'POST' } as const;
const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } as const;

const WEB_PAGE: FaultEffect = {
	answer: { body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' }, when: 'after' },
};
/** Ways in which the answer to a rotation gets lost although the key has changed. */
const LOST: ReadonlyArray<readonly [what: string, effect: FaultEffect]> = [
	['the connection broke', { dropAfter: true }],
	['the answer broke off', { truncateBody: 40 }],
	['a 500 came', { answer: { status: 500, when: 'after' } }],
	['a 504 came', { answer: { status: 504, when: 'after' } }],
	['nothing came in time', { stall: 'after' }],
	['an empty answer came', { answer: { when: 'after' } }],
	['a web page came', WEB_PAGE],
	['an empty object came', { answer: { body: '{}', headers: JSON_TYPE, when: 'after' } }],
	['broken JSON came', { answer: { body: '{"id":', headers: JSON_TYPE, when: 'after' } }],
];

function two(scene: Scene) {
	return [addOld(scene, { name: 'One' }), addOld(scene, { name: 'Two' })].map(({ id }) => ({ id }));
}

function keyOf({ sandbox }: Scene, id: string | undefined): unknown {
	return sandbox.store.find(id ?? '')?.secret_key;
}

async function rotated(scene: Scene, rules: readonly FaultRule[], extra: INodeParameters = {}) {
	const items = two(scene);
	scene.sandbox.faults.set([...rules]);
	const outcome = await scene.run({ ...ROTATE, ...TIMEOUT, ...extra }, { items, settings: CONTINUE });
	return { outcome, ids: items.map(({ id }) => id) };
}

async function expectKeysInForce(scene: Scene, rules: readonly FaultRule[], extra: INodeParameters = {}) {
	const { outcome, ids } = await rotated(scene, rules, extra);
	expect(outcome.items.map(errorOf)).toEqual([undefined, undefined]);
	expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
	expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(ids);
	const keys = fieldsOf(outcome).map(({ secret_key: key }) => key);
	expect(keys).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
	expect(keys).toEqual(ids.map((id) => keyOf(scene, id)));
	return outcome;
}

const once = LOST.map(([what, effect]): Case => {
	return [
		`When ${what} once instead of the answer, the returned key is the one in force`,
		async (scene) => {
			await expectKeysInForce(scene, [{ match: { ...POST, nth: 1 }, effect }]);
			expect(sent(scene, 'POST')).toHaveLength(3);
		},
	];
});

const raw: Case = [
	'The whole assistant is returned after a lost answer too, when it is not to be simplified',
	async (scene) => {
		const rule = { match: { ...POST, nth: 1 }, effect: { dropAfter: true } } as const;
		const outcome = await expectKeysInForce(scene, [rule], { simplify: false });
		const [lost, fine] = fieldsOf(outcome);
		expect(Object.keys(lost ?? {})).toEqual(Object.keys(fine ?? {}));
		expect(lost).toEqual({ ...scene.sandbox.store.assistants()[0] });
	},
];

const NO_KEY: FaultEffect = {
	answer: { body: '{"id":"ast_1","name":"One","updated_at":""}', headers: JSON_TYPE, when: 'after' },
};

const withoutKey: readonly Case[] = [
	...LOST.slice(5)
		.filter(([, effect]) => 'answer' in effect)
		.map(([what, effect]): Case => {
			return [
				`When ${what} each time, the returned key is read from the assistant`,
				async (scene) => {
					await expectKeysInForce(scene, [{ match: POST, effect }]);
				},
			];
		}),
	[
		'When each answer lacks the key, the returned key is read from the assistant',
		async (scene) => {
			await expectKeysInForce(scene, [{ match: POST, effect: NO_KEY }]);
		},
	],
	...['{"id":"ast_1","secret_key":null}', '{"id":"ast_1","secret_key":""}', '{"id":"ast_1"}'].map(
		(body): Case => [
			`An answer of ${body} to everything is no success`,
			async (scene) => {
				const answer = { body, headers: JSON_TYPE, when: 'after' } as const;
				const { outcome } = await rotated(scene, [{ effect: { answer } }]);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				for (const text of outcome.items.map(errorOf)) expect(text).toContain('secret key may have changed');
			},
		],
	),
];

const everyTime = LOST.slice(0, 5).map(([what, effect]): Case => {
	return [
		`When ${what} each time, the error says that the key may have changed and that running again gives it`,
		async (scene) => {
			const { outcome } = await rotated(scene, [{ match: POST, effect }]);
			expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			for (const text of outcome.items.map(errorOf)) {
				expect(text).toMatch(/secret key may have changed.*Run this item again/);
			}
			for (const key of stored(scene, 'secret_key'))
				expect(JSON.stringify(outcome.run.data)).not.toContain(key);
			// Once, and once more with three repetitions, for each of two items.
			expect(sent(scene, 'POST').length).toBeLessThanOrEqual(10);
		},
	];
});

const readingFails: Case = [
	'When the key in force cannot be read either, the error says that it may have changed',
	async (scene) => {
		const rules: FaultRule[] = [
			{ match: POST, effect: NO_KEY },
			{ match: { method: 'GET' }, effect: { answer: { status: 403 } } },
		];
		const { outcome } = await rotated(scene, rules);
		for (const text of outcome.items.map(errorOf)) expect(text).toContain('secret key may have changed');
	},
];

const refused = [400, 401, 403, 404, 422].map((status): Case => {
	return [
		`A ${status} is an error of its own: nothing has changed, and nothing is sent again`,
		async (scene) => {
			const { outcome } = await rotated(scene, [{ match: POST, effect: { answer: { status } } }]);
			for (const text of outcome.items.map(errorOf)) expect(text).not.toContain('may have changed');
			expect(outcome.items.map(errorOf)).toEqual([expect.any(String), expect.any(String)]);
			expect(scene.sandbox.requests).toHaveLength(2);
			expect(stored(scene, 'secret_key')).toEqual([null, null]);
		},
	];
});

/** Which of two rotations of the same assistant comes to nothing in the first try. */
const TRIES: ReadonlyArray<readonly [what: string, rules: FaultRule[]]> = [
	['the first is refused', [{ match: { ...POST, nth: 1 }, effect: { answer: { status: 403 } } }]],
	['the second is refused', [{ match: { ...POST, nth: 2 }, effect: { answer: { status: 403 } } }]],
	['the first gets lost five times', [{ match: { ...POST, times: 5 }, effect: { dropAfter: true } }]],
	[
		'the second gets lost five times',
		[{ match: { ...POST, nth: 2, times: 5 }, effect: { dropAfter: true } }],
	],
];

const BOTH = ['stopWorkflow', 'continueRegularOutput'] as const;

const tries = TRIES.flatMap(([what, rules]) =>
	// With errors as output n8n tries again only when the first item is one.
	(what.startsWith('the first') ? BOTH : BOTH.slice(0, 1)).map((onError): Case => {
		return [
			`Retry On Fail, ${onError}: of two items on the same assistant, where ${what} at first, the last one has the key in force`,
			async (scene) => {
				const { id } = addOld(scene, { name: 'One' });
				scene.sandbox.faults.set(rules);
				const settings = { ...RETRY, onError };
				const outcome = await scene.run(ROTATE, { items: [{ id }, { id }], settings });
				expect(outcome.error).toBeUndefined();
				expect(outcome.items.map(errorOf)).toEqual([undefined, undefined]);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				expect(outcome.items[1]?.json.secret_key).toEqual(expect.any(String));
				expect(outcome.items[1]?.json.secret_key).toBe(keyOf(scene, id));
			},
		];
	}),
);

proveSideBySide([...once, raw, ...withoutKey, ...everyTime, readingFails, ...refused, ...tries]);
