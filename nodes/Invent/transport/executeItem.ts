import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
} from 'n8n-workflow';

import { getItemParameters } from '../shared/itemParameters';
import { normalizeBaseUrl } from '../shared/url';
import type { SendOptions } from './client';
import { OutcomeUnknownError } from './errors';
import { type ItemState } from './execution';
import { ItemClient } from './itemClient';
import { KeyedMutex, type Lease } from './keyedMutex';
import { mayHaveBeenProcessed } from './networkErrors';
import type { RequestOptions } from './policy';
import { isInDoubt, mayTakeEffectUntil, outcomeUnknown, sendAndRefetch, sendAtMostOnce } from './reconcile';
import { settle } from './settle';

/** Writes of this process that must not overlap, whichever execution they belong to. */
const writeLocks = new KeyedMutex();

/**
 * Does what one item asks for, when its turn has come.
 *
 * @returns the item's output
 * @throws whatever the item failed with; nodeErrors.ts has a text for each
 */
export async function executeItem(
	context: IExecutePaginationFunctions,
	item: ItemState,
	requestData: DeclarativeRestApiSettings.ResultOptions,
): Promise<readonly INodeExecutionData[]> {
	item.run.throwIfAborted(item);
	const { inputError, values } = getItemParameters(context);
	const { policy, run } = item;
	const request = requestData.options;
	const before = run.memory.get(item.index);
	const lookup = policy.lookup?.(request);
	const isUpsertAgain = lookup?.unique === true && lookup.name === before?.lookup.name;
	// What an earlier item has changed in this try, an upsert changes back: it has the last word.
	if (before?.output !== undefined && !(isUpsertAgain && run.hasWritten(lookup))) return before.output;
	const client = new ItemClient(context, item, requestData);
	const baseURL = normalizeBaseUrl(request.baseURL);

	const working = await settle(
		exclusively(item, baseURL, policy.lockKey?.(request), async () => {
			const output = await resolveAndWrite();
			if (output !== undefined) return output;
			// What was found has changed since the list was read; in the list as it is now, it may be another one.
			run.invalidateList(lookup?.listPath ?? '');
			return (await resolveAndWrite()) ?? changedMeanwhile();
		}),
	);
	const mayHaveWritten = working.status === 'fulfilled' || mayHaveBeenProcessed(working.reason);
	if (lookup?.unique === true && mayHaveWritten) run.noteWritten(lookup);
	if (working.status === 'fulfilled') return working.value;
	// Whatever this try failed with, an earlier one may have created something.
	const isStillInDoubt = isInDoubt(before) && run.memory.get(item.index) === before;
	const isKnown = working.reason instanceof OutcomeUnknownError || item.signal.aborted;
	throw isStillInDoubt && !isKnown ? outcomeUnknown(before) : working.reason;

	async function resolveAndWrite(): Promise<readonly INodeExecutionData[] | undefined> {
		if (inputError !== undefined) throw inputError;
		// With one of a name only, an earlier try may have created the one that is there; another name is another matter.
		const mayResolve = before === undefined || isUpsertAgain;
		const existing = mayResolve ? await policy.resolveExisting?.(request, client.reader) : undefined;
		if (existing === undefined) return await write(request);
		return await exclusively(item, baseURL, existing.lockKey, async () => await write(existing.request));
	}

	async function write(request: RequestOptions): Promise<readonly INodeExecutionData[] | undefined> {
		const ready = (await policy.beforeRequest?.(request, client.reader, values)) ?? request;
		if ('isOutdated' in ready) return undefined;
		if ('existing' in ready) {
			item.outcome = 'unchanged';
			return await client.toOutput([ready.existing]);
		}
		if (policy.responseType === 'list' && ready.method === 'GET') return await client.sendForList(ready);
		if (policy.lookup !== undefined && ready.method === 'POST') {
			return await sendAtMostOnce(client, ready, policy.lookup(ready));
		}
		if (policy.refetch !== undefined) {
			return await client.toOutput(await sendAndRefetch(client, ready, policy.refetch));
		}
		const { objects } = await client.send(ready, ready.method === 'PATCH' ? { onFailedAttempt } : {});
		if (ready.method === 'PATCH') {
			item.outcome = 'updated';
			for (const object of objects) client.known.recordWritten(object);
		}
		return await client.toOutput(objects);
	}

	function onFailedAttempt(...[error, sentAt]: Parameters<NonNullable<SendOptions['onFailedAttempt']>>) {
		item.mayTakeEffectUntil = Math.max(item.mayTakeEffectUntil, mayTakeEffectUntil(error, sentAt));
	}
}

function changedMeanwhile(): never {
	throw new Error('The data to update keeps changing. Nothing was sent. Run this item again later.');
}

/**
 * Works under a lock of the process. What may still take effect later is not overtaken: the next holder of the
 * lock waits until then.
 */
async function exclusively<T>(
	item: ItemState,
	baseUrl: string,
	lockKey: string | undefined,
	work: () => Promise<T>,
): Promise<T> {
	if (lockKey === undefined) return await work();
	const holdAndWork = async (lease: Lease) => {
		try {
			return await work();
		} finally {
			lease.holdUntil(item.mayTakeEffectUntil);
		}
	};
	return await writeLocks.runExclusive(`${baseUrl} ${lockKey}`, holdAndWork, item.signal);
}
