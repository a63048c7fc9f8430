import { InvalidParameterError } from '../../shared/errors';
import { pathField } from '../../shared/fields';
import { fromLocator, id, type Parser } from '../../shared/parsers';
import { ORGANIZATION_LOCATOR, organizationField, SLOW_LOAD_NOTICE } from '../common';
import { bodyField } from './fields';

/** The organization in the path. */
export const organization = organizationField(
	'The organization that owns the assistants. A key reaches its own organization and the sub-organizations of that.',
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
		'holds no assistant ID',
		'Copy the address of the assistant from Invent; the ID in it starts with ast_.',
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
	description: 'The assistant to work on',
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
		},
		{
			displayName: 'By URL',
			name: 'url',
			type: 'string',
			placeholder: 'e.g. https://useinvent.com/o/assistants/ast_4kQ7ZbXw2mN9',
		},
	],
});

/** The organization that a copy goes to. */
export const targetOrganization = bodyField('target_org_id', fromLocator(), {
	displayName: 'Target Organization',
	name: 'targetOrganizationId',
	...ORGANIZATION_LOCATOR,
	default: { mode: 'list', value: '' },
	description: 'The organization that gets the copy, if it is another one',
});
