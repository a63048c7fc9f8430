import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readLockedTree, type LockedTree } from './lock-file.mts';
import { npm } from './npm.mts';
import { N8N_FOLDER } from './paths.mts';
import type { Processes } from './processes.mts';
import { provideSqlite } from './sqlite.mts';
import type { Progress } from './steps.mts';

// Written last, and inside node_modules: whoever removes that removes this.
const MARKER = join(N8N_FOLDER, 'node_modules', '.complete.json');
const Marker = z.object({ fingerprint: z.string(), platform: z.string() });
const PLATFORM = `${process.platform}-${process.arch}`;

/** Makes sure that n8n is installed: uses the installation that is there, if it is whole and the locked one. */
export async function provideN8n(processes: Processes, log: string, progress: Progress): Promise<void> {
	const tree = await readLockedTree(N8N_FOLDER);
	const name = `n8n ${tree.version('n8n')}`;
	if (await isComplete(tree)) {
		progress.title(`${name} is installed`);
		return;
	}
	await rm(MARKER, { force: true });
	progress.title(`Install ${name}: once, about 3 GB and some minutes`);
	await progress.watch(async () => await unpacked(tree), download(processes, log, name));
	await provideSqlite(processes, log, progress.say);
	await writeFile(MARKER, JSON.stringify({ fingerprint: tree.fingerprint, platform: PLATFORM }));
	progress.title(`Installed ${name}`);
}

async function isComplete(tree: LockedTree): Promise<boolean> {
	const text = await readFile(MARKER, 'utf8').catch(() => '{}');
	const marker = Marker.safeParse(JSON.parse(text));
	return marker.success && marker.data.fingerprint === tree.fingerprint && marker.data.platform === PLATFORM;
}

async function download(processes: Processes, log: string, name: string): Promise<void> {
	await npm(processes, {
		// Not "npm ci": it insists on optional packages for other platforms, which not every registry has.
		// No scripts: n8n's tree holds addons that want system libraries and that the demo never loads.
		args: ['install', '--ignore-scripts', '--omit=dev'],
		cwd: N8N_FOLDER,
		log,
		purpose: `Installing ${name}`,
	});
}

async function unpacked(tree: LockedTree): Promise<string> {
	const { done, total } = await tree.unpacked();
	return `${done.toLocaleString('en')} of ${total.toLocaleString('en')} packages unpacked`;
}
