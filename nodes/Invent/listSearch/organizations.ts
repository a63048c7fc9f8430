import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { OWN_ORGANIZATION } from '../shared/organization';
import { fetchListForDropdown } from '../transport';
import { matcher } from './matcher';

/** What the API answers when the key, the plan or the API's version has no sub-organizations. */
const NO_SUB_ORGANIZATIONS = [402, 403, 404];

/**
 * The organization of the API key and its sub-organizations. No route lists others
 * (docs: api-reference/orgs-orgs/list-sub-organizations).
 *
 * @param filter what the user typed; matches any part of the name or the ID
 */
export async function searchOrganizations(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const subOrganizations = await fetchListForDropdown(this, {
		path: () => `/orgs/${OWN_ORGANIZATION.value}/orgs`,
		emptyStatuses: NO_SUB_ORGANIZATIONS,
	});
	const all = [
		OWN_ORGANIZATION,
		...subOrganizations.map(({ id, name }) => ({ name: String(name), value: String(id) })),
	];
	const matches = matcher(filter);
	return { results: all.filter(({ name, value }) => matches(name, value)) };
}
