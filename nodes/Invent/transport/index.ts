/**
 * Everything about sending. The node's description names two functions of this folder, and all requests of
 * all operations pass them: `transport` before and `itemsOfAnswer` after the exchange.
 */
import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	INodeExecutionData,
	PreSendAction,
} from 'n8n-workflow';

import { faultOfAddress } from './address';
import { nodeErrorOf } from './errors';
import { throughGate } from './gate';
import { allPages } from './pages';
import { Refusal } from './refusal';
import { itemOf, type Manner } from './run';

export { isObject, itemsOfAnswer } from './answer';
export { Refusal } from './refusal';
export { itemOf, type Manner } from './run';

type RequestData = DeclarativeRestApiSettings.ResultOptions;
type Send = (options: RequestData['options']) => Promise<INodeExecutionData[]>;

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
	requestData: RequestData,
): Promise<INodeExecutionData[]> {
	const item = itemOf(this);
	const { run } = item;
	await item.inspected();
	const goesOn = this.continueOnFail();
	// The node stops on the first item that comes to nothing, and what the other items did is lost then.
	// So none is sent when the input of one can't be used; its own error is the one that n8n shows.
	if (!goesOn && run.refused !== undefined && run.refused !== item) return [];
	try {
		if (item.refusal !== undefined) throw item.refusal;
		return await run.inTurn(laneOf(item.manner, requestData), async () =>
			run.stopped ? [] : await exchange(item.manner, requestData.options, sender(this, requestData)),
		);
	} catch (reason) {
		run.stopped ||= !goesOn;
		const baseUrl = requestData.options.baseURL ?? '';
		const error = nodeErrorOf(this, item, reason, baseUrl, await secretsOf(this));
		if (!goesOn) throw error;
		return [
			{
				json: { error: `${error.message}. ${error.description ?? ''}`.trim() },
				pairedItem: { item: item.index },
			},
		];
	}
}

/** Declares how the requests of an operation are sent; the operation's option has it as a `preSend`. */
export function sentAs(manner: Manner): PreSendAction {
	return async function (request) {
		itemOf(this).manner = manner;
		return request;
	};
}

async function exchange(
	manner: Manner,
	options: RequestData['options'],
	send: Send,
): Promise<INodeExecutionData[]> {
	return manner.answers === 'list' ? await allPages(options, send) : await send(options);
}

function laneOf({ order }: Manner, { options }: RequestData): string | undefined {
	if (order === 'none') return undefined;
	return order === 'all' ? 'all' : options.url;
}

/** Lets one request out; `makeRoutingRequest` adds the credential and runs the `postReceive` actions. */
function sender(context: IExecutePaginationFunctions, requestData: RequestData): Send {
	return async (options) => {
		const fault = faultOfAddress(options.baseURL);
		if (fault !== undefined) throw new Refusal(fault.happened, fault.advice);
		return await throughGate(options.baseURL ?? '', async () => {
			context.getExecutionCancelSignal()?.throwIfAborted();
			return await context.makeRoutingRequest({ ...requestData, options: onTheWire(options) });
		});
	};
}

/**
 * The body as text: n8n's HTTP helper leaves an empty object out (backend-network, http/request.js), and
 * copying an object on its way would drop keys such as `__proto__`.
 */
function onTheWire(options: RequestData['options']): RequestData['options'] {
	if (options.method === 'GET' || options.body === undefined) return { ...options };
	return {
		...options,
		body: JSON.stringify(options.body),
		headers: { ...options.headers, 'content-type': 'application/json' },
	};
}

async function secretsOf(context: IExecutePaginationFunctions): Promise<string[]> {
	const { apiKey } = await context.getCredentials<{ apiKey?: unknown }>('inventApi');
	return typeof apiKey === 'string' ? [apiKey, apiKey.trim()] : [];
}
