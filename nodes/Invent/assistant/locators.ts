import type { INodeProperties } from 'n8n-workflow';

import { body, path } from '../parameters/rows';
import { idInAddress, located } from '../parameters/rules';

/** The organization in the path. `c` is the one that the key belongs to (docs: api-reference/getting-started/introduction). */
export const organization: INodeProperties = path('org_id', located(), {
	displayName: 'Organization',
	name: 'organizationId',
	type: 'resourceLocator',
	default: { mode: 'id', value: 'c' },
	required: true,
	description:
		"The organization that owns the assistants. Keep 'c' for the one that the API key belongs to, or enter the ID of one of its sub-organizations.",
	modes: [
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. c',
		},
	],
});

/** The assistant in the path. */
export const assistant: INodeProperties = path('assistant_id', located({ url: idInAddress }), {
	displayName: 'Assistant',
	name: 'assistantId',
	type: 'resourceLocator',
	default: { mode: 'id', value: '' },
	required: true,
	displayOptions: { show: { operation: ['duplicate', 'get', 'rotateKey', 'update'] } },
	description: 'The assistant to work on',
	modes: [
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
	default: { mode: 'id', value: '' },
	description: 'The organization that gets the copy, if it is another one',
	modes: [
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. org_4kQ7ZbXw2mN9sT1vR8cLpA',
		},
	],
});
