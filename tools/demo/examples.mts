import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EXAMPLES } from '../n8n/paths.mts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const STOP_AND_ERROR = 'n8n-nodes-base.stopAndError';
const INVENT = ['n8n-nodes-invent.invent', 'n8n-nodes-invent.inventTool'];

const Node = z
	.object({
		name: z.string(),
		type: z.string(),
		parameters: z.object({ operation: z.string().optional() }).passthrough(),
		onError: z.string().optional(),
		credentials: z.record(z.string(), z.object({ id: z.string(), name: z.string() })).optional(),
	})
	.passthrough();
const Links = z.record(z.string(), z.array(z.array(z.object({ node: z.string() }).passthrough()).nullable()));
const Example = z
	.object({
		id: z.string(),
		name: z.string(),
		nodes: z.array(Node),
		connections: z.record(z.string(), Links),
		settings: z.record(z.string(), z.unknown()).default({}),
	})
	.passthrough();

/** A workflow of the examples folder, as it is imported. */
export type Example = z.infer<typeof Example>;

/** Reads the example workflows. */
export async function readExamples(): Promise<Example[]> {
	const files = (await readdir(EXAMPLES)).filter((file) => file.endsWith('.json')).sort();
	const texts = await Promise.all(files.map(async (file) => await readFile(join(EXAMPLES, file), 'utf8')));
	return texts.map((text) => Example.parse(JSON.parse(text)));
}

/**
 * The nodes that have to run for a workflow to have shown all it does: those on the way of the items. Not on it are
 * notes, what is only for an item or a run that fails, and what an AI Agent may use or not.
 */
export function expectedToRun({ nodes, connections }: Example): string[] {
	const reached = new Set<string>();
	const follow = (name: string): void => {
		const node = nodes.find((candidate) => candidate.name === name);
		if (node === undefined || reached.has(name) || node.type === STOP_AND_ERROR) return;
		reached.add(name);
		const outputs = connections[name]?.['main'] ?? [];
		const used = node.onError === 'continueErrorOutput' ? outputs.slice(0, -1) : outputs;
		for (const link of used.flatMap((links) => links ?? [])) follow(link.node);
	};
	for (const name of startsOf({ nodes, connections })) follow(name);
	return [...reached];
}

/** The nodes that nothing leads to: the triggers. */
function startsOf({ nodes, connections }: Pick<Example, 'nodes' | 'connections'>): string[] {
	const targets = new Set(
		Object.values(connections)
			.flatMap((byType) => Object.values(byType).flat())
			.flatMap((links) => links ?? [])
			.map(({ node }) => node),
	);
	return nodes
		.filter(
			({ name, type }) => type !== STICKY_NOTE && !targets.has(name) && 'main' in (connections[name] ?? {}),
		)
		.map(({ name }) => name);
}

/** The node that starts a workflow: in an exported workflow of ours, the first trigger. */
export function triggerOf(example: Example): string {
	return startsOf(example)[0] ?? '';
}

/** The names of a workflow's Invent nodes, by operation. */
export function nodesByOperation({ nodes }: Example, operation: string): string[] {
	return nodes
		.filter(({ type, parameters }) => INVENT.includes(type) && parameters.operation === operation)
		.map(({ name }) => name);
}

/** What a person fills in after the import. */
export interface Surroundings {
	/** The id of a stored credential for each type. */
	readonly credentials: ReadonlyMap<string, { readonly id: string; readonly name: string }>;
	/** What stands in place of the addresses and names of the examples. */
	readonly placeholders: ReadonlyMap<string, string>;
}

/**
 * The workflow with credentials and placeholders filled in. Executions by hand are saved, whatever it says about that:
 * they are how the demo learns what happened.
 */
export function filledIn(example: Example, { credentials, placeholders }: Surroundings): Example {
	let text = JSON.stringify(example);
	for (const [from, to] of placeholders) text = text.replaceAll(from, to);
	const { nodes, settings, ...rest } = Example.parse(JSON.parse(text));
	return {
		...rest,
		settings: { ...settings, saveManualExecutions: true },
		nodes: nodes.map((node) =>
			node.credentials === undefined ? node : { ...node, credentials: stored(node.credentials, credentials) },
		),
	};
}

function stored(
	named: NonNullable<z.infer<typeof Node>['credentials']>,
	credentials: Surroundings['credentials'],
): typeof named {
	return Object.fromEntries(
		Object.entries(named).map(([type, credential]) => [type, { ...(credentials.get(type) ?? credential) }]),
	);
}
