import getPort, { portNumbers } from 'get-port';
import type { Client, CredentialReference, NewCredential, Report, StoredWorkflow } from '../n8n/client.mts';
import { Failure } from '../n8n/failure.mts';
import { provideN8n } from '../n8n/install.mts';
import { installNode, packNode } from '../n8n/nodePackage.mts';
import { startOwned, type OwnedServer } from '../n8n/server.mts';
import { step } from '../n8n/steps.mts';
import type { Workspace } from '../n8n/workspace.mts';
import { startSandbox } from '../sandbox/server.mts';
import { filledIn, readExamples, triggerOf, type Example, type Surroundings } from './examples.mts';
import { PLANS } from './model/plans.mts';
import { startChatModel } from './model/server.mts';
import { startNeighbours, type Neighbours } from './neighbours/server.mts';
import { RUNS, TEMPLATE, UNEDITED_RUNS, type Run, type Scene } from './runs.mts';
import { isGreen, judge, neverRun, snapshot, type Verdict } from './verdict.mts';

const EDITOR_PORT = 5678; // n8n's own default
const EDITOR_PORTS_TRIED = 100;
// Ten an hour, as at Invent, would let a visitor try little after the demo's own runs.
const CREATIONS_PER_HOUR = 200;

/** Makes sure that n8n is there, builds the node, installs it, and starts n8n with an owner. */
export async function openN8n(workspace: Workspace, asked?: number): Promise<OwnedServer> {
	await provideN8n(workspace);
	await step('Build the node and install it as n8n does', async ({ title }) => {
		const installed = await installNode(workspace, await packNode(workspace));
		title(`Installed ${installed} as n8n does`);
	});
	return await step('Start n8n', async ({ title }) => {
		const ports = portNumbers(EDITOR_PORT, EDITOR_PORT + EDITOR_PORTS_TRIED);
		const server = await startOwned(workspace, {
			port: async () => asked ?? (await getPort({ port: ports })),
		});
		title(`Started n8n at ${server.url}`);
		return server;
	});
}

/** What the workflows talk to: Invent and its neighbours, all on this machine. */
export interface World extends Scene {
	close(): Promise<void>;
}

/** Starts everything that the workflows talk to. */
export async function openWorld(sandboxPort?: number): Promise<World> {
	return await step('Start the sandbox, a secret store, a chat and a chat model', async () => {
		const [sandbox, neighbours, model] = await Promise.all([
			startSandbox({
				data: 'demo',
				creationsPerHour: CREATIONS_PER_HOUR,
				...(sandboxPort !== undefined && { port: sandboxPort }),
			}),
			startNeighbours(),
			startChatModel(PLANS),
		]);
		const close = async () => {
			await Promise.all([sandbox.close(), neighbours.close(), model.close()]);
		};
		return { sandbox, neighbours, model, close };
	});
}

/** Imports the credentials and the workflows, and runs each workflow as often as it takes to show what it does. */
export async function runExamples(client: Client, world: World): Promise<Verdict[]> {
	const surroundings = await fillIn(client, world);
	const verdicts: Verdict[] = [];
	for (const example of await readExamples()) {
		verdicts.push(...(await runExample(client, example, surroundings, world)));
	}
	return verdicts;
}

/** Does what a person does after the import: makes the credentials, and writes the addresses down. */
async function fillIn(client: Client, { sandbox, neighbours, model }: World): Promise<Surroundings> {
	const invent = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
	const vault = { name: 'X-Vault-Token', value: neighbours.token };
	const wanted = [
		{ name: 'Invent sandbox', type: 'inventApi', data: invent },
		{ name: 'Chat model', type: 'openAiApi', data: { apiKey: model.apiKey, url: model.url } },
		{ name: 'Secret store', type: 'httpHeaderAuth', data: vault, isTested: false },
	];
	const credentials = new Map<string, CredentialReference>();
	for (const { isTested = true, ...credential } of wanted) {
		credentials.set(credential.type, await stored(client, credential, isTested));
	}
	return { credentials, placeholders: placeholdersOf(neighbours) };
}

/** Stores a credential and, if its type has a test, tests it, as the editor does when it is saved. */
async function stored(client: Client, credential: NewCredential, isTested: boolean) {
	const reference = await client.addCredential(credential);
	const problem = isTested ? await client.testCredential(reference, credential) : undefined;
	if (problem !== undefined) throw new Failure(`The test of the credential failed: ${problem}`);
	return reference;
}

/** The hosts and names in the examples that exist nowhere, and what a person would enter instead. */
function placeholdersOf({ url }: Neighbours): Surroundings['placeholders'] {
	return new Map([
		['https://vault.example.com', url],
		['https://chat.example.com', url],
		['Example Assistant 1', 'Customer Support'],
		['Example Assistant 2', 'Returns and Warranty'],
		['Example Assistant 3', 'Voice Line'],
		['Example Template', TEMPLATE],
		['https://images.example.com/avatar.png', 'https://images.fjordlight.example/shop.gif'],
		['Example Support ', 'Support '],
		['Example Copywriter', 'Newsletter Copywriter'],
	]);
}

async function runExample(
	client: Client,
	example: Example,
	surroundings: Surroundings,
	scene: Scene,
): Promise<Verdict[]> {
	return await step(`Run "${example.name}"`, async ({ complain }) => {
		const verdicts = await runUnedited(client, example, surroundings, scene);
		const workflow = await client.addWorkflow(filledIn(example, surroundings));
		const executions: Report[] = [];
		// A workflow that nobody has written runs for must at least run.
		for (const run of RUNS[example.id] ?? [{ title: 'once', trigger: triggerOf(example) }]) {
			const { execution, verdict } = await runOnce(client, workflow, example, run, scene);
			executions.push(execution);
			verdicts.push(verdict);
		}
		const all = withProblems(verdicts, neverRun(example, executions));
		if (!all.every(isGreen)) complain();
		return all;
	});
}

/** Runs a workflow as it was imported, with nothing but the credential of Invent picked, and removes it again. */
async function runUnedited(
	client: Client,
	example: Example,
	{ credentials }: Surroundings,
	scene: Scene,
): Promise<Verdict[]> {
	const onlyInvent = new Map([...credentials].filter(([type]) => type === 'inventApi'));
	const imported = filledIn(example, { credentials: onlyInvent, placeholders: new Map() });
	const { id: _, ...workflow } = imported;
	const stored = await client.addWorkflow(workflow);
	const verdicts: Verdict[] = [];
	for (const run of UNEDITED_RUNS[example.id] ?? []) {
		verdicts.push((await runOnce(client, stored, example, run, scene)).verdict);
	}
	await client.removeWorkflow(stored);
	return verdicts;
}

async function runOnce(client: Client, workflow: StoredWorkflow, example: Example, run: Run, scene: Scene) {
	const after = run.before?.(scene);
	const expected = run.effects?.(scene);
	const before = snapshot(scene.sandbox);
	const { trigger, message } = run;
	const id =
		message === undefined
			? await client.execute(workflow, trigger)
			: await client.chat(workflow, trigger, message);
	const execution = await client.ended(id);
	const verdict = judge(example, run, execution, expected, before, scene);
	after?.();
	return { execution, verdict };
}

/** What is wrong with all runs together is told with the last one. */
function withProblems(verdicts: readonly Verdict[], problems: readonly string[]): Verdict[] {
	return verdicts.map((verdict, index) =>
		index === verdicts.length - 1 ? { ...verdict, problems: [...verdict.problems, ...problems] } : verdict,
	);
}
