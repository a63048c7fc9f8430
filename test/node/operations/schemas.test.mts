import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { nodeType } from '../harness/engine.mts';
import { fieldsOf, useSandbox } from '../harness/support.mts';

interface Schema {
	readonly type: string;
	readonly properties: Record<string, { readonly type: string }>;
	readonly version: number;
}

const api = useSandbox();

/** Where n8n looks for the schema of an operation, in the built package. */
const FOLDER = join('dist', 'nodes', 'Invent', '__schema__', 'v1.0.0', 'assistant');

function schemaOf(operation: string): Schema {
	return JSON.parse(readFileSync(join(FOLDER, `${operation}.json`), 'utf8')) as Schema;
}

/** Every operation that the panel offers. */
const OPERATIONS = nodeType.description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options = [] }) => options)
	.flatMap((option) => ('value' in option ? String(option.value) : []));

const COMPLETE = {
	name: 'Shop',
	avatar_url: 'https://files.invent.example/a.png',
	secret_key: 'stored',
	config: { language: 'es', model: 'm1', instructions: 'Be kind.' },
};
const CONFIG = { language: 'es', model: 'm1', instructions: 'Be kind.' };

/** What makes each operation put out a value in every field, on an assistant that has them all. */
function parametersOf(operation: string, id: string): INodeParameters {
	const own: Record<string, INodeParameters> = {
		create: { name: 'New', config: CONFIG, additionalFields: { avatarId: 'file_1' } },
		duplicate: { assistantId: id },
		get: { assistantId: id },
		getAll: {},
		rotateKey: { assistantId: id },
		update: { assistantId: id, updateFields: { enabled: false } },
		upsert: { name: '={{ $json.name }}', config: CONFIG, additionalFields: { avatarId: 'file_1' } },
	};
	const found = own[operation];
	if (found === undefined) throw new Error(`The test lacks parameters for ${operation}`);
	return { operation, ...found };
}

test('Every operation has a schema, and there is none besides', () => {
	expect(OPERATIONS.length).toBeGreaterThan(0);
	expect(readdirSync(FOLDER).sort()).toEqual(OPERATIONS.map((operation) => `${operation}.json`).sort());
});

test('The schemas stand where n8n looks for the version of the node', () => {
	const versions = [nodeType.description.version].flat().map((version) => `v${version}.0.0`);
	expect(readdirSync(join(FOLDER, '..', '..'))).toEqual(versions);
});

test.each(OPERATIONS)(
	'%s: its schema has the fields of its output, in their order and types',
	async (operation) => {
		const { id } = api.sandbox.store.add(COMPLETE);
		const { properties, type, version } = schemaOf(operation);
		expect({ type, version }).toEqual({ type: 'object', version: 1 });
		const outcome = await api.run(parametersOf(operation, id), {
			items: [{ name: 'Shop' }, { name: 'Other' }],
		});
		expect(outcome.error).toBeUndefined();
		expect(outcome.items.length).toBeGreaterThanOrEqual(2);
		const promised = Object.entries(properties).map(([name, property]) => [name, property.type]);
		for (const fields of fieldsOf(outcome)) {
			expect(Object.entries(fields).map(([name, value]) => [name, typeof value])).toEqual(promised);
		}
	},
);
