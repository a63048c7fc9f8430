import { z } from 'zod';

import type { CredentialReference, Workflow } from '../../../tools/n8n/client.mts';
import { rowOf } from '../../../tools/n8n/workflow.mts';

const INVENT = 'n8n-nodes-invent.invent';

/** A workflow of one Invent node, and of one after it if there is to be one. */
export function workflowOf(
	inventApi: CredentialReference,
	parameters: object,
	{ withNext = false } = {},
): Workflow {
	const node = { name: 'Invent', type: INVENT, typeVersion: 1, parameters, credentials: { inventApi } };
	const next = { name: 'Next', type: 'n8n-nodes-base.set', typeVersion: 3.4, parameters: {} };
	return rowOf('Assistants', withNext ? [node, next] : [node]);
}

const Example = z
	.object({ name: z.string(), nodes: z.array(z.object({ type: z.string() }).passthrough()) })
	.passthrough();

/** An exported workflow, under an id of its own, whose Invent nodes have a credential. */
export function boundTo(inventApi: CredentialReference, exported: string): Workflow {
	const { id, nodes, ...rest } = Example.parse(JSON.parse(exported));
	const bound = nodes.map((node) => (node.type === INVENT ? { ...node, credentials: { inventApi } } : node));
	return { ...rest, nodes: bound };
}
