import { startSandbox, type Sandbox } from '../sandbox/server.mts';
import { Editor, type SignIn } from './editor.mts';
import { bound, CREDENTIAL_TYPE, readExamples, triggerOf, type Example } from './examples.mts';
import { execute } from './execution.mts';
import { DemoFailure } from './failure.mts';
import { provideN8n } from './n8n-installation.mts';
import { startServer, type Server } from './n8n.mts';
import { installNode, packNode } from './node-package.mts';
import type { DemoOptions } from './options.mts';
import { editorPort } from './ports.mts';
import type { Processes } from './processes.mts';
import { step, type Progress } from './steps.mts';
import { isGreen, judge, snapshot, type Verdict } from './verdict.mts';
import type { Workspace } from './workspace.mts';

const STARTS_TRIED = 5;
// Ten an hour, as at Invent, would let a visitor run the third example twice.
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
export async function openSandbox({ options }: Tools): Promise<Sandbox> {
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

/** Imports the credential and the workflows, and runs each workflow once. */
export async function runExamples(editor: Editor, sandbox: Sandbox): Promise<Verdict[]> {
	const examples = await readExamples();
	await step(`Import the credential and ${examples.length} workflows`, async () => {
		await importExamples(editor, examples, sandbox);
	});
	const verdicts: Verdict[] = [];
	for (const example of examples) verdicts.push(await runExample(editor, example, sandbox));
	return verdicts;
}

async function importExamples(editor: Editor, examples: Example[], { apiKey, url }: Sandbox): Promise<void> {
	const name = 'Invent sandbox';
	const id = await editor.addCredential({ name, type: CREDENTIAL_TYPE, data: { apiKey, baseUrl: url } });
	for (const example of examples) await editor.addWorkflow(bound(example, { id, name }));
}

async function runExample(editor: Editor, example: Example, sandbox: Sandbox): Promise<Verdict> {
	return await step(`Run "${example.name}"`, async ({ complain }) => {
		const before = snapshot(sandbox);
		const verdict = judge(example, await execute(editor, example.id, triggerOf(example)), before, sandbox);
		if (!isGreen(verdict)) complain('see below');
		return verdict;
	});
}
