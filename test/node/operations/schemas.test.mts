import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INodeParameters } from 'n8n-workflow';

import { fileRecord } from '../../../tools/sandbox/files.mts';
import { nodeType, withFile } from '../harness/engine.mts';
import { fieldsOf, useSandbox } from '../harness/support.mts';

interface Schema {
	readonly type: string;
	readonly properties: Record<string, { readonly type: string }>;
	readonly version: number;
}

const api = useSandbox();

/** Where n8n looks for the schemas, in the built package. */
const FOLDER = join('dist', 'nodes', 'Invent', '__schema__', 'v1.0.0');

function schemaOf(name: string): Schema {
	return JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8')) as Schema;
}

/** Every operation that the panel offers, after its resource. */
const OPERATIONS = nodeType.description.properties
	.filter(({ name }) => name === 'operation')
	.flatMap(({ options = [], displayOptions }) => {
		const resource = displayOptions?.show?.resource?.find((one) => typeof one === 'string') ?? '';
		return options.flatMap((option) => ('value' in option ? `${resource}/${String(option.value)}` : []));
	});

const COMPLETE = {
	name: 'Shop',
	avatar_url: 'https://files.invent.example/a.png',
	secret_key: 'stored',
	config: { language: 'es', model: 'm1', instructions: 'Be kind.' },
};
const CONFIG = { language: 'es', model: 'm1', instructions: 'Be kind.' };
const ACTION = { id: 'act_1', name: 'Find', instructions: 'Use it.', connection_id: 'con_1' };

/** What makes each operation return a value in every field, on an assistant that has them all. */
function parametersOf(name: string, id: string): INodeParameters {
	const [resource = '', operation = ''] = name.split('/');
	const onAction = { assistantId: id, actionId: ACTION.id };
	const actionFields = { name: 'Find', instructions: 'Use it.', connectionId: 'con_1' };
	const own: Record<string, INodeParameters> = {
		'assistant/create': { name: 'New', config: CONFIG, additionalFields: { avatarId: 'file_1' } },
		'assistant/duplicate': { assistantId: id },
		'assistant/get': { assistantId: id },
		'assistant/getAll': {},
		'assistant/rotateKey': { assistantId: id },
		'assistant/update': { assistantId: id, updateFields: { enabled: false } },
		'assistant/upsert': {
			name: '={{ $json.name }}',
			config: CONFIG,
			additionalFields: { avatarId: 'file_1' },
		},
		'assistantAction/create': { ...onAction, actionType: 'T', additionalFields: actionFields },
		'assistantAction/get': onAction,
		'assistantAction/getAll': onAction,
		'assistantAction/reorder': { ...onAction, positions: { position: [{ actionId: 'act_1', position: 5 }] } },
		'assistantAction/update': { ...onAction, updateFields: actionFields },
		'file/getAll': {},
		'file/upload': {},
		'organization/getAll': {},
	};
	const found = own[name];
	if (found === undefined) throw new Error(`The test lacks parameters for ${name}`);
	return { resource, operation, ...found };
}

/** The type of a value; no sub-organization of the sandbox has a logo. */
function typeOf([name, value]: [string, unknown]): [string, string] {
	return [name, name === 'logo_url' ? 'string' : typeof value];
}

test('Every operation has a schema, and there is none besides', () => {
	expect(OPERATIONS.length).toBeGreaterThan(0);
	const files = readdirSync(FOLDER).flatMap((resource) =>
		readdirSync(join(FOLDER, resource)).map((file) => `${resource}/${file}`),
	);
	expect(files.sort()).toEqual(OPERATIONS.map((name) => `${name}.json`).sort());
});

test('The schemas stand where n8n looks for the version of the node', () => {
	const versions = [nodeType.description.version].flat().map((version) => `v${version}.0.0`);
	expect(readdirSync(join(FOLDER, '..'))).toEqual(versions);
});

test.each(OPERATIONS)(
	'%s: its schema has the fields of its output, in their order and types',
	async (operation) => {
		const { id } = api.sandbox.store.add(COMPLETE);
		api.sandbox.store.addAction(id, ACTION);
		const file = { name: 'a.png', type: 'image/png', content: '' };
		api.sandbox.store.addFile(fileRecord(api.sandbox.orgId, file, new Date().toISOString()));
		const { properties, type, version } = schemaOf(operation);
		expect({ type, version }).toEqual({ type: 'object', version: 1 });
		const outcome = await api.run(parametersOf(operation, id), {
			items: [withFile({ name: 'Shop' }), withFile({ name: 'Other' })],
		});
		expect(outcome.error).toBeUndefined();
		expect(outcome.items.length).toBeGreaterThanOrEqual(2);
		const promised = Object.entries(properties).map(([name, property]) => [name, property.type]);
		for (const fields of fieldsOf(outcome)) {
			expect(Object.entries(fields).map(typeOf)).toEqual(promised);
		}
	},
);
