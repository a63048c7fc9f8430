import type { INodePropertyOptions, PreSendAction } from 'n8n-workflow';

import { withPolicy } from '../../transport';
import { assistantId, organization } from './locators';
import { assistantLockKey } from './update';

/** The route takes no body (docs, api-reference/rotate-assistant-secret-key); the engine starts with an empty one. */
const removeBody: PreSendAction = async (request) => {
	delete request.body;
	return request;
};

export const rotateKey: INodePropertyOptions = {
	name: 'Rotate Key',
	value: 'rotateKey',
	action: 'Rotate the secret key of an assistant',
	description:
		'Generate a new secret key. Anything signed with the old key stops working until it is updated.',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants/{assistant_id}/rotate-secret-key' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				removeBody,
				withPolicy({
					responseType: 'object',
					ordering: 'parallel',
					lockKey: assistantLockKey,
					requiredField: 'secret_key',
					refetch: {
						resource: 'secret key',
						path: ({ url = '' }) => url.replace(/\/rotate-secret-key$/, ''),
					},
				}),
			],
		},
	},
};
