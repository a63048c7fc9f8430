import type { INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { toProperties } from '../../../nodes/Invent/resources/resource.ts';

const limit: INodeProperties = {
	displayName: 'Limit',
	name: 'limit',
	type: 'number',
	displayOptions: { show: { operation: ['getAll'], returnAll: [false] }, hide: { '/a': [1] } },
	default: 50,
};
const simplify: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
};

const OPERATIONS = ['get', 'getAll'].map((value) => ({ name: value, value }));

const [operation, shownLimit, shownSimplify] = toProperties({
	option: { name: 'Thing', value: 'thing' },
	operations: OPERATIONS,
	properties: [limit, simplify],
});

function isShown(property: INodeProperties | undefined, parameters: INodeParameters): boolean {
	if (property === undefined) throw new Error('There is no such parameter');
	return NodeHelpers.displayParameter(parameters, property, null, null);
}

test('The operations of a resource are offered for it', () => {
	expect(operation).toMatchObject({ name: 'operation', options: OPERATIONS, noDataExpression: true });
	expect(operation?.displayOptions).toEqual({ show: { resource: ['thing'] } });
});

test('A parameter is shown for its own resource and operations', () => {
	expect(shownLimit).toEqual({
		...limit,
		displayOptions: {
			show: { resource: ['thing'], operation: ['getAll'], returnAll: [false] },
			hide: { '/a': [1] },
		},
	});
	expect(isShown(shownLimit, { resource: 'thing', operation: 'getAll', returnAll: false })).toBe(true);
	expect(isShown(shownLimit, { resource: 'thing', operation: 'get', returnAll: false })).toBe(false);
	expect(isShown(shownLimit, { resource: 'other', operation: 'getAll', returnAll: false })).toBe(false);
});

test('A parameter without an operation of its own is shown for all of its resource', () => {
	expect(shownSimplify).toEqual({
		...simplify,
		displayOptions: { show: { resource: ['thing'], operation: ['get', 'getAll'] } },
	});
});

test('An expression in a parameter that another one depends on does not show that in another resource', () => {
	const returnAll = '={{ $json.all }}';
	expect(isShown(shownLimit, { resource: 'thing', operation: 'getAll', returnAll })).toBe(true);
	expect(isShown(shownLimit, { resource: 'other', operation: 'getAll', returnAll })).toBe(false);
	expect(isShown(shownLimit, { resource: 'thing', operation: 'get', returnAll })).toBe(false);
});
