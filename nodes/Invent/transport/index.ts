/**
 * Everything about sending. The description of the node names `startItem` and `sendRequests`, and all requests of
 * all operations pass through them; drop-downs come by `fetchListForDropdown`.
 */
import type {
	DeclarativeRestApiSettings,
	IExecutePaginationFunctions,
	IExecuteSingleFunctions,
	INodeExecutionData,
	PreSendAction,
} from 'n8n-workflow';

import { getItemParameters } from '../shared/itemParameters';
import { normalizeBaseUrl } from '../shared/url';
import { validateDestination } from './destination';
import { OutcomeUnknownError, RunAbortedError, SkippedRequestError } from './errors';
import { executeItem } from './executeItem';
import { getItemState, type ItemState, type NodeRun } from './execution';
import { timeoutOf } from './itemClient';
import { isUnreachable } from './networkErrors';
import { describeError, toErrorItem, toNodeError } from './nodeErrors';
import type { Outcome, RequestPolicy } from './policy';
import { secretForms } from './redact';
import { settle } from './settle';

export { REQUEST_DEFAULTS } from './client';
export { testCredential } from './credentialTest';
export { fetchListForDropdown } from './dropdown';
export type { CreatedLookup, Outcome, RequestOptions, RequestPolicy } from './policy';

/** Registers an item, in the order in which the engine starts them: the first hook of all. */
export const startItem: PreSendAction = async function (request) {
	await getItemState(this).run.timeSlices.next();
	return request;
};

/** Declares how the requests of an operation are sent; the operation's option has it as a `preSend`. */
export function withPolicy(policy: RequestPolicy): PreSendAction {
	return async function (request) {
		getItemState(this).policy = policy;
		return request;
	};
}

/** What became of an item that writes, for whoever shapes its output. */
export function getOutcome(context: IExecuteSingleFunctions): Outcome | undefined {
	return getItemState(context).outcome;
}

/**
 * Sends what an item asks for, in the order and at the rate that Invent and the other items need.
 *
 * The engine has one hook around the requests of a declarative node and calls it pagination
 * (`requestOperations.pagination`); it is switched on for every operation, paged or not.
 *
 * @param requestData the request as the parameters made it
 * @returns the item's output, each with `pairedItem`; with On Error set to continue, also an error item
 * @throws NodeOperationError when the input can't be used, NodeApiError when the API refuses or can't be reached
 */
export async function sendRequests(
	this: IExecutePaginationFunctions,
	requestData: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[]> {
	const item = getItemState(this);
	const { policy, run } = item;
	const parameters = getItemParameters(this);
	parameters.inputError ??=
		validateDestination(requestData.options) ?? policy.validate?.(requestData.options, parameters.values);
	if (parameters.inputError !== undefined) run.onInputError(item.index);
	await run.waitForAllItems();
	await run.timeSlices.next();
	await (run.firstSecrets ??= secretsOf(this, run));
	const work = async () => await settleItem(this, item, requestData);
	const workInTurn = async () => {
		if (!run.continueOnFail && !(await isWorthSending(this, item))) return [];
		return await (policy.ordering === 'serial' ? run.serial.runExclusive('items', work) : work());
	};
	const result = await settle(workInTurn());
	run.settle(item);
	if (result.status === 'fulfilled' && Array.isArray(result.value)) return result.value;
	if (!run.continueOnFail) await run.waitUntilAllStarted();
	throw result.status === 'fulfilled' ? result.value : result.reason;
}

/**
 * Whether the node will show what comes of an item. On Error: Stop ends it with the first error, and what the
 * other items did is lost then; so nothing is sent when it is known beforehand that there will be one.
 */
async function isWorthSending(
	context: IExecutePaginationFunctions,
	{ index, run }: ItemState,
): Promise<boolean> {
	return !run.hasOtherInputError(index) && !(await run.stopsBeforeLastItem(context));
}

/**
 * What an error must not tell. The credential may have expressions, so each item reads its own; if that fails, what
 * the run knows must do.
 */
async function secretsOf(context: IExecutePaginationFunctions, run: NodeRun): Promise<readonly string[]> {
	const credential = await settle(context.getCredentials<{ apiKey?: unknown }>('inventApi'));
	if (credential.status === 'fulfilled') run.secrets = secretForms(credential.value.apiKey);
	return run.secrets;
}

/** Executes an item to its end, whatever that is. Before the next item begins, the run knows of it. */
async function settleItem(
	context: IExecutePaginationFunctions,
	item: ItemState,
	requestData: DeclarativeRestApiSettings.ResultOptions,
): Promise<INodeExecutionData[] | Error> {
	const { policy, run } = item;
	const request = requestData.options;
	const outcome = await settle(executeItem(context, item, requestData));
	const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
	if (isUnreachable(error)) item.permit?.fail(new SkippedRequestError(error));
	item.permit?.settle();
	if (outcome.status === 'fulfilled') return [...outcome.value];
	if (error instanceof RunAbortedError) return [];
	run.onItemFailed(item, error);
	await run.timeSlices.next();
	const secrets = await secretsOf(context, run);
	const node = context.getNode();
	const asked = {
		responseType: policy.responseType,
		pathParameters: getItemParameters(context).pathParameters,
		index: item.index,
		method: request.method ?? 'GET',
		mayTakeEffectLater: item.mayTakeEffectUntil > 0 && !(error instanceof OutcomeUnknownError),
		timeoutMs: timeoutOf(context),
		...(policy.creationLimit !== undefined && { creationLimit: policy.creationLimit }),
	};
	const described = describeError(error, asked, normalizeBaseUrl(request.baseURL), secrets);
	return run.continueOnFail
		? [toErrorItem(node, described, item.index)]
		: toNodeError(node, described, item.index);
}
