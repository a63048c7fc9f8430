import type { SubOrganization } from '../../../../contract/invent';
import { listProperties, optionsProperty, simplifyTo } from '../common';
import type { Resource } from '../resource';
import { getAll, parent } from './getAll';

/** Organizations: the sub-organizations of one, which assistants can be copied to. */
export const organization: Resource = {
	option: { name: 'Organization', value: 'organization' },
	operations: [getAll],
	properties: [
		parent.property,
		...listProperties,
		simplifyTo<SubOrganization>(
			'id',
			'name',
			'plan',
			'balance',
			'promo_balance',
			'spending_cap_used',
			'logo_url',
			'created_at',
		),
		optionsProperty(),
	],
};
