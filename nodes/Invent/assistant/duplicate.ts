import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { take } from '../parameters/places';
import { body, collection } from '../parameters/rows';
import { flag, textOf } from '../parameters/rules';
import { segmentOf } from '../parameters/segment';
import { type Request, sentAs, type Trace } from '../transport';
import { traceIn } from './create';
import { assistant, organization, targetOrganization } from './locators';

/** Where a copy is found when the answer got lost: in the organization that it goes to. */
function copiedTrace(request: Request): Trace {
	const target = take(request.body, 'target_org_id');
	const owner = typeof target === 'string' ? segmentOf(target) : request.url?.split('/')[2];
	return traceIn(`/orgs/${owner}/assistants`, request);
}

export const duplicate: INodePropertyOptions = {
	name: 'Duplicate',
	value: 'duplicate',
	action: 'Duplicate an assistant by ID',
	description: 'Copy an assistant, within its organization or into another one',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants/{assistant_id}/duplicate' },
		send: {
			preSend: [
				organization.inPath,
				assistant.inPath,
				sentAs({ answers: 'one', order: 'all', trace: copiedTrace }),
			],
		},
	},
};

export const duplicateFields: INodeProperties[] = [
	collection(
		{
			displayName: 'Additional Fields',
			name: 'additionalFields',
			type: 'collection',
			displayOptions: { show: { operation: ['duplicate'] } },
			placeholder: 'Add Field',
			default: {},
			description: 'What the copy is called, where it goes, and what goes with it',
		},
		[
			body('include_actions', flag, {
				displayName: 'Include Actions',
				name: 'includeActions',
				type: 'boolean',
				default: true,
				description: 'Whether the copy gets the actions of the assistant',
			}),
			body('include_agents', flag, {
				displayName: 'Include Agents',
				name: 'includeAgents',
				type: 'boolean',
				default: true,
				description:
					'Whether the people who take over from the assistant are assigned to the copy too. Invent leaves them out when the copy goes to another organization.',
			}),
			body('include_integrations', flag, {
				displayName: 'Include Integrations',
				name: 'includeIntegrations',
				type: 'boolean',
				default: true,
				description:
					"Whether to ask for the channels of the assistant. Invent's documentation says that channels are never copied.",
			}),
			body('include_knowledge', flag, {
				displayName: 'Include Knowledge',
				name: 'includeKnowledge',
				type: 'boolean',
				default: true,
				description:
					'Whether the copy is linked to the same knowledge. Invent leaves it out when the copy goes to another organization.',
			}),
			// Length: docs, api-reference/duplicate-an-assistant; shorter than everywhere else
			body('name', textOf(1, 255), {
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Support Spain',
				description: 'What the copy is called, up to 255 characters',
			}),
			targetOrganization,
		],
	),
];
