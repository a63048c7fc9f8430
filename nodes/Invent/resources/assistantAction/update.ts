import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { InvalidParameterError } from '../../shared/errors';
import { toCollection } from '../../shared/fields';
import { get } from '../../shared/objectPath';
import { nullableId } from '../../shared/parsers';
import { type RequestOptions, withPolicy } from '../../transport';
import { assistantId, organization } from '../assistant/locators';
import { mergesConfig } from '../assistant/options';
import { assistantLockKey, mergeConfig, requireChanges } from '../assistant/update';
import { actionConfig, bodyField, enabled, instructions, name } from './fields';
import { actionId } from './locators';

/** An update of an action with this ID would go to another route, the one of Reorder. */
function refuseReorder({ url = '' }: RequestOptions): InvalidParameterError | undefined {
	if (!url.endsWith('/actions/reorder')) return undefined;
	return new InvalidParameterError(
		"'Action' is not a valid ID",
		'Select one from the list, or copy the ID again.',
	);
}

/** Whether the configuration is sent as entered: then an empty one is a change, too. */
function replacesConfig({ body }: RequestOptions, values: ReadonlyMap<string, unknown>): boolean {
	return get(body, 'config') !== undefined && !mergesConfig(values);
}

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update an assistant action',
	description: 'Update the name, instructions, or configuration of an action, or turn it on or off',
	routing: {
		request: { method: 'PATCH', url: '/orgs/{org_id}/assistants/{assistant_id}/actions/{action_id}' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				actionId.substitute,
				withPolicy({
					responseType: 'object',
					ordering: 'parallel',
					lockKey: assistantLockKey,
					validate: (request, values) =>
						refuseReorder(request) ?? (replacesConfig(request, values) ? undefined : requireChanges(request)),
					beforeRequest: mergeConfig,
				}),
			],
		},
	},
};

export const updateProperties: INodeProperties[] = [
	toCollection(
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			displayOptions: { show: { operation: ['update'] } },
			placeholder: 'Add Field',
			default: {},
			description: "Fields to update. Fields you don't add stay unchanged.",
		},
		[
			actionConfig,
			bodyField('connection_id', nullableId, {
				displayName: 'Connection ID',
				name: 'connectionId',
				type: 'string',
				default: '',
				placeholder: 'e.g. con_4kQ7ZbXw',
				description: 'ID of the connection that the action uses. Leave empty to remove the connection.',
			}),
			enabled,
			instructions,
			name,
		],
	),
];
