import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { Editor } from '../../../tools/demo/editor.mts';
import { outcome as outcomeOf } from '../../../tools/n8n/execution.mts';
import { DemoFailure, oneLine } from '../../../tools/n8n/failure.mts';
import { taskOf, type ChatRequest } from '../../../tools/demo/model/conversation.mts';
import { startChatModel, type ChatModel } from '../../../tools/demo/model/server.mts';
import { provideN8n } from '../../../tools/n8n/install.mts';
import { startServer } from '../../../tools/n8n/server.mts';
import { installNode, packNode } from '../../../tools/n8n/nodePackage.mts';
import { anyPort } from '../../../tools/n8n/ports.mts';
import { Processes } from '../../../tools/n8n/processes.mts';
import { onShutdown } from '../../../tools/n8n/shutdown.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { createWorkspace, type Workspace } from '../../../tools/n8n/workspace.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { keyLeaks, keysOf } from './secrets.mts';
import type { Outcome, Task } from './task.mts';
import { TASKS } from './tasks.mts';
import { agentWorkflow, TRIGGER, type AgentVersion, type Credentials } from './workflow.mts';

const VERSIONS: readonly AgentVersion[] = [2.2, 3];

/** Where the tests take place. */
interface Place {
	readonly editor: Editor;
	readonly sandbox: Sandbox;
	readonly model: ChatModel;
	readonly credentials: Credentials;
}

/**
 * Lets n8n's AI Agent use every operation of the node as a tool, in a real n8n, with a local server in place of the
 * language model that asks for the calls; then compares what the model asked for with what Invent was sent.
 *
 * @returns whether all was as it should be
 */
export async function run(): Promise<boolean> {
	const processes = new Processes();
	void onShutdown(processes);
	const workspace = await createWorkspace();
	const sandbox = await startSandbox({ data: 'demo', creationsPerHour: 0 });
	const model = await startChatModel(new Map(TASKS.map(({ text, plan }) => [text, plan])));
	let ok = false;
	try {
		const place = await open(processes, workspace, sandbox, model);
		const problems: string[] = [];
		for (const version of VERSIONS) {
			for (const task of TASKS) problems.push(...(await tryTask(place, version, task)));
		}
		if (problems.length > 0) console.error(['', ...problems].join('\n'));
		ok = problems.length === 0;
		return ok;
	} finally {
		const keep = ok || processes.ending ? 'nothing' : 'logs';
		await processes.end();
		await Promise.all([sandbox.close(), model.close()]);
		await workspace.remove(keep);
	}
}

async function open(
	processes: Processes,
	workspace: Workspace,
	sandbox: Sandbox,
	model: ChatModel,
): Promise<Place> {
	await step('Look for n8n', async (progress) => {
		await provideN8n(processes, workspace.log('install-n8n'), progress);
	});
	await step('Build, pack and install the node as n8n does', async () => {
		await installNode(processes, await packNode(processes, workspace), workspace);
	});
	return await step('Start n8n', async () => {
		const server = await startServer(processes, workspace, await anyPort());
		if (server === undefined) throw new DemoFailure('n8n found its port taken: please try again.');
		const editor = new Editor(server.url);
		await editor.createOwner();
		const invent = {
			name: 'Invent',
			type: 'inventApi',
			data: { apiKey: sandbox.apiKey, baseUrl: sandbox.url },
		};
		const openAi = { name: 'Model', type: 'openAiApi', data: { apiKey: model.apiKey, url: model.url } };
		const credentials = {
			inventApi: { id: await editor.addCredential(invent), name: invent.name },
			openAiApi: { id: await editor.addCredential(openAi), name: openAi.name },
		};
		return { editor, sandbox, model, credentials };
	});
}

async function tryTask(place: Place, version: AgentVersion, task: Task): Promise<string[]> {
	const title = `AI Agent ${version}: ${task.text}`;
	return await step(title, async ({ complain }) => {
		const problems = await problemsOf(place, version, task);
		if (problems.length > 0) complain('see below');
		return problems.map((problem) => `${title}: ${problem}`);
	});
}

async function problemsOf(place: Place, version: AgentVersion, task: Task): Promise<string[]> {
	const { editor, sandbox, model, credentials } = place;
	sandbox.reset();
	const before = keysOf(sandbox);
	const [asked, refused] = [model.requests.length, model.refusals.length];
	const id = await editor.addWorkflow(agentWorkflow(task.text, version, credentials));
	const { error } = await outcomeOf(editor, await editor.execute(id, TRIGGER));
	const told = model.refusals.slice(refused).map((why) => `the model refused: ${why}`);
	if (error !== undefined || told.length > 0)
		return [...told, `the execution ended: ${error?.message ?? 'well'}`];
	const requests = model.requests.slice(asked);
	const outcome = { ...outcomeIn(requests, task, sandbox), version };
	return [
		...wrongIn(task, outcome),
		...undescribed(requests),
		...violations(sandbox),
		...keyLeaks([...before, ...keysOf(sandbox)], outcome.calls, requests),
	];
}

/** What the conversation came to: its last request holds every call and every answer. */
function outcomeIn(
	requests: readonly ChatRequest[],
	{ plan }: Task,
	sandbox: Sandbox,
): Omit<Outcome, 'version'> {
	const last = requests.at(-1);
	if (last === undefined) throw new DemoFailure('The agent has not asked the model at all.');
	const { calls } = taskOf(last);
	const work = plan();
	let step = work.next();
	for (const { answer } of calls) step = work.next(answer);
	return { requests: [...sandbox.requests], calls, said: z.string().parse(step.value), sandbox };
}

function wrongIn(task: Task, outcome: Outcome): string[] {
	try {
		task.check(outcome);
		return [];
	} catch (error) {
		return [error instanceof Error ? error.message : oneLine(error)];
	}
}

function violations({ requests }: Sandbox): string[] {
	return requests.flatMap(({ violation }) => (violation === undefined ? [] : [violation]));
}

const Described = z.object({ description: z.string().min(1) });

/** A model has nothing but the descriptions to go by. */
function undescribed(requests: readonly ChatRequest[]): string[] {
	const [first, ...others] = requests.map(({ tools }) => tools);
	const problems = (first ?? []).flatMap(({ function: { name, description, parameters } }) => {
		const args = z.record(z.string(), z.unknown()).parse(parameters['properties']);
		const silent = Object.entries(args).filter(([, arg]) => !Described.safeParse(arg).success);
		return [
			...(description === '' ? [`${name} has no description`] : []),
			...silent.map(([arg]) => `${arg} of ${name} has no description`),
		];
	});
	return others.every((tools) => isDeepStrictEqual(tools, first))
		? problems
		: [...problems, 'the tools are others from one request to the next'];
}

if (import.meta.main) process.exitCode = (await run()) ? 0 : 1;
