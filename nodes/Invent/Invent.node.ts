import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { listSearch } from './listSearch';
import { hints, properties, subtitle } from './resources';
import { REQUEST_DEFAULTS, sendRequests, testCredential } from './transport';

/** The Invent node: what it shows in the editor and how its parameters become requests. */
export class Invent implements INodeType {
	methods = { listSearch, credentialTest: { testInventApi: testCredential('/orgs/c/assistants') } };

	description: INodeTypeDescription = {
		displayName: 'Invent',
		name: 'invent',
		icon: { light: 'file:invent.svg', dark: 'file:invent.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle,
		description:
			'Create, duplicate, configure, and list AI assistants in Invent, and rotate their secret keys',
		defaults: { name: 'Invent' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		hints,
		credentials: [{ name: 'inventApi', required: true, testedBy: 'testInventApi' }],
		requestDefaults: {
			baseURL: '={{$credentials.baseUrl}}',
			...REQUEST_DEFAULTS,
		},
		requestOperations: { pagination: sendRequests },
		properties,
	};
}
