import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusively } from './exclusive.mts';
import { readLockedTree, type LockedTree } from './lockFile.mts';
import { DEMO_N8N, type N8n } from './server.mts';
import { npm } from './npm.mts';
import type { Processes } from './processes.mts';
import { provideSqlite } from './sqlite.mts';
import type { Progress } from './steps.mts';

/**
 * Makes sure that n8n, the demo's own if none is given, is installed: uses the installation that is there, if it is
 * whole and the locked one.
 */
export async function provideN8n(
	processes: Processes,
	log: string,
	progress: Progress,
	n8n: N8n = DEMO_N8N,
): Promise<void> {
	const tree = await readLockedTree(n8n.folder);
	const name = `n8n ${tree.version('n8n')}`;
	progress.title(`Install ${name}: once, about 3 GB and some minutes`);
	const done = await exclusively(
		join(n8n.folder, '.installing'),
		() => {
			processes.throwIfEnding();
			progress.say('waiting for another demo, which is installing it');
		},
		async () => {
			if (await isComplete(tree, n8n)) return `${name} is installed`;
			await install(processes, log, progress, tree, n8n);
			return `Installed ${name}`;
		},
	);
	progress.title(done);
}

async function install(
	processes: Processes,
	log: string,
	progress: Progress,
	tree: LockedTree,
	n8n: N8n,
): Promise<void> {
	const marker = markerOf(tree);
	await rm(marker, { force: true });
	await progress.watch(async () => await unpacked(tree), download(processes, log, tree));
	await provideSqlite(processes, log, progress.say, n8n);
	await writeFile(marker, markOf(tree, n8n));
}

async function isComplete(tree: LockedTree, n8n: N8n): Promise<boolean> {
	return (await readFile(markerOf(tree), 'utf8').catch(() => '')) === markOf(tree, n8n);
}

/** Written last, and inside node_modules: whoever removes that removes this. */
function markerOf({ folder }: LockedTree): string {
	return join(folder, 'node_modules', '.complete');
}

/** What tells this installation from one of another lock file, or for another Node or platform in a shared folder. */
function markOf({ fingerprint }: LockedTree, { nodeVersion }: N8n): string {
	return `${fingerprint} ${process.platform} ${process.arch} Node ${nodeVersion.split('.', 1).join('')}`;
}

async function download(processes: Processes, log: string, tree: LockedTree): Promise<void> {
	const call = { cwd: tree.folder, log, purpose: 'Installing n8n' };
	// One question first: without a network, "npm install" would ask for every package several times before it gives up.
	await npm(processes, { ...call, args: ['view', `n8n@${tree.version('n8n')}`, 'version'] });
	// Not "npm ci": it insists on optional packages for other platforms, which not every registry has.
	// No scripts: n8n's tree holds addons that want system libraries and that the demo never loads.
	await npm(processes, { ...call, args: ['install', '--ignore-scripts', '--omit=dev'] });
}

async function unpacked(tree: LockedTree): Promise<string> {
	const { done, total } = await tree.unpacked();
	return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} packages unpacked`;
}
