import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { fromLocator, isUnpicked } from '../shared/parsers';
import { OWN_ORGANIZATION } from '../shared/organization';
import { isObject } from '../shared/typeGuards';
import { encodePathSegment } from '../shared/url';
import { fetchListForDropdown } from '../transport';
import { fetchAssistants } from './assistants';

/** The types that the API's documentation names (docs: api-reference/orgs-assistants/get-assistant-actions). */
const DOCUMENTED_TYPES = ['TOOLS:HTTP_REQUEST', 'TOOLS:WEB_SEARCH', 'TOOLS:WEB_SCRAPING'];

/**
 * The actions of the assistant that is picked in the editor. One without a name is called by its type.
 *
 * @param filter what the user typed; matches any part of the name, the type or the ID
 */
export async function searchActions(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const organization: unknown = this.getCurrentNodeParameter('organizationId');
	const assistant: unknown = this.getCurrentNodeParameter('assistantId', { extractValue: true });
	const owner = isUnpicked(organization) ? OWN_ORGANIZATION.value : fromLocator()(organization);
	const actions = await fetchListForDropdown(this, {
		path: () =>
			`/orgs/${encodePathSegment(owner)}/assistants/${encodePathSegment(fromLocator()(assistant))}/actions`,
		pathParameter: 'Assistant',
	});
	const results = actions
		.map(({ id, name, action_id: type }) => ({ name: String(name || type), value: String(id), type }))
		.filter((action) => Object.values(action).join('\n').toLowerCase().includes(filter.toLowerCase()));
	return { results: results.map(({ name, value }) => ({ name, value })) };
}

/**
 * The types of actions: no route lists them, so the documented ones and those in use in the organization are what can
 * be offered.
 */
export async function searchActionTypes(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const assistants = await fetchAssistants(this);
	const inUse = assistants.flatMap(({ actions }) => (Array.isArray(actions) ? actions : [])).flatMap(typeOf);
	const types = [...new Set([...DOCUMENTED_TYPES, ...inUse.sort()])];
	return {
		results: types
			.filter((type) => type.toLowerCase().includes(filter.toLowerCase()))
			.map((type) => ({ name: type, value: type })),
	};
}

function typeOf(action: unknown): string[] {
	return isObject(action) && typeof action.action_id === 'string' ? [action.action_id] : [];
}
