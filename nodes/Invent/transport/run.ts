import type { IDataObject, IExecuteData, IExecuteSingleFunctions, INodeExecutionData } from 'n8n-workflow';

import type { Manner } from './manner';
import { labelled, type Refusal, Stopped, TooLong, type Trace, Unsent } from './reasons';

/** How long a 429 is waited for unless the user says otherwise, in milliseconds. */
const USUAL_WAIT_MS = 60_000;

/** What came of a request that must not be sent twice. */
export interface Deed {
	/** Where to look for what it made. */
	readonly trace: Trace;
	/** When it was sent last, by `performance.now()`. */
	sentAt: number;
	/** What broke the exchange, while nobody knows what came of it. */
	because?: unknown;
	/** The items that it made. */
	items?: INodeExecutionData[];
}

/** One input item on its way through the node. */
export class Item {
	manner: Manner = { answers: 'one', order: 'none' };

	/** Display names of the parameters that make up the path, for the message when the API finds nothing there. */
	readonly addressedBy: string[] = [];

	/** How long a 429 may be waited for, in milliseconds. */
	maxWaitMs = USUAL_WAIT_MS;

	/** The values of the parameters by their names, for whoever shapes the output. */
	readonly values = new Map<string, unknown>();

	/** How many members the API says the list has; a hint. */
	count: number | undefined;

	/** What is wrong with the item's input, if anything; the first thing found. */
	refusal: Refusal | undefined;

	/** What this item has done that must not be done twice, before "Retry On Fail" or now. */
	deed: Deed | undefined;

	/** Whether the item has sent something. */
	hasBegun = false;

	private readonly ending = new AbortController();

	private arrive: (earlier: Promise<unknown> | undefined) => void = () => undefined;

	/** Settles when the parameters of this item and of all items before it have been looked at. */
	private readonly arrival = new Promise<unknown>((resolve) => {
		this.arrive = resolve;
	});

	constructor(
		readonly run: Run,
		readonly index: number,
		private readonly earlier: Item | undefined,
		before: Item | undefined,
	) {
		this.deed = before?.deed;
	}

	/** Aborted when the item must not go on; the reason tells why. */
	get signal(): AbortSignal {
		return this.ending.signal;
	}

	/** Has the item send nothing more. What is under way is not given up. */
	end(reason: unknown): void {
		this.ending.abort(reason);
	}

	/** The deed that was done, or may have been, before "Retry On Fail"; otherwise a new one. */
	deedFor(trace: Trace): Deed {
		const { deed } = this;
		if (deed !== undefined && (deed.items !== undefined || 'because' in deed)) return deed;
		this.deed = { trace, sentAt: 0 };
		return this.deed;
	}

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
			this.refusal ??= labelled(displayName, reason);
		}
	}

	/** Declares the parameters of this item looked at, and waits until those of all started items are. */
	async inspected(): Promise<void> {
		this.arrive(this.earlier?.arrival);
		await this.run.items.at(-1)?.arrival;
	}
}

/** How many ids are remembered: of all that may be made while one answer is looked for, and more. */
const REMEMBERED = 1000;

/** Ids of what this process has made, the newest last. */
const made = new Set<unknown>();

/**
 * The items that the engine started together. RoutingNode starts all of them at once and waits for none
 * (n8n-core, execution-engine/routing-node.js), so their order is made here.
 */
export class Run {
	readonly items: Item[] = [];

	/** Set when an item has come to nothing. */
	failed = false;

	/** Why items that the engine starts from now on must not begin. */
	private ended: Error | undefined;

	private isWatching = false;

	/** Lists that this run has read, by their paths. */
	private readonly lists = new Map<string, IDataObject[]>();

	private readonly lanes = new Map<string, Promise<unknown>>();

	/** @param before the run of the same input that came to nothing and is executed again by "Retry On Fail" */
	constructor(private readonly before?: Run) {}

	/** A list that is read once in a run. */
	async listOnce(path: string, read: () => Promise<IDataObject[]>): Promise<readonly IDataObject[]> {
		const list = this.lists.get(path) ?? (await read());
		this.lists.set(path, list);
		return list;
	}

	/** Notes what the run has made. */
	hasMade(path: string, objects: readonly IDataObject[]): void {
		for (const object of objects) {
			if (!made.has(object.id)) this.lists.get(path)?.push(object);
			made.add(object.id);
		}
		for (const oldest of [...made].slice(0, -REMEMBERED)) made.delete(oldest);
	}

	/** Whether an object was made by an item of this process, so that it can't be what another one made. */
	isMade(id: unknown): boolean {
		return made.has(id);
	}

	/** The deeds of the run that may have made a thing of this name; nobody knows. */
	doubts({ list, name }: Trace): Deed[] {
		return this.items
			.flatMap(({ deed }) => deed ?? [])
			.filter((deed) => deed.items === undefined && 'because' in deed)
			.filter(({ trace }) => trace.list === list && trace.name === name);
	}

	/** Forgets a list, because it may have changed. */
	forget(path: string): void {
		this.lists.delete(path);
	}

	/** Ends all items at once when the user cancels the execution. */
	watch(cancelled: AbortSignal | undefined): void {
		if (this.isWatching || cancelled === undefined) return;
		this.isWatching = true;
		const endAll = () => {
			for (const item of this.items) item.end(cancelled.reason);
		};
		cancelled.addEventListener('abort', endAll);
		if (cancelled.aborted) endAll();
	}

	/**
	 * Notes that an item has come to nothing. When the node stops on that, the items after it send nothing more;
	 * when the API has asked for too long a wait, what has not begun is not begun: it would be refused too.
	 *
	 * @param goesOn whether the node goes on with the other items
	 */
	cameToNothing(item: Item, reason: unknown, goesOn: boolean): void {
		this.failed = true;
		if (goesOn && !(reason instanceof TooLong)) return;
		const end = reason instanceof TooLong && goesOn ? new Unsent(reason) : new Stopped();
		this.ended = end;
		for (const other of this.items) {
			if (other.index > item.index && !(goesOn && other.hasBegun)) other.end(end);
		}
	}

	/** The first item whose input can't be used. */
	get refused(): Item | undefined {
		return this.items.find(({ refusal }) => refusal !== undefined);
	}

	start(index: number): Item {
		const item = new Item(this, index, this.items.at(-1), this.before?.items[index]);
		this.items.push(item);
		if (this.ended !== undefined) item.end(this.ended);
		return item;
	}

	/**
	 * Does an item's work when the works before it in the same lane have ended, however they ended.
	 *
	 * @param lane the name of the lane; `undefined` when the work need not wait
	 */
	async inTurn<T>(lane: string | undefined, work: () => Promise<T>): Promise<T> {
		if (lane === undefined) return await work();
		const mine = (this.lanes.get(lane) ?? Promise.resolve()).then(work);
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

/**
 * The same input comes again when the node is executed again by "Retry On Fail", and when an agent calls the
 * node as a tool. Only the former, after something came to nothing, goes on where the run before ended.
 */
function runOf(context: IExecuteSingleFunctions): Run {
	const input = context.getExecuteData();
	const current = runs.get(input);
	if (current !== undefined && (current.items.at(-1)?.index ?? -1) < context.getItemIndex()) return current;
	const isRetry = current?.failed === true && context.getNode().retryOnFail === true;
	const run = new Run(isRetry ? current : undefined);
	runs.set(input, run);
	return run;
}
