import { getEventListeners } from 'node:events';

import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

import { Batches } from '../../../nodes/Invent/transport/batches.ts';
import {
	RateLimitError,
	ResponseError,
	RunAbortedError,
	SkippedRequestError,
} from '../../../nodes/Invent/transport/errors.ts';
import { type ItemState, NodeRun } from '../../../nodes/Invent/transport/execution.ts';
import { WriteMemory } from '../../../nodes/Invent/transport/writeMemory.ts';
import { contextOf } from '../shared/context.mts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

interface Settings {
	readonly itemCount?: number;
	readonly continueOnFail?: boolean;
	readonly batchSize?: number;
	readonly cancelSignal?: AbortSignal;
}

/** A run; with a batch size the engine pauses between batches. */
function runOf({ itemCount = 3, continueOnFail = false, batchSize, cancelSignal }: Settings = {}): NodeRun {
	const batch = batchSize === undefined ? {} : { batchSize, batchInterval: 1 };
	const values: IDataObject = { requestOptions: { batching: { batch } } };
	const batches = new Batches(contextOf({ values }));
	return new NodeRun(new WriteMemory(), { itemCount, continueOnFail, batches, cancelSignal });
}

function start(run: NodeRun, ...indices: number[]): ItemState[] {
	return indices.map((index) => run.start(index));
}

/** Lets everything happen that does not wait for time or network. */
async function settled(): Promise<void> {
	for (let turn = 0; turn < 10; turn++) await Promise.resolve();
}

/** Notes when a promise has resolved. */
function watch(promise: Promise<unknown>): { isDone: boolean } {
	const watched = { isDone: false };
	void promise.then(() => (watched.isDone = true));
	return watched;
}

function reasonOf(work: () => unknown): unknown {
	try {
		work();
		return undefined;
	} catch (error) {
		return error;
	}
}

describe('An item belongs to a run', () => {
	test('when the engine starts it in one go with those before it', async () => {
		const run = runOf();
		expect(run.accepts(0)).toBe(false);
		start(run, 0);
		expect([0, 1, 2].map((index) => run.accepts(index))).toEqual([false, true, true]);
		start(run, 2);
		expect([1, 2, 3].map((index) => run.accepts(index))).toEqual([false, false, true]);
		await settled();
		expect(run.accepts(3)).toBe(false);
	});

	test('when it comes later, but in another batch', async () => {
		const run = runOf({ itemCount: 6, batchSize: 2 });
		start(run, 0);
		await settled();
		expect([0, 1, 2, 3].map((index) => run.accepts(index))).toEqual([false, false, true, true]);
		start(run, 2);
		expect(run.accepts(3)).toBe(true);
		await settled();
		expect([0, 2, 3, 4].map((index) => run.accepts(index))).toEqual([false, false, false, true]);
	});
});

describe('Items wait', () => {
	test('until the parameters of all are read, and go on in their order', async () => {
		const run = runOf();
		start(run, 0, 1, 2);
		const order: number[] = [];
		const wait = async (index: number) => {
			await run.waitForAllItems();
			order.push(index);
		};
		void wait(0);
		void wait(1);
		await settled();
		expect(order).toEqual([]);
		void wait(2);
		await settled();
		expect(order).toEqual([0, 1, 2]);
	});

	test('for those of their own batch only', async () => {
		const run = runOf({ itemCount: 4, batchSize: 2 });
		for (const batch of [
			[0, 1],
			[2, 3],
		]) {
			start(run, ...batch);
			const first = watch(run.waitForAllItems());
			await settled();
			expect(first.isDone).toBe(false);
			const second = watch(run.waitForAllItems());
			await settled();
			expect([first.isDone, second.isDone]).toEqual([true, true]);
		}
	});

	test('to fail until the engine has started all', async () => {
		const run = runOf({ itemCount: 3, batchSize: 1 });
		start(run, 0);
		const waiting = watch(run.waitUntilAllStarted());
		start(run, 1);
		await settled();
		expect(waiting.isDone).toBe(false);
		start(run, 2);
		await settled();
		expect(waiting.isDone).toBe(true);
		const late = watch(run.waitUntilAllStarted());
		await settled();
		expect(late.isDone).toBe(true);
	});
});

describe('That the engine gives up before the last item', () => {
	const noContext = contextOf({ values: {} });

	test('is certain when it stops in the middle of one go', async () => {
		const run = runOf({ itemCount: 2 });
		start(run, 0);
		expect(await run.stopsBeforeLastItem(noContext)).toBe(true);
		start(run, 1);
		expect(await run.stopsBeforeLastItem(noContext)).toBe(false);
	});

	test('is certain between batches when an expression of a later item throws, which is looked for once', async () => {
		for (const throws of [true, false]) {
			const run = runOf({ itemCount: 3, batchSize: 1 });
			const evaluated: number[] = [];
			const context = {
				getNode: () => ({ parameters: { name: '={{ $json.name }}' } }),
				evaluateExpression: (_: string, index: number) => {
					evaluated.push(index);
					if (throws && index === 2) throw new Error('No such item');
				},
			};
			start(run, 0);
			for (let turn = 0; turn < 2; turn++) {
				expect(await run.stopsBeforeLastItem(context as unknown as IExecuteSingleFunctions)).toBe(throws);
			}
			expect(evaluated).toEqual([1, 2]);
		}
	});
});

describe('Of items whose input can’t be used', () => {
	test('n8n shows the error of the first', () => {
		const run = runOf();
		expect(run.hasOtherInputError(0)).toBe(false);
		run.onInputError(2);
		expect([0, 1, 2].map((index) => run.hasOtherInputError(index))).toEqual([true, true, false]);
		run.onInputError(1);
		run.onInputError(2);
		expect([0, 1, 2].map((index) => run.hasOtherInputError(index))).toEqual([true, false, true]);
		run.onInputError(0);
		expect([0, 1, 2].map((index) => run.hasOtherInputError(index))).toEqual([false, true, true]);
	});
});

describe('When an item fails and the node goes on', () => {
	function limited(retryAfter?: string): RateLimitError {
		const headers = retryAfter === undefined ? {} : { 'retry-after': retryAfter };
		return new RateLimitError(new ResponseError(429, '', headers));
	}

	function failing(error: unknown, quotaKey?: string): NodeRun {
		const run = runOf({ continueOnFail: true });
		const [item] = start(run, 0);
		if (item === undefined) throw new Error('One was started');
		item.refusedQuotaKey = quotaKey;
		run.onItemFailed(item, error);
		return run;
	}

	test('the others send nothing as long as the API demands', () => {
		const error = limited('90');
		const run = failing(error);
		vi.advanceTimersByTime(89_999);
		expect(() => run.throwIfRateLimited()).toThrow(SkippedRequestError);
		expect(reasonOf(() => run.throwIfRateLimited())).toMatchObject({ cause: error });
		vi.advanceTimersByTime(1);
		expect(reasonOf(() => run.throwIfRateLimited())).toBeUndefined();
		expect(reasonOf(() => run.throwIfQuotaUsedUp('a'))).toBeUndefined();
	});

	test('the others send nothing at all when the API does not say how long', () => {
		const run = failing(limited());
		vi.advanceTimersByTime(1e12);
		expect(() => run.throwIfRateLimited()).toThrow(SkippedRequestError);
	});

	test('a quota that is used up holds only what would count toward it', () => {
		const run = failing(limited('3600'), 'org a');
		expect(reasonOf(() => run.throwIfRateLimited())).toBeUndefined();
		expect(reasonOf(() => run.throwIfQuotaUsedUp('org b'))).toBeUndefined();
		expect(() => run.throwIfQuotaUsedUp('org a')).toThrow(SkippedRequestError);
		vi.advanceTimersByTime(3_600_000);
		expect(reasonOf(() => run.throwIfQuotaUsedUp('org a'))).toBeUndefined();
	});

	test('other errors hold nobody', () => {
		const run = failing(new ResponseError(404, '', {}));
		const [, second] = start(run, 1, 2);
		expect(reasonOf(() => run.throwIfRateLimited())).toBeUndefined();
		expect(reasonOf(() => second && run.throwIfAborted(second))).toBeUndefined();
		expect(second?.signal.aborted).toBe(false);
	});
});

describe('When an item fails and the node stops', () => {
	function failed(indices: readonly number[], sent: readonly number[], failing: readonly number[]) {
		const run = runOf({ itemCount: 9 });
		const items = start(run, ...indices);
		for (const item of items) item.hasSentRequest = sent.includes(item.index);
		for (const item of items) if (failing.includes(item.index)) run.onItemFailed(item, new Error('No'));
		const mayNotSend = () =>
			items.filter((item) => reasonOf(() => run.throwIfAborted(item)) instanceof RunAbortedError);
		return { run, items, mayNotSend: () => mayNotSend().map(({ index }) => index) };
	}

	function aborted(items: readonly ItemState[]): number[] {
		return items.filter(({ signal }) => signal.aborted).map(({ index }) => index);
	}

	test('those after it send nothing more, and those before it do', async () => {
		const { items, mayNotSend } = failed([0, 1, 2, 3], [], [1]);
		expect(mayNotSend()).toEqual([2, 3]);
		await settled();
		expect(aborted(items)).toEqual([2, 3]);
		expect(items[2]?.signal.reason).toBeInstanceOf(RunAbortedError);
		expect(mayNotSend()).toEqual([2, 3]);
	});

	test('those that have sent something end at once, the others a moment later', async () => {
		const { items } = failed([0, 1, 2, 3], [0, 2], [1]);
		expect(aborted(items)).toEqual([2]);
		await settled();
		expect(aborted(items)).toEqual([2, 3]);
	});

	test('the first of several that fail decides', async () => {
		const { run, items, mayNotSend } = failed([0, 1, 2, 3, 4], [], [3]);
		expect(mayNotSend()).toEqual([4]);
		for (const index of [1, 3]) {
			const item = items[index];
			if (item !== undefined) run.onItemFailed(item, new Error('No'));
			expect(mayNotSend()).toEqual([2, 3, 4]);
		}
		await settled();
		expect(aborted(items)).toEqual([2, 3, 4]);
	});

	test('one that is started later sends nothing either, and one that has ended is left alone', async () => {
		const { run, items, mayNotSend } = failed([0, 1, 2], [], []);
		const [first, second, third] = items;
		if (first === undefined || second === undefined || third === undefined)
			throw new Error('Three were started');
		run.settle(third);
		run.onItemFailed(first, new Error('No'));
		await settled();
		expect(aborted(items)).toEqual([1]);
		const [fourth] = start(run, 3);
		expect(fourth?.signal.aborted).toBe(true);
		expect(mayNotSend()).toEqual([1, 2]);
	});
});

describe('When the user cancels the execution', () => {
	test('no item sends anything more, also one that is started later', async () => {
		const controller = new AbortController();
		const run = runOf({ cancelSignal: controller.signal });
		const items = start(run, 0, 1);
		controller.abort('cancelled');
		expect(items.map((item) => reasonOf(() => run.throwIfAborted(item)))).toEqual(['cancelled', 'cancelled']);
		await settled();
		expect(items.map(({ signal }) => signal.reason as unknown)).toEqual(['cancelled', 'cancelled']);
		expect(start(run, 2)[0]?.signal.reason).toBe('cancelled');
	});

	test('before the first item, none sends anything', () => {
		const run = runOf({ cancelSignal: AbortSignal.abort('cancelled') });
		expect(start(run, 0, 1).map(({ signal }) => signal.reason as unknown)).toEqual([
			'cancelled',
			'cancelled',
		]);
	});

	test('no listener stays once all items have ended, and there is one while any is active', () => {
		const { signal } = new AbortController();
		const run = runOf({ cancelSignal: signal });
		for (let batch = 0; batch < 2; batch++) {
			const items = start(run, batch * 2, batch * 2 + 1);
			expect(getEventListeners(signal, 'abort')).toHaveLength(1);
			for (const item of items) {
				expect(getEventListeners(signal, 'abort')).toHaveLength(1);
				run.settle(item);
			}
			expect(getEventListeners(signal, 'abort')).toHaveLength(0);
		}
	});
});

describe('A list that was read in a run', () => {
	function withList(): { run: NodeRun; items: ItemState[]; ids: () => unknown } {
		const run = runOf();
		const items = start(run, 0, 1);
		run.cacheList('/a', { items: [{ id: 1 }, { id: 2 }], readAt: 0, isProven: true, createdCount: 5 });
		return { run, items, ids: () => run.getCachedList('/a')?.items.map(({ id }) => id) };
	}

	test('is there until the last item has ended', () => {
		const { run, items, ids } = withList();
		expect(run.getCachedList('/b')).toBeUndefined();
		const [first, second] = items;
		if (first === undefined || second === undefined) throw new Error('Two were started');
		run.settle(first);
		run.settle(first);
		expect(ids()).toEqual([1, 2]);
		run.settle(second);
		expect(ids()).toBeUndefined();
	});

	test('gets what the run creates, each once', () => {
		const { run, ids } = withList();
		run.addToCachedList('/a', [{ id: 2 }, { id: 3 }]);
		expect(ids()).toEqual([1, 2, 3]);
		expect(run.getCachedList('/a')?.createdCount).toBe(7);
		run.addToCachedList('/b', [{ id: 4 }]);
		expect(run.getCachedList('/b')).toBeUndefined();
	});

	test('can be forgotten', () => {
		const { run, ids } = withList();
		run.invalidateList('/b');
		expect(ids()).toEqual([1, 2]);
		run.invalidateList('/a');
		expect(ids()).toBeUndefined();
	});
});

test('A run knows the names that it has written', () => {
	const run = runOf();
	const lookup = (name: string) => ({ resource: 'assistant', listPath: '/a', name, members: { name } });
	expect(run.hasWritten(lookup('One'))).toBe(false);
	run.noteWritten(lookup('One'));
	expect(['One', 'Two'].map((name) => run.hasWritten(lookup(name)))).toEqual([true, false]);
});
