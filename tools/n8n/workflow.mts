import { randomUUID } from 'node:crypto';
import type { CredentialReference, Workflow } from './client.mts';

/** A node of a workflow, but for its place on the canvas. */
export interface WorkflowNode {
	readonly name: string;
	readonly type: string;
	readonly typeVersion: number;
	readonly parameters: object;
	readonly [member: string]: unknown;
}

const GRID = 220; // the width of n8n's canvas that a node and its gap take

/** A workflow whose nodes stand in one row, each connected to the next. */
export function rowOf(name: string, nodes: readonly WorkflowNode[], settings: object = {}): Workflow {
	const connections = Object.fromEntries(
		nodes.slice(0, -1).map((node, index) => {
			const next = { node: nodes[index + 1]?.name, type: 'main', index: 0 };
			return [node.name, { main: [[next]] }];
		}),
	);
	const placed = nodes.map((node, index) => ({ ...node, id: randomUUID(), position: [index * GRID, 0] }));
	return { name, nodes: placed, connections, active: false, settings: { executionOrder: 'v1', ...settings } };
}

/** Two nodes that make items out of a list of JSON objects; expressions may stand in it. */
export function itemsFrom(name: string, list: string): [WorkflowNode, WorkflowNode] {
	return [
		{
			name: `${name}: list`,
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: `={ "list": ${list} }`, options: {} },
		},
		{
			name,
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'list', options: {} },
		},
	];
}

/** The Invent node with an operation. */
export function invent(
	name: string,
	credential: CredentialReference,
	operation: string,
	parameters: object = {},
): WorkflowNode {
	return {
		name,
		type: 'n8n-nodes-invent.invent',
		typeVersion: 1,
		parameters: { resource: 'assistant', operation, organizationId: byId('c'), ...parameters },
		credentials: { inventApi: credential },
	};
}

/** A resource locator that is entered by its ID. */
export function byId(value: string): object {
	return { __rl: true, mode: 'id', value };
}
