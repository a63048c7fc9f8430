import { readFile } from 'node:fs/promises';
import type { Client, CredentialReference } from '../../../tools/n8n/client.mts';
import type { N8n } from '../../../tools/n8n/install.mts';
import type { Program } from '../../../tools/n8n/processes.mts';
import { startWorker } from '../../../tools/n8n/server.mts';
import { createWorkspace, type Workspace } from '../../../tools/n8n/workspace.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { withN8n } from '../fixtures.mts';
import { startPostgres, startRedis } from './services.mts';

const STARTED = /Worker started execution (\d+) \(job (\d+)\)/g; // n8n's own words, in a worker's log

/** A worker of queue mode. */
export interface Worker {
	readonly program: Program;
	/** The ids of the executions that it has started, each as often as it was started. */
	started(): Promise<string[]>;
}

/** An n8n in queue mode: one main process, two workers, a PostgreSQL, a Redis, and the node installed once for all. */
export interface Cluster {
	readonly client: Client;
	readonly credential: CredentialReference;
	readonly workers: readonly [Worker, Worker];
}

/** Does something with a cluster that has an owner and the credential for the sandbox, and ends it. */
export async function withCluster(
	archive: string,
	{ n8n, sandbox, settings }: { n8n: N8n; sandbox: Sandbox; settings?: NodeJS.ProcessEnv },
	work: (cluster: Cluster) => Promise<void>,
): Promise<void> {
	const services = await createWorkspace();
	const [postgres, redis] = [await startPostgres(services), await startRedis(services)];
	const setup = {
		n8n,
		settings: {
			EXECUTIONS_MODE: 'queue',
			N8N_LOG_LEVEL: 'info', // the level at which a worker tells what it starts
			...redis.settings,
			...postgres.settings,
			...settings,
		},
	};
	try {
		// The main process makes the tables and the key that the workers share.
		await withN8n(archive, setup, async ({ client }, workspace) => {
			const workers = [
				await worker(workspace, 'worker-1', setup),
				await worker(workspace, 'worker-2', setup),
			] as const;
			await work({ client, workers, credential: await client.addInventCredential(sandbox) });
		});
	} finally {
		await Promise.all([redis.stop(), postgres.stop()]);
		await services.remove('nothing');
	}
}

async function worker(workspace: Workspace, name: string, setup: { n8n: N8n }): Promise<Worker> {
	return {
		program: await startWorker(workspace, name, setup),
		async started() {
			const text = await readFile(workspace.log(name), 'utf8');
			return [...text.matchAll(STARTED)].map(([, id = '']) => id);
		},
	};
}
