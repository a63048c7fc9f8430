/*
 * What to do when the response to a write is lost: the API has no idempotency keys, so nothing tells a request
 * that was processed from one that was not but the state of the API.
 */
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { delay } from './delay';
import { OutcomeUnknownError, RateLimitError, ResponseError } from './errors';
import { parseRetryAfter } from './headers';
import type { ItemClient } from './itemClient';
import { CLOCK_RESOLUTION_MS, timestampsOf } from './knownObjects';
import { mayHaveBeenProcessed, mayStillBeProcessed } from './networkErrors';
import type { CreatedLookup, RequestOptions, RequestPolicy } from './policy';
import { settle } from './settle';
import type { WriteAttempt } from './writeMemory';

/** How far ahead of the Date header a timestamp of the API may be if both come from the same clock. */
const CLOCK_TOLERANCE_MS = 2000;

/** A write whose response is lost may take effect for this long after it failed, at least. */
const MIN_SETTLE_MS = 2000;

/** The same in proportion to how long it took to fail. */
const SETTLE_FACTOR = 2;

/** Time between two reads that must agree. */
const REREAD_DELAY_MS = 500;

/**
 * Until when a write that failed may still take effect, which nobody can know for certain.
 *
 * @param sentAt when it was sent
 * @returns a time of `performance.now()`; 0 when it can't take effect later
 */
export function mayTakeEffectUntil(error: unknown, sentAt: number): number {
	if (!mayStillBeProcessed(error)) return 0;
	const now = performance.now();
	return now + Math.max(MIN_SETTLE_MS, SETTLE_FACTOR * (now - sentAt));
}

/**
 * Sends what must not be done twice. Once the request may have been processed it is looked for instead, also when
 * Retry On Fail executes the node again.
 *
 * @throws OutcomeUnknownError when it may have been processed and can't be found for certain
 */
export async function sendAtMostOnce(
	client: ItemClient,
	request: RequestOptions,
	lookup: CreatedLookup,
): Promise<readonly INodeExecutionData[]> {
	const { item } = client;
	const { memory } = item.run;
	const before = memory.get(item.index);
	if (before?.output !== undefined) return before.output;
	const inDoubt = lookup.unique === true ? memory.findInDoubt(lookup, before) : undefined;
	if (inDoubt !== undefined) throw outcomeUnknown(inDoubt);
	if (isInDoubt(before)) {
		const { output, since } = await findCreated(client, before);
		if (output !== undefined) return output;
		throw outcomeUnknown(before, since);
	}
	item.run.throwIfQuotaUsedUp(lookup.quotaKey);
	let waitedMs = 0;
	for (;;) {
		const attempt = await attemptOnce(client, request, lookup);
		if (attempt.output !== undefined) return attempt.output;
		const waitMs = demandedWait(attempt.ambiguousError);
		waitedMs += waitMs ?? Infinity;
		const mayWait = waitMs !== undefined && waitedMs <= client.maxRateLimitWaitMs;
		if (mayWait) {
			client.pauseFor(waitMs);
			await delay(Math.max(waitMs, item.mayTakeEffectUntil - performance.now()), item.signal);
		}
		const { output, isAbsent, since } = await findCreated(client, attempt);
		if (output !== undefined) return output;
		if (!mayWait || !isAbsent) throw outcomeUnknown(attempt, since);
	}
}

/** Sends the request once; the response to a rate limit is waited for. */
async function attemptOnce(
	client: ItemClient,
	request: RequestOptions,
	lookup: CreatedLookup,
): Promise<WriteAttempt> {
	const { item } = client;
	const { memory } = item.run;
	const pending = client.pendingCreations.begin(lookup);
	const attempt = memory.begin(item.index, pending);
	const onAttempt = () => {
		attempt.lastSentAt = performance.now();
	};
	const sending = await settle(client.send(request, { onAttempt }));
	if (sending.status === 'fulfilled') return await complete(client, attempt, sending.value.objects);
	const error: unknown = sending.reason;
	if (mayHaveBeenProcessed(error)) {
		item.run.invalidateList(lookup.listPath);
		client.known.recordMaybeCreated();
		item.mayTakeEffectUntil = mayTakeEffectUntil(error, attempt.lastSentAt);
		pending.processedUntil = Math.max(item.mayTakeEffectUntil, performance.now());
		return memory.markInDoubt(item.index, attempt, error);
	}
	client.pendingCreations.end(pending);
	memory.forget(item.index);
	if (error instanceof RateLimitError) item.refusedQuotaKey = lookup.quotaKey;
	throw error;
}

/** Notes what a write has created, and keeps the node's output for it. */
async function complete(
	client: ItemClient,
	attempt: WriteAttempt,
	objects: readonly IDataObject[],
): Promise<WriteAttempt> {
	const { item, known } = client;
	client.pendingCreations.end(attempt.pending);
	known.recordCreated(objects);
	item.run.addToCachedList(attempt.lookup.listPath, objects);
	item.outcome = 'created';
	return item.run.memory.complete(item.index, attempt, await client.toOutput(objects));
}

/** The wait that a 503 demands, after which it must be looked whether the request was processed all the same. */
function demandedWait(error: unknown): number | undefined {
	if (!(error instanceof ResponseError) || error.status !== 503) return undefined;
	return parseRetryAfter(error.headers);
}

interface FindResult {
	/** The node's output for what was found for certain. */
	readonly output?: readonly INodeExecutionData[];
	/** Whether it is certain that nothing was created. */
	readonly isAbsent: boolean;
	/** Since when it may exist, by the server's clock in milliseconds since 1970. */
	readonly since: number | undefined;
}

/** Looks for what a write with a lost response has created: by its members, by the clock, and not another write's. */
async function findCreated(client: ItemClient, attempt: WriteAttempt): Promise<FindResult> {
	const { lookup } = attempt;
	if (lookup.members === undefined) return { isAbsent: false, since: undefined };
	const search = new CreatedSearch(client, attempt, lookup.members);
	const searching = await settle(search.run());
	const { since } = search;
	const [created, ...others] = searching.status === 'fulfilled' ? searching.value.candidates : [];
	// With two creations in doubt it is unknown which of them created the object.
	const isOnlyWrite = !client.pendingCreations.hasOther(attempt.pending, attempt.lastSentAt);
	if (created !== undefined && others.length === 0 && isOnlyWrite) {
		const { output } = await complete(client, attempt, [created]);
		return { ...(output && { output }), isAbsent: false, since };
	}
	client.item.run.invalidateList(lookup.listPath);
	return { isAbsent: searching.status === 'fulfilled' && searching.value.isAbsent, since };
}

/** One search for the object that a write has created. */
class CreatedSearch {
	/** The object can't be older than this, in milliseconds since 1970; `undefined` while no clock tells. */
	since: number | undefined;

	private until = Infinity;

	private newestTimestamp = -Infinity;

	constructor(
		private readonly client: ItemClient,
		private readonly attempt: WriteAttempt,
		private readonly members: Readonly<IDataObject>,
	) {}

	async run(): Promise<{ candidates: IDataObject[]; isAbsent: boolean }> {
		const { search } = this.attempt.lookup;
		const found = search === undefined ? undefined : await this.candidatesIn({ search });
		// Nobody knows how the API searches, so finding nothing is no proof.
		const { namesakes, candidates } = found?.candidates.length ? found : await this.candidatesIn({});
		return { candidates, isAbsent: namesakes.every(({ id }) => this.isKnownFromBefore(id)) };
	}

	private async candidatesIn(qs: IDataObject) {
		const objects = await this.client.readList(this.attempt.lookup.listPath, qs, ({ date }) =>
			this.onDate(date),
		);
		for (const object of objects) {
			this.newestTimestamp = Math.max(this.newestTimestamp, ...timestampsOf(object));
		}
		// Timestamps from the future show that the Date header is not from the API's clock, but from a proxy's.
		if (this.newestTimestamp > this.until) {
			this.since = this.client.known.apiTimeAt(this.attempt.lastSentAt);
			this.until = Infinity;
		}
		const members = Object.entries(this.members);
		// What was left out may have been filled in, so only what was sent can prove that something is not there.
		const namesakes = objects.filter((object) =>
			members.every(([name, value]) => value === null || object[name] === value),
		);
		const candidates = namesakes.filter(
			(object) => this.isNew(object) && members.every(([name, value]) => (object[name] || null) === value),
		);
		return { namesakes, candidates };
	}

	/** Reads the clocks: that of the response, and that of the API as far as earlier writes have told. */
	private onDate(date: number | undefined): void {
		const { lastSentAt } = this.attempt;
		const apiTime = this.client.known.apiTimeAt(lastSentAt);
		if (date === undefined) {
			this.since ??= apiTime;
			return;
		}
		const sentDate = date - (performance.now() - lastSentAt) - CLOCK_RESOLUTION_MS;
		this.since = Math.max(sentDate, apiTime ?? -Infinity);
		this.until = date + CLOCK_TOLERANCE_MS;
	}

	private isNew({ id, created_at: createdAt }: IDataObject): boolean {
		const time = typeof createdAt === 'string' ? Date.parse(createdAt) : NaN;
		const isInTime = this.since !== undefined && time >= this.since && time <= this.until;
		return isInTime && !this.isKnownFromBefore(id);
	}

	private isKnownFromBefore(id: unknown): boolean {
		const { known } = this.client;
		return known.isKnownCreated(id) || known.wasSeenBefore(id, this.attempt.lastSentAt);
	}
}

/** Whether the outcome of a write is unknown. */
export function isInDoubt(attempt: WriteAttempt | undefined): attempt is WriteAttempt {
	return attempt !== undefined && 'ambiguousError' in attempt;
}

/** The error for a write that nobody knows the outcome of. */
export function outcomeUnknown(
	{ lookup, ambiguousError }: WriteAttempt,
	since?: number,
): OutcomeUnknownError {
	const { name, resource } = lookup;
	const named = name === undefined ? '' : ` named '${name}'`;
	const from = since === undefined ? '' : `, created after ${new Date(since).toISOString()}`;
	return new OutcomeUnknownError(
		`The ${resource} may have been created, but the response was lost`,
		`Look in Invent for the ${resource}${named}${from}. Run this item again only if it does not exist.`,
		ambiguousError,
	);
}

/**
 * Sends what gives something a new value each time. When the outcome is unknown it is sent again, because nobody
 * has seen the value, and then the value in force is read: only when the first request can't take effect any
 * more, and twice.
 *
 * @throws OutcomeUnknownError when the value may have changed and can't be read for certain
 */
export async function sendAndRefetch(
	client: ItemClient,
	request: RequestOptions,
	{ resource, path }: NonNullable<RequestPolicy['refetch']>,
): Promise<IDataObject[]> {
	const { item } = client;
	const onFailedAttempt = (error: unknown, sentAt: number) => {
		item.mayTakeEffectUntil = Math.max(item.mayTakeEffectUntil, mayTakeEffectUntil(error, sentAt));
	};
	const first = await settle(client.send(request, { onFailedAttempt }));
	if (first.status === 'fulfilled') return first.value.objects;
	if (!mayHaveBeenProcessed(first.reason)) throw first.reason;
	const outcomeUnknownAfter = (error: unknown) =>
		new OutcomeUnknownError(
			`The ${resource} may have changed, but the response was lost`,
			`Run this item again to get the current ${resource}.`,
			error,
		);
	if (isRedirect(first.reason)) throw outcomeUnknownAfter(first.reason);
	const second = await settle(client.send(request, { idempotent: true, onFailedAttempt }));
	if (second.status === 'rejected' && !wasProcessed(second.reason)) throw outcomeUnknownAfter(second.reason);
	const refetching = await settle(refetch(client, path(request)));
	if (refetching.status === 'fulfilled' && refetching.value !== undefined) return refetching.value;
	throw outcomeUnknownAfter(refetching.status === 'rejected' ? refetching.reason : first.reason);
}

/** Whether a request got a redirect, after which it is not sent again. */
function isRedirect(error: unknown): boolean {
	return error instanceof ResponseError && error.status >= 300 && error.status < 400;
}

/** Whether a request was processed although its response is of no use. */
function wasProcessed(error: unknown): boolean {
	return error instanceof ResponseError && error.status < 300;
}

/** @returns the object, or `undefined` when two reads differ */
async function refetch(client: ItemClient, path: string): Promise<IDataObject[] | undefined> {
	const { item } = client;
	const request: RequestOptions = { method: 'GET', url: path };
	if (item.mayTakeEffectUntil === 0) return (await client.send(request)).objects;
	await delay(item.mayTakeEffectUntil - performance.now(), item.signal);
	const { objects } = await client.send(request);
	await delay(REREAD_DELAY_MS, item.signal);
	const again = await client.send(request);
	const field = item.policy.requiredField ?? 'id';
	return objects[0]?.[field] === again.objects[0]?.[field] ? again.objects : undefined;
}
