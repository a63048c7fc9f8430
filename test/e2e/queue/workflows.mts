import type { Workflow } from '../../../tools/n8n/client.mts';
import {
	byId,
	invent,
	itemsFrom,
	rowOf,
	type CredentialReference,
	type WorkflowNode,
} from '../../../tools/n8n/workflow.mts';

/** The node that makes the assistants. */
export const MAKER = 'Make';

/** How many assistants an execution makes. */
export const MADE_BY_EACH = 2;

/** How many requests a whole execution sends: each item is created, changed and read. */
export const REQUESTS_OF_EACH = 3 * MADE_BY_EACH;

const LETTERS = ['a', 'b'] as const;

/** The names of the assistants that an execution makes. */
export function namesOf(executionId: string): string[] {
	return LETTERS.map((letter) => `Execution ${executionId} ${letter}`);
}

/** The execution that an assistant was made by, or undefined for any other assistant. */
export function makerOf(name: string): string | undefined {
	return /^Execution (\d+) [ab]$/.exec(name)?.[1];
}

/** Starts by a webhook, makes two assistants that are named after the execution, changes them and reads them. */
export function making(
	path: string,
	operation: 'create' | 'upsert',
	credential: CredentialReference,
): Workflow {
	return rowOf(`Two assistants by ${operation}`, [
		webhook(path),
		...itemsFrom('Customers', listOf('$execution.id')),
		invent(MAKER, credential, operation, { name: '={{ $json.name }}', additionalFields: { enabled: true } }),
		invent('Switch off', credential, 'update', {
			assistantId: byId('={{ $json.id }}'),
			updateFields: { enabled: false },
		}),
		invent('Read', credential, 'get', { assistantId: byId('={{ $json.id }}') }),
	]);
}

/** Starts by a webhook, and does once more what a lost execution was to do, by Create or Update. */
export function repeating(path: string, credential: CredentialReference): Workflow {
	return rowOf('A lost execution once more', [
		webhook(path),
		...itemsFrom('Customers', listOf('$json.body.execution')),
		invent(MAKER, credential, 'upsert', { name: '={{ $json.name }}', additionalFields: { enabled: false } }),
	]);
}

/** The JSON of the items, as text with expressions in it. */
function listOf(execution: string): string {
	const items = LETTERS.map((letter) => `{ "name": "Execution {{ ${execution} }} ${letter}" }`);
	return `[${items.join(', ')}]`;
}

function webhook(path: string): WorkflowNode {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		parameters: { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} },
		webhookId: path,
	};
}
