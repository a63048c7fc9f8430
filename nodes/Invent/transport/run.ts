import type { IExecuteData, IExecuteSingleFunctions } from 'n8n-workflow';

import { Refusal } from './refusal';

/** How the requests of an operation relate to each other. */
export interface Manner {
	/** What the route promises: one object, or a list in pages. */
	readonly answers: 'one' | 'list';
	/**
	 * Which items wait for one another: all of them (with a quota the first ones win), those that act on the
	 * same address (the last one has the last word), or none.
	 */
	readonly order: 'all' | 'address' | 'none';
}

const UNREADABLE = new Refusal("can't be read", 'Check the expression that gives its value.');

const READ: Manner = { answers: 'one', order: 'none' };

/** One input item on its way through the node. */
export class Item {
	manner = READ;

	/** Display names of the parameters that make up the path, for the message when the API finds nothing there. */
	readonly addressedBy: string[] = [];

	/** What is wrong with the item's input, if anything; the first thing found. */
	refusal: Refusal | undefined;

	private arrive: (earlier: Promise<unknown> | undefined) => void = () => undefined;

	/** Settles when the parameters of this item and of all items before it have been looked at. */
	readonly arrival = new Promise<unknown>((resolve) => {
		this.arrive = resolve;
	});

	constructor(
		readonly run: Run,
		readonly index: number,
		private readonly earlier: Item | undefined,
	) {}

	/**
	 * Looks at one parameter. What is refused is kept until the item's turn comes: an exception in a hook would
	 * end the item before its place in the order is known.
	 *
	 * @param displayName the parameter, as the panel names it
	 */
	inspect(displayName: string, look: () => void): void {
		try {
			look();
		} catch (reason) {
			const { happened, advice } = reason instanceof Refusal ? reason : UNREADABLE;
			this.refusal ??= new Refusal(`'${displayName}' ${happened}`, advice);
		}
	}

	/** Declares the parameters of this item looked at, and waits until those of all started items are. */
	async inspected(): Promise<void> {
		this.arrive(this.earlier?.arrival);
		await this.run.latest?.arrival;
	}
}

/**
 * The items that the engine started together. RoutingNode starts all of them at once and waits for none
 * (n8n-core, execution-engine/routing-node.js), so their order is made here.
 */
export class Run {
	readonly items: Item[] = [];

	/** Set when an item has come to nothing and the node stops on that: what is not sent yet stays unsent. */
	stopped = false;

	private readonly lanes = new Map<string, Promise<unknown>>();

	get latest(): Item | undefined {
		return this.items.at(-1);
	}

	/** The first item whose input can't be used. */
	get refused(): Item | undefined {
		return this.items.find(({ refusal }) => refusal !== undefined);
	}

	start(index: number): Item {
		const item = new Item(this, index, this.latest);
		this.items.push(item);
		return item;
	}

	/**
	 * Does an item's work when the works before it in the same lane have ended, however they ended.
	 *
	 * @param lane the name of the lane; `undefined` when the work need not wait
	 */
	async inTurn<T>(lane: string | undefined, work: () => Promise<T>): Promise<T> {
		if (lane === undefined) return await work();
		const before = this.lanes.get(lane) ?? Promise.resolve();
		const mine = before.then(work);
		this.lanes.set(
			lane,
			mine.catch(() => undefined),
		);
		return await mine;
	}
}

const runs = new WeakMap<IExecuteData, Run>();
const items = new WeakMap<object, Item>();

/**
 * The item that a hook was called for. The engine calls all hooks of one item with one context object
 * (a pagination function gets an object that inherits from it), so that object is the item's identity.
 *
 * The first call for an item registers it in its run, in the order in which the engine starts the items.
 */
export function itemOf(context: IExecuteSingleFunctions): Item {
	const known = items.get(context) ?? items.get(Object.getPrototypeOf(context));
	if (known !== undefined) return known;
	const item = runOf(context).start(context.getItemIndex());
	items.set(context, item);
	return item;
}

/** The same input is executed anew by "Retry On Fail" and by tools of an agent: that is another run. */
function runOf(context: IExecuteSingleFunctions): Run {
	const input = context.getExecuteData();
	const current = runs.get(input);
	if (current !== undefined && (current.latest?.index ?? -1) < context.getItemIndex()) return current;
	const run = new Run();
	runs.set(input, run);
	return run;
}
