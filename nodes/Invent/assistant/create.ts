import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { take } from '../parameters/places';
import { body, collection, single } from '../parameters/rows';
import { flag, reference, textOf } from '../parameters/rules';
import { type Request, sentAs, type Trace } from '../transport';
import { organization } from './locators';

/** Where an assistant that a request may have made is found: in a list, by the name in the request. */
export function traceIn(list: string, { body }: Request): Trace {
	const name = take(body, 'name');
	return { kind: 'assistant', list, name: typeof name === 'string' ? name : undefined };
}

/** A new assistant is in the list that it was posted to. */
export const createdTrace = (request: Request): Trace => traceIn(request.url ?? '', request);

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create an assistant',
	description: 'Make a new assistant. Invent allows 10 an hour per organization.',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants' },
		send: { preSend: [organization.inPath, sentAs({ answers: 'one', order: 'all', trace: createdTrace })] },
	},
};

const displayOptions = { show: { operation: ['create', 'upsert'] } };

/** With this switched on the new assistant has a secret key at once, and the key is in the output. */
export const generateSecretKey = body('generate_secret_key', flag, {
	displayName: 'Generate Secret Key',
	name: 'generateSecretKey',
	type: 'boolean',
	displayOptions: { show: { '/operation': ['create'] } },
	default: false,
	description:
		'Whether the assistant gets a secret key at once, for signing the identity of website visitors. The key is in the output.',
});

export const enabled = body('enabled', flag, {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description: 'Whether the assistant answers customers',
});

export const createFields: INodeProperties[] = [
	single(
		// Length: docs, api-reference/create-assistant
		body('name', textOf(1, 1024), {
			displayName: 'Name',
			name: 'name',
			type: 'string',
			required: true,
			displayOptions,
			default: '',
			placeholder: 'e.g. Support',
			description: 'What the assistant is called, up to 1024 characters',
		}),
	),
	collection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions,
			placeholder: 'Add Field',
			default: {},
		},
		[
			body('avatar_id', reference, {
				displayName: 'Avatar ID',
				name: 'avatarId',
				type: 'string',
				default: '',
				description:
					'ID of the image file that Invent has stored as the avatar. Leave it empty for no avatar.',
			}),
			enabled,
			generateSecretKey,
		],
	),
];
