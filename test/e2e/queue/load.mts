import { randomUUID } from 'node:crypto';
import type { N8n } from '../../../tools/n8n/server.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import type { Listed } from '../../../tools/n8n/client.mts';
import type { Tools } from '../versions/tools.mts';
import { untilEnded } from '../versions/waiting.mts';
import {
	accountFor,
	doubledNames,
	isExact,
	madeIn,
	trafficOf,
	type Account,
	type Traffic,
} from './accounting.mts';
import { callWebhook } from './calls.mts';
import { withCluster, type Cluster } from './cluster.mts';
import { MADE_BY_EACH, making, REQUESTS_OF_EACH } from './workflows.mts';

const EXECUTIONS = 200;
const REQUESTS_PER_MINUTE = 500; // Invent's limit
const CREATIONS_PER_HOUR = EXECUTIONS * MADE_BY_EACH; // Invent allows ten: raised, so that the other limit is the one that is met
const PATIENCE_MS = 15 * 60_000;

/** What became of many executions over two workers. */
export interface Load {
	readonly executions: number;
	readonly green: number;
	/** How many executions each worker started. */
	readonly shares: readonly number[];
	readonly requests: number;
	readonly traffic: Traffic;
	readonly made: number;
	readonly seconds: number;
	readonly problems: readonly string[];
}

/** Lets two workers do 200 executions at an API that allows 500 requests a minute. */
export async function load(tools: Tools, n8n: N8n, archive: string): Promise<Load> {
	const sandbox = await startSandbox({
		data: 'empty',
		requestsPerMinute: REQUESTS_PER_MINUTE,
		creationsPerHour: CREATIONS_PER_HOUR,
	});
	try {
		return await withCluster(tools, { n8n, archive, sandbox }, async (cluster) => {
			const { executions, seconds } = await runAll(cluster, sandbox);
			const accounts = await accountFor(cluster.client, executions, sandbox);
			return await sumUp(cluster, sandbox, accounts, seconds);
		});
	} finally {
		await sandbox.close();
	}
}

async function runAll({ client, credential, url }: Cluster, sandbox: Sandbox) {
	return await step(`Run ${EXECUTIONS} executions`, async ({ say, title }) => {
		const path = randomUUID();
		const workflow = await client.addWorkflow(making(path, 'create', credential));
		await client.publish(workflow, 2);
		const since = performance.now();
		await callWebhook(
			url,
			path,
			Array.from({ length: EXECUTIONS }, () => ({})),
		);
		const look = (list: readonly Listed[]): void => {
			const green = list.filter(({ status }) => status === 'success').length;
			say(`${green} of ${EXECUTIONS} done, ${madeIn(sandbox)} assistants made`);
		};
		const executions = await untilEnded(client, workflow, EXECUTIONS, PATIENCE_MS, look);
		const seconds = Math.round((performance.now() - since) / 1000);
		title(`Ran ${executions.length} executions`);
		return { executions, seconds };
	});
}

async function sumUp(
	{ workers }: Cluster,
	sandbox: Sandbox,
	accounts: readonly Account[],
	seconds: number,
): Promise<Load> {
	const shares = await Promise.all(workers.map(async (worker) => (await worker.started()).length));
	return {
		executions: accounts.length,
		green: accounts.filter(({ status }) => status === 'success').length,
		shares,
		requests: EXECUTIONS * REQUESTS_OF_EACH,
		traffic: trafficOf(sandbox),
		made: madeIn(sandbox),
		seconds,
		problems: problemsOf(accounts, shares, sandbox),
	};
}

function problemsOf(accounts: readonly Account[], shares: readonly number[], sandbox: Sandbox): string[] {
	const made = madeIn(sandbox);
	const traffic = trafficOf(sandbox);
	const failed = accounts.filter(({ status }) => status !== 'success');
	const claims: Array<[boolean, string]> = [
		[accounts.length === EXECUTIONS, `${accounts.length} executions instead of ${EXECUTIONS}`],
		[
			failed.length === 0,
			`${failed.length} executions failed, the first with: ${failed[0]?.error ?? 'no message'}`,
		],
		[accounts.every(isExact), 'an execution reports something else than it has made'],
		[made === EXECUTIONS * MADE_BY_EACH, `${made} assistants instead of ${EXECUTIONS * MADE_BY_EACH}`],
		[doubledNames(sandbox).length === 0, `made twice: ${doubledNames(sandbox).join(', ')}`],
		[shares.every((share) => share > 0), 'a worker had nothing to do'],
		[
			shares.reduce((sum, share) => sum + share, 0) === EXECUTIONS,
			`the workers started ${shares.join(' + ')} executions`,
		],
		[traffic.most <= REQUESTS_PER_MINUTE, `${traffic.most} requests were accepted in a minute`],
		[traffic.accepted > REQUESTS_PER_MINUTE, 'the limit was never met, so nothing is proved about it'],
		[
			traffic.accepted === EXECUTIONS * REQUESTS_OF_EACH,
			`${traffic.accepted} requests were accepted instead of ${EXECUTIONS * REQUESTS_OF_EACH}`,
		],
	];
	return claims.filter(([holds]) => !holds).map(([, problem]) => problem);
}
