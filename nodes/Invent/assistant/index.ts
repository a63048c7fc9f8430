import type { INodeProperties } from 'n8n-workflow';

import { configuration } from './configuration';
import { create, createFields } from './create';
import { duplicate, duplicateFields } from './duplicate';
import { get } from './get';
import { getMany, getManyFields } from './getMany';
import { assistant, organization } from './locators';
import { output } from './output';
import { rotateKey } from './rotateKey';
import { update, updateFields } from './update';
import { upsert } from './upsert';

export { hints } from './hints';

/** The operations on assistants and their parameters, in the order in which the panel shows them. */
export const assistantProperties: INodeProperties[] = [
	{
		displayName: 'Operation',
		name: 'operation',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { resource: ['assistant'] } },
		options: [create, upsert, duplicate, get, getMany, rotateKey, update],
		default: 'getAll',
	},
	organization.property,
	assistant.property,
	...createFields,
	...updateFields,
	...configuration,
	...duplicateFields,
	...getManyFields,
	...output,
];
