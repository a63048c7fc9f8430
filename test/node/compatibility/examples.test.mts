import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode, INodeParameters, INodeProperties } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';
import { z } from 'zod';

import { credentialType, nodeType } from '../harness/engine.mts';

const FOLDER = 'examples';
const FILES = readdirSync(FOLDER).filter((file) => file.endsWith('.json'));

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const NODE = 'n8n-nodes-invent.invent';
const TOOL = `${NODE}Tool`;
/** What n8n adds to a node that is a tool (packages/cli, tool-generation/ai-tools.ts). */
const OF_TOOLS = ['descriptionType', 'toolDescription'];
const NODE_SIZE = 96; // pixels of n8n's canvas
const AGENT_WIDTH = 256;
/** What a workflow may take up when the canvas opens in a window of 1440 × 900, measured in n8n 2.41. */
const OPEN_CANVAS = { width: 1166, height: 664 };
/** A note's text of 14 px is still 10.5 px high then. */
const SMALLEST_ZOOM = 0.75;

const ExampleNode = z.object({
	id: z.string().uuid(),
	name: z.string(),
	type: z.string(),
	typeVersion: z.number(),
	position: z.tuple([z.number(), z.number()]),
	parameters: z.record(z.string(), z.unknown()),
	credentials: z.record(z.string(), z.object({ id: z.string(), name: z.string() })).optional(),
	retryOnFail: z.boolean().optional(),
});
type ExampleNode = z.infer<typeof ExampleNode>;

const Example = z.object({
	id: z.string(),
	name: z.string(),
	nodes: z.array(ExampleNode),
	connections: z.record(
		z.string(),
		z.record(z.string(), z.array(z.array(z.object({ node: z.string(), type: z.string() })))),
	),
	settings: z.record(z.string(), z.unknown()),
});

function textOf(file: string): string {
	return readFileSync(join(FOLDER, file), 'utf8');
}

function exampleIn(file: string) {
	return Example.parse(JSON.parse(textOf(file)));
}

/** Every Invent node of every example, with a title for its test. */
const INVENT_NODES = FILES.flatMap((file) =>
	exampleIn(file)
		.nodes.filter(({ type }) => type === NODE || type === TOOL)
		.map((node): [string, ExampleNode] => [`${file}: ${node.name}`, node]),
);

function isParameters(value: unknown): value is INodeParameters {
	return typeof value === 'object' && value !== null;
}

/** The node's own parameters, without those that n8n gives to a tool. */
function ownParameters({ parameters }: ExampleNode): INodeParameters {
	const own: unknown = Object.fromEntries(
		Object.entries(parameters).filter(([name]) => !OF_TOOLS.includes(name)),
	);
	if (!isParameters(own)) throw new Error('Parameters are an object');
	return own;
}

function asNode(node: ExampleNode): INode {
	return { ...node, type: NODE, credentials: {}, parameters: ownParameters(node) };
}

/** What n8n makes of a node's parameters: those that the node does not have, or does not show, are dropped. */
function asN8nReads(node: ExampleNode): INodeParameters {
	const { description } = nodeType;
	const read = NodeHelpers.getNodeParameters(
		description.properties,
		ownParameters(node),
		true,
		false,
		asNode(node),
		description,
	);
	if (read === null) throw new Error('n8n has read no parameters');
	return read;
}

function isProperty(option: object): option is INodeProperties {
	return 'type' in option;
}

/** The locators in a node's parameters: the modes that they are in, and the modes that there are. */
function locatorsIn(values: INodeParameters, properties: readonly INodeProperties[], operation: unknown) {
	return Object.entries(values).flatMap(([name, value]): Array<readonly [unknown, string[]]> => {
		const shown = properties.filter(
			(candidate) =>
				candidate.name === name &&
				(candidate.displayOptions?.show?.operation?.includes(String(operation)) ?? true),
		);
		const [property] = shown;
		if (property === undefined || !isParameters(value)) return [];
		if (property.type === 'resourceLocator') {
			return [['mode' in value && value.mode, (property.modes ?? []).map((mode) => mode.name)] as const];
		}
		return locatorsIn(value, (property.options ?? []).filter(isProperty), operation);
	});
}

/** Where a node or a note is on the canvas. */
function boxOf({ type, parameters, position: [left, top] }: ExampleNode) {
	const width = type.endsWith('.agent') ? AGENT_WIDTH : NODE_SIZE;
	const note = z.object({ width: z.number(), height: z.number() }).safeParse(parameters);
	return {
		left,
		top,
		right: left + (note.data?.width ?? width),
		bottom: top + (note.data?.height ?? NODE_SIZE),
	};
}

describe.each(FILES)('%s', (file) => {
	const example = exampleIn(file);
	const names = example.nodes.map(({ name }) => name);

	it('has nodes with names of their own, connected to nodes that are there', () => {
		const links = Object.values(example.connections).flatMap((byType) => Object.values(byType).flat(2));
		expect(new Set(names).size).toBe(names.length);
		expect(links.map(({ node }) => node).filter((name) => !names.includes(name))).toEqual([]);
		expect(Object.keys(example.connections).filter((name) => !names.includes(name))).toEqual([]);
	});

	it('refers in expressions to nodes that are there', () => {
		const references = [...textOf(file).matchAll(/\$\('([^']+)'\)/g)].map(([, name]) => name);
		expect(references.filter((name) => !names.includes(name ?? ''))).toEqual([]);
	});

	it('has one note, above the nodes, that tells what to edit and which credential is needed', () => {
		const [note, ...others] = example.nodes.filter(({ type }) => type === STICKY_NOTE);
		const { content, height } = z.object({ content: z.string(), height: z.number() }).parse(note?.parameters);
		const top = Math.min(
			...example.nodes.filter(({ type }) => type !== STICKY_NOTE).map(({ position }) => position[1]),
		);
		expect(others).toEqual([]);
		expect(content).toMatch(/^## .+\n\n[\s\S]*\*\*Edit\*\*[\s\S]*\*\*Credentials?:\*\* .*Invent API/);
		expect((note?.position[1] ?? 0) + height).toBeLessThan(top);
	});

	it('opens at a size at which its note can be read', () => {
		const boxes = example.nodes.map(boxOf);
		const width = Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
		const height = Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
		const zoom = Math.min(OPEN_CANVAS.width / width, OPEN_CANVAS.height / height);
		expect(zoom).toBeGreaterThan(SMALLEST_ZOOM);
	});

	it('has no node that lies over another', () => {
		const boxes = example.nodes.filter(({ type }) => type !== STICKY_NOTE).map(boxOf);
		const overlaps = boxes.filter((one, index) =>
			boxes
				.slice(index + 1)
				.some(
					(two) =>
						one.left < two.right && two.left < one.right && one.top < two.bottom && two.top < one.bottom,
				),
		);
		expect(overlaps).toEqual([]);
	});

	it('has an ID of its own for each node, condition and field', () => {
		const ids = [...textOf(file).matchAll(/"id": "([0-9a-f]{8}-[0-9a-f-]{27})"/g)].map(([, id]) => id);
		expect(ids.length).toBeGreaterThanOrEqual(names.length);
		expect(new Set(ids).size).toBe(ids.length);
	});

	it('says in which time zone its hours are meant, in the settings and in the note', () => {
		const hasHours = example.nodes.some(
			({ type, parameters }) =>
				type.endsWith('.scheduleTrigger') && /triggerAtHour|cronExpression/.test(JSON.stringify(parameters)),
		);
		const note = example.nodes.find(({ type }) => type === STICKY_NOTE);
		const timezone = hasHours ? z.string().parse(example.settings['timezone']) : 'no hours';
		expect(hasHours ? note?.parameters['content'] : 'no hours').toContain(timezone);
	});

	it('looks at the code of an error, never at its text', () => {
		const conditions = example.nodes
			.filter(({ type }) => /\.(if|filter|switch)$/.test(type))
			.map(({ parameters }) => JSON.stringify(parameters));
		expect(conditions.filter((text) => /\.(error|message|description)\b/.test(text))).toEqual([]);
	});

	it('runs as n8n runs new workflows, and names no other workflow', () => {
		expect(example.settings).toMatchObject({ executionOrder: 'v1' });
		expect(example.settings).not.toHaveProperty('errorWorkflow');
	});

	it('names hosts that exist nowhere, and holds no ID, no key and no token', () => {
		const text = textOf(file);
		const hosts = [...text.matchAll(/https?:\/\/([^/"\s`]+)/g)].map(([, host]) => host);
		expect(hosts.filter((host) => !/(^|\.)example\.com$/.test(host ?? ''))).toEqual([]);
		expect(text).not.toMatch(/\b(ast|org|key|brd|seg)_[A-Za-z0-9]{6,}|\bsk-|\bhvs\.|Bearer /);
	});

	it('is in the table of the examples', () => {
		expect(textOf('README.md')).toContain(`[${file}](${file})`);
		expect(textOf('README.md')).toContain(example.name);
	});
});

it('has workflows with IDs of their own', () => {
	const ids = FILES.map((file) => exampleIn(file).id);
	expect(new Set(ids).size).toBe(ids.length);
});

describe.each(INVENT_NODES)('%s', (_title, node) => {
	const { operation } = node.parameters;

	it('has only parameters that the node shows for its operation', () => {
		expect(asN8nReads(node)).toMatchObject(ownParameters(node));
	});

	it('has all that n8n asks for before it runs the node', () => {
		const issues = NodeHelpers.getNodeParametersIssues(
			nodeType.description.properties,
			asNode(node),
			nodeType.description,
		);
		expect(issues).toBeNull();
	});

	it('picks by modes that its locators have', () => {
		const locators = locatorsIn(ownParameters(node), nodeType.description.properties, operation);
		expect(locators.length).toBeGreaterThan(0);
		for (const [mode, modes] of locators) expect(modes).toContain(mode);
	});

	it('names the credential, and only by a placeholder', () => {
		expect(node.credentials).toEqual({
			[credentialType.name]: { id: 'invent-account', name: 'Invent account' },
		});
	});

	it('is executed again by n8n only when it reads', () => {
		expect(node.retryOnFail ?? false).toBe(node.type === NODE && operation === 'getAll');
	});
});

it.each(INVENT_NODES.filter(([, { type }]) => type === TOOL))(
	'%s tells the model what it does',
	(_title, { parameters }) => {
		expect(parameters).toMatchObject({ descriptionType: 'manual', toolDescription: expect.any(String) });
		expect(String(parameters['toolDescription']).length).toBeGreaterThan(30);
	},
);

it.each(FILES.filter((file) => textOf(file).includes('"rotateKey"')))(
	'%s saves no execution, which would hold secret keys',
	(file) => {
		expect(exampleIn(file).settings).toMatchObject({
			saveDataSuccessExecution: 'none',
			saveDataErrorExecution: 'none',
			saveManualExecutions: false,
			saveExecutionProgress: false,
		});
	},
);
