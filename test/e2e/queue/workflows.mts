import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, CredentialReference, Listed, Report, Workflow } from '../../../tools/n8n/client.mts';
import { byId, invent, itemsFrom, rowOf, type WorkflowNode } from '../../../tools/n8n/workflow.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';

const MAKER = 'Make';
const LETTERS = ['a', 'b'] as const;

/** How many assistants an execution makes. */
export const MADE_BY_EACH = LETTERS.length;

/** How many requests a whole execution sends: each item is created, changed and read. */
export const REQUESTS_OF_EACH = 3 * MADE_BY_EACH;

const AT_ONCE = 10; // a burst, but no flood: the calls are not what is tested
const PUBLISHING_MS = 60_000; // n8n 2 publishes some time after it has answered that it does
const WINDOW_MS = 60_000; // Invent's limit is for a minute

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
	const parameters = { httpMethod: 'POST', path, responseMode: 'onReceived', options: {} };
	return { name: 'Webhook', type: 'n8n-nodes-base.webhook', typeVersion: 2, parameters, webhookId: path };
}

/** Calls a webhook of a published workflow once for each body; every call must be accepted. */
export async function callWebhook({ url }: Client, path: string, bodies: readonly object[]): Promise<void> {
	const left = bodies.values();
	const caller = async () => {
		for (const body of left) await call(`${url}/webhook/${path}`, JSON.stringify(body));
	};
	await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

async function call(url: string, body: string): Promise<void> {
	const headers = { 'content-type': 'application/json' };
	for (const deadline = Date.now() + PUBLISHING_MS; ; await sleep(1_000)) {
		const response = await fetch(url, { method: 'POST', headers, body });
		await response.text(); // so that the connection can be used again
		if (response.ok) return;
		if (response.status !== 404 || Date.now() > deadline) {
			throw new Error(`n8n answered ${response.status} to a call of a webhook`);
		}
	}
}

/** One execution, with the ids of what it reports to have made and of what in the sandbox bears its name. */
export interface Account extends Pick<Report, 'status' | 'error'> {
	readonly id: string;
	readonly reported: readonly unknown[];
	readonly made: readonly string[];
}

/** Sets each execution against the sandbox. */
export async function accountFor(
	client: Client,
	executions: readonly Listed[],
	sandbox: Sandbox,
): Promise<Account[]> {
	const made = Map.groupBy(madeIn(sandbox), ({ name }) => makerOf(name));
	const accounts: Account[] = [];
	for (const { id } of executions) {
		const { status, error, outputOf } = await client.execution(id);
		const reported = outputOf(MAKER).map((json) => json['id']);
		accounts.push({
			id,
			status,
			error,
			reported,
			made: (made.get(id) ?? []).map((assistant) => assistant.id),
		});
	}
	return accounts;
}

/** The assistants that executions have made. */
export function madeIn({ store }: Sandbox) {
	return store.assistants().filter(({ name }) => makerOf(name) !== undefined);
}

/** The most requests in any 60 seconds. */
export function mostInAMinute(times: readonly number[]): number {
	const countFrom = (from: number) => times.filter((at) => at >= from && at < from + WINDOW_MS).length;
	return Math.max(0, ...times.map(countFrom));
}
