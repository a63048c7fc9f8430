import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { located } from '../parameters/rules';
import { segmentOf } from '../parameters/segment';
import { listForPanel } from '../transport';

/** What a page of the drop-down holds: a page of the API. */
const PAGE_SIZE = 100;

/**
 * The assistants of the chosen organization, for the drop-down of Assistant.
 *
 * @param filter what the user has typed; found anywhere in the name or the ID, in any capitals. The API's own
 * search narrows the list where it works, and nobody knows how it searches, so the names are looked at here too.
 * @param paginationToken the next page, when nothing is typed
 */
export async function searchAssistants(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	if (filter) {
		const wanted = filter.toLowerCase();
		const fits = ({ name, id }: IDataObject) =>
			`${String(name)}\n${String(id)}`.toLowerCase().includes(wanted);
		const found = (await assistantsOf(this, { search: filter })).filter(fits);
		// The API may search in names only, and finding nothing is no proof.
		const results = found.length > 0 ? found : (await assistantsOf(this)).filter(fits);
		return { results: results.map(choice) };
	}
	const page = Number(paginationToken ?? 1);
	const assistants = await assistantsOf(this, { page, take: PAGE_SIZE });
	const results = assistants.map(choice);
	return assistants.length < PAGE_SIZE ? { results } : { results, paginationToken: String(page + 1) };
}

/** Reads assistants of the organization that is chosen in the panel. */
export async function assistantsOf(context: ILoadOptionsFunctions, qs?: IDataObject): Promise<IDataObject[]> {
	const organization: unknown = context.getCurrentNodeParameter('organizationId');
	const path = () => `/orgs/${segmentOf(located()(organization))}/assistants`;
	return await listForPanel(context, { path, addressedBy: 'Organization', ...(qs && { qs }) });
}

function choice({ id, name, enabled, deleted }: IDataObject) {
	const mark = deleted === true ? ' (deleted)' : enabled === false ? ' (disabled)' : '';
	return { name: `${String(name)}${mark}`, value: String(id) };
}
