import { InvalidParameterError } from '../../shared/errors';
import { pathField } from '../../shared/fields';
import { fromLocator, id, type Parser } from '../../shared/parsers';
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

/** An ID, alone or in an address: anything but a letter or digit may precede it. */
const ASSISTANT_ID = /(?<![A-Za-z0-9])ast_[A-Za-z0-9_-]+/;

/** The ID of an assistant from any address that contains one, which may be percent-encoded. */
const idInAddress: Parser<string> = (value) => {
	const address = id(value).replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
		String.fromCharCode(parseInt(code, 16)),
	);
	const found = ASSISTANT_ID.exec(address);
	if (found !== null) return found[0];
	throw new InvalidParameterError(
		'contains no assistant ID',
		'Copy the address of the assistant in Invent. Its ID starts with ast_.',
	);
};

/** The assistant in the path. */
export const assistantId = pathField('assistant_id', fromLocator({ url: idInAddress }), {
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
