import { readFile } from 'node:fs/promises';
import { startWorker, type N8n, type Program } from '../../../tools/n8n/server.mts';
import { installNode } from '../../../tools/n8n/nodePackage.mts';
import { step } from '../../../tools/n8n/steps.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { Client } from '../../../tools/n8n/client.mts';
import { startAnywhere } from '../versions/server.mts';
import type { Tools } from '../versions/tools.mts';
import type { CredentialReference } from '../../../tools/n8n/workflow.mts';
import { startPostgres } from './postgres.mts';
import { startRedis } from './redis.mts';

const WORKERS = ['worker-1', 'worker-2'] as const;
const STARTED = /Worker started execution (\d+) \(job (\d+)\)/g; // n8n's own words, in a worker's log

/** A worker of queue mode. */
export interface Worker {
	readonly name: string;
	readonly program: Program;
	/** The ids of the executions that it has started, each as often as it was started. */
	started(): Promise<string[]>;
}

/** An n8n in queue mode: one main process, two workers, a PostgreSQL, a Redis, and the node installed once for all. */
export interface Cluster {
	readonly url: string;
	readonly client: Client;
	readonly credential: CredentialReference;
	readonly workers: readonly [Worker, Worker];
}

/** What a cluster is made of. */
export interface Parts {
	readonly n8n: N8n;
	/** The packed node. */
	readonly archive: string;
	readonly sandbox: Sandbox;
	readonly settings?: NodeJS.ProcessEnv;
}

/** Does something with a cluster that has an owner and the credential for the sandbox, and ends it. */
export async function withCluster<T>(
	tools: Tools,
	parts: Parts,
	work: (cluster: Cluster) => Promise<T>,
): Promise<T> {
	const endings: Array<() => Promise<void>> = [];
	try {
		const cluster = await step('Start n8n with two workers', async () => {
			return await startCluster(tools, parts, (ending) => endings.unshift(ending));
		});
		return await work(cluster);
	} finally {
		for (const end of endings) await end();
	}
}

async function startCluster(
	tools: Tools,
	{ n8n, archive, sandbox, settings }: Parts,
	atEnd: (ending: () => Promise<void>) => void,
): Promise<Cluster> {
	await installNode(tools.processes, archive, tools.workspace);
	const postgres = await startPostgres(tools);
	atEnd(postgres.stop);
	const redis = await startRedis(tools);
	atEnd(async () => await redis.program.stop('SIGTERM'));
	const setup = { n8n, settings: { ...queueSettings(redis.port), ...postgres.settings, ...settings } };
	const server = await startAnywhere(tools, setup); // it makes the tables and the key that the workers share
	atEnd(async () => await server.stop('SIGTERM'));
	const [first, second] = WORKERS;
	const workers = [await worker(tools, first, setup), await worker(tools, second, setup)] as const;
	for (const { program } of workers) atEnd(async () => await program.stop('SIGTERM'));
	const client = new Client(server.url);
	await client.signUp();
	return { url: server.url, client, workers, credential: await credentialFor(client, sandbox) };
}

async function credentialFor(client: Client, { apiKey, url }: Sandbox): Promise<CredentialReference> {
	const name = 'Invent sandbox';
	const id = await client.addCredential({ name, type: 'inventApi', data: { apiKey, baseUrl: url } });
	return { id, name };
}

function queueSettings(redisPort: number): NodeJS.ProcessEnv {
	return {
		EXECUTIONS_MODE: 'queue',
		QUEUE_BULL_REDIS_HOST: '127.0.0.1',
		QUEUE_BULL_REDIS_PORT: String(redisPort),
		N8N_LOG_LEVEL: 'info', // the level at which a worker tells what it starts
	};
}

async function worker(
	{ processes, workspace }: Tools,
	name: string,
	setup: { n8n: N8n; settings: NodeJS.ProcessEnv },
): Promise<Worker> {
	const program = await startWorker(processes, workspace, name, setup);
	return {
		name,
		program,
		async started() {
			const text = await readFile(workspace.log(name), 'utf8');
			return [...text.matchAll(STARTED)].map(([, id = '']) => id);
		},
	};
}
