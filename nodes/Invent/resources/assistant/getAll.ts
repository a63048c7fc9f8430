import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { queryField, toCollection } from '../../shared/fields';
import { wellFormedString } from '../../shared/parsers';
import { withPolicy } from '../../transport';
import { listProperties } from '../common';
import { organization } from './locators';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many assistants',
	description: 'Retrieve a list of assistants',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants' },
		send: {
			preSend: [organization.substitute, withPolicy({ responseType: 'list', ordering: 'parallel' })],
		},
	},
};

export const getAllProperties: INodeProperties[] = [
	...listProperties,
	toCollection(
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			displayOptions: { show: { operation: ['getAll'] } },
			placeholder: 'Add Filter',
			default: {},
		},
		[
			queryField('search', wellFormedString, {
				displayName: 'Search',
				name: 'search',
				type: 'string',
				default: '',
				placeholder: 'e.g. support',
				description: 'Text to search for, for example in names',
			}),
		],
	),
];
