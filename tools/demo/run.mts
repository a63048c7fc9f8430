import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { Editor, type SignIn } from './editor.mts';
import { filledIn, readExamples, triggerOf, type Example, type Surroundings } from './examples.mts';
import { outcome, type Execution } from '../n8n/execution.mts';
import { DemoFailure } from '../n8n/failure.mts';
import { PLANS } from './model/plans.mts';
import { startChatModel } from './model/server.mts';
import { provideN8n } from '../n8n/install.mts';
import { startServer, type Server } from '../n8n/server.mts';
import { startNeighbours, type Neighbours } from './neighbours/server.mts';
import { installNode, packNode } from '../n8n/nodePackage.mts';
import type { DemoOptions } from './options.mts';
import { editorPort } from '../n8n/ports.mts';
import type { Processes } from '../n8n/processes.mts';
import { RUNS, type Run, type Scene } from './runs.mts';
import { step, type Progress } from '../n8n/steps.mts';
import { isGreen, judge, neverRun, snapshot, type Verdict } from './verdict.mts';
import type { Workspace } from '../n8n/workspace.mts';

const STARTS_TRIED = 5;
// Ten an hour, as at Invent, would let a visitor try little after the demo's own runs.
const CREATIONS_PER_HOUR = 200;

/** What everything in one run of the demo works with. */
export interface Tools {
	readonly options: DemoOptions;
	readonly processes: Processes;
	readonly workspace: Workspace;
}

/** Makes sure that n8n is there, then builds the node and installs it. */
export async function prepare({ processes, workspace }: Tools): Promise<void> {
	await step(
		'Look for n8n',
		async (progress) => await provideN8n(processes, workspace.log('install-n8n'), progress),
	);
	const archive = await step('Build and pack the node', async () => await packNode(processes, workspace));
	await step('Install the node as n8n does', async ({ title }) => {
		title(`Installed ${await installNode(processes, archive, workspace)} as n8n does`);
	});
}

/** Starts the local Invent API. */
async function openSandbox({ options }: Tools): Promise<Sandbox> {
	return await step('Start the sandbox', async ({ title }) => {
		const sandbox = await startSandbox({
			data: 'demo',
			creationsPerHour: CREATIONS_PER_HOUR,
			...(options.sandboxPort === undefined ? {} : { port: options.sandboxPort }),
		});
		title(`Started the sandbox at ${sandbox.url}`);
		return sandbox;
	});
}

/** The running n8n, with somebody who may sign in. */
export interface OpenEditor extends Server {
	readonly editor: Editor;
	readonly signIn: SignIn;
}

/** Starts n8n and makes its owner. */
export async function openEditor(tools: Tools): Promise<OpenEditor> {
	return await step('Start n8n', async (progress) => {
		const server = await startOnFreePort(tools, progress);
		const editor = new Editor(server.url);
		return { ...server, editor, signIn: await editor.createOwner() };
	});
}

async function startOnFreePort(
	{ options, processes, workspace }: Tools,
	{ title }: Progress,
): Promise<Server> {
	for (let attempt = 1; attempt <= STARTS_TRIED; attempt += 1) {
		const { port, note } = await editorPort(options.port);
		const server = await startServer(processes, workspace, port);
		if (server !== undefined) {
			title(note === undefined ? 'Started n8n' : `Started n8n (${note})`);
			return server;
		}
	}
	throw new DemoFailure(
		`n8n found its port taken ${STARTS_TRIED} times, by something that started meanwhile.`,
	);
}

/** What the workflows talk to: Invent and its neighbours, all on this machine. */
export interface World extends Scene {
	close(): Promise<void>;
}

/** Starts everything that the workflows talk to. */
export async function openWorld(tools: Tools): Promise<World> {
	const sandbox = await openSandbox(tools);
	return await step('Start a secret store, a chat and a chat model', async ({ title }) => {
		const [neighbours, model] = await Promise.all([startNeighbours(), startChatModel(PLANS)]);
		title(`Started a secret store and a chat at ${neighbours.url}, a chat model at ${model.url}`);
		return {
			sandbox,
			neighbours,
			model,
			async close() {
				await Promise.all([sandbox.close(), neighbours.close(), model.close()]);
			},
		};
	});
}

/** Imports the credentials and the workflows, and runs each workflow as often as it takes to show what it does. */
export async function runExamples(editor: Editor, world: World): Promise<Verdict[]> {
	const examples = await readExamples();
	await step(`Import the credentials and ${examples.length} workflows`, async () => {
		const surroundings = await fillIn(editor, world);
		for (const example of examples) await editor.addWorkflow(filledIn(example, surroundings));
	});
	const verdicts: Verdict[] = [];
	for (const example of examples) verdicts.push(...(await runExample(editor, example, world)));
	return verdicts;
}

/** Does what a person does after the import: makes the credentials, and writes the addresses down. */
async function fillIn(editor: Editor, { sandbox, neighbours, model }: World): Promise<Surroundings> {
	const wanted = [
		{ name: 'Invent sandbox', type: 'inventApi', data: { apiKey: sandbox.apiKey, baseUrl: sandbox.url } },
		{ name: 'Chat model', type: 'openAiApi', data: { apiKey: model.apiKey, url: model.url } },
		{
			name: 'Secret store',
			type: 'httpHeaderAuth',
			data: { name: 'X-Vault-Token', value: neighbours.token },
			hasTest: false,
		},
	];
	const credentials = new Map<string, { id: string; name: string }>();
	for (const credential of wanted) {
		credentials.set(credential.type, { id: await editor.addCredential(credential), name: credential.name });
	}
	return { credentials, placeholders: placeholdersOf(neighbours) };
}

/** The hosts and names in the examples that exist nowhere, and what a person would enter instead. */
function placeholdersOf({ url }: Neighbours): Surroundings['placeholders'] {
	return new Map([
		['https://vault.example.com', url],
		['https://chat.example.com', url],
		['Example Assistant 1', 'Customer Support'],
		['Example Assistant 2', 'Returns and Warranty'],
		['Example Assistant 3', 'Voice Line'],
		['Example Template', 'Template: Shop Assistant'],
		['Example Support ', 'Support '],
		['Example Copywriter', 'Newsletter Copywriter'],
	]);
}

async function runExample(editor: Editor, example: Example, scene: Scene): Promise<Verdict[]> {
	return await step(`Run "${example.name}"`, async ({ say, complain }) => {
		const executions: Execution[] = [];
		const verdicts: Verdict[] = [];
		for (const run of runsOf(example)) {
			say(run.title);
			const { execution, verdict } = await runOnce(editor, example, run, scene);
			executions.push(execution);
			verdicts.push(verdict);
		}
		const all = withProblems(verdicts, neverRun(example, executions));
		if (!all.every(isGreen)) complain('see below');
		return all;
	});
}

/** A workflow that nobody has written runs for must at least run. */
function runsOf(example: Example): readonly Run[] {
	return RUNS[example.id] ?? [{ title: 'once', trigger: triggerOf(example) }];
}

async function runOnce(editor: Editor, example: Example, run: Run, scene: Scene) {
	const after = run.before?.(scene);
	const expected = run.effects?.(scene);
	const before = snapshot(scene.sandbox);
	const execution = await outcome(editor, await start(editor, example, run));
	const verdict = judge(example, run, execution, expected, before, scene);
	after?.();
	return { execution, verdict };
}

async function start(editor: Editor, example: Example, { trigger, message }: Run): Promise<string> {
	if (message === undefined) return await editor.execute(example.id, trigger);
	return await editor.chat(example.id, trigger, message);
}

/** What is wrong with all runs together is told with the last one. */
function withProblems(verdicts: readonly Verdict[], problems: readonly string[]): Verdict[] {
	return verdicts.map((verdict, index) =>
		index === verdicts.length - 1 ? { ...verdict, problems: [...verdict.problems, ...problems] } : verdict,
	);
}
