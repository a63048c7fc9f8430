/**
 * Batching, which the panel offers for every node like this one: the engine starts the items of a later batch while
 * those of the earlier ones are under way, and it may end in between.
 */
import type { INodeParameters } from 'n8n-workflow';

import { collectRejections, watchedNode } from '../harness/engine.mts';
import {
	CONTINUE,
	indicesOf,
	named,
	onSandbox,
	proveSideBySide,
	sourceOf,
	stored,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import {
	batching,
	CREATE,
	EVERY_TRY,
	inShort,
	NAME_OR_THROW,
	names,
	postedNames,
	RETRY,
	settled,
	staged,
} from '../harness/stage.mts';

/** Each item in a batch of its own; and the panel's defaults, where the second batch starts after a second. */
const ONE_BY_ONE = batching(1, 30);
const DEFAULTS = batching(50, 1000);
const NO_BATCHES: INodeParameters = {};

const THROWING: INodeParameters = { operation: 'create', name: NAME_OR_THROW };

/** What every try of the engine throws at, and how many items there are. */
const LATER: ReadonlyArray<readonly [how: string, batches: INodeParameters, items: number]> = [
	['without Batching', NO_BATCHES, 3],
	['with an item a batch', ONE_BY_ONE, 3],
	['with Batching at its defaults', DEFAULTS, 52],
];

function wishes(count: number, lastThrowsIn: readonly number[]): Record<string, readonly number[]> {
	return Object.fromEntries(names(count).map((name, at) => [name, at === count - 1 ? lastThrowsIn : []]));
}

const throwsAlways = LATER.flatMap(([how, batches, count]) =>
	['create', 'upsert'].map((operation): Case => [
		`${operation} ${how}: an expression that throws in the last item sends nothing for the earlier ones, on any try of Retry On Fail`,
		async (scene) => {
			const { node, setup } = staged(wishes(count, EVERY_TRY));
			const outcome = await scene.run({ ...THROWING, ...batches, operation }, { ...setup, settings: RETRY });
			expect(outcome.error).toBeDefined();
			expect(node.tries).toBe(3);
			await settled(scene);
			expect(postedNames(scene)).toEqual([]);
		},
	]),
);

const throwsOnce = LATER.flatMap(([how, batches, count]) =>
	['create', 'upsert'].map((operation): Case => [
		`${operation} ${how}: when the last item's expression throws in the first two tries only, the third one creates every name once`,
		async (scene) => {
			const { node, setup } = staged(wishes(count, [1, 2]));
			const outcome = await scene.run({ ...THROWING, ...batches, operation }, { ...setup, settings: RETRY });
			expect(outcome.error).toBeUndefined();
			expect(node.tries).toBe(3);
			expect(postedNames(scene)).toEqual(names(count));
			expect(outcome.items.map(inShort)).toEqual(names(count));
			expect(outcome.items.map(sourceOf)).toEqual(indicesOf(outcome.items));
		},
	]),
);

const throwsInTheMiddle = LATER.map(([how, batches, count]): Case => [
	`${how}: an expression that throws in any but the first item sends nothing for the others, on errors stop`,
	async (scene) => {
		const throws = Object.fromEntries(names(count).map((name, at) => [name, at === 1 ? EVERY_TRY : []]));
		const { setup } = staged(throws);
		const outcome = await scene.run({ ...THROWING, ...batches }, setup);
		expect(outcome.error).toBeDefined();
		await settled(scene);
		expect(postedNames(scene)).toEqual([]);
	},
]);

const once = LATER.map(([how, batches, count]): Case => [
	`${how}: with Execute Once the single item is sent, although the expression of a later one would throw`,
	async (scene) => {
		const throws = Object.fromEntries(names(count).map((name, at) => [name, at > 0 ? EVERY_TRY : []]));
		const { setup } = staged(throws);
		const outcome = await scene.run(
			{ ...THROWING, ...batches },
			{ ...setup, settings: { executeOnce: true } },
		);
		expect(outcome.error).toBeUndefined();
		expect(postedNames(scene)).toEqual(['Wish 0']);
		expect(outcome.items.map(inShort)).toEqual(['Wish 0']);
	},
]);

const goesOn: Case[] = LATER.flatMap(([how, batches, count]): Case[] => [
	[
		`${how}: on errors continue, an expression that throws in a later item keeps no other item from being sent`,
		async (scene) => {
			const { setup } = staged(wishes(count, EVERY_TRY));
			const outcome = await scene.run({ ...THROWING, ...batches }, { ...setup, settings: CONTINUE });
			expect(postedNames(scene)).toEqual(names(count - 1));
			expect(outcome.items.map(inShort)).toEqual([...names(count - 1), 'error']);
		},
	],
	[
		`${how}: on errors continue with Retry On Fail, every name is created once when the first item is refused once and the last one's expression throws once`,
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 1 }, effect: { answer: { status: 400 } } },
			]);
			const { node, setup } = staged(wishes(count, [1]));
			const outcome = await scene.run(
				{ ...THROWING, ...batches },
				{ ...setup, settings: { ...RETRY, ...CONTINUE } },
			);
			expect(node.tries).toBe(2);
			expect(stored(scene, 'name').sort()).toEqual([...names(count)].sort());
			expect(outcome.items.map(inShort)).toEqual(names(count));
		},
	],
]);

const refusedEarly: Case[] = LATER.flatMap(([how, batches, count]): Case[] => [
	[
		`${how}: after an item is refused, no later item is sent, also none of a later batch, on errors stop`,
		async (scene) => {
			scene.sandbox.faults.set([{ match: { method: 'POST', nth: 2 }, effect: { answer: { status: 400 } } }]);
			const outcome = await scene.run({ ...CREATE, ...batches }, { items: named(...names(count)) });
			expect(outcome.error?.message).toContain('[item 1]');
			await settled(scene);
			expect(postedNames(scene)).toEqual(names(2));
		},
	],
	[
		`${how}: after an item is refused, the later items are sent, also those of a later batch, on errors continue`,
		async (scene) => {
			scene.sandbox.faults.set([{ match: { method: 'POST', nth: 2 }, effect: { answer: { status: 400 } } }]);
			const outcome = await scene.run(
				{ ...CREATE, ...batches },
				{ items: named(...names(count)), settings: CONTINUE },
			);
			expect(postedNames(scene)).toEqual(names(count));
			expect(outcome.items.map(sourceOf)).toEqual(indicesOf(outcome.items));
		},
	],
	[
		`${how}: Retry On Fail creates nothing again that was created before an item was refused, on errors stop`,
		async (scene) => {
			scene.sandbox.faults.set([{ match: { method: 'POST', nth: 2 }, effect: { answer: { status: 400 } } }]);
			const outcome = await scene.run(
				{ ...CREATE, ...batches },
				{ items: named(...names(count)), settings: RETRY },
			);
			expect(outcome.error).toBeUndefined();
			const [first, refused, ...later] = names(count);
			expect(postedNames(scene)).toEqual([first, refused, refused, ...later]);
			expect(outcome.items.map(inShort)).toEqual(names(count));
		},
	],
]);

const unusable: Case = [
	"without Batching: an input that can't be used in the last item sends nothing for the earlier ones, on errors stop",
	async (scene) => {
		const outcome = await scene.run(CREATE, { items: named('One', 'Two', '') });
		expect(outcome.error?.message).toContain('[item 2]');
		await settled(scene);
		expect(postedNames(scene)).toEqual([]);
	},
];

proveSideBySide([
	...throwsAlways,
	...throwsOnce,
	...throwsInTheMiddle,
	...once,
	...goesOn,
	...refusedEarly,
	unusable,
]);

interface Failing {
	readonly batches: INodeParameters;
	readonly count: number;
	readonly prepare: (scene: Scene) => void;
	readonly settings?: typeof RETRY;
	readonly throwsIn?: readonly number[];
}

/** Runs items of which some fail and gives what nobody handled meanwhile. */
async function rejectionsOf({
	batches,
	count,
	prepare,
	settings,
	throwsIn = [],
}: Failing): Promise<unknown[]> {
	return await onSandbox({}, async (scene) => {
		prepare(scene);
		const node = watchedNode();
		const { setup } = staged(wishes(count, throwsIn));
		const collected = collectRejections();
		try {
			const outcome = await scene.run(
				{ ...THROWING, ...batches },
				{ nodeType: node.nodeType, ...setup, ...(settings && { settings }) },
			);
			expect(outcome.error).toBeDefined();
			// Those that nobody handles are told of when all promises that are settled have had their turn.
			await new Promise((resolve) => setImmediate(resolve));
			return collected.reasons;
		} finally {
			collected.stop();
		}
	});
}

const refuseAll = ({ sandbox }: Scene) => sandbox.faults.set([{ effect: { answer: { status: 400 } } }]);
const refuseNone = () => undefined;

describe.each(LATER)('Nothing is rejected without anybody to handle it, %s', (_, batches, count) => {
	test('when an early item is refused while later ones are still to start', async () => {
		expect(await rejectionsOf({ batches, count, prepare: refuseAll })).toEqual([]);
	});

	test('when an early item is refused in every try of Retry On Fail', async () => {
		expect(await rejectionsOf({ batches, count, prepare: refuseAll, settings: RETRY })).toEqual([]);
	});

	test("when the last item's expression throws", async () => {
		expect(await rejectionsOf({ batches, count, prepare: refuseNone, throwsIn: EVERY_TRY })).toEqual([]);
	});

	test("when an early item is refused and the last one's expression throws, in every try", async () => {
		const failing = { batches, count, prepare: refuseAll, settings: RETRY, throwsIn: EVERY_TRY };
		expect(await rejectionsOf(failing)).toEqual([]);
	});
});
