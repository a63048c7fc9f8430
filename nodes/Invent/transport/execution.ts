/*
 * Who owns what, and for how long:
 *
 * - An order is one execution of the node with its tries, or one tool call of an agent with its tries. It owns
 *   the memory of writes (writeMemory.ts).
 * - A run is one try. It owns what its items share: their order, cached lists, the circuit breaker.
 * - An item is one input item of a run.
 *
 * The engine knows none of these, so they are told apart here by what it hands to the hooks. Everything hangs on
 * objects of the engine by weak references and goes with them.
 */
import type { IDataObject, IExecuteData, IExecuteSingleFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { perItem } from '../shared/perItem';
import { Batches } from './batches';
import { CircuitBreaker, type Permit } from './circuitBreaker';
import { RateLimitError, RunAbortedError, SkippedRequestError } from './errors';
import { parseRetryAfter } from './headers';
import { KeyedMutex } from './keyedMutex';
import type { CreatedLookup, Outcome, RequestPolicy } from './policy';
import { TimeSlices } from './timeSlices';
import { WriteMemory } from './writeMemory';

/** One input item on its way through the node. */
export class ItemState {
	policy: RequestPolicy = { responseType: 'object', ordering: 'parallel' };

	/** Whether the item has sent a request. */
	hasSentRequest = false;

	/** The permission of the circuit breaker to begin. */
	permit: Permit | undefined;

	/** Whose quota is used up, if that is why the item's creation was refused. */
	refusedQuotaKey: string | undefined;

	/** What became of it, for the output. */
	outcome: Outcome | undefined;

	/** Until when a write that seemed to fail may still take effect, by `performance.now()`. */
	mayTakeEffectUntil = 0;

	private readonly controller = new AbortController();

	constructor(
		readonly run: NodeRun,
		readonly index: number,
	) {}

	/** Aborted when the item must send nothing more; the reason tells why. */
	get signal(): AbortSignal {
		return this.controller.signal;
	}

	/** Has the item send nothing more. A request that is on its way is not given up. */
	abort(reason: unknown): void {
		this.controller.abort(reason);
	}
}

/** A list that was read whole, plus what the run has created since. */
export interface CachedList {
	readonly items: IDataObject[];
	/** When it was read, by `performance.now()`. */
	readonly readAt: number;
	/** Whether nothing can have moved from page to page while it was read. */
	readonly isProven: boolean;
	/** How many creations of this process it takes into account (KnownObjects.createdCount). */
	createdCount: number;
}

/** Why something is not sent, and until when, by `performance.now()`. */
interface RateLimitInForce {
	readonly error: RateLimitError;
	readonly until: number;
}

function throwIfInForce(limit: RateLimitInForce | undefined): void {
	if (limit !== undefined && performance.now() < limit.until) throw new SkippedRequestError(limit.error);
}

/** How the engine starts the items of a run. */
interface RunSettings {
	/** How many items the engine is going to start. */
	readonly itemCount: number;
	readonly continueOnFail: boolean;
	readonly batches: Batches;
	readonly cancelSignal: AbortSignal | undefined;
}

/**
 * One try of the node. The engine starts all items at once, or batch by batch, and waits for none of them
 * (n8n-core, execution-engine/routing-node.js), so their order is made here.
 */
export class NodeRun {
	/** Puts items that are to run one after the other in their order. */
	readonly serial = new KeyedMutex();

	readonly breaker = new CircuitBreaker();

	readonly timeSlices = new TimeSlices();

	/** The API key in all its forms, as it was read last. */
	secrets: readonly string[] = [];

	/** Settles when the key was read for the first time. */
	firstSecrets: Promise<unknown> | undefined;

	/** Lists that were read whole, by path. */
	private readonly lists = new Map<string, CachedList>();

	/** By whose quota it is: why nothing more can be created. */
	private readonly usedUpQuotas = new Map<string, RateLimitInForce>();

	/** Names that items of this run have created or updated by. */
	private readonly writtenNames = new Set<string | undefined>();

	/** Why requests of items that have not begun are not sent. */
	private rateLimited: RateLimitInForce | undefined;

	/** The items that have not settled yet. */
	private readonly active = new Set<ItemState>();

	private startedCount = 0;

	private readyCount = 0;

	private lastIndex = -1;

	/** Whether the engine is still in the loop in which it starts items, without a pause since the last one. */
	private isStarting = false;

	private readonly ready = new Signal();

	private readonly allStarted = new Signal();

	/** Items with a higher index send nothing more. */
	private abortAfter = Infinity;

	private abortReason: unknown;

	private firstInputError: number | undefined;

	private stopsEarly: Promise<boolean> | undefined;

	private unlinkCancelSignal = () => {};

	constructor(
		readonly memory: WriteMemory,
		private readonly settings: RunSettings,
	) {}

	get continueOnFail(): boolean {
		return this.settings.continueOnFail;
	}

	/**
	 * Whether an item with this index can belong to this run. Without pauses between batches the engine starts all
	 * items in one go, so what comes later belongs to another try. With pauses a later index goes on with this run:
	 * only under On Error: Continue can a try begin with a higher one, when the engine drops all items before it.
	 */
	accepts(index: number): boolean {
		return (
			index > this.lastIndex && (this.isStarting || this.settings.batches.pauseBetween(this.lastIndex, index))
		);
	}

	/** Registers the next item that the engine starts. */
	start(index: number): ItemState {
		const item = new ItemState(this, index);
		if (this.active.size === 0) this.linkCancelSignal();
		this.active.add(item);
		this.startedCount += 1;
		this.lastIndex = index;
		if (index > this.abortAfter) item.abort(this.abortReason);
		if (!this.isStarting) {
			this.isStarting = true;
			void Promise.resolve().then(() => {
				this.isStarting = false;
			});
		}
		if (index === this.settings.itemCount - 1) this.allStarted.emit();
		return item;
	}

	/** Declares that an item's parameters are read, and waits until those of all started items are. */
	async waitForAllItems(): Promise<void> {
		this.readyCount += 1;
		// The last one waits too, so that the items go on in their order.
		const allReady = this.ready.next();
		if (this.readyCount === this.startedCount) this.ready.emit();
		await allReady;
	}

	/**
	 * Waits until the engine listens to what becomes of the items: it does so when it has started all of them, and
	 * until then a rejection would be an unhandled one (n8n-core, routing-node.js).
	 */
	async waitUntilAllStarted(): Promise<void> {
		if (this.lastIndex < this.settings.itemCount - 1) await this.allStarted.next();
	}

	/**
	 * Whether the engine gives up before it has started all items, which it does under On Error: Stop when an
	 * expression of an item throws: it ends the node with that error and forgets the items that it has started.
	 */
	async stopsBeforeLastItem(context: IExecuteSingleFunctions): Promise<boolean> {
		const next = this.lastIndex + 1;
		if (next >= this.settings.itemCount) return false;
		if (!this.settings.batches.pauseBetween(this.lastIndex, next)) return true;
		this.stopsEarly ??= this.settings.batches.hasThrowingExpression(context, next, this.settings.itemCount);
		return await this.stopsEarly;
	}

	/** Notes that an item's input can't be used. */
	onInputError(index: number): void {
		this.firstInputError = Math.min(this.firstInputError ?? Infinity, index);
	}

	/** Whether another item's input can't be used, whose error is the one that n8n shows. */
	hasOtherInputError(index: number): boolean {
		return this.firstInputError !== undefined && this.firstInputError !== index;
	}

	/**
	 * Notes that an item failed. When the node stops on that, the items after it send nothing more. When it goes on
	 * and the API demands a wait that is too long, what the same limit would refuse is not sent any more.
	 */
	onItemFailed({ index, refusedQuotaKey }: ItemState, error: unknown): void {
		if (!this.continueOnFail) {
			this.abortItemsAfter(index, new RunAbortedError());
		} else if (error instanceof RateLimitError) {
			const waitMs = parseRetryAfter(error.cause.headers) ?? Infinity;
			const limit = { error, until: performance.now() + waitMs };
			if (refusedQuotaKey !== undefined) this.usedUpQuotas.set(refusedQuotaKey, limit);
			else this.rateLimited = limit;
		}
	}

	/**
	 * Tells whether an item may begin.
	 *
	 * @throws SkippedRequestError when it would be refused like an item before it
	 */
	throwIfRateLimited(): void {
		throwIfInForce(this.rateLimited);
	}

	/**
	 * Tells whether something may be created.
	 *
	 * @throws SkippedRequestError when the quota is known to be used up
	 */
	throwIfQuotaUsedUp(quotaKey = ''): void {
		throwIfInForce(this.usedUpQuotas.get(quotaKey));
	}

	/** Notes that an item has created or updated the one object of a name. */
	noteWritten({ name }: CreatedLookup): void {
		this.writtenNames.add(name);
	}

	/** Whether an earlier item has created or updated an object of that name in this run. */
	hasWritten({ name }: CreatedLookup): boolean {
		return this.writtenNames.has(name);
	}

	/** Notes that an item sends nothing more. With the last one goes all that would outlive the run. */
	settle(item: ItemState): void {
		if (!this.active.delete(item) || this.active.size > 0) return;
		this.unlinkCancelSignal();
		this.lists.clear();
	}

	/** A list that was read whole in this run. */
	getCachedList(path: string): CachedList | undefined {
		return this.lists.get(path);
	}

	cacheList(path: string, list: CachedList): void {
		this.lists.set(path, list);
	}

	/** Adds to a cached list what the run has created. */
	addToCachedList(path: string, objects: readonly IDataObject[]): void {
		const list = this.lists.get(path);
		if (list === undefined) return;
		list.createdCount += objects.length;
		for (const object of objects) {
			if (list.items.every(({ id }) => id !== object.id)) list.items.push(object);
		}
	}

	/** Forgets a list, because nobody knows whether it has changed. */
	invalidateList(path: string): void {
		this.lists.delete(path);
	}

	/** @throws why the item must send nothing more */
	throwIfAborted({ index, signal }: ItemState): void {
		if (index > this.abortAfter) throw this.abortReason;
		signal.throwIfAborted();
	}

	private abortItemsAfter(index: number, reason: unknown): void {
		if (index >= this.abortAfter) return;
		this.abortAfter = index;
		this.abortReason = reason;
		const items = [...this.active].filter((item) => item.index > index);
		for (const item of items) if (item.hasSentRequest) item.abort(reason);
		void this.abortWaiting(items, reason);
	}

	/** Ends the waiting of many items; none of them sends anything before, because `throwIfAborted` is asked first. */
	private async abortWaiting(items: readonly ItemState[], reason: unknown): Promise<void> {
		for (const item of items) {
			await this.timeSlices.next();
			item.abort(reason);
		}
	}

	/** One listener for all items, for as long as one is active: the signal lives as long as the execution. */
	private linkCancelSignal(): void {
		const signal = this.settings.cancelSignal;
		if (signal === undefined) return;
		const onAbort = () => this.abortItemsAfter(-1, signal.reason);
		if (signal.aborted) onAbort();
		signal.addEventListener('abort', onAbort);
		this.unlinkCancelSignal = () => signal.removeEventListener('abort', onAbort);
	}
}

/** Something that several can wait for, again and again. */
class Signal {
	private emitNext = () => {};

	private promise = this.renew();

	async next(): Promise<void> {
		await this.promise;
	}

	emit(): void {
		this.emitNext();
		this.promise = this.renew();
	}

	private async renew(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.emitNext = resolve;
		});
	}
}

/** By execute data: the run that the engine started last with it. */
const runs = new WeakMap<IExecuteData, NodeRun>();

/** By what identifies an order. */
const memories = new WeakMap<object, WriteMemory>();

/** The state of the item that a hook was called for. The first call registers the item in its run. */
export const getItemState = perItem((context) => runOf(context).start(context.getItemIndex()));

function runOf(context: IExecuteSingleFunctions): NodeRun {
	const executeData = context.getExecuteData();
	const current = runs.get(executeData);
	if (current?.accepts(context.getItemIndex()) === true) return current;
	const { name, retryOnFail, executeOnce } = context.getNode();
	const isTool = executeData.node.name !== name;
	const inputCount = executeData.data.main?.[0]?.length ?? 1;
	const run = new NodeRun(memoryOf(isTool ? toolCallOf(context) : executeData, retryOnFail === true), {
		itemCount: isTool || executeOnce === true ? 1 : inputCount,
		continueOnFail: context.continueOnFail(),
		batches: new Batches(context),
		cancelSignal: context.getExecutionCancelSignal(),
	});
	runs.set(executeData, run);
	return run;
}

/**
 * What a tool call of an agent has to itself: its arguments, which the engine hands to each of its tries. The
 * execute data are the agent's and shared by all calls of all its tools (n8n-core, get-input-connection-data.js).
 */
function toolCallOf(context: IExecuteSingleFunctions): object {
	return context.getInputData(0, NodeConnectionTypes.AiTool).json;
}

function memoryOf(order: object, isRetried: boolean): WriteMemory {
	const memory = (isRetried ? memories.get(order) : undefined) ?? new WriteMemory();
	memories.set(order, memory);
	return memory;
}
