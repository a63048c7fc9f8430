import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { mayHaveHappened } from './faults';
import { clockOf, countOf } from './headers';
import type { Line } from './line';
import type { ReadBack, Request } from './manner';
import { allPages } from './pages';
import { type Trace, Uncertain, Unfit } from './reasons';
import type { Deed, Item } from './run';

/** The Date header has whole seconds, and so may the times that the API stores. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Sends what must not be sent twice: the API has no idempotency keys. Once the request may have been carried
 * out, it is looked for instead, also when "Retry On Fail" executes the node again.
 *
 * @throws Uncertain when it may have been carried out and can't be found for certain
 */
export async function sendOnce(
	line: Line,
	item: Item,
	request: Request,
	trace: Trace,
): Promise<INodeExecutionData[]> {
	const deed = item.deedFor(trace);
	const doubt = item.run.doubts(trace).find((other) => other !== deed);
	if (trace.isOnly && doubt !== undefined) throw uncertain(doubt);
	deed.items ??=
		'because' in deed ? await lookedFor(line, item, deed) : await firstSent(line, item, request, deed);
	item.run.hasMade(
		trace.list,
		deed.items.map(({ json }) => json),
	);
	return deed.items;
}

async function firstSent(
	line: Line,
	item: Item,
	request: Request,
	deed: Deed,
): Promise<INodeExecutionData[]> {
	const onSend = () => {
		deed.sentAt = performance.now();
	};
	const [outcome] = await Promise.allSettled([line.send(request, { onSend })]);
	if (outcome.status === 'fulfilled') return outcome.value;
	if (!mayHaveHappened(outcome.reason)) throw outcome.reason;
	deed.because = outcome.reason;
	return await lookedFor(line, item, deed);
}

/**
 * Looks for what a request with a lost answer made: by its name, by the server's clock, and not another item's.
 *
 * @returns what the node puts out for it, when exactly one fits
 */
async function lookedFor(line: Line, item: Item, deed: Deed): Promise<INodeExecutionData[]> {
	const { trace, sentAt } = deed;
	let since: number | undefined;
	const fits = ({ id, name, created_at: createdAt }: IDataObject) =>
		name === trace.name &&
		since !== undefined &&
		typeof createdAt === 'string' &&
		Date.parse(createdAt) >= since &&
		!item.run.isMade(id);
	const fetchPage = async (page: Request) => {
		const { members, headers } = await line.read(page, 'list');
		const clock = clockOf(headers);
		if (clock !== undefined) since = clock - (performance.now() - sentAt) - CLOCK_GRAIN_MS;
		return { members, count: countOf(headers) };
	};
	const fittingIn = async (qs: IDataObject) => {
		const list = await allPages({ method: 'GET', url: trace.list, qs }, fetchPage, ({ id }) => id);
		return list.filter(fits);
	};
	const search = async () => {
		if (trace.name === undefined) return [];
		const found = await fittingIn({ search: trace.name });
		// Nobody knows how the API searches, so finding nothing is no proof.
		return found.length > 0 ? found : await fittingIn({});
	};
	const [found] = await Promise.allSettled([search()]);
	const [candidate, ...others] = found.status === 'fulfilled' ? found.value : [];
	// With two in doubt nobody can tell whose the found one is.
	if (candidate !== undefined && others.length === 0 && item.run.doubts(trace).length === 1) {
		return await line.putOut(candidate);
	}
	item.run.forget(trace.list);
	throw uncertain(deed, since);
}

function uncertain({ trace, because }: Deed, since?: number): Uncertain {
	const name = trace.name === undefined ? '' : ` named '${trace.name}'`;
	const from = since === undefined ? '' : `, made after ${new Date(since).toISOString()}`;
	return new Uncertain(
		because,
		`The ${trace.kind} may exist, but nobody can tell: the answer of Invent got lost`,
		`Look in Invent for the ${trace.kind}${name}${from}, and run this item again only if it is not there.`,
	);
}

/**
 * Sends what gives something a new value each time. When the outcome is unknown it is sent again, because the
 * value was seen by nobody, and then the value in force is read.
 *
 * @throws Uncertain when the value may have changed and can't be read
 */
export async function sendAndReadBack(
	line: Line,
	request: Request,
	back: ReadBack,
): Promise<INodeExecutionData[]> {
	const [first] = await Promise.allSettled([line.send(request)]);
	if (first.status === 'fulfilled') return first.value;
	if (!mayHaveHappened(first.reason)) throw first.reason;
	const [second] = await Promise.allSettled([line.send(request, { repeatable: true })]);
	if (second.status === 'fulfilled' || (second.reason instanceof Unfit && second.reason.status < 300)) {
		const [read] = await Promise.allSettled([line.send({ method: 'GET', url: back.path(request) })]);
		if (read.status === 'fulfilled') return read.value;
	}
	throw new Uncertain(
		second.status === 'rejected' ? second.reason : first.reason,
		`The ${back.kind} may have changed, but nobody can tell to what: the answer of Invent got lost`,
		`Run this item again: what comes out then is the ${back.kind} in force.`,
	);
}
