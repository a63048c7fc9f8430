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
		// Text from an expression counts as the number that it holds, as it does for the engine.
		this.size = Number(batchSize) > 0 ? Number(batchSize) : 1;
		this.intervalMs = Number(batchInterval);
	}

	/** Whether the engine pauses after it has started one item and before it starts a later one. */
	pauseBetween(earlier: number, later: number): boolean {
		if (!(this.intervalMs > 0)) return false;
		for (let index = earlier + 1; index <= later; index++) {
			if (index > 0 && index % this.size === 0) return true;
		}
		return false;
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
	return Object.values(value ?? {}).flatMap(expressionsIn);
}

function asObject(value: unknown): Record<string, unknown> {
	return isObject(value) ? value : {};
}
