import { openWorld, runExamples } from '../../../tools/demo/run.mts';
import type { Client, CredentialReference, Json, Workflow } from '../../../tools/n8n/client.mts';
import { byId, invent, itemsFrom, rowOf } from '../../../tools/n8n/workflow.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { expect, test, withN8n } from '../fixtures.mts';
import { VERSIONS } from './versions.mts';

const INSTALLATION_MS = 30 * 60_000;
const TRIGGER = 'By hand';
const SAME = byId('={{ $json.id }}');
const INSTRUCTIONS = 'Answer kindly.';
const NAMES = ['Example Bakery', 'Example Garage'];
const COPIES = NAMES.map((name) => `Copy of ${name}`);
const NEW = COPIES.map((name) => `New ${name}`);

/** These examples begin by making a table, for which the Data Table node of the older versions has no operation. */
const NEEDS_TABLES = [
	'New customers get their assistant',
	'Nightly inventory of assistants',
	'Audit of actions',
];
const WITHOUT_TABLES = ['1.123', '2.0'];

/** Every operation, each on the output of the one before. */
function everyOperation(credential: CredentialReference): Workflow {
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

/** What a node has to return: the assistants of the sandbox that have some names, in that order. */
const OUTPUTS: Readonly<Record<string, readonly string[]>> = {
	Create: NAMES,
	Get: NAMES,
	Update: NAMES,
	Duplicate: COPIES,
	'Rotate Key': COPIES,
	'Create or Update: one that is there': COPIES,
	'Create or Update: a new one': NEW,
	'Get Many': [...NAMES, ...COPIES, ...NEW],
};

async function expectOperations(client: Client, credential: CredentialReference, sandbox: Sandbox) {
	const workflow = await client.addWorkflow(everyOperation(credential));
	const report = await client.ended(await client.execute(workflow, TRIGGER));
	const assistants = sandbox.store.assistants();
	const named = (names: readonly string[]) => assistants.filter(({ name }) => names.includes(name));
	const idAndName = ({ id, name }: Json | (typeof assistants)[number]) => ({ id, name });
	for (const [node, names] of Object.entries(OUTPUTS)) {
		expect.soft(report.errorOf(node), node).toBeUndefined();
		expect.soft(report.outputOf(node).map(idAndName), node).toEqual(named(names).map(idAndName));
		expect
			.soft(
				named(names).map(({ name }) => name),
				node,
			)
			.toEqual(names);
	}
	expect.soft(report.error).toBeUndefined();
	expect.soft(assistants).toHaveLength(NAMES.length + COPIES.length + NEW.length);
	expect.soft(named(NAMES).map(({ config }) => config?.instructions)).toEqual(NAMES.map(() => INSTRUCTIONS));
	expect.soft(named([...NAMES, ...COPIES]).map(({ enabled }) => enabled)).toEqual([false, false, true, true]);
	const keys = report.outputOf('Rotate Key').map((json) => json['secret_key']);
	expect.soft(named(COPIES).map((copy) => copy.secret_key)).toEqual(keys);
}

/** The test of the credential, and the lists that the panel offers for the organization and for the assistant. */
async function expectPanel(client: Client, credential: CredentialReference, sandbox: Sandbox) {
	const { apiKey, url } = sandbox;
	const typed = { name: credential.name, type: 'inventApi', data: { apiKey, baseUrl: url } };
	expect.soft(await client.testCredential(credential, typed)).toBeUndefined();
	const wrong = { ...typed, data: { ...typed.data, apiKey: `${apiKey}x` } };
	expect.soft(await client.testCredential(credential, wrong)).toBeDefined();
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
	expect.soft(await list('organizationId', 'searchOrganizations')).not.toHaveLength(0);
	const offered = (await list('assistantId', 'searchAssistants')).map(({ value }) => value);
	expect.soft(offered).toEqual(expect.arrayContaining(sandbox.store.assistants().map(({ id }) => id)));
}

async function expectExamples(client: Client, version: string) {
	const world = await openWorld();
	try {
		for (const { workflow, run, problems } of await runExamples(client, world)) {
			const title = `${workflow}, ${run}`;
			if (WITHOUT_TABLES.includes(version) && NEEDS_TABLES.includes(workflow)) {
				expect.soft(problems.join(), title).toContain('Could not get parameter');
			} else expect.soft(problems, title).toEqual([]);
		}
	} finally {
		await world.close();
	}
}

for (const [version, n8n] of Object.entries(VERSIONS)) {
	test(`in n8n ${version}, the credential, the lists, every operation and every example work`, async ({
		archive,
	}) => {
		test.setTimeout(INSTALLATION_MS);
		const sandbox = await startSandbox({ data: 'empty', creationsPerHour: 0 });
		await withN8n(archive, { n8n }, async ({ client }) => {
			const credential = await client.addInventCredential(sandbox);
			await expectOperations(client, credential, sandbox);
			await expectPanel(client, credential, sandbox);
			await expectExamples(client, version);
		});
		await sandbox.close();
	});
}
