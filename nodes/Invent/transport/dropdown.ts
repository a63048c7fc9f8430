import type {
	IDataObject,
	IHttpRequestOptions,
	ILoadOptionsFunctions,
	IN8nHttpFullResponse,
} from 'n8n-workflow';

import { withParameterName } from '../shared/errors';
import { isObject } from '../shared/typeGuards';
import { normalizeBaseUrl } from '../shared/url';
import { ApiClient, type ClientSettings, REQUEST_DEFAULTS } from './client';
import { validateDestination } from './destination';
import { ResponseError } from './errors';
import { describeError, type ErrorDescription, toNodeError } from './nodeErrors';
import { paginate } from './pagination';
import { secretForms } from './redact';
import { settle } from './settle';

/** Somebody is looking at the drop-down: it waits for a few seconds only. */
const MAX_WAIT_MS = 5_000;

export const TIMEOUT_MS = 15_000;

/** A list that a drop-down shows. */
interface ListRequest {
	/** Its path; throws InvalidParameterError when the parameter that makes it up can't be used. */
	readonly path: () => string;
	/** Its query; with a `page` that page alone is read, otherwise the whole list. */
	readonly qs?: { readonly search?: string; readonly page?: number; readonly take?: number };
	/** Display name of the parameter that makes up the path, if one does. */
	readonly pathParameter?: string;
	/** HTTP statuses that stand for an empty list. */
	readonly emptyStatuses?: readonly number[];
}

/**
 * Fetches a list for a drop-down, by the same way as the operations.
 *
 * @throws NodeApiError or NodeOperationError with a text for the drop-down
 */
export async function fetchListForDropdown(
	context: ILoadOptionsFunctions,
	request: ListRequest,
): Promise<IDataObject[]> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: unknown; baseUrl: unknown }>(
		'inventApi',
	);
	const outcome = await settle(fetchList(context, request, baseUrl));
	if (outcome.status === 'fulfilled') return outcome.value;
	const { pathParameter, emptyStatuses = [] } = request;
	if (outcome.reason instanceof ResponseError && emptyStatuses.includes(outcome.reason.status)) return [];
	throw toNodeError(
		context.getNode(),
		describeEditorError(outcome.reason, { apiKey, baseUrl, pathParameter }),
	);
}

async function fetchList(
	context: ILoadOptionsFunctions,
	{ path, qs = {}, pathParameter = '' }: ListRequest,
	baseUrl: unknown,
): Promise<IDataObject[]> {
	const common = commonOptions(context, normalizeBaseUrl(baseUrl));
	const destinationError = validateDestination(common);
	if (destinationError !== undefined) throw destinationError;
	const url = await settle((async () => path())());
	if (url.status === 'rejected') throw withParameterName(pathParameter, url.reason);
	const send = async (options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> =>
		await context.helpers.httpRequestWithAuthentication.call(context, 'inventApi', options);
	const client = createEditorClient({ send, common, caller: context });
	const fetchPage = async (page: number, take: number | undefined) => {
		const { objects, totalCount } = await client.request(
			{ method: 'GET', url: url.value, qs: { ...qs, page, take } },
			{ responseType: 'list' },
		);
		return { items: objects, totalCount };
	};
	if (qs.page !== undefined) {
		const { items, totalCount = 0 } = await fetchPage(qs.page, qs.take);
		// A first page that is cut short, because the API allows shorter pages only, does not tell where the next one is.
		const isCutShort = qs.page === 1 && items.length < Math.min(qs.take ?? 0, totalCount);
		if (!isCutShort) return items;
	}
	return await paginate({ fetchPage, getId: ({ id }) => id });
}

/** A client for requests that somebody in the editor waits for. */
export function createEditorClient(settings: Pick<ClientSettings, 'send' | 'common' | 'caller'>): ApiClient {
	return new ApiClient({
		...settings,
		isDropdown: true,
		maxRateLimitWaitMs: MAX_WAIT_MS,
		signal: AbortSignal.timeout(TIMEOUT_MS),
	});
}

/** Says to somebody in the editor why a list did not come. */
export function describeEditorError(
	error: unknown,
	{
		apiKey,
		baseUrl,
		pathParameter,
	}: { apiKey: unknown; baseUrl: unknown; pathParameter?: string | undefined },
): ErrorDescription {
	const asked = {
		responseType: 'list',
		pathParameters: pathParameter === undefined ? [] : [pathParameter],
		isDropdown: true,
		timeoutMs: TIMEOUT_MS,
	} as const;
	return describeError(error, asked, normalizeBaseUrl(baseUrl), secretForms(apiKey));
}

/** What is common to all requests: Request Options of the node as the panel has them, as far as they are given. */
function commonOptions(
	context: ILoadOptionsFunctions,
	baseURL: string,
): IHttpRequestOptions & { baseURL: string } {
	const given: unknown = context.getCurrentNodeParameter('requestOptions');
	const { allowUnauthorizedCerts, proxy, timeout } = isObject(given) ? given : {};
	return {
		...REQUEST_DEFAULTS,
		url: '',
		baseURL,
		timeout: Number(timeout) > 0 ? Math.min(Number(timeout), TIMEOUT_MS) : TIMEOUT_MS,
		skipSslCertificateValidation: allowUnauthorizedCerts === true,
		...(typeof proxy === 'string' && URL.canParse(proxy) ? { proxy: proxyOf(new URL(proxy)) } : {}),
	};
}

/** The proxy as the engine reads it for operations (n8n-core, routing-node.js). */
function proxyOf({
	hostname,
	port,
	protocol,
	username,
	password,
}: URL): NonNullable<IHttpRequestOptions['proxy']> {
	const proxy = { host: hostname, port: Number(port), protocol: protocol.replace(/:$/, '') };
	return username === '' ? proxy : { ...proxy, auth: { username, password } };
}
