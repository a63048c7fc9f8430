import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { fromLocator, idInAddress, tryOrUndefined } from '../shared/parsers';
import { encodePathSegment } from '../shared/url';
import { fetchListForDropdown } from '../transport';
import { evaluated, organizationPath } from './assistants';
import { matcher } from './matcher';

const assistantId = fromLocator({ url: idInAddress('assistant', 'ast_') });

/**
 * The actions of the assistant that is picked in the editor. One without a name is called by its type.
 *
 * @param filter what the user typed; matches any part of the name, the type or the ID
 */
export async function searchActions(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const assistant: unknown = this.getCurrentNodeParameter('assistantId');
	const isOrganizationValid = tryOrUndefined(() => organizationPath(this)) !== undefined;
	const actions = await fetchListForDropdown(this, {
		path: () =>
			`${organizationPath(this)}/assistants/${encodePathSegment(assistantId(evaluated(assistant)))}/actions`,
		pathParameter: isOrganizationValid ? 'Assistant' : 'Organization',
	});
	const matches = matcher(filter);
	const results = actions
		.filter((action) => matches(...[action.name, action.action_id, action.id].map(String)))
		.map(({ id, name, action_id: type }) => ({ name: String(name || type), value: String(id) }));
	return { results };
}
