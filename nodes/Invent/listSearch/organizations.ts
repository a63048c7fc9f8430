import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { OWN_ORGANIZATION } from '../shared/organization';
import { fetchListForDropdown } from '../transport';

/**
 * The organization of the API key and its sub-organizations. No route lists others
 * (docs: api-reference/orgs-orgs/list-sub-organizations).
 *
 * @param filter what the user typed; matches any part of the name or the ID, in any capitals
 */
export async function searchOrganizations(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const subOrganizations = await fetchListForDropdown(this, { path: () => '/orgs/c/orgs' });
	const all = [
		OWN_ORGANIZATION,
		...subOrganizations.map(({ id, name }) => ({ name: String(name), value: String(id) })),
	];
	const text = filter.toLowerCase();
	return { results: all.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(text)) };
}
