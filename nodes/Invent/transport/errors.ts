import type { IDataObject } from 'n8n-workflow';

/*
 * What can end an item, besides a network error and an InvalidParameterError. nodeErrors.ts has a text for each.
 */

/** What the node itself says of a request. Its cause may be a network error, but it is none itself. */
export abstract class TransportError extends Error {}

/** The API, or something in front of it, answered with something other than what was asked for. */
export class ResponseError extends TransportError {
	override readonly name = 'ResponseError';

	/**
	 * @param status HTTP status
	 * @param body as parsed, or as text
	 * @param headers by their lowercase names
	 */
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: IDataObject,
	) {
		super(`HTTP ${status}`);
	}
}

/** The response (429 or 503) demands a longer wait than 'Max Wait' allows. */
export class RateLimitError extends TransportError {
	override readonly name = 'RateLimitError';

	constructor(override readonly cause: ResponseError) {
		super('The required wait is longer than allowed', { cause });
	}
}

/**
 * The request was not sent because earlier items were rate limited (the cause is a `RateLimitError` then) or
 * could not reach the service (the cause is what the last one of them failed with).
 */
export class SkippedRequestError extends TransportError {
	override readonly name = 'SkippedRequestError';

	constructor(override readonly cause: unknown) {
		super('The request was not sent', { cause });
	}
}

/** Another item failed and the node stops, so nobody will see the result of this one. */
export class RunAbortedError extends TransportError {
	override readonly name = 'RunAbortedError';
}

/** It is unknown whether the request was processed, and there is no way to find out. */
export class OutcomeUnknownError extends TransportError {
	override readonly name = 'OutcomeUnknownError';

	/**
	 * @param message what may have happened
	 * @param description how to find out
	 * @param cause what the request failed with
	 */
	constructor(
		message: string,
		readonly description: string,
		override readonly cause: unknown,
	) {
		super(message, { cause });
	}
}

/** The pages of a list end or repeat before the list is complete. */
export class IncompleteListError extends TransportError {
	override readonly name = 'IncompleteListError';

	/**
	 * @param found how many items were received
	 * @param totalCount how many there are according to the API, if it says so
	 */
	constructor(
		readonly found: number,
		readonly totalCount: number | undefined,
	) {
		super(`Received ${found} of ${totalCount ?? 'an unknown number of'} items`);
	}
}
