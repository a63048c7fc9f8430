import type { IDataObject, INodeExecutionData } from 'n8n-workflow';

import { mayHaveHappened } from './faults';
import { clockOf, countOf } from './headers';
import type { Line } from './line';
import type { Request } from './manner';
import { allPages } from './pages';
import { type Trace, Uncertain, Unfit } from './reasons';
import type { Deed, Item } from './run';

/** The Date header has whole seconds, and so may the times that the API stores. */
const CLOCK_GRAIN_MS = 1000;

/**
 * Sends what must not be sent twice: the API has no idempotency keys. Once the request may have been carried
 * out, it is for `whenUnknown` to find out what came of it, also when "Retry On Fail" executes the node again.
 *
 * @param whenUnknown returns what came of the request, or throws
 */
export async function sendOnce(
	line: Line,
	item: Item,
	request: Request,
	whenUnknown: (deed: Deed) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const deed = item.deedOf(JSON.stringify([request.url, request.body]));
	deed.items ??=
		'because' in deed ? await whenUnknown(deed) : await firstSent(line, request, deed, whenUnknown);
	for (const { json } of deed.items) item.run.made.add(json.id);
	return deed.items;
}

async function firstSent(
	line: Line,
	request: Request,
	deed: Deed,
	whenUnknown: (deed: Deed) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const onSend = () => {
		deed.sentAt = performance.now();
	};
	const [outcome] = await Promise.allSettled([line.send(request, { onSend })]);
	if (outcome.status === 'fulfilled') return outcome.value;
	if (!mayHaveHappened(outcome.reason)) throw outcome.reason;
	deed.because = outcome.reason;
	return await whenUnknown(deed);
}

/**
 * Looks for what a request with a lost answer made: by its name, by the server's clock, and not another item's.
 *
 * @returns what the node puts out for it, when exactly one fits
 * @throws Uncertain when none fits, or several do
 */
export async function lookedFor(
	line: Line,
	item: Item,
	{ sentAt, because }: Deed,
	trace: Trace,
): Promise<INodeExecutionData[]> {
	let since: number | undefined;
	const fits = ({ id, name, created_at: createdAt }: IDataObject) =>
		name === trace.name &&
		since !== undefined &&
		typeof createdAt === 'string' &&
		Date.parse(createdAt) >= since &&
		!item.run.made.has(id);
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
	if (candidate === undefined || others.length > 0) {
		throw new Uncertain(because, trace, since === undefined ? undefined : new Date(since));
	}
	return await line.send({ method: 'GET', url: `${trace.list}/${encodeURIComponent(String(candidate.id))}` });
}

/**
 * Sends again what gives something a new value each time, which nobody has seen yet, and reads the value in
 * force.
 *
 * @param path where the value is read from
 */
export async function sentAgain(line: Line, request: Request, path: string): Promise<INodeExecutionData[]> {
	const [outcome] = await Promise.allSettled([line.send(request, { repeatable: true })]);
	const { reason } = outcome.status === 'fulfilled' ? { reason: undefined } : outcome;
	const isDone = reason === undefined || (reason instanceof Unfit && reason.status < 300);
	if (!isDone) throw reason;
	return await line.send({ method: 'GET', url: path });
}
