import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { toCollection, toProperty } from '../../shared/fields';
import { get } from '../../shared/objectPath';
import { id } from '../../shared/parsers';
import { type CreatedLookup, type RequestOptions, withPolicy } from '../../transport';
import { assistantId, organization } from '../assistant/locators';
import { actionConfig, bodyField, enabled, instructions, name } from './fields';
import { actionType } from './locators';

/** An action need not have a name; its type tells, too. */
function createLookup({ url = '', body }: RequestOptions): CreatedLookup {
	const type = String(get(body, 'action_id'));
	const ownName = get(body, 'name');
	const members = { action_id: type, name: typeof ownName === 'string' && ownName !== '' ? ownName : null };
	return { resource: 'action', listPath: url, name: members.name ?? type, members };
}

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create an assistant action',
	description: 'Add an action to an assistant',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants/{assistant_id}/actions' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				withPolicy({ responseType: 'object', ordering: 'serial', lookup: createLookup }),
			],
		},
	},
};

const displayOptions = { show: { operation: ['create'] } };

export const createProperties: INodeProperties[] = [
	toProperty(actionType),
	...[enabled, actionConfig].map((field) =>
		toProperty({ ...field, property: { ...field.property, displayOptions } }),
	),
	toCollection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions,
			placeholder: 'Add Field',
			default: {},
		},
		[
			bodyField('connection_id', id, {
				displayName: 'Connection ID',
				name: 'connectionId',
				type: 'string',
				default: '',
				placeholder: 'e.g. con_4kQ7ZbXw',
				description: 'ID of the connection that the action uses',
			}),
			instructions,
			name,
		],
	),
];
