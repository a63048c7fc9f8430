import type { INodePropertyOptions } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { organizationField } from '../common';

export const parent = organizationField('Organization whose sub-organizations to retrieve');

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many organizations',
	description: 'Retrieve a list of the sub-organizations of an organization',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/orgs' },
		send: { preSend: [parent.substitute, withPolicy({ responseType: 'list', ordering: 'parallel' })] },
	},
};
