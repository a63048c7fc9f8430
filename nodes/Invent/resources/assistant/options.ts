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
		'Whether the secret key of the assistant is put out. n8n keeps what nodes put out, where everybody who may see the executions can read it.',
});

const configUpdate = localField(enumOf('merge', 'asEntered'), {
	displayName: 'Configuration Update',
	name: 'configUpdate',
	type: 'options',
	displayOptions: { show: { '/operation': ['update', 'upsert'] } },
	options: [
		{
			name: 'As Entered',
			value: 'asEntered',
			description: 'Send just what is entered. What Invent does with the other settings is not documented.',
		},
		{
			name: 'Merge',
			value: 'merge',
			description: 'Read the configuration first and keep every setting that is not entered here',
		},
	],
	default: 'merge',
	description: 'What happens to the settings of the configuration that are not entered',
});

/** Whether the settings that were not entered are sent along; PATCH is not documented to keep them. */
export function mergesConfig(values: ReadonlyMap<string, unknown>): boolean {
	return values.get(configUpdate.property.name) !== 'asEntered';
}

export const options: INodeProperties = optionsProperty(configUpdate, includeSecretKey);
