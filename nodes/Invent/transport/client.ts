import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import { parseDate, parseRetryAfter, parseTotalCount } from './headers';
import { type KnownObjects, knownObjectsOf } from './knownObjects';
import { isCancelled, isUnreachable } from './networkErrors';
import type { RequestOptions, ResponseType } from './policy';
import { type RateLimiter, rateLimiterFor, type Slot } from './rateLimiter';
import { parseResponse } from './response';
import { retry } from './retry';
import { settle } from './settle';

/**
 * What every request has, whoever makes it. Statuses are looked at here, with messages of our own; redirects are
 * not followed, because they would take the key along.
 */
export const REQUEST_DEFAULTS = {
	json: true,
	disableFollowRedirect: true,
	ignoreHttpStatusErrors: true,
} as const satisfies Partial<IHttpRequestOptions>;

/** Lets requests of an item go, or holds them back, for reasons that only its run knows. */
export interface Gate {
	/** Waits until the item may begin. */
	readonly waitUntilOpen: (signal: AbortSignal) => Promise<void>;
	/**
	 * Whether the item may still begin, now that there is room for its request.
	 *
	 * @throws SkippedRequestError when it may not begin at all
	 */
	readonly isOpen: () => boolean;
	/** Told when the service has answered something. */
	readonly onReachable: () => void;
	/** Told when a request could not reach the service. */
	readonly onUnreachable: () => void;
}

/** On whose behalf a client sends, and how. */
export interface ClientSettings {
	/** Adds the credential and sends a request once, whatever the status of its response. */
	readonly send: (options: IHttpRequestOptions) => Promise<IN8nHttpFullResponse>;
	/** Base URL, time-out, proxy and what else is common to all requests. */
	readonly common: IHttpRequestOptions & { readonly baseURL: string };
	/** Who takes turns with others at the rate limiter. */
	readonly caller: object;
	/** Whether somebody is looking at a drop-down that waits for it. */
	readonly isDropdown?: boolean;
	readonly maxRateLimitWaitMs: number;
	readonly signal: AbortSignal;
	readonly gate?: Gate;
}

/** What a response must hold. */
export interface Expected {
	readonly responseType: ResponseType;
	readonly requiredField?: string | undefined;
}

export interface SendOptions {
	/** Whether it does no harm when the request is processed twice; as its method says, if not given. */
	readonly idempotent?: boolean;
	/** Called each time before the request is sent. */
	readonly onAttempt?: () => void;
	/** Called each time it failed, with when it was sent, by `performance.now()`. */
	readonly onFailedAttempt?: (error: unknown, sentAt: number) => void;
}

/** A response that holds what it must. */
export interface ApiResponse {
	readonly objects: IDataObject[];
	/** How many items the whole list has, as far as the API says. */
	readonly totalCount: number | undefined;
	/** The Date header, in milliseconds since 1970. */
	readonly date: number | undefined;
}

/**
 * The one way to the API, for operations, for what they read first, and for drop-downs: within the rate limit,
 * in turn with others, and again as far as that does no harm.
 */
export class ApiClient {
	readonly known: KnownObjects;

	readonly limiter: RateLimiter;

	constructor(private readonly settings: ClientSettings) {
		const { baseURL } = settings.common;
		this.known = knownObjectsOf(baseURL);
		this.limiter = rateLimiterFor(baseURL);
	}

	/**
	 * Sends a request until it succeeds or can't be sent again.
	 *
	 * @throws ResponseError, RateLimitError, SkippedRequestError, a network error of n8n's HTTP helper, or the
	 * reason of an aborted signal
	 */
	async request(
		request: RequestOptions,
		expected: Expected,
		options: SendOptions = {},
	): Promise<ApiResponse> {
		const { maxRateLimitWaitMs, signal } = this.settings;
		const attempt = async () => {
			const slot = await this.acquire();
			const sentAt = performance.now();
			options.onAttempt?.();
			const outcome = await settle(this.sendRequest(request, expected, slot));
			const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
			if (isUnreachable(error)) this.settings.gate?.onUnreachable();
			else if (!isCancelled(error)) this.settings.gate?.onReachable();
			if (outcome.status === 'fulfilled') return outcome.value;
			options.onFailedAttempt?.(error, sentAt);
			throw error;
		};
		return await retry(attempt, {
			idempotent: options.idempotent ?? request.method !== 'POST',
			maxRateLimitWaitMs,
			signal,
			onRateLimit: (ms) => this.limiter.pauseFor(ms),
		});
	}

	private async acquire(): Promise<Slot> {
		const { caller, gate, isDropdown = false, signal } = this.settings;
		for (;;) {
			await gate?.waitUntilOpen(signal);
			const slot = await this.limiter.acquire({ caller, priority: isDropdown, signal });
			const isOpen = await settle((async () => gate?.isOpen() ?? true)());
			if (isOpen.status === 'fulfilled' && isOpen.value) return slot;
			slot.cancel();
			if (isOpen.status === 'rejected') throw isOpen.reason;
		}
	}

	private async sendRequest(request: RequestOptions, expected: Expected, slot: Slot): Promise<ApiResponse> {
		const sending = await settle(this.settings.send(buildRequestOptions(this.settings.common, request)));
		slot.release();
		if (sending.status === 'rejected') throw sending.reason;
		const { headers, statusCode } = sending.value;
		if (isRefusal(sending.value)) this.limiter.onRefused(slot);
		else if (statusCode < 500) this.limiter.onAccepted(slot);
		const objects = parseResponse(sending.value, expected.responseType, expected.requiredField);
		this.known.recordSeen(objects);
		return { objects, totalCount: parseTotalCount(headers), date: parseDate(headers) };
	}
}

/** Whether a request was refused without a word on when to come back, as a gateway does that allows few at once. */
function isRefusal({ statusCode, headers }: IN8nHttpFullResponse): boolean {
	return (statusCode === 429 || statusCode === 503) && parseRetryAfter(headers) === undefined;
}

/**
 * The options of one request. The body is JSON text, or its bytes: n8n's HTTP helper leaves an empty object out (backend-network,
 * http/axios/request.js), and copying an object on its way would drop keys such as `__proto__`.
 */
function buildRequestOptions(
	common: IHttpRequestOptions,
	{ url = '', method = 'GET', qs = {}, body }: RequestOptions,
): IHttpRequestOptions {
	const options: IHttpRequestOptions = { ...common, url, method, qs, returnFullResponse: true };
	if (body === undefined || method === 'GET') return options;
	const headers = { ...common.headers, 'content-type': 'application/json' };
	return { ...options, headers, body: body instanceof Uint8Array ? body : JSON.stringify(body) };
}
