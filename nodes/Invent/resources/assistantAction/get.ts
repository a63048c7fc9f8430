import type { INodePropertyOptions } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { assistantId, organization } from '../assistant/locators';
import { actionId } from './locators';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get an assistant action',
	description: 'Retrieve an action of an assistant',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants/{assistant_id}/actions/{action_id}' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				actionId.substitute,
				withPolicy({ responseType: 'object', ordering: 'parallel' }),
			],
		},
	},
};
