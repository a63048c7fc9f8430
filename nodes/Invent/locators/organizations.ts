import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { listForPanel } from '../transport';

/** How the drop-down names the organization `c`. */
export const OWN_ORGANIZATION = "The API key's own organization";

/**
 * The organization of the API key and its sub-organizations, for the drop-downs of organizations. No route
 * lists others (docs: api-reference/orgs-orgs/list-sub-organizations).
 *
 * @param filter what the user has typed; found anywhere in the name or the ID, in any capitals
 */
export async function searchOrganizations(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const below = await listForPanel(this, { path: () => '/orgs/c/orgs' });
	const all = [
		{ name: OWN_ORGANIZATION, value: 'c' },
		...below.map(({ id, name }) => ({ name: String(name), value: String(id) })),
	];
	const wanted = filter.toLowerCase();
	return { results: all.filter(({ name, value }) => `${name}\n${value}`.toLowerCase().includes(wanted)) };
}
