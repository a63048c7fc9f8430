import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EXAMPLES } from './paths.mts';

const STICKY_NOTE = 'n8n-nodes-base.stickyNote';
const INVENT = 'n8n-nodes-invent.invent';

/** The node's credential type. */
export const CREDENTIAL_TYPE = 'inventApi';

const Node = z
	.object({
		name: z.string(),
		type: z.string(),
		parameters: z.object({ operation: z.string().optional() }).passthrough(),
	})
	.passthrough();
const Example = z
	.object({
		id: z.string(),
		name: z.string(),
		nodes: z.array(Node),
		connections: z.record(z.string(), z.unknown()),
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

/** The nodes of a workflow that run, which sticky notes do not. */
export function runnable({ nodes }: Example) {
	return nodes.filter(({ type }) => type !== STICKY_NOTE);
}

/** The node that starts a workflow: in an exported workflow of ours, the first one that runs. */
export function triggerOf(example: Example): string {
	return runnable(example)[0]?.name ?? '';
}

/** The names of a workflow's Invent nodes, by operation. */
export function nodesByOperation({ nodes }: Example, operation: string): string[] {
	return nodes
		.filter(({ type, parameters }) => type === INVENT && parameters.operation === operation)
		.map(({ name }) => name);
}

/** The names of the nodes that hand their items to nobody: what comes out of them is the workflow's result. */
export function lastNodes(example: Example): string[] {
	return runnable(example)
		.map(({ name }) => name)
		.filter((name) => !(name in example.connections));
}

/** The workflow with a credential in place of the one that its Invent nodes name. */
export function bound(example: Example, credential: { id: string; name: string }): Example {
	const nodes = example.nodes.map((node) =>
		node.type === INVENT ? { ...node, credentials: { [CREDENTIAL_TYPE]: credential } } : node,
	);
	return { ...example, nodes };
}
