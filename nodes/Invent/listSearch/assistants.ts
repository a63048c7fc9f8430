import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { fromLocator } from '../shared/parsers';
import { encodePathSegment } from '../shared/url';
import { fetchListForDropdown } from '../transport';

/** A page of the drop-down is a page of the API. */
const PAGE_SIZE = 100;

/**
 * The assistants of the organization that is picked in the editor.
 *
 * @param filter what the user typed; matches any part of the name or the ID, in any capitals. The API's search
 * narrows the list where it works, but how it matches is not documented, so the names are checked here too.
 * @param paginationToken the next page, when nothing is typed
 */
export async function searchAssistants(
	this: ILoadOptionsFunctions,
	filter?: string,
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	if (filter) {
		const text = filter.toLowerCase();
		const matches = ({ name, id }: IDataObject) =>
			`${String(name)}\n${String(id)}`.toLowerCase().includes(text);
		const found = (await fetchAssistants(this, { search: filter })).filter(matches);
		// The API may search in names only, so finding nothing proves nothing.
		const results = found.length > 0 ? found : (await fetchAssistants(this)).filter(matches);
		return { results: results.map(toListItem) };
	}
	const page = Number(paginationToken ?? 1);
	const assistants = await fetchAssistants(this, { page, take: PAGE_SIZE });
	const results = assistants.map(toListItem);
	return assistants.length === PAGE_SIZE ? { results, paginationToken: String(page + 1) } : { results };
}

/** Fetches assistants of the organization that is picked in the editor. */
export async function fetchAssistants(
	context: ILoadOptionsFunctions,
	qs?: IDataObject,
): Promise<IDataObject[]> {
	const organization: unknown = context.getCurrentNodeParameter('organizationId');
	const path = () => `/orgs/${encodePathSegment(fromLocator()(organization))}/assistants`;
	return await fetchListForDropdown(context, { path, pathParameter: 'Organization', ...(qs && { qs }) });
}

function toListItem({ id, name, enabled, deleted }: IDataObject): INodeListSearchItems {
	const suffix = deleted === true ? ' (deleted)' : enabled === false ? ' (disabled)' : '';
	return { name: `${String(name)}${suffix}`, value: String(id) };
}
