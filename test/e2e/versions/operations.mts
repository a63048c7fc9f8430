import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { hasEnded, type Client, type Json, type Report, type Workflow } from '../../../tools/n8n/client.mts';
import { byId, invent, itemsFrom, rowOf, type CredentialReference } from '../../../tools/n8n/workflow.mts';

const POLL_MS = 100;
const PATIENCE_MS = 120_000;
const NAMES = ['Example Bakery', 'Example Garage'];
const TRIGGER = 'By hand';
const SAME = byId('={{ $json.id }}');
const INSTRUCTIONS = 'Answer kindly.';

/** What one thing that the node does came to in a version; no problem means that it works. */
export interface Finding {
	readonly what: string;
	readonly problem: string | undefined;
}

type Assistant = ReturnType<Sandbox['store']['assistants']>[number];

/** What a node of the workflow has to have done; gets what came out of it, and what the sandbox holds now. */
interface Check {
	readonly node: string;
	readonly holds: (output: Json[], assistants: readonly Assistant[], sandbox: Sandbox) => boolean;
}

/** Tries the credential, the lists of the panel, and each operation with two items, in a running n8n. */
export async function tryOperations(client: Client): Promise<Finding[]> {
	const sandbox = await startSandbox({ data: 'empty', creationsPerHour: 0 });
	try {
		const named = { name: 'Sandbox', type: 'inventApi', data: keyOf(sandbox) };
		const credential = { id: await client.addCredential(named), name: named.name };
		const refused = await client.testCredential(credential.id, named);
		const wrong = await client.testCredential(credential.id, {
			...named,
			data: { ...named.data, apiKey: `${sandbox.apiKey}x` },
		});
		const operations = await runOperations(client, credential, sandbox);
		return [
			{
				what: 'Test of the credential',
				problem: refused ?? (wrong === undefined ? 'takes a wrong key' : undefined),
			},
			...operations,
			await tryLists(client, credential, sandbox),
		];
	} finally {
		await sandbox.close();
	}
}

function keyOf({ apiKey, url }: Sandbox) {
	return { apiKey, baseUrl: url };
}

async function runOperations(
	client: Client,
	credential: CredentialReference,
	sandbox: Sandbox,
): Promise<Finding[]> {
	const stored = await client.addWorkflow(workflowOf(credential));
	const report = await ended(client, await client.execute(stored, TRIGGER));
	const assistants = sandbox.store.assistants();
	return CHECKS.map(({ node, holds }) => {
		if (!report.green.has(node)) return { what: node, problem: whyNot(report, node) };
		const isDone = holds(report.outputOf(node), assistants, sandbox);
		return { what: node, problem: isDone ? undefined : 'something else happened than it reports' };
	});
}

function whyNot(report: Report, node: string): string {
	return report.errorOf(node) ?? `did not run: ${report.error ?? report.status}`;
}

async function ended(client: Client, id: string): Promise<Report> {
	for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
		const report = await client.execution(id);
		if (hasEnded(report)) return report;
	}
	throw new DemoFailure(`The workflow was still running after ${PATIENCE_MS / 1000} seconds.`);
}

/** Every operation, each on what the one before it put out. */
function workflowOf(credential: CredentialReference): Workflow {
	const node = (name: string, operation: string, parameters: object) =>
		invent(name, credential, operation, parameters);
	return rowOf('Every operation', [
		{ name: TRIGGER, type: 'n8n-nodes-base.manualTrigger', typeVersion: 1, parameters: {} },
		...itemsFrom('Customers', JSON.stringify(NAMES.map((name) => ({ name })))),
		node('Create', 'create', { name: '={{ $json.name }}', additionalFields: { enabled: true } }),
		node('Get', 'get', { assistantId: SAME }),
		node('Update', 'update', {
			assistantId: SAME,
			updateFields: { enabled: false },
			config: { instructions: INSTRUCTIONS },
		}),
		node('Duplicate', 'duplicate', {
			assistantId: SAME,
			additionalFields: { name: '=Copy of {{ $json.name }}' },
		}),
		node('Rotate Key', 'rotateKey', { assistantId: SAME }),
		node('Create or Update: one that is there', 'upsert', {
			name: '={{ $json.name }}',
			additionalFields: { enabled: true },
		}),
		node('Create or Update: a new one', 'upsert', { name: '=New {{ $json.name }}' }),
		{ ...node('Get Many', 'getAll', { returnAll: true }), executeOnce: true },
	]);
}

const COPIES = NAMES.map((name) => `Copy of ${name}`);
const NEW = COPIES.map((name) => `New ${name}`);

const CHECKS: readonly Check[] = [
	{ node: 'Create', holds: (output, assistants) => areNamed(output, assistants, NAMES) },
	{ node: 'Get', holds: (output, assistants) => areNamed(output, assistants, NAMES) },
	{
		node: 'Update',
		holds: (output, assistants) =>
			areNamed(output, assistants, NAMES) &&
			named(assistants, NAMES).every(
				({ enabled, config }) => !enabled && config?.instructions === INSTRUCTIONS,
			),
	},
	{ node: 'Duplicate', holds: (output, assistants) => areNamed(output, assistants, COPIES) },
	{
		node: 'Rotate Key',
		holds: (output, assistants) =>
			areNamed(output, assistants, COPIES) &&
			output.every(
				({ id, secret_key: key }) =>
					typeof key === 'string' && assistants.some((one) => one.id === id && one.secret_key === key),
			),
	},
	{
		node: 'Create or Update: one that is there',
		holds: (output, assistants) =>
			areNamed(output, assistants, COPIES) && named(assistants, COPIES).every(({ enabled }) => enabled),
	},
	{ node: 'Create or Update: a new one', holds: (output, assistants) => areNamed(output, assistants, NEW) },
	{
		node: 'Get Many',
		holds: (output, assistants) =>
			assistants.length === NAMES.length + COPIES.length + NEW.length &&
			isDeepStrictEqual(ids(output), ids(assistants)),
	},
];

/** Whether just the assistants of some names came out, in their order, and each name is there once. */
function areNamed(
	output: readonly Json[],
	assistants: readonly Assistant[],
	names: readonly string[],
): boolean {
	return (
		isDeepStrictEqual(ids(output), ids(named(assistants, names))) &&
		isDeepStrictEqual(
			output.map(({ name }) => name),
			names,
		)
	);
}

function named(assistants: readonly Assistant[], names: readonly string[]): Assistant[] {
	return assistants.filter(({ name }) => names.includes(name));
}

function ids(all: ReadonlyArray<{ readonly id?: unknown }>): unknown[] {
	return all.map(({ id }) => id);
}

/** The lists that the panel offers for the organization and for the assistant. */
async function tryLists(client: Client, credential: CredentialReference, sandbox: Sandbox): Promise<Finding> {
	const what = 'Lists in the panel';
	const list = async (parameter: string, methodName: string) =>
		await client.choices({
			path: `parameters.${parameter}`,
			methodName,
			nodeTypeAndVersion: { name: 'n8n-nodes-invent.invent', version: 1 },
			currentNodeParameters: {
				resource: 'assistant',
				operation: 'get',
				organizationId: byId('c'),
				assistantId: byId(''),
			},
			credentials: { inventApi: credential },
		});
	const organizations = await list('organizationId', 'searchOrganizations');
	const assistants = await list('assistantId', 'searchAssistants');
	const offered = new Set(assistants.map(({ value }) => value));
	const isWhole = sandbox.store.assistants().every(({ id }) => offered.has(id));
	if (organizations.length === 0) return { what, problem: 'no organization is offered' };
	return { what, problem: isWhole ? undefined : 'not every assistant is offered' };
}
