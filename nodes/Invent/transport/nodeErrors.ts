import type { Failure, IDataObject, INode, INodeExecutionData } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InvalidParameterError } from '../shared/errors';
import {
	IncompleteListError,
	OutcomeUnknownError,
	RateLimitError,
	ResponseError,
	RunAbortedError,
	SkippedRequestError,
} from './errors';
import { extractErrorText } from './errorText';
import { parseRetryAfter } from './headers';
import { describeNetworkError } from './networkErrorMessages';
import {
	isCancelled,
	isInvalidRequest,
	isTimeout,
	isTruncatedJson,
	isUnreadable,
	isWaitAborted,
	networkErrorCode,
} from './networkErrors';
import { redactSecrets, redactValues } from './redact';
import type { ErrorText, RequestContext } from './requestContext';
import { describeResponse, isWebPage, retryAt } from './statusMessages';

export type { RequestContext } from './requestContext';

/** What went wrong, for workflows that branch on it. */
export type ErrorCode =
	| 'cancelled'
	| 'forbidden'
	| 'invalid_input'
	| 'not_found'
	| 'outcome_unknown'
	| 'rate_limited'
	| 'rejected'
	| 'skipped'
	| 'unauthorized'
	| 'unavailable'
	| 'unexpected_response';

/** An error as n8n gets it, without secrets. */
export interface ErrorDescription extends ErrorText {
	readonly code: ErrorCode;
	/** Where there was a response. */
	readonly httpStatus?: number;
	/** When a 429 says that it is over, by the server's clock; ISO 8601. */
	readonly retryAt?: string;
	/** What the response proves about the reason (n8n-workflow, errors/failure). */
	readonly failure?: Failure;
}

/**
 * Says what happened, to which item, and what to do.
 *
 * @param error what the request failed with
 * @param baseUrl where it was sent
 * @param secrets values that must not be in the text
 */
export function describeError(
	error: unknown,
	context: RequestContext,
	baseUrl: string,
	secrets: readonly string[],
): ErrorDescription {
	const { message, description } = toText(error, { context, baseUrl, secrets });
	const item = context.index === undefined ? '' : ` [item ${context.index}]`;
	const later = context.mayTakeEffectLater === true ? ` ${MAY_TAKE_EFFECT_LATER}` : '';
	const response = responseOf(error);
	return {
		message: redactValues(message, secrets) + item,
		description: redactValues(description, secrets) + later,
		code: toCode(error, context),
		...(response !== undefined && { httpStatus: response.status }),
		...toFailure(error),
	};
}

const MAY_TAKE_EFFECT_LATER = 'The change may still take effect. Check it before you run this item again.';

/**
 * Makes the error that n8n shows. It has no `cause`: n8n's own HTTP errors carry the request with its
 * Authorization header (n8n-core, request-helpers/authentication.js).
 */
export function toNodeError(
	node: INode,
	{ message, description, code, httpStatus, failure }: ErrorDescription,
	itemIndex?: number,
): NodeApiError | NodeOperationError {
	const options = { ...(itemIndex !== undefined && { itemIndex }), ...(failure && { failure }) };
	const error =
		code === 'invalid_input'
			? new NodeOperationError(node, message, options)
			: new NodeApiError(
					node,
					{},
					{
						...options,
						message,
						...(httpStatus !== undefined && { httpCode: String(httpStatus) }),
					},
				);
	// n8n replaces messages in which it finds the code of a network error, so the texts are set at the end.
	error.message = message;
	error.description = description;
	error.messages = [];
	return error;
}

/** Makes the item that n8n outputs with On Error set to continue. */
export function toErrorItem(node: INode, described: ErrorDescription, index: number): INodeExecutionData {
	const text = [described.message, described.description].filter(Boolean).join('. ');
	const { code, httpStatus, retryAt } = described;
	const json: IDataObject = {
		error: text,
		errorCode: code,
		...(httpStatus !== undefined && { httpStatus }),
		...(retryAt !== undefined && { retryAt }),
	};
	const item: INodeExecutionData = { json, pairedItem: { item: index } };
	if (node.onError !== 'continueErrorOutput') return item;
	// The engine sends an item to the error branch that has an `error`, and then replaces the `json` of those that
	// still have one after it has copied them (n8n-core, workflow-execute.js); what is not enumerable is not copied.
	return Object.defineProperty(item, 'error', {
		value: toNodeError(node, { ...described, message: text }, index),
		enumerable: false,
		writable: true,
		configurable: true,
	});
}

/** What a text depends on besides the error. */
interface TextContext {
	readonly context: RequestContext;
	readonly baseUrl: string;
	readonly secrets: readonly string[];
}

function toText(error: unknown, textContext: TextContext): ErrorText {
	const { context, baseUrl, secrets } = textContext;
	if (error instanceof InvalidParameterError) return error;
	if (error instanceof OutcomeUnknownError) {
		const cause = toText(error.cause, textContext);
		return {
			message: error.message,
			description: `${error.description} ${cause.message}. ${cause.description}`,
		};
	}
	if (error instanceof SkippedRequestError) return skipped(error, textContext);
	if (error instanceof RunAbortedError) {
		return {
			message: 'Not sent because another item failed',
			description: 'The node stops at the first item that fails.',
		};
	}
	if (error instanceof IncompleteListError) return incompleteList(error);
	const response = error instanceof RateLimitError ? error.cause : error;
	if (response instanceof ResponseError) {
		const exceedsMaxWait = error instanceof RateLimitError;
		const { message, description } = describeResponse({ ...textContext, response, exceedsMaxWait });
		const quote = quotedText(response, secrets);
		return { message, description: quote === '' ? description : `${description} ${quote}` };
	}
	if (networkErrorCode(error) !== undefined) return describeNetworkError(error, context, baseUrl);
	return {
		message: 'The request could not be sent',
		description: redactSecrets(error instanceof Error ? error.message : String(error), secrets),
	};
}

function skipped({ cause }: SkippedRequestError, textContext: TextContext): ErrorText {
	if (cause instanceof RateLimitError) {
		const { message, description } = toText(cause, textContext);
		return { message: `Not sent. ${message}`, description };
	}
	const { message, description } = toText(
		cause instanceof OutcomeUnknownError ? cause.cause : cause,
		textContext,
	);
	return {
		message: 'Not sent because earlier items could not reach Invent',
		description: `${message}. ${description}`,
	};
}

function incompleteList({ found, totalCount }: IncompleteListError): ErrorText {
	return {
		message:
			totalCount === undefined
				? `Incomplete list: pages repeat after ${found} items`
				: `Incomplete list: received ${found} of ${totalCount} items`,
		description:
			"The list may have changed while it was read. Run the workflow again. If that doesn't help, check the 'Base URL' of the credential. A proxy may remove the page number.",
	};
}

/**
 * What a response says of itself. A redirect says nothing but where to go, and that may hold a token; half an
 * object says nothing of what is wrong.
 */
function quotedText(response: ResponseError, secrets: readonly string[]): string {
	const isRedirect = response.status >= 300 && response.status < 400;
	if (isRedirect || isTruncatedJson(response)) return '';
	const text = extractErrorText(response.body, secrets);
	if (text === '') return '';
	return `${isWebPage(response) ? 'The web page' : 'Invent'} says: ${text}`;
}

/** The response that an error stands for, if there was one. */
function responseOf(error: unknown): ResponseError | undefined {
	if (error instanceof ResponseError) return error;
	if (error instanceof RateLimitError || error instanceof OutcomeUnknownError) return responseOf(error.cause);
	return undefined;
}

const STATUS_CODES: Readonly<Record<number, ErrorCode>> = {
	401: 'unauthorized',
	403: 'forbidden',
	404: 'not_found',
	429: 'rate_limited',
};

function toCode(error: unknown, { isDropdown }: RequestContext): ErrorCode {
	if (error instanceof InvalidParameterError) return 'invalid_input';
	if (error instanceof OutcomeUnknownError) return 'outcome_unknown';
	if (error instanceof SkippedRequestError) return 'skipped';
	if (error instanceof RunAbortedError) return 'cancelled';
	if (error instanceof IncompleteListError) return 'unexpected_response';
	const response = responseOf(error);
	if (response !== undefined) {
		if (response.status < 400) return 'unexpected_response';
		return STATUS_CODES[response.status] ?? (response.status < 500 ? 'rejected' : 'unavailable');
	}
	if (isInvalidRequest(error)) return 'invalid_input';
	if (isTimeout(error) && isWaitAborted(error) && isDropdown === true) return 'rate_limited';
	if (isCancelled(error) && isDropdown !== true) return 'cancelled';
	return isUnreadable(error) ? 'unexpected_response' : 'unavailable';
}

/** Declares what a response proves, and nothing else: a 401 may also be a route that is closed to keys. */
function toFailure(error: unknown): Pick<ErrorDescription, 'failure' | 'retryAt'> {
	const response = error instanceof RateLimitError ? error.cause : error;
	if (!(response instanceof ResponseError)) return {};
	const retryAfterMs = parseRetryAfter(response.headers);
	if (response.status === 429) {
		const time = retryAt(response);
		return {
			failure: { cause: 'rate-limited', ...(retryAfterMs !== undefined && { retryAfterMs }) },
			...(time !== undefined && { retryAt: time }),
		};
	}
	if (response.status !== 503 || retryAfterMs === undefined) return {};
	return { failure: { cause: 'temporarily-unavailable', retryAfterMs } };
}
