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
	description: 'List the assistants of an organization, or those that a search finds',
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
				description: 'Only assistants that this text is found in, such as in their name',
			}),
		],
	),
];
