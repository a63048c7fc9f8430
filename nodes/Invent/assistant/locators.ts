import type { INodeProperties } from 'n8n-workflow';

import { OWN_ORGANIZATION } from '../locators/organizations';
import { body, path, type PathRow } from '../parameters/rows';
import { idInAddress, located } from '../parameters/rules';

/** How an organization is picked. */
const ORGANIZATION_MODES: Pick<INodeProperties, 'modes'> = {
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchOrganizations', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. org_4kQ7ZbXw2mN9sT1vR8cLpA',
		},
	],
};

/** The organization in the path. `c` is the one that the key belongs to (docs: api-reference/getting-started/introduction). */
export const organization: PathRow = path('org_id', located(), {
	displayName: 'Organization',
	name: 'organizationId',
	type: 'resourceLocator',
	default: { mode: 'list', value: 'c', cachedResultName: OWN_ORGANIZATION },
	required: true,
	description:
		'The organization that owns the assistants. A key reaches its own organization and the sub-organizations of that.',
	...ORGANIZATION_MODES,
});

/** The assistant in the path. */
export const assistant: PathRow = path('assistant_id', located({ url: idInAddress }), {
	displayName: 'Assistant',
	name: 'assistantId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	displayOptions: { show: { operation: ['duplicate', 'get', 'rotateKey', 'update'] } },
	description: 'The assistant to work on',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchAssistants', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. ast_4kQ7ZbXw2mN9',
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://useinvent.com/o/assistants/ast_4kQ7ZbXw2mN9',
		},
	],
});

/** The organization that a copy goes to. */
export const targetOrganization = body('target_org_id', located(), {
	displayName: 'Target Organization',
	name: 'targetOrganizationId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	description: 'The organization that gets the copy, if it is another one',
	...ORGANIZATION_MODES,
});
