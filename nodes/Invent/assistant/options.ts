import type { INodeProperties, PreSendAction } from 'n8n-workflow';

import { collection, inspecting, setting, valueOf } from '../parameters/rows';
import { flag, oneOf, wholeNumberFrom } from '../parameters/rules';
import { itemOf, type Manner } from '../transport';

/** The secret key is in the output of Rotate Key anyway. */
export const includeSecretKey = setting(flag, {
	displayName: 'Include Secret Key',
	name: 'includeSecretKey',
	type: 'boolean',
	displayOptions: { hide: { '/operation': ['rotateKey'] } },
	default: false,
	description:
		'Whether the secret key of the assistant is put out. n8n keeps what nodes put out, where everybody who may see the executions can read it.',
});

const configUpdate = setting(oneOf('merge', 'asEntered'), {
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

/** Sends an operation in the manner that Configuration Update asks for. */
export function asConfigured(merging: Manner, asEntered: Manner): PreSendAction {
	return inspecting('Configuration Update', (context) => {
		itemOf(context).manner = valueOf(context, configUpdate, 'options') === 'asEntered' ? asEntered : merging;
	});
}

const maxWait = setting(
	wholeNumberFrom(0),
	{
		displayName: 'Max Wait',
		name: 'maxWait',
		type: 'number',
		typeOptions: { minValue: 0 },
		default: 60,
		description:
			'How many seconds a request may wait when Invent asks for a pause. When it asks for more, the item ends at once and tells when to come back.',
	},
	(item, seconds) => {
		item.maxWaitMs = seconds * 1000;
	},
);

export const options: INodeProperties = collection(
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
	},
	[configUpdate, includeSecretKey, maxWait],
);
