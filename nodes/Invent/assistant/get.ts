import type { INodePropertyOptions } from 'n8n-workflow';

import { sentAs } from '../transport';
import { assistant, organization } from './locators';

export const get: INodePropertyOptions = {
	name: 'Get',
	value: 'get',
	action: 'Get an assistant by ID',
	description: 'Read one assistant',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/assistants/{assistant_id}' },
		send: { preSend: [organization.inPath, assistant.inPath, sentAs({ answers: 'one', order: 'none' })] },
	},
};
