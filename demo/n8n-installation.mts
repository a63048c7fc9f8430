import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exclusively } from './exclusive.mts';
import { readLockedTree, type LockedTree } from './lock-file.mts';
import { npm } from './npm.mts';
import { N8N_FOLDER } from './paths.mts';
import type { Processes } from './processes.mts';
import { provideSqlite } from './sqlite.mts';
import type { Progress } from './steps.mts';

/**
 * Makes sure that the n8n of a folder, the demo's own if none is given, is installed: uses the installation that is
 * there, if it is whole and the locked one.
 */
export async function provideN8n(
	processes: Processes,
	log: string,
	progress: Progress,
	folder: string = N8N_FOLDER,
): Promise<void> {
	const tree = await readLockedTree(folder);
	const name = `n8n ${tree.version('n8n')}`;
	progress.title(`Install ${name}: once, about 3 GB and some minutes`);
	const done = await exclusively(
		join(folder, '.installing'),
		() => {
			processes.throwIfEnding();
			progress.say('waiting for another demo, which is installing it');
		},
		async () => {
			if (await isComplete(tree)) return `${name} is installed`;
			await install(processes, log, progress, tree);
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
): Promise<void> {
	const marker = markerOf(tree);
	await rm(marker, { force: true });
	await progress.watch(async () => await unpacked(tree), download(processes, log, tree));
	await provideSqlite(processes, log, progress.say, tree.folder);
	await writeFile(marker, markOf(tree));
}

async function isComplete(tree: LockedTree): Promise<boolean> {
	return (await readFile(markerOf(tree), 'utf8').catch(() => '')) === markOf(tree);
}

/** Written last, and inside node_modules: whoever removes that removes this. */
function markerOf({ folder }: LockedTree): string {
	return join(folder, 'node_modules', '.complete');
}

/** What tells this installation from one of another lock file, or of another platform in a shared folder. */
function markOf({ fingerprint }: LockedTree): string {
	return `${fingerprint} ${process.platform} ${process.arch}`;
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
