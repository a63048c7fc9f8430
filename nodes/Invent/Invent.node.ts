import type { INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import { assistantProperties, hints } from './assistant';
import { listSearch } from './locators';
import { itemsOfAnswer, REQUEST_DEFAULTS, transport } from './transport';

/** The Invent node: what it shows in the editor and how its parameters become requests. */
export class Invent implements INodeType {
	methods = { listSearch };

	description: INodeTypeDescription = {
		displayName: 'Invent',
		name: 'invent',
		icon: { light: 'file:invent.svg', dark: 'file:invent.dark.svg' },
		group: ['transform'],
		version: 1,
		subtitle:
			'={{ ({ create: "Create", upsert: "Create or Update", duplicate: "Duplicate", get: "Get", getAll: "Get Many", rotateKey: "Rotate Key", update: "Update" })[$parameter["operation"]] + ": Assistant" }}',
		description: 'Create, copy, configure and list AI assistants of Invent, and rotate their secret keys',
		defaults: { name: 'Invent' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		hints,
		credentials: [{ name: 'inventApi', required: true }],
		requestDefaults: {
			baseURL: '={{$credentials.baseUrl}}',
			...REQUEST_DEFAULTS,
		},
		requestOperations: { pagination: transport },
		properties: [
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Assistant', value: 'assistant' }],
				default: 'assistant',
				routing: {
					send: { paginate: true },
					output: { postReceive: [itemsOfAnswer] },
				},
			},
			...assistantProperties,
		],
	};
}
