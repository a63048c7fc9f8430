/** Writes whose answer is given up before the service carries them out: what came later has the last word. */
import type { INodeParameters } from 'n8n-workflow';

import type { FaultRule, SandboxOptions } from '../../../tools/sandbox/server.mts';
import type { Outcome, Setup } from '../harness/engine.mts';
import { addOld, CONTINUE, errorOf, sent, sourceOf, stored } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { fieldsOf, locator } from '../harness/support.mts';
import {
	codeOf,
	errorsOf,
	madeNamed,
	madeNames,
	MAY_EXIST,
	parametersOf,
	proveInTime,
	renaming,
	twoItems,
} from '../harness/operations.mts';

const OWN_ID = locator('={{ $json.id }}');
const ROTATE: INodeParameters = { operation: 'rotateKey', assistantId: OWN_ID };
const RENAME: INodeParameters = {
	operation: 'update',
	organizationId: locator('={{ $json.organization ?? "c" }}'),
	assistantId: OWN_ID,
	updateFields: { name: '={{ $json.name }}' },
};

/** The node's own patience where the gateway never answers. */
const TIMEOUT_MS = 1000;

interface Lateness {
	readonly what: string;
	readonly landLater: { afterMs: number; status?: number };
	readonly parameters: INodeParameters;
}

const LATE: readonly Lateness[] = [
	...[500, 1500].map((afterMs) => ({
		what: `a 504 came and the write landed ${afterMs} ms after it was sent`,
		landLater: { afterMs, status: 504 },
		parameters: {},
	})),
	...[1300, 1900].map((afterMs) => ({
		what: `no answer came within a second and the write landed ${afterMs} ms after it was sent`,
		landLater: { afterMs },
		parameters: { requestOptions: { timeout: TIMEOUT_MS } },
	})),
];

const SLOW: Lateness = {
	what: 'no answer came within two seconds and the write landed a second and a half after that',
	landLater: { afterMs: 3500 },
	parameters: { requestOptions: { timeout: 2000 } },
};

function late(method: string, { landLater }: Lateness, match: FaultRule['match'] = { nth: 1 }): FaultRule[] {
	return [{ match: { method, ...match }, effect: { landLater } }];
}

function keyOf({ sandbox }: Scene, id: unknown): unknown {
	return sandbox.store.find(String(id))?.secret_key;
}

/** Every item holds the key that is in force once all has landed, or says that nobody knows it. */
async function expectInForce(scene: Scene, outcome: Outcome): Promise<void> {
	await scene.sandbox.landed();
	expect(outcome.error).toBeUndefined();
	for (const item of outcome.items) {
		if (errorOf(item) === undefined) {
			expect(item.json.secret_key).toBe(keyOf(scene, item.json.id));
			expect(item.json.secret_key).toEqual(expect.stringMatching(/./));
		} else {
			expect(errorOf(item)).toMatch(MAY_EXIST);
			expect(codeOf(item)).toBe('outcome_unknown');
		}
	}
}

const rotations = [...LATE, SLOW].flatMap((lateness): Case[] => {
	return [
		[
			`rotateKey: where ${lateness.what}, the returned key is in force afterwards, or the outcome is unknown`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set(late('POST', lateness));
				const outcome = await scene.run({ ...ROTATE, ...lateness.parameters }, { items, settings: CONTINUE });
				await expectInForce(scene, outcome);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				// The other item has nothing to do with it.
				expect(errorOf(outcome.items[1] ?? { json: {} })).toBeUndefined();
			},
		],
		[
			`rotateKey: where ${lateness.what} for each request, the returned key is in force afterwards, or the outcome is unknown`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set(late('POST', lateness, {}));
				const outcome = await scene.run({ ...ROTATE, ...lateness.parameters }, { items, settings: CONTINUE });
				await expectInForce(scene, outcome);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			},
		],
	];
});

const FIRST_LATE: readonly Lateness[] = LATE.filter(({ landLater }) => landLater.afterMs >= 1500);

const sameAssistant = FIRST_LATE.map((lateness): Case => {
	return [
		`rotateKey twice on one assistant: where ${lateness.what}, the key of the last item is in force afterwards, or the outcome is unknown`,
		async (scene) => {
			const { id } = addOld(scene, { name: 'One' });
			scene.sandbox.faults.set(late('POST', lateness));
			const outcome = await scene.run(
				{ ...ROTATE, ...lateness.parameters },
				{ items: [{ id }, { id }], settings: CONTINUE },
			);
			await scene.sandbox.landed();
			const [, last] = outcome.items;
			if (last !== undefined && errorOf(last) === undefined)
				expect(last.json.secret_key).toBe(keyOf(scene, id));
			else expect(codeOf(last ?? { json: {} })).toBe('outcome_unknown');
		},
	];
});

/** Two executions at once; the second starts when the first one's write has reached the service. */
async function both(
	scene: Scene,
	first: readonly [INodeParameters, Partial<Setup>],
	second: readonly [INodeParameters, Partial<Setup>],
	reached: Promise<void>,
): Promise<Array<{ outcome: Outcome; at: number }>> {
	const timed = async ([parameters, setup]: readonly [INodeParameters, Partial<Setup>]) => {
		const outcome = await scene.run(parameters, { settings: CONTINUE, ...setup });
		return { outcome, at: performance.now() };
	};
	const running = timed(first);
	await reached;
	return await Promise.all([running, timed(second)]);
}

/** The outcome that came last. */
function lastOf(ends: ReadonlyArray<{ outcome: Outcome; at: number }>): Outcome | undefined {
	return [...ends].sort((a, b) => a.at - b.at).at(-1)?.outcome;
}

interface Overlap {
	readonly sentence: string;
	/** The method of the write. */
	readonly method: string;
	readonly prove: (scene: Scene, reached: Promise<void>) => Promise<void>;
}

/** A case whose second execution starts when the first write has come. */
function overlapping({ sentence, method, prove }: Overlap): Case {
	const { promise, resolve } = Promise.withResolvers<void>();
	let scene: Scene | undefined;
	// The clock is asked for each time a request comes or is answered.
	const now: SandboxOptions['now'] = () => {
		if (scene?.sandbox.requests.some((request) => request.method === method) === true) resolve();
		return Date.now();
	};
	return [
		sentence,
		async (given) => {
			scene = given;
			await prove(given, promise);
		},
		{ now },
	];
}

const rotationsAtOnce = FIRST_LATE.map((lateness) =>
	overlapping({
		sentence: `rotateKey from two executions at once: where ${lateness.what}, the key that came out last is in force afterwards, or the outcome is unknown`,
		method: 'POST',
		prove: async (scene, reached) => {
			const { id } = addOld(scene, { name: 'One' });
			scene.sandbox.faults.set(late('POST', lateness));
			const parameters = { ...ROTATE, ...lateness.parameters };
			const ends = await both(
				scene,
				[parameters, { items: [{ id }] }],
				[parameters, { items: [{ id }] }],
				reached,
			);
			await scene.sandbox.landed();
			const last = lastOf(ends)?.items[0];
			if (last !== undefined && errorOf(last) === undefined)
				expect(last.json.secret_key).toBe(keyOf(scene, id));
			else expect(codeOf(last ?? { json: {} })).toBe('outcome_unknown');
		},
	}),
);

const updates = LATE.flatMap((lateness): Case[] => {
	return [
		[
			`update: where ${lateness.what}, a later item on the same assistant still has the last word`,
			async (scene) => {
				const { id } = addOld(scene, { name: 'Old' });
				const items = renaming(id, 'First', 'Second');
				scene.sandbox.faults.set(late('PATCH', lateness));
				const outcome = await scene.run({ ...RENAME, ...lateness.parameters }, { items, settings: CONTINUE });
				await scene.sandbox.landed();
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				expect(errorOf(outcome.items[1] ?? { json: {} })).toBeUndefined();
				expect(stored(scene, 'name')).toEqual(['Second']);
			},
		],
		[
			`update: where ${lateness.what}, a later item on the same assistant still has the last word, addressed by another id of its organization`,
			async (scene) => {
				const { id } = addOld(scene, { name: 'Old' });
				const items = [
					{ id, name: 'First', organization: 'c' },
					{ id, name: 'Second', organization: scene.sandbox.orgId },
				];
				scene.sandbox.faults.set(late('PATCH', lateness));
				await scene.run({ ...RENAME, ...lateness.parameters }, { items, settings: CONTINUE });
				await scene.sandbox.landed();
				expect(stored(scene, 'name')).toEqual(['Second']);
			},
		],
		[
			`update: where ${lateness.what} for each request of an item, its error admits that it may still take effect, and a later item has the last word`,
			async (scene) => {
				const { id } = addOld(scene, { name: 'Old' });
				const items = renaming(id, 'First', 'Second');
				scene.sandbox.faults.set(late('PATCH', lateness, { times: 4 }));
				const outcome = await scene.run({ ...RENAME, ...lateness.parameters }, { items, settings: CONTINUE });
				await scene.sandbox.landed();
				const [first, second] = outcome.items;
				expect(first && errorOf(first)).toMatch(/\b(may|might)\b/);
				expect(second && errorOf(second)).toBeUndefined();
				expect(stored(scene, 'name')).toEqual(['Second']);
				expect(codeOf(first ?? { json: {} })).toBe('unavailable');
			},
		],
	];
});

const doubt: Case = [
	'update: an item whose every request got a 504 says that the change may have been made, also when it is the last one',
	async (scene) => {
		const items = twoItems(scene);
		scene.sandbox.faults.set([
			{ match: { method: 'PATCH' }, effect: { landLater: { afterMs: 500, status: 504 } } },
		]);
		const outcome = await scene.run(RENAME, { items, settings: CONTINUE });
		for (const text of errorsOf(outcome)) expect(text).toMatch(/\b(may|might)\b/);
		for (const item of outcome.items) expect(codeOf(item)).toBe('unavailable');
	},
];

const updatesAtOnce = FIRST_LATE.flatMap((lateness) => {
	return [
		overlapping({
			sentence: `update from two executions at once: where ${lateness.what}, the change that was asked for later is there afterwards`,
			method: 'PATCH',
			prove: async (scene, reached) => {
				const { id } = addOld(scene, { name: 'Old' });
				scene.sandbox.faults.set(late('PATCH', lateness));
				const parameters = { ...RENAME, ...lateness.parameters };
				const items = (name: string) => ({ items: [{ id, name }] });
				const ends = await both(scene, [parameters, items('First')], [parameters, items('Second')], reached);
				await scene.sandbox.landed();
				for (const { outcome } of ends) expect(errorsOf(outcome)).toEqual([undefined]);
				expect(stored(scene, 'name')).toEqual(['Second']);
			},
		}),
	];
});

/** Three ways to ask for one assistant of one name; its creation lands only after the answer was given up. */
const creations = [LATE[1], LATE[2]].flatMap((lateness): Case[] => {
	if (lateness === undefined) return [];
	const { what, parameters } = lateness;
	const upsert = { ...parametersOf('upsert'), ...parameters };
	return [
		[
			`Create or Update of one new name in two items: where ${what}, there is one assistant of the name afterwards`,
			async (scene) => {
				scene.sandbox.faults.set(late('POST', lateness));
				const items = [{ name: 'Only' }, { name: 'Only' }, { name: 'Other' }];
				const outcome = await scene.run(upsert, { items, settings: CONTINUE });
				await scene.sandbox.landed();
				expect(madeNamed(scene, 'Only')).toHaveLength(1);
				expect(madeNamed(scene, 'Other')).toHaveLength(1);
				expect(sent(scene, 'POST')).toHaveLength(2);
				expect(fieldsOf(outcome)[2]?.name).toBe('Other');
			},
		],
		overlapping({
			sentence: `Create or Update of one new name from two executions at once: where ${what}, there is one assistant of the name afterwards`,
			method: 'POST',
			prove: async (scene, reached) => {
				scene.sandbox.faults.set(late('POST', lateness));
				const items = { items: [{ name: 'Only' }] };
				await both(scene, [upsert, items], [upsert, items], reached);
				await scene.sandbox.landed();
				expect(stored(scene, 'name')).toEqual(['Only']);
			},
		}),
		...(['create', 'duplicate'] as const).map((operation): Case => {
			return [
				`${operation}: where ${what}, it is sent once, and it returns what was made, or an unknown outcome`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set(late('POST', lateness));
					const outcome = await scene.run(
						{ ...parametersOf(operation), ...parameters },
						{ items, settings: CONTINUE },
					);
					await scene.sandbox.landed();
					expect(sent(scene, 'POST')).toHaveLength(2);
					expect(madeNames(scene).sort()).toEqual(['One', 'Two']);
					const [first, second] = outcome.items;
					if (first && errorOf(first) !== undefined) expect(errorOf(first)).toMatch(MAY_EXIST);
					else expect(first?.json.id).toBe(madeNamed(scene, 'One')[0]?.id);
					expect(second?.json.id).toBe(madeNamed(scene, 'Two')[0]?.id);
				},
			];
		}),
	];
});

proveInTime([...rotations, ...sameAssistant, ...rotationsAtOnce]);
proveInTime([...updates, doubt, ...updatesAtOnce]);
proveInTime(creations);
