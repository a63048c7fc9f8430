import type { Resource } from '../resource';
import { simplifyProperty } from '../common';
import { configuration } from './configuration';
import { create, createProperties } from './create';
import { duplicate, duplicateProperties } from './duplicate';
import { get } from './get';
import { getAll, getAllProperties } from './getAll';
import { hints } from './hints';
import { assistantId, organization } from './locators';
import { options } from './options';
import { rotateKey } from './rotateKey';
import { simplify } from './simplify';
import { update, updateProperties } from './update';
import { upsert } from './upsert';

/** Assistants: the operations and their parameters, in the order in which the editor shows them. */
export const assistant: Resource = {
	option: { name: 'Assistant', value: 'assistant' },
	operations: [create, upsert, duplicate, get, getAll, rotateKey, update],
	properties: [
		organization.property,
		assistantId.property,
		...createProperties,
		...updateProperties,
		...configuration,
		...duplicateProperties,
		...getAllProperties,
		simplifyProperty(simplify),
		options,
	],
	hints,
};
