/**
 * Everything about sending. The node's description names two functions of this folder, and all requests of
 * all operations pass them: `transport` around the exchange and `itemsOfAnswer` right after the answer.
 */
import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	INodeExecutionData,
	PreSendAction,
} from 'n8n-workflow';

import { nodeErrorOf } from './errors';
import { countOf } from './headers';
import { Line } from './line';
import type { Api, Manner, Request } from './manner';
import { sendAndReadBack, sendOnce } from './outcome';
import { allPages } from './pages';
import { Stopped } from './reasons';
import { type Item, itemOf, type Run } from './run';
import { formsOf } from './secrets';

export { isObject, itemsOfAnswer } from './answer';
export { REQUEST_DEFAULTS } from './exchange';
export { listForPanel } from './lookup';
export type { Api, Found, Manner, ReadBack, Request } from './manner';
export { Refusal, type Trace } from './reasons';
export { type Item, itemOf } from './run';

/**
 * Sends what an item asks for, in the order and at the pace that Invent and the other items need.
 *
 * The engine has one hook around the requests of a declarative node and calls it pagination
 * (`requestOperations.pagination`); it is switched on for every operation, paged or not.
 *
 * @param requestData the request as the parameters made it
 * @returns the item's output, each with `pairedItem`; with On Error set to continue, also an error item
 * @throws NodeOperationError when the input can't be used, NodeApiError when the API refuses or is out of reach
 */
export async function transport(
	this: IExecutePaginationFunctions,
	requestData: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const item = itemOf(this);
	const { run, manner } = item;
	const request = requestData.options;
	run.watch(this.getExecutionCancelSignal());
	item.refusal ??= manner.check?.(request);
	await item.inspected();
	const goesOn = this.continueOnFail();
	// The node stops on the first item that comes to nothing, and what the other items did is lost then.
	// So none is sent when the input of one can't be used; its own error is the one that n8n shows.
	if (!goesOn && run.refused !== undefined && run.refused !== item) return [];
	if (!goesOn && wasCutShort(this, run)) return [];
	const line = new Line(this, item, requestData);
	const outcome = await run.inTurn(laneOf(manner, request), async () => {
		const [delivery] = await Promise.allSettled([deliver(item, request, line)]);
		if (delivery.status === 'fulfilled') return delivery.value;
		if (delivery.reason instanceof Stopped) return [];
		// Before the next item begins, it must know.
		run.cameToNothing(item, delivery.reason, goesOn);
		const asked = { answers: manner.answers, addressedBy: item.addressedBy, index: item.index };
		return nodeErrorOf(this.getNode(), asked, delivery.reason, request.baseURL ?? '', await secretsOf(this));
	});
	if (Array.isArray(outcome)) return outcome;
	if (!goesOn) throw outcome;
	const text = [outcome.message, outcome.description].filter(Boolean).join('. ');
	return [{ json: { error: text }, pairedItem: { item: item.index } }];
}

/** Declares how the requests of an operation are sent; the operation's option has it as a `preSend`. */
export function sentAs(manner: Manner): PreSendAction {
	return async function (request) {
		itemOf(this).manner = manner;
		return request;
	};
}

async function deliver(item: Item, request: Request, line: Line): Promise<INodeExecutionData[]> {
	const { manner, refusal, run } = item;
	if (refusal !== undefined) throw refusal;
	item.signal.throwIfAborted();
	const { trace, readBack, prepare } = manner;
	const ready = prepare === undefined ? request : await prepare(request, apiOf(line, run));
	if ('found' in ready) return await line.putOut(ready.found);
	if (manner.answers === 'list') {
		const fetchPage = async (page: Request) => ({ members: await line.send(page), count: item.count });
		return await allPages(ready, fetchPage, ({ json }) => json.id);
	}
	if (trace !== undefined && ready.method === 'POST') return await sendOnce(line, item, ready, trace(ready));
	if (readBack !== undefined) return await sendAndReadBack(line, ready, readBack);
	return await line.send(ready);
}

function apiOf(line: Line, run: Run): Api {
	return {
		read: async (url) => {
			const { members } = await line.read({ method: 'GET', url }, 'one');
			return members[0] ?? {};
		},
		list: async (url) => await run.listOnce(url, async () => await wholeList(line, url)),
	};
}

async function wholeList(line: Line, url: string): Promise<IDataObject[]> {
	const fetchPage = async (page: Request) => {
		const { members, headers } = await line.read(page, 'list');
		return { members, count: countOf(headers) };
	};
	return await allPages({ method: 'GET', url }, fetchPage, ({ id }) => id);
}

function laneOf({ order }: Manner, { url }: Request): string | undefined {
	if (order === 'none') return undefined;
	return order === 'all' ? 'all' : url;
}

/**
 * Whether the engine has given up in the middle of starting the items, which it does when an expression of the
 * next one throws: it ends the node with that error and forgets the items that it has started.
 */
function wasCutShort(context: IExecutePaginationFunctions, run: Run): boolean {
	const { node, data } = context.getExecuteData();
	const { name, executeOnce } = context.getNode();
	const startsLater = context.getNodeParameter('requestOptions.batching', null, { rawExpressions: true });
	if (node.name !== name || executeOnce === true || startsLater !== null) return false;
	return run.items.length < (data.main?.[0]?.length ?? 0);
}

async function secretsOf(context: IExecutePaginationFunctions): Promise<string[]> {
	return formsOf((await context.getCredentials<{ apiKey?: unknown }>('inventApi')).apiKey);
}
