import { pathField } from '../../shared/fields';
import { fromLocator, idInAddress } from '../../shared/parsers';
import {
	ID_VALIDATION,
	matching,
	ORGANIZATION_LOCATOR,
	organizationField,
	SLOW_LOAD_NOTICE,
} from '../common';
import { bodyField } from './fields';

/** The organization in the path. */
export const organization = organizationField(
	'Organization that owns the assistants. A key can access its own organization and its sub-organizations.',
);

/** The assistant in the path. */
export const assistantId = pathField('assistant_id', fromLocator({ url: idInAddress('assistant', 'ast_') }), {
	displayName: 'Assistant',
	name: 'assistantId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	// The editor empties the locator when another organization is picked.
	typeOptions: { loadOptionsDependsOn: ['organizationId.value'] },
	displayOptions: { show: { operation: ['duplicate', 'get', 'rotateKey', 'update'] } },
	description: 'Assistant to use',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchAssistants',
				searchable: true,
				slowLoadNotice: SLOW_LOAD_NOTICE,
			},
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. ast_4kQ7ZbXw2mN9',
			validation: ID_VALIDATION,
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://useinvent.com/o/assistants/ast_4kQ7ZbXw2mN9',
			validation: matching('[\\s\\S]*ast(_|%5[Ff])[\\s\\S]*', 'This URL contains no assistant ID'),
		},
	],
});

/** The organization that a copy goes to. */
export const targetOrganization = bodyField('target_org_id', fromLocator(), {
	displayName: 'Target Organization',
	name: 'targetOrganizationId',
	...ORGANIZATION_LOCATOR,
	default: { mode: 'list', value: '' },
	description: 'Organization to copy the assistant to',
});
