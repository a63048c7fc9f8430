import type { IDataObject, IExecuteSingleFunctions } from 'n8n-workflow';

import { Batches } from '../../../nodes/Invent/transport/batches.ts';
import { contextOf } from '../shared/context.mts';

function batchesOf(requestOptions: unknown): Batches {
	return new Batches(contextOf({ values: { requestOptions } as IDataObject }));
}

function batching(batchSize: unknown, batchInterval: unknown): Batches {
	return batchesOf({ batching: { batch: { batchSize, batchInterval } } });
}

/** The items before which the engine pauses, of the first seven. */
function pausesOf(batches: Batches): number[] {
	return [1, 2, 3, 4, 5, 6].filter((index) => batches.pauseBetween(index - 1, index));
}

describe('The engine pauses', () => {
	test('before each batch but the first', () => {
		expect(pausesOf(batching(3, 100))).toEqual([3, 6]);
		expect(pausesOf(batching(2, 1))).toEqual([2, 4, 6]);
		expect(pausesOf(batching(1, 100))).toEqual([1, 2, 3, 4, 5, 6]);
		expect(batching(3, 100).pauseBetween(-1, 0)).toBe(false);
		expect(batching(1, 100).pauseBetween(-1, 0)).toBe(false);
	});

	test('also between two items of which others in between were dropped', () => {
		const batches = batching(3, 100);
		expect(batches.pauseBetween(1, 3)).toBe(true);
		expect(batches.pauseBetween(1, 4)).toBe(true);
		expect(batches.pauseBetween(3, 5)).toBe(false);
		expect(batches.pauseBetween(-1, 2)).toBe(false);
		expect(batches.pauseBetween(-1, 3)).toBe(true);
	});

	test('by numbers that come as text, too', () => {
		expect(pausesOf(batching('3', '100'))).toEqual([3, 6]);
	});

	test('before each item when the size of a batch is none', () => {
		for (const size of [0, -1, 'x', undefined]) expect(pausesOf(batching(size, 100))).toHaveLength(6);
	});

	test('nowhere without a time for it', () => {
		for (const interval of [0, -1, 'x', undefined]) expect(pausesOf(batching(1, interval))).toEqual([]);
	});

	test('nowhere without settings', () => {
		for (const options of [undefined, 'x', {}, { batching: 1 }, { batching: { batch: null } }]) {
			expect(pausesOf(batchesOf(options))).toEqual([]);
		}
	});
});

describe('Expressions of items that are still to be started', () => {
	const PARAMETERS = {
		name: '={{ $json.name }}',
		text: 'no expression',
		count: 1,
		nothing: null,
		more: { list: [{ id: '=={{ 1 }}' }] },
	};

	/** A context with these parameters, in which expressions of one item throw. */
	function throwingAt(thrower: number, evaluated: string[] = []): IExecuteSingleFunctions {
		const context = {
			getNode: () => ({ parameters: PARAMETERS }),
			evaluateExpression: (expression: string, index: number) => {
				evaluated.push(`${index}: ${expression}`);
				if (index === thrower || evaluated.length > 100) throw new Error('No such item');
			},
		};
		return context as unknown as IExecuteSingleFunctions;
	}

	test('are evaluated at any depth, without their equals sign, and nothing else is', async () => {
		const evaluated: string[] = [];
		await batching(1, 1).hasThrowingExpression(throwingAt(-1, evaluated), 1, 3);
		expect(evaluated).toEqual(['1: {{ $json.name }}', '1: ={{ 1 }}', '2: {{ $json.name }}', '2: ={{ 1 }}']);
	});

	test('are found to throw in the items from one up to another', async () => {
		const batches = batching(1, 1);
		const found = async (thrower: number) => await batches.hasThrowingExpression(throwingAt(thrower), 2, 5);
		expect(await Promise.all([1, 2, 3, 4, 5].map(found))).toEqual([false, true, true, true, false]);
	});

	test('leave the event loop to others after 20 ms at a time', async () => {
		vi.useFakeTimers();
		const evaluatedAt: number[] = [];
		const context = {
			getNode: () => ({ parameters: { name: '={{ 1 }}' } }),
			evaluateExpression: () => {
				evaluatedAt.push(performance.now());
				if (evaluatedAt.length > 100) throw new Error('There are six items');
				vi.advanceTimersByTime(10);
			},
		};
		const breaks = vi.spyOn(globalThis, 'setTimeout');
		const start = performance.now();
		const looking = batching(1, 1).hasThrowingExpression(context as unknown as IExecuteSingleFunctions, 0, 6);
		void looking.catch(() => undefined);
		expect(evaluatedAt.map((time) => time - start)).toEqual([0, 10]);
		await vi.runAllTimersAsync();
		expect(await looking).toBe(false);
		expect(evaluatedAt).toHaveLength(6);
		expect(breaks).toHaveBeenCalledTimes(3);
		vi.useRealTimers();
	});
});
