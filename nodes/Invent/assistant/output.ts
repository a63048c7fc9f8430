import type { IDataObject, INodeProperties, PostReceiveAction } from 'n8n-workflow';

import type { Assistant, AssistantConfig } from '../../../contract/invent';
import { setting, single } from '../parameters/rows';
import { flag } from '../parameters/rules';
import { taken, without } from '../parameters/places';
import { itemOf } from '../transport';
import { generateSecretKey } from './create';
import { includeSecretKey, options } from './options';

type Place = keyof Assistant | `config.${keyof AssistantConfig & string}`;

/** Flat fields and where each stands in the API's object. */
type Fields = ReadonlyArray<readonly [name: string, path: readonly string[]]>;

function fieldsAt(places: Readonly<Record<string, Place>>): Fields {
	return Object.entries(places).map(([name, place]) => [name, place.split('.')]);
}

/** The fields of a simplified assistant. */
const SIMPLE = fieldsAt({
	id: 'id',
	name: 'name',
	enabled: 'enabled',
	deleted: 'deleted',
	avatar_url: 'avatar_url',
	language: 'config.language',
	model: 'config.model',
	instructions: 'config.instructions',
	created_at: 'created_at',
	updated_at: 'updated_at',
});

/** The same for Rotate Key, which is about the key. */
const SIMPLE_KEY = fieldsAt({ id: 'id', name: 'name', secret_key: 'secret_key', updated_at: 'updated_at' });

const simplify = setting(flag, {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
});

/** With one of these on, the secret key is put out. */
const KEY_SWITCHES = [includeSecretKey, generateSecretKey];

/** Shapes the API's objects into items. `secret_key` leaves the node only where the user has asked for it. */
const shape: PostReceiveAction = async function (items) {
	const { manner, values } = itemOf(this);
	const isKey = manner.holds === 'secret_key';
	const withKey = isKey || KEY_SWITCHES.some(({ property }) => values.get(property.name) === true);
	const fields = values.get(simplify.property.name) === false ? undefined : isKey ? SIMPLE_KEY : SIMPLE;
	return items.map((item) => ({ ...item, json: shaped(item.json, fields, withKey) }));
};

function shaped(assistant: IDataObject, fields: Fields | undefined, withKey: boolean): IDataObject {
	const kept = fields === undefined ? without(assistant, 'secret_key') : picked(assistant, fields);
	if (withKey) kept.secret_key = assistant.secret_key ?? null;
	return kept;
}

function picked(assistant: IDataObject, fields: Fields): IDataObject {
	const kept: IDataObject = {};
	for (const [name, path] of fields) kept[name] = taken(assistant, path) ?? null;
	return kept;
}

/** The parameters that tell what the node puts out, the same for all operations. */
export const output: INodeProperties[] = [shapedBy(single(simplify)), options];

function shapedBy(property: INodeProperties): INodeProperties {
	return { ...property, routing: { ...property.routing, output: { postReceive: [shape] } } };
}
