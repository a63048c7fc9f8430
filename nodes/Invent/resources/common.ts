import type { INodeProperties, INodePropertyModeValidation, PostReceiveAction } from 'n8n-workflow';

import {
	type Field,
	localField,
	type PathField,
	pathField,
	queryField,
	toCollection,
	toProperty,
	validating,
} from '../shared/fields';
import { getItemParameters } from '../shared/itemParameters';
import { pick } from '../shared/objectPath';
import { OWN_ORGANIZATION } from '../shared/organization';
import { boolean, fromLocator, integerFrom } from '../shared/parsers';

/** Shown while a list takes long to load. */
export const SLOW_LOAD_NOTICE = {
	message: 'If loading takes longer than expected, enter the ID or name instead of picking from the list',
	timeout: 5_000,
};

/** Has the editor warn of a fixed value that does not match; expressions show only when they run. */
export function matching(regex: string, errorMessage: string): INodePropertyModeValidation[] {
	return [{ type: 'regex', properties: { regex, errorMessage } }];
}

/** An ID is one segment of a path; blanks around it are cut off. An empty one is refused by itself. */
export const ID_VALIDATION = matching('\\s*[^\\s/?#]*\\s*', 'Not a valid ID');

/** How an organization is picked. */
export const ORGANIZATION_LOCATOR = {
	type: 'resourceLocator',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: {
				searchListMethod: 'searchOrganizations',
				searchable: true,
				slowLoadNotice: SLOW_LOAD_NOTICE,
			},
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. org_4kQ7ZbXw2mN9sT1vR8cLpA',
			validation: ID_VALIDATION,
		},
	],
} satisfies Partial<INodeProperties>;

/** The organization in the path. */
export function organizationField(description: string): PathField {
	return pathField('org_id', fromLocator(), {
		displayName: 'Organization',
		name: 'organizationId',
		...ORGANIZATION_LOCATOR,
		default: { mode: 'list', value: OWN_ORGANIZATION.value, cachedResultName: OWN_ORGANIZATION.name },
		description,
	});
}

const displayOptions = { show: { operation: ['getAll'] } };

const returnAll = localField(boolean, {
	displayName: 'Return All',
	name: 'returnAll',
	type: 'boolean',
	displayOptions,
	default: false,
	description: 'Whether to return all results or only up to a given limit',
});

const limit = queryField('take', integerFrom(1), {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	displayOptions: { show: { ...displayOptions.show, returnAll: [false] } },
	typeOptions: { minValue: 1, numberPrecision: 0 },
	default: 50,
	description: 'Max number of results to return',
});

/** Limit is shown, and so sent, when Return All is an expression: only now is it known whether it applies. */
const ignoreLimit = validating('Return All', (context, request) => {
	if (getItemParameters(context).values.get('returnAll') === true) delete request.qs?.take;
});

/** How much of a list Get Many returns. */
export const listProperties: INodeProperties[] = [toProperty(returnAll), toProperty(limit, ignoreLimit)];

const simplify = localField(boolean, {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});

/** @param toItems turns the API's objects into the node's items, simplified or not */
export function simplifyProperty(toItems: PostReceiveAction): INodeProperties {
	const property = toProperty(simplify);
	return { ...property, routing: { ...property.routing, output: { postReceive: [toItems] } } };
}

/** Simplify for objects that are flat: without it, they have more than these members. */
export function simplifyTo<T>(...names: Array<keyof T & string>): INodeProperties {
	const paths = names.map((name) => [name, [name]] as const);
	return simplifyProperty(async function (items) {
		if (getItemParameters(this).values.get('simplify') === false) return items;
		return items.map((item) => ({ ...item, json: pick(item.json, paths) }));
	});
}

/** The transport reads it by its name. */
const maxWait = localField(integerFrom(0), {
	displayName: 'Max Wait',
	name: 'maxWait',
	type: 'number',
	typeOptions: { minValue: 0, numberPrecision: 0 },
	default: 60,
	description:
		'Maximum time in seconds to wait when rate limited. If a longer wait is required, the item fails.',
});

/** The collection of options: those of a resource, in the order of their names, and those of every request. */
export function optionsProperty(...fields: Field[]): INodeProperties {
	const property: INodeProperties = {
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add Option',
		default: {},
	};
	return toCollection(property, [...fields, maxWait]);
}
