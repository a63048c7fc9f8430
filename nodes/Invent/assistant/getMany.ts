import type { INodeProperties, INodePropertyOptions, PreSendAction } from 'n8n-workflow';

import { collection, inspecting, query, setting, single, valueOf } from '../parameters/rows';
import { addressText, flag, wholeNumberFrom } from '../parameters/rules';
import { sentAs } from '../transport';
import { organization } from './locators';

export const getMany: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many assistants',
	description: 'List the assistants of an organization, or those that a search finds',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants' },
		send: { preSend: [organization.inPath, sentAs({ answers: 'list', order: 'none' })] },
	},
};

const displayOptions = { show: { operation: ['getAll'] } };

const returnAll = setting(flag, {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	displayOptions,
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

const limit = query('take', wholeNumberFrom(1), {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	displayOptions: { show: { operation: ['getAll'], returnAll: [false] } },
	typeOptions: { minValue: 1 },
	default: 50,
	description: 'Max number of results to return',
});

/** Limit is shown, and so sent, when Return All is an expression: whether it counts is known only now. */
const unlimited: PreSendAction = inspecting('Return All', (context, request) => {
	if (valueOf(context, returnAll) === true) delete request.qs?.take;
});

export const getManyFields: INodeProperties[] = [
	single(returnAll),
	single(limit, unlimited),
	collection(
		{
			displayName: 'Filters',
			name: 'filters',
			type: 'collection',
			displayOptions,
			placeholder: 'Add Filter',
			default: {},
		},
		[
			query('search', addressText, {
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
