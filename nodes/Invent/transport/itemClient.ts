import type {
	DeclarativeRestApiSettings,
	IDataObject,
	IExecutePaginationFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeExecutionData,
} from 'n8n-workflow';

import { getItemParameters } from '../shared/itemParameters';
import { normalizeBaseUrl } from '../shared/url';
import { ApiClient, type ApiResponse, type Gate, type SendOptions } from './client';
import type { CachedList, ItemState } from './execution';
import type { KnownObjects } from './knownObjects';
import { paginate } from './pagination';
import { type PendingCreations, pendingCreationsOf } from './pendingCreations';
import type { ApiReader, RequestOptions } from './policy';

/** How long a request may take unless the user sets Request Options → Timeout, in milliseconds. */
const DEFAULT_TIMEOUT_MS = 60_000;

/** How long the API may make an item wait unless the user sets Options → Max Wait, in seconds. */
const DEFAULT_MAX_WAIT = 60;

/** For how long a list is taken as current, as far as other processes go, in milliseconds. */
const LIST_FRESH_MS = 1000;

/** The way of one item to the API, and from the API's objects to the item's output. */
export class ItemClient {
	readonly maxRateLimitWaitMs: number;

	/** Creations of this process whose outcome is not known. */
	readonly pendingCreations: PendingCreations;

	private readonly client: ApiClient;

	constructor(
		private readonly context: IExecutePaginationFunctions,
		readonly item: ItemState,
		private readonly requestData: DeclarativeRestApiSettings.ResultOptions,
	) {
		const maxWait = getItemParameters(context).values.get('maxWait');
		this.maxRateLimitWaitMs = (typeof maxWait === 'number' ? maxWait : DEFAULT_MAX_WAIT) * 1000;
		const common = commonOptions(context, requestData.options);
		this.pendingCreations = pendingCreationsOf(common.baseURL);
		this.client = new ApiClient({
			send: async (options): Promise<IN8nHttpFullResponse> =>
				await context.helpers.httpRequestWithAuthentication.call(context, 'inventApi', options),
			common,
			caller: item.run,
			maxRateLimitWaitMs: this.maxRateLimitWaitMs,
			signal: item.signal,
			gate: gateOf(item),
		});
	}

	/** What this process knows of the objects of the API. */
	get known(): KnownObjects {
		return this.client.known;
	}

	/** What the operation can read before it sends its request. */
	get reader(): ApiReader {
		return {
			read: async (path) => await this.read(path),
			list: async (path) => await this.list(path, () => true),
			listAgain: async (path) => await this.list(path, (list) => this.isCurrent(list)),
		};
	}

	/** Sends a request of the operation. */
	async send(request: RequestOptions, options?: SendOptions): Promise<ApiResponse> {
		return await this.client.request(request, this.item.policy, options);
	}

	/** Fetches the pages of the operation's list, as far as they are wanted. */
	async sendForList(request: RequestOptions): Promise<INodeExecutionData[]> {
		const limit = request.qs?.take;
		const entries = await paginate({
			fetchPage: async (page, take) => {
				const { objects, totalCount } = await this.send({ ...request, qs: { ...request.qs, page, take } });
				const output = await this.toOutput(objects);
				// Only what the node returns is kept: the API's objects are much larger.
				return { items: objects.map(({ id }, at) => ({ id, output: output.slice(at, at + 1) })), totalCount };
			},
			getId: ({ id }) => id,
			...(typeof limit === 'number' && { limit }),
		});
		return entries.flatMap(({ output }) => output);
	}

	/**
	 * Reads a whole list of the API's objects.
	 *
	 * @param onPage told of each page
	 */
	async readList(
		path: string,
		qs: IDataObject,
		onPage: (page: ApiResponse) => void = () => undefined,
	): Promise<IDataObject[]> {
		return await paginate({
			fetchPage: async (page, take) => {
				const request: RequestOptions = { method: 'GET', url: path, qs: { ...qs, page, take } };
				const response = await this.client.request(request, { responseType: 'list' });
				onPage(response);
				return { items: response.objects, totalCount: response.totalCount };
			},
			getId: ({ id }) => id,
			requireProofOfEnd: true,
		});
	}

	/** Makes the node's items of the API's objects: runs the postReceive functions of the parameters. */
	async toOutput(objects: readonly IDataObject[]): Promise<INodeExecutionData[]> {
		const response: IN8nHttpFullResponse = { body: [...objects], headers: {}, statusCode: 200 };
		const pairedItem = { item: this.item.index };
		let items: INodeExecutionData[] = objects.map((json) => ({ json, pairedItem }));
		for (const action of this.requestData.postReceive.flatMap(({ actions }) => actions)) {
			if (typeof action === 'function') items = await action.call(this.context, items, response);
		}
		return items;
	}

	/** Holds back all requests to the API, because it demands that. */
	pauseFor(ms: number): void {
		this.client.limiter.pauseFor(ms);
	}

	private async read(path: string): Promise<IDataObject> {
		const request: RequestOptions = { method: 'GET', url: path };
		const { objects } = await this.client.request(request, { responseType: 'object' });
		return objects[0] ?? {};
	}

	private async list(path: string, isUsable: (list: CachedList) => boolean): Promise<readonly IDataObject[]> {
		const { run } = this.item;
		const cached = run.getCachedList(path);
		if (cached !== undefined && isUsable(cached)) return cached.items;
		const { createdCount } = this.known;
		const readAt = performance.now();
		const pages: ApiResponse[] = [];
		const items = await this.readList(path, {}, (page) => pages.push(page));
		const isOnePage = pages.filter(({ objects }) => objects.length > 0).length <= 1;
		const isProven = isOnePage || pages.every(({ totalCount }) => totalCount === items.length);
		run.cacheList(path, { items, readAt, createdCount, isProven });
		return items;
	}

	/** Whether a list can't have changed by this process since it was read, and hardly by anything else. */
	private isCurrent({ createdCount, isProven, readAt }: CachedList): boolean {
		return isProven && createdCount === this.known.createdCount && performance.now() - readAt < LIST_FRESH_MS;
	}
}

/** What is common to all requests of an item: the engine has put Request Options into its options. */
function commonOptions(
	context: IExecutePaginationFunctions,
	options: RequestOptions,
): IHttpRequestOptions & { baseURL: string } {
	const { skipSslCertificateValidation, ...common } = options;
	delete common.body;
	return {
		...common,
		url: '',
		baseURL: normalizeBaseUrl(options.baseURL),
		timeout: timeoutOf(context),
		skipSslCertificateValidation: skipSslCertificateValidation === true,
	};
}

/** How long a request of an item may take, in milliseconds. */
export function timeoutOf(context: IExecutePaginationFunctions): number {
	// The engine's own default, 5 minutes, can't be told from what the user sets (n8n-core, routing-node.js).
	const timeout = Number(context.getNodeParameter('requestOptions.timeout', 0));
	return timeout > 0 ? timeout : DEFAULT_TIMEOUT_MS;
}

/** Holds an item back while its run finds out whether the service can be reached. */
function gateOf(item: ItemState): Gate {
	const { run } = item;
	return {
		waitUntilOpen: async (signal) => {
			if (!item.hasSentRequest) item.permit = await run.breaker.waitUntilAdmitted(signal);
		},
		isOpen: () => {
			run.throwIfAborted(item);
			if (item.hasSentRequest) return true;
			run.throwIfRateLimited();
			item.hasSentRequest = item.permit?.begin() === true;
			if (!item.hasSentRequest) item.permit?.settle();
			return item.hasSentRequest;
		},
		onReachable: () => run.breaker.onReachable(),
		onUnreachable: () => item.permit?.onUnreachable(),
	};
}
