import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { toCollection, toProperty } from '../../shared/fields';
import { get } from '../../shared/objectPath';
import { boolean, nullableId, stringOfLength } from '../../shared/parsers';
import { type CreatedLookup, type RequestOptions, type RequestPolicy, withPolicy } from '../../transport';
import { bodyField, enabled } from './fields';
import { organization } from './locators';

/** Creations take turns in the order of the items, so that the first ones win if there is a limit. */
export const CREATION_POLICY = {
	responseType: 'object',
	ordering: 'serial',
	// docs: api-reference/getting-started/cookbook
	creationLimit: '10 new assistants an hour per organization',
} as const satisfies RequestPolicy;

/** The path segment of the organization that a request is about. */
export function organizationOf({ url = '' }: RequestOptions): string {
	return url.split('/')[2] ?? '';
}

/**
 * Where to look for an assistant that a request may have created.
 *
 * @param owner path segment of the organization that gets it
 */
export function lookupIn(owner: string, { body }: RequestOptions): CreatedLookup {
	const name = get(body, 'name');
	return {
		resource: 'assistant',
		listPath: `/orgs/${owner}/assistants`,
		name: typeof name === 'string' ? name : undefined,
		quotaKey: owner,
	};
}

export function createLookup(request: RequestOptions): CreatedLookup {
	return lookupIn(organizationOf(request), request);
}

export const create: INodePropertyOptions = {
	name: 'Create',
	value: 'create',
	action: 'Create an assistant',
	description: 'Make a new assistant. Invent allows 10 an hour per organization.',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants' },
		send: {
			preSend: [organization.substitute, withPolicy({ ...CREATION_POLICY, lookup: createLookup })],
		},
	},
};

const displayOptions = { show: { operation: ['create', 'upsert'] } };

/** With this on, the new assistant gets a secret key at once, and the output contains it. */
export const generateSecretKey = bodyField('generate_secret_key', boolean, {
	displayName: 'Generate Secret Key',
	name: 'generateSecretKey',
	type: 'boolean',
	displayOptions: { show: { '/operation': ['create'] } },
	default: false,
	description:
		'Whether the assistant gets a secret key at once, for signing the identity of website visitors. The key is in the output.',
});

export const createProperties: INodeProperties[] = [
	toProperty(
		// Length: docs, api-reference/create-assistant
		bodyField('name', stringOfLength(1, 1024), {
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
	toCollection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions,
			placeholder: 'Add Field',
			default: {},
		},
		[
			bodyField('avatar_id', nullableId, {
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
