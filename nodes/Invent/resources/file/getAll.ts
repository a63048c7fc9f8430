import type { INodePropertyOptions } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { organizationField } from '../common';

export const organization = organizationField('Organization that owns the files');

export const getAll: INodePropertyOptions = {
	name: 'Get Many',
	value: 'getAll',
	action: 'Get many files',
	description: 'Retrieve a list of files',
	routing: {
		request: { method: 'GET', url: '/orgs/{org_id}/files' },
		send: {
			preSend: [organization.substitute, withPolicy({ responseType: 'list', ordering: 'parallel' })],
		},
	},
};
