import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { countOf, Unfit } from './answer';
import type { Line } from './line';
import type { Request, Trace } from './manner';
import { allPages } from './pages';
import { clockOf, mayHaveHappened } from './retry';
import type { Deed, Item } from './run';

/** Nobody knows whether a request was carried out, and looking for what it made gave no certainty. */
export class Uncertain extends Error {
	/**
	 * @param because what broke the exchange
	 * @param since the server's time before which it was not made, if the server tells its time
	 */
	constructor(
		readonly because: unknown,
		readonly trace: Trace,
		readonly since: Date | undefined,
	) {
		super('It may have been carried out');
	}
}

/** The Date header has whole seconds, and so may the times that the API stores. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Sends what makes something new. The API has no idempotency keys, so it is never sent again once it may have
 * been carried out, also not when "Retry On Fail" executes the node again: it is looked for instead.
 *
 * @throws Uncertain when it may exist, but can't be told for sure
 */
export async function sendOnce(
	line: Line,
	item: Item,
	request: Request,
	trace: Trace,
): Promise<INodeExecutionData[]> {
	const fingerprint = JSON.stringify([request.url, request.body]);
	const deed = item.deed?.request === fingerprint ? item.deed : undefined;
	if (deed?.items !== undefined) return deed.items;
	if (deed !== undefined) return kept(item, deed, await lookedFor(line, item, deed, trace, undefined));
	const fresh: Deed = { request: fingerprint, sentAt: 0 };
	const [outcome] = await Promise.allSettled([
		line.send(request, { onSend: () => (fresh.sentAt = performance.now()) }),
	]);
	if (outcome.status === 'fulfilled') return kept(item, fresh, outcome.value);
	if (!mayHaveHappened(outcome.reason)) throw outcome.reason;
	item.deed = fresh;
	return kept(item, fresh, await lookedFor(line, item, fresh, trace, outcome.reason));
}

function kept(item: Item, deed: Deed, items: INodeExecutionData[]): INodeExecutionData[] {
	item.deed = { ...deed, items };
	for (const { json } of items) item.run.made.add(json.id);
	return items;
}

/** Looks for what a request with a lost answer made: by its name, by the server's clock, and not another item's. */
async function lookedFor(
	line: Line,
	item: Item,
	{ sentAt }: Deed,
	trace: Trace,
	because: unknown,
): Promise<INodeExecutionData[]> {
	let since: number | undefined;
	const fits = (candidate: IDataObject) =>
		candidate.name === trace.name &&
		since !== undefined &&
		typeof candidate.created_at === 'string' &&
		Date.parse(candidate.created_at) >= since &&
		!item.run.made.has(candidate.id);
	const candidatesIn = async (qs: IDataObject) => {
		const fetchPage = async (page: Request) => {
			const { members, headers } = await line.read(page, 'list');
			const clock = clockOf(headers);
			if (clock !== undefined) since = clock - (performance.now() - sentAt) - CLOCK_GRAIN_MS;
			return { members, count: countOf(headers) };
		};
		const list = await allPages({ method: 'GET', url: trace.list, qs }, fetchPage, ({ id }) => id);
		return list.filter(fits);
	};
	const search = async () => {
		if (trace.name === undefined) return [];
		const found = await candidatesIn({ search: trace.name });
		// Nobody knows how the API searches, so finding nothing is no proof.
		return found.length > 0 ? found : await candidatesIn({});
	};
	const [found] = await Promise.allSettled([search()]);
	const candidates = found.status === 'fulfilled' ? found.value : [];
	const [candidate] = candidates;
	if (candidate === undefined || candidates.length > 1) {
		throw new Uncertain(because, trace, since === undefined ? undefined : new Date(since));
	}
	return await line.send({ method: 'GET', url: `${trace.list}/${encodeURIComponent(String(candidate.id))}` });
}

/**
 * Sends what gives something a new value each time. When the outcome is unknown it is sent again, because the
 * value was seen by nobody, and then the value in force is read.
 *
 * @param path where the value is read from
 */
export async function sendAndReadBack(
	line: Line,
	request: Request,
	path: string,
): Promise<INodeExecutionData[]> {
	const [first] = await Promise.allSettled([line.send(request)]);
	if (first.status === 'fulfilled') return first.value;
	if (!mayHaveHappened(first.reason)) throw first.reason;
	const [second] = await Promise.allSettled([line.send(request, { repeatable: true })]);
	const isDone =
		second.status === 'fulfilled' || (second.reason instanceof Unfit && second.reason.status < 300);
	if (!isDone) throw second.reason;
	return await line.send({ method: 'GET', url: path });
}
