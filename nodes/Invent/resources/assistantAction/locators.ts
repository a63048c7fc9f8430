import type { INodeProperties } from 'n8n-workflow';

import { pathField } from '../../shared/fields';
import { fromLocator } from '../../shared/parsers';
import { SLOW_LOAD_NOTICE } from '../common';
import { bodyField } from './fields';

/** How an action of the assistant is picked. */
export const ACTION_LOCATOR = {
	displayName: 'Action',
	name: 'actionId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	// The editor empties the locator when another assistant is picked.
	typeOptions: { loadOptionsDependsOn: ['organizationId.value', 'assistantId.value'] },
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchActions',
				searchable: true,
				slowLoadNotice: SLOW_LOAD_NOTICE,
			},
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. act_7hT2mQx4' },
	],
} satisfies INodeProperties;

/** The action in the path. */
export const actionId = pathField('action_id', fromLocator(), {
	...ACTION_LOCATOR,
	required: true,
	displayOptions: { show: { operation: ['get', 'update'] } },
	description: 'Action to work with',
});

/** The type of a new action. No route lists the types, so the user can enter any. */
export const actionType = bodyField('action_id', fromLocator(), {
	displayName: 'Action Type',
	name: 'actionType',
	type: 'resourceLocator',
	required: true,
	displayOptions: { show: { operation: ['create'] } },
	default: { mode: 'list', value: '' },
	description: 'What the action does',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchActionTypes',
				searchable: true,
				slowLoadNotice: SLOW_LOAD_NOTICE,
			},
		},
		{ displayName: 'By ID', name: 'id', type: 'string', placeholder: 'e.g. TOOLS:WEB_SEARCH' },
	],
});
