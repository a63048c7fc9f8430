import type { INodeProperties } from 'n8n-workflow';

import { localField } from '../../shared/fields';
import { boolean, enumOf } from '../../shared/parsers';
import { optionsProperty } from '../common';

/** Rotate Key outputs the secret key anyway. */
export const includeSecretKey = localField(boolean, {
	displayName: 'Include Secret Key',
	name: 'includeSecretKey',
	type: 'boolean',
	displayOptions: { hide: { '/operation': ['rotateKey'] } },
	default: false,
	description:
		'Whether to include the secret key in the output. Anyone with access to the executions can see it.',
});

export const configUpdate = localField(enumOf('merge', 'asEntered'), {
	displayName: 'Configuration Update',
	name: 'configUpdate',
	type: 'options',
	displayOptions: { show: { '/operation': ['update', 'upsert'] } },
	options: [
		{
			name: 'As Entered',
			value: 'asEntered',
			description: 'Send only the settings entered here. What happens to the others is not documented.',
		},
		{
			name: 'Merge',
			value: 'merge',
			description: 'Keep the current value of all settings not entered here',
		},
	],
	default: 'merge',
	description: 'How to handle configuration settings that are not entered',
});

/** Whether the settings that were not entered are sent along; PATCH is not documented to keep them. */
export function mergesConfig(values: ReadonlyMap<string, unknown>): boolean {
	return values.get(configUpdate.property.name) !== 'asEntered';
}

export const options: INodeProperties = optionsProperty(configUpdate, includeSecretKey);
