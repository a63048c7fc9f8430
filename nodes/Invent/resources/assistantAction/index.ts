import type { AssistantAction } from '../../../../contract/invent';
import { assistantId, organization } from '../assistant/locators';
import { configUpdate } from '../assistant/options';
import { listProperties, optionsProperty, simplifyTo } from '../common';
import type { Resource } from '../resource';
import { create, createProperties } from './create';
import { get } from './get';
import { getAll } from './getAll';
import { actionId } from './locators';
import { reorder, reorderProperties } from './reorder';
import { update, updateProperties } from './update';

/** Actions: what an assistant can do, its tools. */
export const assistantAction: Resource = {
	option: { name: 'Assistant Action', value: 'assistantAction' },
	operations: [create, get, getAll, reorder, update],
	properties: [
		organization.property,
		{ ...assistantId.property, displayOptions: {} },
		actionId.property,
		...createProperties,
		...updateProperties,
		...reorderProperties,
		...listProperties,
		simplifyTo<AssistantAction>(
			'id',
			'name',
			'enabled',
			'action_id',
			'assistant_id',
			'connection_id',
			'instructions',
			'position',
			'created_at',
			'updated_at',
		),
		optionsProperty(configUpdate),
	],
};
