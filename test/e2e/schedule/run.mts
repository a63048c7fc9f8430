import { join } from 'node:path';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { startServer, type N8n, type Server } from '../../../tools/n8n/server.mts';
import { installNode, packNode } from '../../../tools/n8n/nodePackage.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { Client, type Listed, type StoredWorkflow } from '../../../tools/n8n/client.mts';
import { machine, table, writeMarkdown } from '../versions/markdown.mts';
import { startAnywhere } from '../versions/server.mts';
import { withTools, type Tools } from '../versions/tools.mts';
import { DEMO, numberOf, provide } from '../versions/versions.mts';
import { untilEnded } from '../versions/waiting.mts';
import { gapsIn, INTERVAL_S, scheduled, tickOf, type Tick } from './ticks.mts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');
const TICKS = 12; // before the restart, and again after it: a minute each
const PATIENCE_MS = 4 * 60_000;

/** The executions on both sides of a restart. */
interface Outcome {
	readonly before: readonly Tick[];
	readonly after: readonly Tick[];
	/** How many assistants there are. */
	readonly made: number;
}

/**
 * Leaves a published workflow to its schedule, restarts n8n, and leaves it to its schedule again. Writes RESULTS.md when
 * every tick did what it should.
 *
 * @returns true
 * @throws {DemoFailure} when one did not
 */
export async function run(): Promise<boolean> {
	return await withTools(async (tools) => {
		const n8n = await provide(tools, DEMO);
		await step('Build, pack and install the node as n8n does', async () => {
			await installNode(tools.processes, await packNode(tools.processes, tools.workspace), tools.workspace);
		});
		const sandbox = await startSandbox({ data: 'empty', creationsPerHour: 0 });
		try {
			const outcome = await acrossRestart(tools, n8n, sandbox);
			const problems = [
				...problemsOf('before the restart', outcome.before),
				...problemsOf('after the restart', outcome.after),
				...(outcome.made === outcome.before.length + outcome.after.length
					? []
					: [`there are ${outcome.made} assistants`]),
			];
			if (problems.length > 0) {
				throw new DemoFailure(`Not as it should be, see ${tools.workspace.root}`, problems);
			}
			const blocks = resultsOf(outcome, await numberOf(DEMO));
			await writeMarkdown(RESULTS, blocks);
			console.log(['', ...blocks].join('\n\n'));
			return true;
		} finally {
			await sandbox.close();
		}
	});
}

async function acrossRestart(tools: Tools, n8n: N8n, sandbox: Sandbox): Promise<Outcome> {
	const server = await step('Start n8n', async () => await startAnywhere(tools, { n8n }));
	const client = new Client(server.url);
	await client.signUp();
	const workflow = await client.addWorkflow(scheduled(await credentialFor(client, sandbox)));
	await client.publish(workflow, DEMO.major);
	await leftAlone(client, workflow, TICKS);
	await step('End n8n', async () => await server.stop('SIGTERM'));
	const endedAt = Date.now();
	const done = sandbox.store.assistants().length;
	const restarted = await step('Start n8n again', async () => await startAgain(tools, n8n, server));
	await leftAlone(client, workflow, done + TICKS);
	await client.unpublish(workflow, DEMO.major);
	const executions = await untilEnded(client, workflow, 0, PATIENCE_MS);
	const ticks: Tick[] = [];
	for (const execution of executions) ticks.push(await tickOf(client, execution, sandbox));
	await step('End n8n', async () => await restarted.stop('SIGTERM'));
	const isBefore = ({ firedAt = 0 }: Tick) => firedAt < endedAt;
	return {
		before: ticks.filter(isBefore),
		after: ticks.filter((tick) => !isBefore(tick)),
		made: sandbox.store.assistants().length,
	};
}

async function credentialFor(client: Client, { apiKey, url }: Sandbox) {
	const name = 'Invent sandbox';
	const id = await client.addCredential({ name, type: 'inventApi', data: { apiKey, baseUrl: url } });
	return { id, name };
}

/** Waits until the schedule has started a number of executions and they have ended. */
async function leftAlone(client: Client, workflow: StoredWorkflow, count: number): Promise<void> {
	await step(`Leave the workflow to its schedule until it ran ${count} times`, async ({ say }) => {
		const look = (list: readonly Listed[]): void => say(`${list.length} of ${count} executions`);
		const executions = await untilEnded(client, workflow, count, PATIENCE_MS, look);
		if (executions.length < count) throw new DemoFailure(`The schedule ran ${executions.length} times only.`);
	});
}

/** Starts n8n at the address that it had: whoever was signed in still is. */
async function startAgain({ processes, workspace }: Tools, n8n: N8n, { url }: Server): Promise<Server> {
	const server = await startServer(processes, workspace, Number(new URL(url).port), { n8n });
	if (server === undefined) throw new DemoFailure(`Something else has taken n8n's port: please try again.`);
	return server;
}

function problemsOf(when: string, ticks: readonly Tick[]): string[] {
	const { missing, doubled } = gapsIn(ticks);
	const failed = ticks.find(({ status }) => status !== 'success');
	const claims: Array<[boolean, string]> = [
		[ticks.length >= TICKS, `${ticks.length} executions`],
		[failed === undefined, `an execution failed: ${failed?.error ?? failed?.status ?? ''}`],
		[ticks.every(({ firedAt }) => firedAt !== undefined), 'an execution without a tick'],
		[missing === 0, `${missing} ticks without an execution`],
		[doubled === 0, `${doubled} ticks with more than one execution`],
		[ticks.every(({ isExact }) => isExact), 'an execution reports something else than it has done'],
	];
	return claims.filter(([holds]) => !holds).map(([, problem]) => `${when}: ${problem}`);
}

function resultsOf({ before, after, made }: Outcome, number: string): string[] {
	const row = (what: string, value: (ticks: readonly Tick[]) => number) => [
		what,
		String(value(before)),
		String(value(after)),
	];
	return [
		'# On a schedule',
		`A published workflow that n8n ${number} starts every ${INTERVAL_S} seconds: it creates an assistant and gives it a secret key. n8n is ended by SIGTERM and started again. Made by \`npm run e2e -- schedule\`: ${machine()}.`,
		table(
			['', 'Before the restart', 'After it'],
			[
				row('executions', ({ length }) => length),
				row('successful', (ticks) => ticks.filter(({ status }) => status === 'success').length),
				row('ticks without an execution', (ticks) => gapsIn(ticks).missing),
				row('ticks with more than one', (ticks) => gapsIn(ticks).doubled),
				row(
					'made one assistant and put out its key in force',
					(ticks) => ticks.filter(({ isExact }) => isExact).length,
				),
			],
		),
		`There are ${made} assistants in the end. n8n does not make up for the ticks between its end and its start.`,
	];
}

if (import.meta.main) process.exit((await run()) ? 0 : 1);
