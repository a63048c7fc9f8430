import type { IDataObject, ILoadOptionsFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { membersOf } from './answer';
import { nodeErrorOf } from './errors';
import { exchange, REQUEST_DEFAULTS } from './exchange';
import { countOf } from './headers';
import type { Request } from './manner';
import { allPages, type Page } from './pages';

/** Somebody is looking at the drop-down: it waits for a few seconds only. */
const MAX_WAIT_MS = 5_000;

const TIMEOUT_MS = 15_000;

/**
 * Reads a list for a drop-down, under the rules of the operations.
 *
 * @param path the list's path
 * @param qs its query; with a `page` in it that page alone is read, otherwise the whole list
 * @param addressedBy display names of the parameters that make up the path
 * @throws NodeApiError or NodeOperationError with words for the drop-down
 */
export async function listForPanel(
	context: ILoadOptionsFunctions,
	path: string,
	qs: IDataObject,
	addressedBy: readonly string[],
): Promise<IDataObject[]> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: unknown; baseUrl: unknown }>(
		'inventApi',
	);
	const baseURL = String(baseUrl);
	const fetchPage = async ({ url = '', qs: query = {} }: Request): Promise<Page<IDataObject>> =>
		await exchange(baseURL, { repeatable: true, maxWaitMs: MAX_WAIT_MS, signal: undefined }, async () => {
			const response: IN8nHttpFullResponse = await context.helpers.httpRequestWithAuthentication.call(
				context,
				'inventApi',
				{ ...REQUEST_DEFAULTS, baseURL, url, qs: query, timeout: TIMEOUT_MS, returnFullResponse: true },
			);
			return { members: membersOf(response, 'list'), count: countOf(response.headers) };
		});
	const request: Request = { method: 'GET', url: path, qs };
	const work = async () =>
		'page' in qs
			? [...(await fetchPage(request)).members]
			: await allPages(request, fetchPage, ({ id }) => id);
	const [outcome] = await Promise.allSettled([work()]);
	if (outcome.status === 'fulfilled') return outcome.value;
	throw nodeErrorOf(context.getNode(), { answers: 'list', addressedBy }, outcome.reason, baseURL, [
		String(apiKey),
	]);
}
