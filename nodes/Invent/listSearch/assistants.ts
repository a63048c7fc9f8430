import type {
	IDataObject,
	ILoadOptionsFunctions,
	INodeListSearchItems,
	INodeListSearchResult,
} from 'n8n-workflow';

import { InvalidParameterError } from '../shared/errors';
import { OWN_ORGANIZATION } from '../shared/organization';
import { fromLocator, isUnpicked } from '../shared/parsers';
import { isObject } from '../shared/typeGuards';
import { encodePathSegment } from '../shared/url';
import { fetchListForDropdown } from '../transport';
import { matcher } from './matcher';

/** A page of the drop-down is a page of the API. */
const PAGE_SIZE = 100;

/** What the API answers when it does not accept a text to search for. */
const SEARCH_REFUSED = [400, 422];

/**
 * The assistants of the organization that is picked in the editor, but for deleted ones. The editor stores the name
 * of the one that is picked, so it tells nothing that may change.
 *
 * @param filter what the user typed; matches any part of the name or the ID. The API's search narrows the list where
 * it works, but how it matches is not documented, so the names are checked here too.
 * @param paginationToken the next page, when nothing is typed
 */
export async function searchAssistants(
	this: ILoadOptionsFunctions,
	filter = '',
	paginationToken?: unknown,
): Promise<INodeListSearchResult> {
	const search = filter.trim();
	if (search !== '') {
		const matches = matcher(search);
		const select = (assistants: IDataObject[]) =>
			toListItems(assistants).filter(({ name, value }) => matches(name, String(value)));
		const found = select(await fetchAssistants(this, { search }));
		// The API may search in names only, so finding nothing proves nothing.
		return { results: found.length > 0 ? found : select(await fetchAssistants(this)) };
	}
	const page = Number(paginationToken ?? 1);
	const assistants = await fetchAssistants(this, { page, take: PAGE_SIZE });
	const results = toListItems(assistants);
	return assistants.length === PAGE_SIZE ? { results, paginationToken: String(page + 1) } : { results };
}

/** Fetches assistants of the organization that is picked in the editor. A search that the API refuses finds none. */
export async function fetchAssistants(
	context: ILoadOptionsFunctions,
	qs: { readonly search?: string; readonly page?: number; readonly take?: number } = {},
): Promise<IDataObject[]> {
	return await fetchListForDropdown(context, {
		path: () => `${organizationPath(context)}/assistants`,
		pathParameter: 'Organization',
		qs,
		emptyStatuses: qs.search === undefined ? [] : SEARCH_REFUSED,
	});
}

/**
 * The path of the organization that is picked in the editor.
 *
 * @throws InvalidParameterError
 */
export function organizationPath(context: ILoadOptionsFunctions): string {
	const organization: unknown = context.getCurrentNodeParameter('organizationId');
	const id = isUnpicked(organization) ? OWN_ORGANIZATION.value : fromLocator()(evaluated(organization));
	return `/orgs/${encodePathSegment(id)}`;
}

/**
 * The parameter as the editor sends it, which is null or nothing for an expression that it can't evaluate yet.
 *
 * @throws InvalidParameterError
 */
export function evaluated(locator: unknown): unknown {
	const value: unknown = isObject(locator) ? locator.value : locator;
	if ((value ?? undefined) !== undefined) return locator;
	throw new InvalidParameterError(
		'has no value yet: execute the previous nodes',
		'The list depends on the value of its expression.',
	);
}

function toListItems(assistants: IDataObject[]): INodeListSearchItems[] {
	return assistants
		.filter(({ deleted }) => deleted !== true)
		.map(({ id, name }) => ({ name: String(name), value: String(id) }));
}
