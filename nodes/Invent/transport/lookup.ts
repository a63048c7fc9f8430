import type { IDataObject, ILoadOptionsFunctions, IN8nHttpFullResponse } from 'n8n-workflow';

import { membersOf } from './answer';
import { type Asked, nodeErrorOf } from './errors';
import { exchange, REQUEST_DEFAULTS } from './exchange';
import { countOf } from './headers';
import type { Request } from './manner';
import { allPages, type Page } from './pages';
import { labelled } from './reasons';
import { formsOf } from './secrets';

/** Somebody is looking at the drop-down: it waits for a few seconds only. */
const MAX_WAIT_MS = 5_000;

const TIMEOUT_MS = 15_000;

/** A list that a drop-down needs. */
interface Wanted {
	/** Its path; throws a Refusal when the parameter that makes it up can't be used. */
	readonly path: () => string;
	/** Its query; with a `page` in it that page alone is read, otherwise the whole list. */
	readonly qs?: IDataObject;
	/** Display name of the parameter that makes up the path, if one does. */
	readonly addressedBy?: string;
}

/**
 * Reads a list for a drop-down, under the rules of the operations.
 *
 * @throws NodeApiError or NodeOperationError with words for the drop-down
 */
export async function listForPanel(
	context: ILoadOptionsFunctions,
	{ path, qs = {}, addressedBy }: Wanted,
): Promise<IDataObject[]> {
	const { apiKey, baseUrl } = await context.getCredentials<{ apiKey: unknown; baseUrl: unknown }>(
		'inventApi',
	);
	const baseURL = String(baseUrl);
	const signal = AbortSignal.timeout(TIMEOUT_MS);
	const fetchPage = async ({ url = '', qs: query = {} }: Request): Promise<Page<IDataObject>> =>
		await exchange(baseURL, { repeatable: true, maxWaitMs: MAX_WAIT_MS, signal }, async () => {
			const response: IN8nHttpFullResponse = await context.helpers.httpRequestWithAuthentication.call(
				context,
				'inventApi',
				{ ...REQUEST_DEFAULTS, baseURL, url, qs: query, timeout: TIMEOUT_MS, returnFullResponse: true },
			);
			return { members: membersOf(response, 'list'), count: countOf(response.headers) };
		});
	const pathOf = async () => path();
	const read = async () => {
		const [url] = await Promise.allSettled([pathOf()]);
		if (url.status === 'rejected') throw labelled(addressedBy ?? '', url.reason);
		const request: Request = { method: 'GET', url: url.value, qs };
		if ('page' in qs) return [...(await fetchPage(request)).members];
		return await allPages(request, fetchPage, ({ id }) => id);
	};
	const [outcome] = await Promise.allSettled([read()]);
	if (outcome.status === 'fulfilled') return outcome.value;
	const asked: Asked = { answers: 'list', addressedBy: addressedBy === undefined ? [] : [addressedBy] };
	throw nodeErrorOf(context.getNode(), asked, outcome.reason, baseURL, formsOf(apiKey));
}
