import { join } from 'node:path';
import { DEMO_N8N, type N8n } from '../../../tools/n8n/server.mts';
import { provideN8n } from '../../../tools/n8n/install.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { readLockedTree } from '../../../tools/n8n/lockFile.mts';
import { provideNode } from '../../../tools/n8n/node.mts';
import type { Tools } from './tools.mts';

const HERE = import.meta.dirname;

/** An n8n that the node is tried in. */
export interface Version {
	readonly folder: string;
	/** The version of Node that it runs on. */
	readonly node: string;
	/** Of n8n, before the first dot. */
	readonly major: number;
}

/** The last n8n 1. It asks for Node 20.19, but its expression engine (isolated-vm 6.2) has nothing for less than 22. */
export const LAST_1: Version = { folder: join(HERE, 'n8n-1.123'), node: '22.23.3', major: 1 };

/** The first n8n 2, on the oldest line of Node that any n8n here takes. */
const FIRST_2: Version = { folder: join(HERE, 'n8n-2.0'), node: '20.20.2', major: 2 };

/** The one that the demo runs. */
export const DEMO: Version = { folder: DEMO_N8N.folder, node: process.versions.node, major: 2 };

const NEWEST: Version = { folder: join(HERE, 'n8n-2.41'), node: process.versions.node, major: 2 };

/** From the oldest to the newest. */
export const VERSIONS: readonly Version[] = [LAST_1, FIRST_2, DEMO, NEWEST];

/** The version number of an n8n, as its lock file says. */
export async function numberOf({ folder }: Version): Promise<string> {
	return (await readLockedTree(folder)).version('n8n');
}

/** Makes sure that a version and its Node are installed. */
export async function provide(tools: Tools, version: Version): Promise<N8n> {
	const { folder, node: nodeVersion } = version;
	const number = await numberOf(version);
	return await step(`Look for n8n ${number}`, async (progress) => {
		const n8n = { folder, node: await provideNode(tools, folder, nodeVersion), nodeVersion };
		await provideN8n(tools.processes, tools.workspace.log(`install-n8n-${number}`), progress, n8n);
		return n8n;
	});
}
