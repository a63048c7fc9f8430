import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { toCollection } from '../../shared/fields';
import { get } from '../../shared/objectPath';
import { boolean, stringOfLength } from '../../shared/parsers';
import { encodePathSegment } from '../../shared/url';
import { type CreatedLookup, type RequestOptions, withPolicy } from '../../transport';
import { CREATION_POLICY, lookupIn, organizationOf } from './create';
import { bodyField } from './fields';
import { assistantId, organization, targetOrganization } from './locators';

/** A copy goes to the target organization, or stays in the assistant's own. */
function duplicateLookup(request: RequestOptions): CreatedLookup {
	const target = get(request.body, 'target_org_id');
	const owner = typeof target === 'string' ? encodePathSegment(target) : organizationOf(request);
	return lookupIn(owner, request);
}

export const duplicate: INodePropertyOptions = {
	name: 'Duplicate',
	value: 'duplicate',
	action: 'Duplicate an assistant',
	description: 'Copy an assistant within its organization or to another one',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants/{assistant_id}/duplicate' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				withPolicy({ ...CREATION_POLICY, lookup: duplicateLookup }),
			],
		},
	},
};

export const duplicateProperties: INodeProperties[] = [
	toCollection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions: { show: { operation: ['duplicate'] } },
			placeholder: 'Add Field',
			default: {},
			description: 'Name and organization of the copy, and what to copy',
		},
		[
			bodyField('include_actions', boolean, {
				displayName: 'Include Actions',
				name: 'includeActions',
				type: 'boolean',
				default: true,
				description: "Whether to copy the assistant's actions",
			}),
			bodyField('include_agents', boolean, {
				displayName: 'Include Agents',
				name: 'includeAgents',
				type: 'boolean',
				default: true,
				description:
					'Whether to assign the same human agents. Not possible for a copy in another organization.',
			}),
			bodyField('include_integrations', boolean, {
				displayName: 'Include Integrations',
				name: 'includeIntegrations',
				type: 'boolean',
				default: true,
				description:
					'Whether to copy integrations. According to the Invent documentation, channels are never copied.',
			}),
			bodyField('include_knowledge', boolean, {
				displayName: 'Include Knowledge',
				name: 'includeKnowledge',
				type: 'boolean',
				default: true,
				description: 'Whether to link the same knowledge. Not possible for a copy in another organization.',
			}),
			// Length: docs, api-reference/duplicate-an-assistant; shorter than everywhere else
			bodyField('name', stringOfLength(1, 255), {
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Support Spain',
				description: 'Name of the copy, up to 255 characters',
			}),
			targetOrganization,
		],
	),
];
