import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { execa } from 'execa';
import { z } from 'zod';

import { npmEnvironment } from '../../tools/n8n/environment.mts';
import { readLockedTree } from '../../tools/n8n/lockFile.mts';
import { step } from '../../tools/n8n/steps.mts';

const HERE = import.meta.dirname;

/** npm writes it last. */
const Installed = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });
const NODES_BASE = 'node_modules/n8n-nodes-base';

/**
 * Makes sure that n8n's HTTP Request node is installed, in this folder: it comes with all of n8n's nodes.
 *
 * @returns the version of n8n-nodes-base
 */
export async function provideHttpRequest(): Promise<string> {
	const tree = await readLockedTree(HERE);
	const version = tree.version('n8n-nodes-base');
	if ((await installedVersion()) === version) return version;
	await step(`Install n8n-nodes-base ${version}: once, about 800 MB and a minute`, async ({ watch }) => {
		// Not "npm ci", which insists on optional packages for other platforms. No scripts: they compile what isn't used.
		const args = ['install', '--ignore-scripts', '--loglevel=error'];
		await watch(
			async () => {
				const { done, total } = await tree.unpacked();
				return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} packages unpacked`;
			},
			execa('npm', args, { cwd: HERE, env: npmEnvironment(), extendEnv: false }),
		);
	});
	return version;
}

async function installedVersion(): Promise<string | undefined> {
	const text = await readFile(join(HERE, 'node_modules', '.package-lock.json'), 'utf8').catch(
		() => undefined,
	);
	if (text === undefined) return undefined;
	return Installed.parse(JSON.parse(text)).packages[NODES_BASE]?.version;
}
