import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { toCollection, toProperty } from '../../shared/fields';
import { get } from '../../shared/objectPath';
import { boolean, stringOfLength } from '../../shared/parsers';
import { type CreatedLookup, type RequestOptions, type RequestPolicy, withPolicy } from '../../transport';
import { avatarId, bodyField, enabled } from './fields';
import { organization } from './locators';

/** Creations take turns in the order of the items, so that the first ones win if there is a limit. */
export const CREATION_POLICY = {
	responseType: 'object',
	ordering: 'serial',
	// docs: api-reference/getting-started/cookbook
	creationLimit: '10 new assistants per hour and organization',
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
	const isNamed = typeof name === 'string';
	return {
		resource: 'assistant',
		listPath: `/orgs/${owner}/assistants`,
		...(isNamed ? { name, members: { name }, search: name } : { name: undefined, members: undefined }),
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
	description: 'Create an assistant. Limited to 10 per hour per organization.',
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
		'Whether to generate a secret key for verifying website visitors, and include it in the output',
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
			description: 'Name of the assistant, up to 1024 characters',
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
		[avatarId, enabled, generateSecretKey],
	),
];
