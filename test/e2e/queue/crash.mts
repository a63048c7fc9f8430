import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { N8n } from '../../../tools/n8n/server.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { hasEnded, type Listed, type StoredWorkflow } from '../../../tools/n8n/client.mts';
import type { Tools } from '../versions/tools.mts';
import { untilEnded } from '../versions/waiting.mts';
import { accountFor, doubledNames, isExact, madeIn, type Account } from './accounting.mts';
import { callWebhook } from './calls.mts';
import { withCluster, type Cluster, type Worker } from './cluster.mts';
import { MADE_BY_EACH, making, makerOf, namesOf, repeating } from './workflows.mts';

const EXECUTIONS = 60;
const MADE_BEFORE = EXECUTIONS; // half of all assistants: the kill is in the middle
const LATENCY_MS = 400; // so that much is under way when the worker is killed
const PATIENCE_MS = 8 * 60_000;
const POLL_MS = 50;

/** What one worker's sudden death is tried with. */
export interface CrashCase {
	readonly n8n: N8n;
	/** The number of the n8n. */
	readonly number: string;
	readonly major: number;
	readonly operation: 'create' | 'upsert';
	/** Settings of n8n besides those of queue mode. */
	readonly settings: Readonly<Record<string, string>>;
	/** Whether n8n itself may do something twice here. */
	readonly mayDouble: boolean;
}

/** An execution that the killed worker had not finished. */
export interface Lost extends Account {
	/** From the kill until n8n said how it ended; undefined when it never did. */
	readonly seconds: number | undefined;
	/** How often workers started it. */
	readonly starts: number;
}

/** What became of the executions when a worker was killed. */
export interface Crash extends CrashCase {
	readonly executions: number;
	readonly lost: readonly Lost[];
	/** Assistants in the sandbox that the executions made. */
	readonly made: number;
	/** Those that came out of executions that were not lost. */
	readonly reported: number;
	/** Names that more than one assistant has. */
	readonly doubled: number;
	/** How many assistants there were when the lost executions had been done once more by Create or Update. */
	readonly repeated: number;
	readonly problems: readonly string[];
}

/** Kills one of two workers in the middle of what it does, and waits for what n8n makes of it. */
export async function crash(tools: Tools, archive: string, crashCase: CrashCase): Promise<Crash> {
	const { n8n, settings } = crashCase;
	const sandbox = await startSandbox({
		data: 'empty',
		requestsPerMinute: 0, // the limit has a test of its own
		creationsPerHour: 0,
		latencyMs: LATENCY_MS,
	});
	try {
		return await withCluster(tools, { n8n, archive, sandbox, settings }, async (cluster) => {
			return await crashIn(cluster, sandbox, crashCase);
		});
	} finally {
		await sandbox.close();
	}
}

async function crashIn(cluster: Cluster, sandbox: Sandbox, crashCase: CrashCase): Promise<Crash> {
	const { executions, lost, endedAfter } = await runAndKill(cluster, sandbox, crashCase);
	const accounts = await accountFor(cluster.client, executions, sandbox);
	const starts = await startsIn(cluster.workers);
	const lostAccounts = accounts
		.filter(({ id }) => lost.has(id))
		.map((account) => ({
			...account,
			seconds: endedAfter.get(account.id),
			starts: starts.filter((id) => id === account.id).length,
		}));
	const others = accounts.filter(({ id }) => !lost.has(id));
	const made = madeIn(sandbox);
	const doubled = doubledNames(sandbox).length;
	const repeated = await repeat(cluster, sandbox, [...lost], crashCase.major);
	return {
		...crashCase,
		executions: executions.length,
		lost: lostAccounts,
		made,
		reported: others.flatMap(({ reported }) => reported).length,
		doubled,
		repeated,
		problems: problemsOf(crashCase, others, lostAccounts, { made, doubled }),
	};
}

async function runAndKill(
	{ client, credential, url, workers }: Cluster,
	sandbox: Sandbox,
	crashCase: CrashCase,
) {
	const { major, operation } = crashCase;
	const [, victim] = workers;
	return await step(`Run ${EXECUTIONS} executions and kill a worker`, async ({ say, title }) => {
		const path = randomUUID();
		const workflow = await client.addWorkflow(making(path, operation, credential));
		await client.publish(workflow, major);
		const calls = callWebhook(
			url,
			path,
			Array.from({ length: EXECUTIONS }, () => ({})),
		);
		await untilCreating(victim, sandbox);
		await victim.program.stop('SIGKILL');
		const killedAt = performance.now();
		const lost = await unfinishedOf(victim, client, workflow);
		await calls;
		const endedAfter = new Map<string, number>();
		const look = (list: readonly Listed[]): void => {
			for (const { id } of list.filter(hasEnded)) {
				if (!endedAfter.has(id)) endedAfter.set(id, Math.round((performance.now() - killedAt) / 1000));
			}
			say(`${list.filter(hasEnded).length} of ${EXECUTIONS} ended; ${lost.size} were the killed worker's`);
		};
		const executions = await untilEnded(client, workflow, EXECUTIONS, PATIENCE_MS, look);
		title(`Ran ${executions.length} executions and killed a worker that had ${lost.size} of them`);
		return { executions, lost, endedAfter };
	});
}

/** Waits for half of the work, and then until a worker has made one assistant of an execution and not yet the other. */
async function untilCreating(worker: Worker, { store }: Sandbox): Promise<void> {
	for (;;) {
		const own = new Set(await worker.started());
		const all = store.assistants();
		const made = Map.groupBy(all, ({ name }) => makerOf(name) ?? '');
		const inTheMiddle = [...made].some(([id, { length }]) => own.has(id) && length < MADE_BY_EACH);
		if (all.length >= MADE_BEFORE && inTheMiddle) return;
		await sleep(POLL_MS);
	}
}

/** The executions that a worker had started and not finished. */
async function unfinishedOf(
	worker: Worker,
	client: Cluster['client'],
	workflow: StoredWorkflow,
): Promise<ReadonlySet<string>> {
	const ended = new Set((await client.executions(workflow)).filter(hasEnded).map(({ id }) => id));
	return new Set((await worker.started()).filter((id) => !ended.has(id)));
}

async function startsIn(workers: readonly Worker[]): Promise<string[]> {
	return (await Promise.all(workers.map(async (worker) => await worker.started()))).flat();
}

/** Does the lost executions once more by Create or Update; answers with how many assistants of theirs there are then. */
async function repeat(
	{ client, credential, url }: Cluster,
	{ store }: Sandbox,
	lost: readonly string[],
	major: number,
): Promise<number> {
	return await step(`Do ${lost.length} lost executions once more`, async () => {
		const path = randomUUID();
		const workflow = await client.addWorkflow(repeating(path, credential));
		await client.publish(workflow, major);
		await callWebhook(
			url,
			path,
			lost.map((execution) => ({ execution })),
		);
		await untilEnded(client, workflow, lost.length, PATIENCE_MS);
		const names = new Set(lost.flatMap(namesOf));
		return store.assistants().filter(({ name }) => names.has(name)).length;
	});
}

function problemsOf(
	{ mayDouble }: CrashCase,
	others: readonly Account[],
	lost: readonly Lost[],
	{ made, doubled }: { made: number; doubled: number },
): string[] {
	const known = [...others, ...lost];
	const failed = others.find(({ status }) => status !== 'success');
	const claims: Array<[boolean, string]> = [
		[known.length === EXECUTIONS, `${known.length} executions instead of ${EXECUTIONS}`],
		[lost.length > 0, 'nothing was lost, so nothing is proved'],
		[lost.some((one) => one.made.length > 0), 'the killed worker had made nothing'],
		[
			failed === undefined,
			`an execution of the other worker failed: ${failed?.error ?? failed?.status ?? ''}`,
		],
		[others.every(isExact), 'an execution of the other worker reports something else than it has made'],
		[made === known.flatMap((one) => one.made).length, 'there are assistants that belong to no execution'],
		[lost.every(hasEnded), 'n8n never said how a lost execution ended'],
		[mayDouble || doubled === 0, `${doubled} names were made twice`],
		[mayDouble || lost.every(isWithinReason), 'a lost execution has made more than it was to make'],
	];
	return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}

function isWithinReason({ made }: Account): boolean {
	return made.length <= MADE_BY_EACH;
}
