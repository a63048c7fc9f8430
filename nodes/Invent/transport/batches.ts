import type { IExecuteSingleFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';

import { isObject } from '../shared/typeGuards';

/** How long the event loop may be kept busy at a time, in milliseconds. */
const TIME_SLICE_MS = 20;

/**
 * The batches in which the engine starts the items, when the user asks for that (Request Options → Batching). It
 * reads the settings of the first item and pauses before each batch but the first (n8n-core, routing-node.js).
 */
export class Batches {
	private readonly size: number;

	private readonly intervalMs: number;

	constructor(context: IExecuteSingleFunctions) {
		const { batch } = asObject(asObject(context.getNodeParameter('requestOptions', {})).batching);
		const { batchSize, batchInterval } = asObject(batch);
		this.size = typeof batchSize === 'number' && batchSize > 0 ? batchSize : 1;
		this.intervalMs = typeof batchInterval === 'number' ? batchInterval : 0;
	}

	/** Whether the engine pauses after it has started one item and before it starts a later one. */
	pauseBetween(earlier: number, later: number): boolean {
		return this.intervalMs > 0 && Math.floor(earlier / this.size) < Math.floor(later / this.size);
	}

	/**
	 * Whether an expression of an item that is still to be started throws, which would end the node. Evaluates
	 * them as the engine will.
	 *
	 * @param from the first item to look at
	 * @param to the item to stop before
	 */
	async hasThrowingExpression(context: IExecuteSingleFunctions, from: number, to: number): Promise<boolean> {
		const expressions = expressionsIn(context.getNode().parameters);
		const throwsAt = (index: number) => {
			try {
				for (const expression of expressions) context.evaluateExpression(expression, index);
				return false;
			} catch {
				return true;
			}
		};
		let sliceEnd = performance.now() + TIME_SLICE_MS;
		for (let index = from; index < to; index++) {
			if (throwsAt(index)) return true;
			if (performance.now() < sliceEnd) continue;
			await sleep(0);
			sliceEnd = performance.now() + TIME_SLICE_MS;
		}
		return false;
	}
}

/** The expressions among parameter values, without the equals sign that marks them. */
function expressionsIn(value: unknown): string[] {
	if (typeof value === 'string') return value.startsWith('=') ? [value.slice(1)] : [];
	return typeof value === 'object' && value !== null ? Object.values(value).flatMap(expressionsIn) : [];
}

function asObject(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}
