import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type {
	INode,
	INodeParameters,
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
} from 'n8n-workflow';
import { Workflow } from 'n8n-workflow';

import { nodeType, publishedDescription as description } from '../harness/engine.mts';
import { ON_ONE, type OperationName as Basic } from '../harness/support.mts';

type OperationName = Basic | 'upsert';

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

function isField(option: Option): option is INodeProperties {
	return 'type' in option;
}

function isChoice(option: Option): option is INodePropertyOptions {
	return 'value' in option;
}

/** The fields right below a parameter; those of a fixed collection stand in groups. */
function fieldsIn({ options = [] }: INodeProperties): INodeProperties[] {
	return options.flatMap((option: Option) =>
		'values' in option ? option.values : isField(option) ? option : [],
	);
}

/** Never in the panel: shown only when a member that no user can add exists. */
function isInternal({ displayOptions }: INodeProperties): boolean {
	return displayOptions?.show?.length !== undefined;
}

function withFields(property: INodeProperties): INodeProperties[] {
	return [
		property,
		...fieldsIn(property)
			.filter((field) => !isInternal(field))
			.flatMap(withFields),
	];
}

const ALL = description.properties.flatMap(withFields);

function shows({ displayOptions }: INodeProperties, operation: string): boolean {
	const { show = {}, hide = {} } = displayOptions ?? {};
	const shown = show.operation ?? show['/operation'];
	const hidden = hide.operation ?? hide['/operation'];
	return hidden?.includes(operation) !== true && (shown === undefined || shown.includes(operation));
}

function belongsTo({ displayOptions }: INodeProperties, resource: string): boolean {
	return displayOptions?.show?.resource?.includes(resource) ?? true;
}

function parameter(operation: string, place: string, resource = 'assistant'): INodeProperties | undefined {
	const [first, ...rest] = place.split('.');
	let found = description.properties.find(
		(property) => property.name === first && belongsTo(property, resource) && shows(property, operation),
	);
	for (const name of rest) {
		found = found && fieldsIn(found).find((field) => field.name === name && shows(field, operation));
	}
	return found;
}

/** Every parameter of the interface: the operation that has it, its name, its type, its default. */
const INTERFACE: ReadonlyArray<readonly [OperationName, string, string, unknown]> = [
	['get', 'resource', 'options', 'assistant'],
	['get', 'operation', 'options', 'getAll'],
	['get', 'organizationId', 'resourceLocator', expect.objectContaining({ value: 'c' })],
	['get', 'assistantId', 'resourceLocator', { mode: expect.anything() as unknown, value: '' }],
	['update', 'assistantId', 'resourceLocator', { mode: expect.anything() as unknown, value: '' }],
	['duplicate', 'assistantId', 'resourceLocator', { mode: expect.anything() as unknown, value: '' }],
	['rotateKey', 'assistantId', 'resourceLocator', { mode: expect.anything() as unknown, value: '' }],
	['create', 'name', 'string', ''],
	['create', 'additionalFields', 'collection', {}],
	['create', 'additionalFields.avatarId', 'string', ''],
	['create', 'additionalFields.enabled', 'boolean', true],
	['create', 'additionalFields.generateSecretKey', 'boolean', expect.any(Boolean)],
	['upsert', 'name', 'string', ''],
	['upsert', 'additionalFields', 'collection', {}],
	['upsert', 'additionalFields.avatarId', 'string', ''],
	['upsert', 'additionalFields.enabled', 'boolean', true],
	['update', 'updateFields', 'collection', {}],
	['update', 'updateFields.name', 'string', ''],
	['update', 'updateFields.enabled', 'boolean', true],
	['update', 'updateFields.avatarId', 'string', ''],
	['update', 'updateFields.boards', 'fixedCollection', {}],
	['update', 'updateFields.boards.boardId', 'string', ''],
	['update', 'updateFields.boards.initialSegmentId', 'string', ''],
	['duplicate', 'additionalFields', 'collection', {}],
	['duplicate', 'additionalFields.name', 'string', ''],
	[
		'duplicate',
		'additionalFields.targetOrganizationId',
		'resourceLocator',
		{ mode: expect.anything() as unknown, value: '' },
	],
	['duplicate', 'additionalFields.includeActions', 'boolean', true],
	['duplicate', 'additionalFields.includeAgents', 'boolean', true],
	['duplicate', 'additionalFields.includeIntegrations', 'boolean', true],
	['duplicate', 'additionalFields.includeKnowledge', 'boolean', true],
	...(['create', 'update', 'upsert'] as const).flatMap((operation) => [
		[operation, 'configMode', 'options', 'fields'] as const,
		[operation, 'config', 'collection', {}] as const,
		...[
			'instructions',
			'knowledgeScope',
			'language',
			'model',
			'sttModel',
			'timezone',
			'ttsModel',
			'ttsVoiceId',
		].map((name) => [operation, `config.${name}`, 'string', ''] as const),
		[operation, 'conversation', 'collection', {}] as const,
		...['autoIntroMessage', 'threadMode', 'welcomeBanner'].map(
			(name) => [operation, `conversation.${name}`, 'string', ''] as const,
		),
		[operation, 'conversation.suggestedMessages', 'string', []] as const,
		...[
			'enableAutoCsat',
			'enableAutoFollowUps',
			'enableAutoResolve',
			'enableBlockContactTool',
			'enableEndConversationTool',
			'enableMemories',
			'enablePrivateChats',
			'enableTransferToHumanTool',
			'enableUpdateContactTool',
		].map((name) => [operation, `conversation.${name}`, 'boolean', expect.any(Boolean)] as const),
		[operation, 'configJson', 'json', expect.any(String)] as const,
	]),
	['getAll', 'returnAll', 'boolean', false],
	['getAll', 'limit', 'number', 50],
	['getAll', 'filters', 'collection', {}],
	['getAll', 'filters.search', 'string', ''],
	...(['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'update', 'upsert'] as const).flatMap(
		(operation) => [
			[operation, 'simplify', 'boolean', true] as const,
			[operation, 'options', 'collection', {}] as const,
			[operation, 'options.maxWait', 'number', 60] as const,
		],
	),
	...(['create', 'duplicate', 'get', 'getAll', 'update', 'upsert'] as const).map(
		(operation) => [operation, 'options.includeSecretKey', 'boolean', false] as const,
	),
	...(['update', 'upsert'] as const).map(
		(operation) => [operation, 'options.configUpdate', 'options', 'merge'] as const,
	),
];

const LOCATOR = { mode: expect.anything() as unknown, value: '' };
const EVERY = ['create', 'get', 'getAll', 'reorder', 'update'] as const;

/** The same for the other resources: the resource and its operation come first. */
const OTHERS: ReadonlyArray<readonly [string, string, string, string, unknown]> = [
	...EVERY.flatMap((operation) =>
		[
			['organizationId', 'resourceLocator', expect.objectContaining({ value: 'c' })],
			['assistantId', 'resourceLocator', LOCATOR],
			['simplify', 'boolean', true],
			['options', 'collection', {}],
			['options.maxWait', 'number', 60],
		].map(
			([place, type, usual]) =>
				['assistantAction', operation, String(place), String(type), usual as unknown] as const,
		),
	),
	['assistantAction', 'get', 'actionId', 'resourceLocator', LOCATOR],
	['assistantAction', 'update', 'actionId', 'resourceLocator', LOCATOR],
	['assistantAction', 'create', 'actionType', 'resourceLocator', LOCATOR],
	['assistantAction', 'create', 'enabled', 'boolean', true],
	['assistantAction', 'create', 'actionConfig', 'json', '{ "input": {}, "definitions": [] }'],
	['assistantAction', 'create', 'additionalFields', 'collection', {}],
	['assistantAction', 'create', 'additionalFields.connectionId', 'string', ''],
	['assistantAction', 'create', 'additionalFields.instructions', 'string', ''],
	['assistantAction', 'create', 'additionalFields.name', 'string', ''],
	['assistantAction', 'update', 'updateFields', 'collection', {}],
	['assistantAction', 'update', 'updateFields.actionConfig', 'json', expect.any(String)],
	['assistantAction', 'update', 'updateFields.connectionId', 'string', ''],
	['assistantAction', 'update', 'updateFields.enabled', 'boolean', true],
	['assistantAction', 'update', 'updateFields.instructions', 'string', ''],
	['assistantAction', 'update', 'updateFields.name', 'string', ''],
	['assistantAction', 'update', 'options.configUpdate', 'options', 'merge'],
	['assistantAction', 'reorder', 'positions', 'fixedCollection', {}],
	['assistantAction', 'reorder', 'positions.actionId', 'resourceLocator', LOCATOR],
	['assistantAction', 'reorder', 'positions.position', 'number', expect.any(Number)],
	['assistantAction', 'getAll', 'returnAll', 'boolean', false],
	['assistantAction', 'getAll', 'limit', 'number', 50],
	['file', 'upload', 'source', 'options', 'binary'],
	['file', 'upload', 'binaryPropertyName', 'string', 'data'],
	['file', 'upload', 'fileUrl', 'string', ''],
	['file', 'upload', 'additionalFields', 'collection', {}],
	['file', 'upload', 'additionalFields.allowedTypes', 'string', []],
	['file', 'upload', 'additionalFields.fileName', 'string', ''],
	['file', 'upload', 'additionalFields.visibility', 'options', 'PUBLIC'],
	['file', 'upload', 'options.fileFormat', 'options', 'object'],
	['file', 'upload', 'options.maxWait', 'number', 60],
	['file', 'getAll', 'organizationId', 'resourceLocator', expect.objectContaining({ value: 'c' })],
	['file', 'getAll', 'returnAll', 'boolean', false],
	['file', 'getAll', 'limit', 'number', 50],
	['organization', 'getAll', 'organizationId', 'resourceLocator', expect.objectContaining({ value: 'c' })],
	['organization', 'getAll', 'returnAll', 'boolean', false],
	['organization', 'getAll', 'limit', 'number', 50],
	['organization', 'getAll', 'simplify', 'boolean', true],
	['organization', 'getAll', 'options.maxWait', 'number', 60],
];

/** Texts where the API has a list that may grow: the panel may offer them as a list that takes other values too. */
const OPEN_LIST = /\.(knowledgeScope|language|model|threadMode|ttsVoiceId|timezone|sttModel|ttsModel)$/;

const A_TYPE: unknown = expect.any(String);
const SOMETHING: unknown = expect.anything();

describe('The parameters are those of the interface', () => {
	test.each(INTERFACE)('%s: %s is a %s whose default is %j', (operation, place, type, usual) => {
		const found = parameter(operation, place);
		expect(found).toBeDefined();
		const isOpen = OPEN_LIST.test(place);
		expect(found?.type).toEqual(isOpen ? A_TYPE : type);
		expect(found?.default).toEqual(isOpen ? SOMETHING : usual);
	});

	test.each(OTHERS)('%s, %s: %s is a %s whose default is %j', (resource, operation, place, type, usual) => {
		const found = parameter(operation, place, resource);
		expect(found?.type).toEqual(type);
		expect(found?.default).toEqual(usual);
	});

	test.each([
		['assistantAction', ['create', 'get', 'getAll', 'reorder', 'update']],
		['file', ['getAll', 'upload']],
		['organization', ['getAll']],
	])('the operations of %s have the names that workflows hold', (resource, operations) => {
		const values = parameter('getAll', 'operation', resource)?.options?.filter(isChoice);
		expect(values?.map(({ value }) => value)).toEqual(operations);
	});

	test.each([
		['assistantAction', 'create', ['actionId', 'positions', 'updateFields', 'limit', 'options.configUpdate']],
		['assistantAction', 'reorder', ['actionId', 'actionType', 'enabled', 'limit', 'options.configUpdate']],
		['assistantAction', 'update', ['actionType', 'enabled', 'actionConfig', 'additionalFields', 'positions']],
		['file', 'getAll', ['source', 'additionalFields', 'options.fileFormat', 'simplify']],
		['file', 'upload', ['limit', 'returnAll', 'simplify']],
		['organization', 'getAll', ['options.includeSecretKey', 'filters']],
	])('%s, %s: what does not belong is not shown', (resource, operation, places) => {
		for (const place of places) expect(parameter(operation, place, resource)).toBeUndefined();
	});

	test.each([
		['assistantAction', 'get', 'actionId', ['list', 'id']],
		['assistantAction', 'get', 'assistantId', ['list', 'id', 'url']],
		['assistantAction', 'create', 'actionType', ['list', 'id']],
		['assistantAction', 'reorder', 'positions.actionId', ['list', 'id']],
	])('%s, %s: %s has its modes', (resource, operation, place, modes) => {
		const names = parameter(operation, place, resource)?.modes?.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining(modes));
		expect(names?.[0]).toBe('list');
	});

	test('the operations have the names that workflows hold', () => {
		const values = parameter('get', 'operation')
			?.options?.filter(isChoice)
			.map(({ value }) => value);
		expect(values).toEqual(
			expect.arrayContaining(['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'update', 'upsert']),
		);
	});

	test('the resources have the names that workflows hold', () => {
		expect(
			parameter('get', 'resource')
				?.options?.filter(isChoice)
				.map(({ value }) => value),
		).toEqual(['assistant', 'assistantAction', 'file', 'organization']);
	});

	test('the configuration is entered by fields or as JSON', () => {
		expect(
			parameter('create', 'configMode')
				?.options?.filter(isChoice)
				.map(({ value }) => value),
		).toEqual(['fields', 'json']);
	});

	test.each([
		['organizationId', 'get', ['list', 'id']],
		['assistantId', 'get', ['list', 'id', 'url']],
		['additionalFields.targetOrganizationId', 'duplicate', ['list', 'id']],
	] as const)('%s has its modes', (place, operation, modes) => {
		const names = parameter(operation, place)?.modes?.map(({ name }) => name);
		expect(names).toEqual(expect.arrayContaining([...modes]));
	});

	test.each([
		['name', ['update', 'duplicate', 'get', 'getAll', 'rotateKey']],
		['assistantId', ['create', 'getAll', 'upsert']],
		['updateFields', ['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'upsert']],
		['additionalFields', ['get', 'getAll', 'rotateKey', 'update']],
		['config', ['duplicate', 'get', 'getAll', 'rotateKey']],
		['limit', ['create', 'duplicate', 'get', 'rotateKey', 'update', 'upsert']],
		['filters', ['create', 'duplicate', 'get', 'rotateKey', 'update', 'upsert']],
		['additionalFields.generateSecretKey', ['duplicate', 'upsert']],
		['options.configUpdate', ['create', 'duplicate', 'get', 'getAll', 'rotateKey']],
	] as const)('%s is not shown where it does not belong', (place, operations) => {
		for (const operation of operations) expect(parameter(operation, place)).toBeUndefined();
	});

	test('Rotate Key has no option to include the key, which it always returns', () => {
		expect(parameter('rotateKey', 'options.includeSecretKey')).toBeUndefined();
	});

	test('the configuration is merged or sent as entered', () => {
		const choices = parameter('upsert', 'options.configUpdate')?.options?.filter(isChoice) ?? [];
		expect(choices.map(({ value }) => value).sort()).toEqual(['asEntered', 'merge']);
		for (const choice of choices) expect(choice.description).toMatch(/\w+ \w+/);
	});

	test('Max Wait starts at 0', () => {
		expect(parameter('get', 'options.maxWait')?.typeOptions?.minValue).toBe(0);
	});

	test('Limit starts at 1, and is shown when not all are returned', () => {
		const limit = parameter('getAll', 'limit');
		expect(limit?.typeOptions?.minValue).toBe(1);
		expect(limit?.displayOptions?.show?.returnAll).toEqual([false]);
	});

	test.each([
		['create', 'name'],
		['upsert', 'name'],
		['get', 'assistantId'],
	] as const)('%s: %s is required', (operation, place) => {
		expect(parameter(operation, place)?.required).toBe(true);
	});

	test.each(ON_ONE)('%s: another organization empties the assistant', (operation) => {
		const { loadOptionsDependsOn } = parameter(operation, 'assistantId')?.typeOptions ?? {};
		expect(loadOptionsDependsOn).toEqual(['organizationId.value']);
	});

	test('suggestions can be several', () => {
		expect(parameter('create', 'conversation.suggestedMessages')?.typeOptions?.multipleValues).toBe(true);
	});
});

const BELOW = description.properties.filter(({ name }) => !['resource', 'operation'].includes(name));

test.each(BELOW.map((property) => [property.displayName, property] as const))(
	'%s is shown for its own resource and operations, which are checked before anything else',
	(_, { displayOptions }) => {
		const [first, second] = Object.entries(displayOptions?.show ?? {});
		expect(first).toEqual(['resource', [expect.any(String)]]);
		expect(second).toEqual(['operation', expect.arrayContaining([expect.any(String)])]);
	},
);

const COLLECTIONS = ALL.filter(({ type }) => type === 'collection');

describe('The panel', () => {
	test.each(COLLECTIONS.map((property) => [property.displayName, property] as const))(
		'%s: its fields stand in the order of their names',
		(_, property) => {
			const names = fieldsIn(property)
				.filter((field) => !isInternal(field))
				.map(({ displayName }) => displayName);
			expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
			expect(new Set(names).size).toBe(names.length);
		},
	);

	test('the operations stand in the order of their names', () => {
		const names = parameter('get', 'operation')?.options?.map((option) => option.name) ?? [];
		expect(names).toEqual([...names].sort((a, b) => a.localeCompare(b, 'en')));
	});

	test.each(
		COLLECTIONS.flatMap(fieldsIn)
			.filter((field) => !isInternal(field))
			.map((field) => [field.name, field] as const),
	)('the field %s has a description', (_, field) => expect(field.description).toMatch(/\w+ \w+/));

	test('every choice has a description, and every operation says what it does', () => {
		const choices = [
			...(parameter('get', 'operation')?.options ?? []),
			...(parameter('create', 'configMode')?.options ?? []),
		];
		for (const choice of choices.filter(isChoice)) expect(choice.description).toMatch(/\w+ \w+/);
		for (const { action } of (parameter('get', 'operation')?.options ?? []).filter(isChoice)) {
			expect(action).toMatch(/assistant/);
		}
	});

	test.each(ALL.filter(({ type }) => type === 'boolean').map((field) => [field.name, field] as const))(
		'the switch %s is described with Whether',
		(_, field) => expect(field.description).toMatch(/^Whether /),
	);

	test('no label is in snake_case', () => {
		const labels = ALL.flatMap((property) => [
			property.displayName,
			...(property.modes ?? []).map((mode) => mode.displayName),
			...(property.options ?? []).map((option: Option) =>
				'displayName' in option ? option.displayName : option.name,
			),
		]);
		expect(labels.filter((label) => /_/.test(label))).toEqual([]);
		expect(labels.filter((label) => !/^[A-Z]/.test(label))).toEqual([]);
	});

	const JARGON =
		/\b\w*_\w*\b|\b(API|endpoint|payload|boolean|string|array|null|JSON|param\w*|query|body|HTTPS?|GET|POST|PATCH|bearer|org|config|tts|stt|csat|llm)\b/;

	const PRIVATE = /\b(puts? out|gives? way|nobody|stands?|lies|one that|asks? for a pause|anew)\b/i;

	test.each(ALL.map((property) => [property.displayName, property] as const))(
		'%s: its texts are in usual English',
		(_, property) => {
			const choices = (property.options ?? []).filter(isChoice);
			const texts = [
				property.displayName,
				property.description,
				...choices.flatMap(({ name, description: text, action }) => [name, text, action]),
			];
			expect(texts.filter((text = '') => PRIVATE.test(text))).toEqual([]);
		},
	);

	test.each(
		ALL.filter(
			({ name }) => !['configMode', 'configJson', 'fileFormat', 'fileUrl', 'source'].includes(name),
		).map((property) => [property.displayName, property] as const),
	)('%s: its texts are in the words of the product, not of its interface', (_, property) => {
		const choices = (property.options ?? []).filter(isChoice);
		const texts = [
			property.displayName,
			property.description ?? '',
			...choices.flatMap(({ name, description: text = '', action = '' }) => [name, text, action]),
		];
		expect(texts.filter((text) => JARGON.test(text))).toEqual([]);
	});

	test('a placeholder is an example, or the text of a button that adds something', () => {
		const isButton = ({ type }: INodeProperties) => /ollection$/.test(type);
		const examples = ALL.filter((property) => !isButton(property)).flatMap((property) => [
			property.placeholder ?? '',
			...(property.modes ?? []).map((mode) => mode.placeholder ?? ''),
		]);
		expect(examples.filter((text) => text !== '' && !text.startsWith('e.g. '))).toEqual([]);
		const buttons = ALL.filter(isButton).map(({ placeholder = '' }) => placeholder);
		expect(buttons.filter((text) => !/^Add [A-Z]\w+$/.test(text))).toEqual([]);
	});

	test('descriptions of one sentence end without a full stop', () => {
		const single = ALL.flatMap(({ description: text = '' }) => text).filter((text) => !/[.;] /.test(text));
		expect(single.filter((text) => text.endsWith('.'))).toEqual([]);
	});
});

function read(file: string): Record<string, unknown> {
	return JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
}

/** What the editor makes of an expression in the node's description. */
function inPanel(expression: string | undefined, parameters: INodeParameters): unknown {
	const node: INode = {
		id: '1',
		name: 'Invent',
		type: 'invent',
		typeVersion: 1,
		position: [0, 0],
		parameters,
	};
	const nodeTypes = {
		getByName: () => nodeType,
		getByNameAndVersion: () => nodeType,
		getKnownTypes: () => ({}),
	};
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	return workflow.expression.getSimpleParameterValue(node, expression, 'internal', {});
}

describe('The package', () => {
	const manifest = read('package.json') as {
		name: string;
		homepage: string;
		keywords: string[];
		n8n: { nodes: string[]; credentials: string[] };
	};
	const codex = read(join('dist', 'nodes', 'Invent', 'Invent.node.json')) as {
		node: string;
		categories: string[];
		resources: Record<string, Array<{ url: string }>>;
	};

	test('names the built entries', () => {
		expect(manifest.n8n.nodes).toEqual(['dist/nodes/Invent/Invent.node.js']);
		expect(manifest.n8n.credentials).toEqual(['dist/credentials/InventApi.credentials.js']);
	});

	test('is found as a community node', () => {
		expect(manifest.name).toBe('n8n-nodes-invent');
		expect(manifest.keywords).toContain('n8n-community-node-package');
	});

	test('has a codex for the node by its full name', () => {
		expect(codex.node).toBe(`${manifest.name}.${description.name}`);
		expect(codex.categories.length).toBeGreaterThan(0);
		for (const { url } of Object.values(codex.resources).flat()) expect(url).toMatch(/^https:\/\//);
	});

	test('is an AI node whose documentation is the guide of this package', () => {
		expect(codex.categories).toContain('AI');
		const [guide] = codex.resources.primaryDocumentation ?? [];
		expect(guide?.url).toBe(manifest.homepage.replace('#readme', '/blob/main/README.md'));
	});

	test('has the icons that the node names', () => {
		const { icon } = description;
		if (typeof icon !== 'object') throw new Error('There is an icon for light and for dark');
		for (const file of [icon.light, icon.dark]) {
			expect(existsSync(join('dist', 'nodes', 'Invent', file.replace('file:', '')))).toBe(true);
		}
	});

	test('describes the node', () => {
		expect(description).toMatchObject({
			name: 'invent',
			displayName: 'Invent',
			version: 1,
			usableAsTool: true,
		});
	});

	const RESOURCES = parameter('get', 'resource')?.options?.filter(isChoice) ?? [];

	test.each(
		RESOURCES.flatMap((resource) =>
			(parameter('getAll', 'operation', String(resource.value))?.options ?? [])
				.filter(isChoice)
				.map((operation) => [operation.name, resource.name, operation, resource] as const),
		),
	)('says on the canvas what it does: %s: %s', (name, resourceName, operation, resource) => {
		const parameters = { resource: resource.value, operation: operation.value };
		expect(inPanel(description.subtitle, parameters)).toBe(`${name}: ${resourceName}`);
		expect(operation.description).toMatch(/\w+ \w+/);
	});

	test.each<readonly [INodeParameters, boolean]>([
		[{ operation: 'rotateKey' }, true],
		[{ operation: 'get', options: { includeSecretKey: true } }, true],
		[{ operation: 'get', options: { includeSecretKey: '={{ $json.yes }}' } }, true],
		[{ operation: 'create', additionalFields: { generateSecretKey: true } }, true],
		[{ operation: 'create', additionalFields: { generateSecretKey: '={{ $json.yes }}' } }, true],
		[{ operation: 'upsert', additionalFields: { generateSecretKey: true } }, false],
		[{ operation: 'upsert', additionalFields: {} }, false],
		[{ operation: 'get' }, false],
		[{ operation: 'create', additionalFields: {} }, false],
		[{ operation: 'update', options: { includeSecretKey: false } }, false],
	])('warns of a secret key in the output of %j: %s', (parameters, expected) => {
		const [hint, ...others] = description.hints ?? [];
		expect(others).toEqual([]);
		expect(inPanel(hint?.displayCondition, parameters)).toBe(expected);
	});

	test('has no hint after a run, because a condition cannot see how it ended', () => {
		expect(description.hints?.map(({ whenToDisplay }) => whenToDisplay)).toEqual(['beforeExecution']);
	});
});
