import { expect, test as base } from '@playwright/test';

import { hasEnded, type Client, type Listed, type StoredWorkflow } from '../../tools/n8n/client.mts';
import { N8N, provideN8n } from '../../tools/n8n/install.mts';
import { installNode, packNode } from '../../tools/n8n/nodePackage.mts';
import { startOwned, type OwnedServer, type Setup } from '../../tools/n8n/server.mts';
import { createWorkspace, type Workspace } from '../../tools/n8n/workspace.mts';

export { expect };

const INSTALLATION_MS = 30 * 60_000;

/** Does something with programs and folders of its own, all of which are gone in the end; after a failure, the logs stay. */
export async function inWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
	const workspace = await createWorkspace();
	let keep: 'nothing' | 'logs' = 'nothing';
	try {
		return await work(workspace);
	} catch (error) {
		keep = 'logs';
		console.error(`The logs are in ${workspace.root}`);
		throw error;
	} finally {
		await workspace.processes.end();
		await workspace.remove(keep);
	}
}

/** Does something with a new n8n that has the node installed and an owner. */
export async function withN8n<T>(
	archive: string,
	setup: Setup,
	work: (server: OwnedServer, workspace: Workspace) => Promise<T>,
): Promise<T> {
	return await inWorkspace(async (workspace) => {
		await provideN8n(workspace, setup.n8n);
		await installNode(workspace, archive);
		return await work(await startOwned(workspace, setup), workspace);
	});
}

interface ForWorker {
	/** The packed node. */
	readonly archive: string;
	/** The n8n of the demo, with the node installed as n8n does and an owner, for all tests that share one. */
	readonly server: OwnedServer;
}

/** A test with a real n8n. What is missing is installed at first use, which is minutes and gigabytes. */
export const test = base.extend<object, ForWorker>({
	archive: [
		async ({}, use) => {
			await inWorkspace(async (workspace) => await use(await packNode(workspace)));
		},
		{ scope: 'worker', timeout: INSTALLATION_MS },
	],
	server: [
		async ({ archive }, use) => {
			await withN8n(archive, { n8n: N8N }, use);
		},
		{ scope: 'worker', timeout: INSTALLATION_MS },
	],
});

/** Waits until a workflow has so many executions and all have ended. */
export async function untilEnded(
	client: Client,
	workflow: StoredWorkflow,
	count: number,
	timeout: number,
	look: (executions: readonly Listed[]) => void = () => {},
): Promise<Listed[]> {
	let executions: Listed[] = [];
	const ended = async () => {
		executions = await client.executions(workflow);
		look(executions);
		return executions.every(hasEnded) ? executions.length : 0;
	};
	await expect.poll(ended, { timeout, intervals: [1_000] }).toBeGreaterThanOrEqual(count);
	return executions;
}
