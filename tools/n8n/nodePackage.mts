import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { npmEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import { npm } from './npm.mts';
import { PROJECT } from './paths.mts';
import type { Processes } from './processes.mts';
import { tail, type Workspace } from './workspace.mts';

const Manifest = z.object({ name: z.string(), version: z.string() }).passthrough();

// What n8n adds to "npm install" for a community node (its community-packages.service).
const INSTALL = [
	'install',
	'--audit=false',
	'--fund=false',
	'--bin-links=false',
	'--install-strategy=shallow',
	'--ignore-scripts=true',
	'--package-lock=false',
];

/** Builds the project and packs it as for publishing; answers with the path of the archive. */
export async function packNode(processes: Processes, { root, log }: Workspace): Promise<string> {
	const buildLog = log('build');
	const build = { file: 'npm', args: ['run', 'build'], cwd: PROJECT, env: npmEnvironment(), log: buildLog };
	const { ok } = await processes.run(build);
	if (!ok) throw new DemoFailure(`The node could not be built, see ${buildLog}`, await tail(buildLog));
	const output = await npm(processes, {
		args: ['pack', '--ignore-scripts', '--pack-destination', root],
		cwd: PROJECT,
		log: log('pack'),
		purpose: 'Packing the node',
	});
	return join(root, output.trim().split('\n').at(-1) ?? '');
}

/**
 * Installs the archive as n8n installs a community node, only from a file: unpack it into the nodes folder, take the
 * dev-, peer- and optional dependencies out of its package.json, install the rest, note it in the folder's own package.json.
 */
export async function installNode(
	processes: Processes,
	archive: string,
	{ home, log }: Workspace,
): Promise<string> {
	const nodes = join(home, '.n8n', 'nodes');
	const { name, version } = await manifestOf(PROJECT);
	const folder = join(nodes, 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await unpack(processes, archive, folder, log('install-node'));
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = await manifestOf(folder);
	await writeJson(join(folder, 'package.json'), kept);
	await npm(processes, {
		args: INSTALL,
		cwd: folder,
		log: log('install-node'),
		purpose: 'Installing the node',
	});
	await writeJson(join(nodes, 'package.json'), {
		name: 'installed-nodes',
		private: true,
		dependencies: { [name]: version },
	});
	return `${name} ${version}`;
}

async function unpack(processes: Processes, archive: string, folder: string, log: string): Promise<void> {
	const args = ['-xzf', archive, '-C', folder, '--strip-components=1'];
	const { ok } = await processes.run({ file: 'tar', args, cwd: folder, env: process.env, log });
	if (!ok) throw new DemoFailure(`The packed node could not be unpacked, see ${log}`);
}

async function manifestOf(folder: string) {
	return Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

async function writeJson(file: string, content: unknown): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}
