import type { INodePropertyOptions, PreSendAction } from 'n8n-workflow';

import { type ReadBack, sentAs } from '../transport';
import { assistant, organization } from './locators';

/** The route takes no body (docs, api-reference/rotate-assistant-secret-key); the engine starts with an empty one. */
const withoutBody: PreSendAction = async (request) => {
	delete request.body;
	return request;
};

/** The key in force is read from the assistant itself. */
const readBack: ReadBack = {
	kind: 'secret key',
	path: ({ url = '' }) => url.replace(/\/rotate-secret-key$/, ''),
};

export const rotateKey: INodePropertyOptions = {
	name: 'Rotate Key',
	value: 'rotateKey',
	action: 'Rotate the secret key of an assistant by ID',
	description:
		'Give an assistant a new secret key. Whatever signs with the old key stops working until it has the new one.',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants/{assistant_id}/rotate-secret-key' },
		send: {
			preSend: [
				organization.inPath,
				assistant.inPath,
				withoutBody,
				sentAs({ answers: 'one', order: 'address', readBack, holds: 'secret_key' }),
			],
		},
	},
};
