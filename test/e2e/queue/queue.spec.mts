import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type StoredWorkflow, type Workflow } from '../../../tools/n8n/client.mts';
import { N8N, type N8n } from '../../../tools/n8n/install.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { expect, test, untilEnded } from '../fixtures.mts';
import { LAST_1 } from '../versions/versions.mts';
import { withCluster, type Cluster, type Worker } from './cluster.mts';
import {
	accountFor,
	callWebhook,
	MADE_BY_EACH,
	madeIn,
	makerOf,
	making,
	mostInAMinute,
	namesOf,
	repeating,
	REQUESTS_OF_EACH,
} from './workflows.mts';

const HOUR_MS = 60 * 60_000;
const PATIENCE_MS = 15 * 60_000;
const REQUESTS_PER_MINUTE = 500; // Invent's limit

/** Publishes a workflow that a webhook starts; answers with it and the path of the webhook. */
async function published({ client }: Cluster, major: number, make: (path: string) => Workflow) {
	const path = randomUUID();
	const workflow = await client.addWorkflow(make(path));
	await client.publish(workflow, major);
	return { workflow, path };
}

function doubledNames(sandbox: Sandbox): string[] {
	const byName = Map.groupBy(madeIn(sandbox), ({ name }) => name);
	return [...byName].filter(([, { length }]) => length > 1).map(([name]) => name);
}

test('two workers keep within the limit of requests together, and each execution makes what it reports', async ({
	archive,
}) => {
	test.setTimeout(HOUR_MS);
	const executions = 200;
	const sandbox = await startSandbox({
		data: 'empty',
		requestsPerMinute: REQUESTS_PER_MINUTE,
		creationsPerHour: executions * MADE_BY_EACH, // raised, so that the other limit is the one that is met
	});
	await withCluster(archive, { n8n: N8N, sandbox }, async (cluster) => {
		const { client, credential, workers } = cluster;
		const { workflow, path } = await published(cluster, 2, (at) => making(at, 'create', credential));
		await callWebhook(
			client,
			path,
			Array.from({ length: executions }, () => ({})),
		);
		const ended = await untilEnded(client, workflow, executions, PATIENCE_MS);
		const accounts = await accountFor(client, ended, sandbox);
		expect(accounts).toHaveLength(executions);
		expect(accounts.flatMap(({ error }) => error ?? [])).toEqual([]);
		for (const { reported, made } of accounts) {
			expect(reported).toHaveLength(MADE_BY_EACH);
			expect(new Set(reported)).toEqual(new Set(made));
		}
		expect(doubledNames(sandbox)).toEqual([]);
		expect(madeIn(sandbox)).toHaveLength(executions * MADE_BY_EACH);

		const shares = await Promise.all(workers.map(async (worker) => (await worker.started()).length));
		expect(Math.min(...shares)).toBeGreaterThan(0);
		expect(shares.reduce((sum, share) => sum + share)).toBe(executions);

		const accepted = sandbox.requests.filter(({ status }) => status !== 429).map(({ at }) => at);
		expect(accepted).toHaveLength(executions * REQUESTS_OF_EACH);
		expect(accepted.length).toBeGreaterThan(REQUESTS_PER_MINUTE); // else the limit is never met
		expect(mostInAMinute(accepted)).toBeLessThanOrEqual(REQUESTS_PER_MINUTE);
		const refused = sandbox.requests.length - accepted.length;
		console.log(
			`  executions of the workers: ${shares.join(', ')}; refused with 429 and sent again: ${refused}`,
		);
	});
	await sandbox.close();
});

/** Waits for half of the work, and then until a worker has made one assistant of an execution and not yet the other. */
async function untilInTheMiddle(worker: Worker, sandbox: Sandbox, half: number): Promise<void> {
	for (;;) {
		const own = new Set(await worker.started());
		const all = madeIn(sandbox);
		const made = Map.groupBy(all, ({ name }) => makerOf(name) ?? '');
		const inTheMiddle = [...made].some(([id, { length }]) => own.has(id) && length < MADE_BY_EACH);
		if (all.length >= half && inTheMiddle) return;
		await sleep(50);
	}
}

/** The executions that a worker had started and not finished. */
async function unfinishedOf(
	worker: Worker,
	{ client }: Cluster,
	workflow: StoredWorkflow,
): Promise<string[]> {
	const ended = (await client.executions(workflow)).filter(hasEnded).map(({ id }) => id);
	return [...new Set(await worker.started())].filter((id) => !ended.includes(id));
}

/** Does lost executions once more by Create or Update; answers with how many assistants of theirs there are then. */
async function repeated(
	cluster: Cluster,
	sandbox: Sandbox,
	lost: readonly string[],
	major: number,
): Promise<number> {
	const { client, credential } = cluster;
	const { workflow, path } = await published(cluster, major, (at) => repeating(at, credential));
	await callWebhook(
		client,
		path,
		lost.map((execution) => ({ execution })),
	);
	await untilEnded(client, workflow, lost.length, PATIENCE_MS);
	const names = lost.flatMap(namesOf);
	return sandbox.store.assistants().filter(({ name }) => names.includes(name)).length;
}

// n8n 1 starts a lost execution again by itself, as often as its setting says; n8n 2 never does.
const NEVER_AGAIN = { QUEUE_WORKER_MAX_STALLED_COUNT: '0' };
interface Crash {
	readonly title: string;
	readonly n8n: N8n;
	readonly major: number;
	readonly operation: 'create' | 'upsert';
	readonly settings?: NodeJS.ProcessEnv;
	/** Whether n8n itself may do something twice here. */
	readonly mayDouble?: boolean;
}

const CRASHES: readonly Crash[] = [
	{ title: 'n8n 2 makes nothing twice', n8n: N8N, major: 2, operation: 'create' },
	{ title: 'n8n 1 may create twice', n8n: LAST_1, major: 1, operation: 'create', mayDouble: true },
	{
		title: 'n8n 1 without restarts makes nothing twice',
		n8n: LAST_1,
		major: 1,
		operation: 'create',
		settings: NEVER_AGAIN,
	},
	{ title: 'n8n 1 with Create or Update makes nothing twice', n8n: LAST_1, major: 1, operation: 'upsert' },
];

for (const { title, n8n, major, operation, settings = {}, mayDouble = false } of CRASHES) {
	test(`when a worker is killed, ${title}, and the other worker's executions are exact`, async ({
		archive,
	}) => {
		test.setTimeout(HOUR_MS);
		const executions = 60;
		const limits = { requestsPerMinute: 0, creationsPerHour: 0 }; // they have a test of their own
		const sandbox = await startSandbox({ data: 'empty', ...limits, latencyMs: 400 }); // so that much is under way
		await withCluster(archive, { n8n, sandbox, settings }, async (cluster) => {
			const { client, credential, workers } = cluster;
			const [, victim] = workers;
			const { workflow, path } = await published(cluster, major, (at) => making(at, operation, credential));
			const calls = callWebhook(
				client,
				path,
				Array.from({ length: executions }, () => ({})),
			);
			await untilInTheMiddle(victim, sandbox, (executions * MADE_BY_EACH) / 2);
			await victim.program.stop('SIGKILL');
			const lost = await unfinishedOf(victim, cluster, workflow);
			await calls;
			const accounts = await accountFor(
				client,
				await untilEnded(client, workflow, executions, PATIENCE_MS),
				sandbox,
			);
			expect(accounts).toHaveLength(executions);
			const isLost = ({ id }: { id: string }) => lost.includes(id);
			const ofLost = accounts.filter(isLost);
			expect(ofLost.flatMap(({ made }) => made)).not.toHaveLength(0); // else nothing is proved
			for (const { error, reported, made } of accounts.filter((account) => !isLost(account))) {
				expect(error).toBeUndefined();
				expect(reported).toHaveLength(MADE_BY_EACH);
				expect(new Set(reported)).toEqual(new Set(made));
			}
			expect(madeIn(sandbox)).toHaveLength(accounts.flatMap(({ made }) => made).length);
			if (!mayDouble) expect(doubledNames(sandbox)).toEqual([]);
			const again = await repeated(cluster, sandbox, lost, major);
			if (!mayDouble) expect(again).toBe(lost.length * MADE_BY_EACH);
			const words = [...new Set(ofLost.map(({ status, error }) => `${status} ${error ?? ''}`.trim()))];
			console.log(`  ${lost.length} executions were lost: ${words.join('; ')}`);
		});
		await sandbox.close();
	});
}
