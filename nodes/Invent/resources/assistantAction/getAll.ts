import type { INodePropertyOptions } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { assistantId, organization } from '../assistant/locators';

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many assistant actions',
	description: 'Retrieve a list of the actions of an assistant',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants/{assistant_id}/actions' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				withPolicy({ responseType: 'list', ordering: 'parallel' }),
			],
		},
	},
};
