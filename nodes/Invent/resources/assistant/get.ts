import type { INodePropertyOptions } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { assistantId, organization } from './locators';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get an assistant',
	description: 'Retrieve an assistant',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants/{assistant_id}' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				withPolicy({ responseType: 'object', ordering: 'parallel' }),
			],
		},
	},
};
