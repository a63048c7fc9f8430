import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Failure } from './failure.mts';
import { npm } from './npm.mts';
import { PROJECT } from './paths.mts';
import type { Workspace } from './workspace.mts';

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
export async function packNode(workspace: Workspace): Promise<string> {
	const { root } = workspace;
	await npm(workspace, PROJECT, 'Building the node', ['run', 'build']);
	const pack = ['pack', '--ignore-scripts', '--pack-destination', root];
	const output = await npm(workspace, PROJECT, 'Packing the node', pack);
	return join(root, output.trim().split('\n').at(-1) ?? '');
}

/**
 * Installs the archive as n8n installs a community node, only from a file: unpack it into the nodes folder, take the
 * dev-, peer- and optional dependencies out of its package.json, install the rest, note it in the folder's own package.json.
 */
export async function installNode(workspace: Workspace, archive: string): Promise<string> {
	const nodes = join(workspace.home, '.n8n', 'nodes');
	const { name, version } = await manifestOf(PROJECT);
	const folder = join(nodes, 'node_modules', name);
	await mkdir(folder, { recursive: true });
	await unpack(workspace, archive, folder);
	const { devDependencies, peerDependencies, optionalDependencies, ...kept } = await manifestOf(folder);
	await writeJson(join(folder, 'package.json'), kept);
	await npm(workspace, folder, 'Installing the node', INSTALL);
	const dependencies = { [name]: version };
	await writeJson(join(nodes, 'package.json'), { name: 'installed-nodes', private: true, dependencies });
	return `${name} ${version}`;
}

async function unpack({ processes, log }: Workspace, archive: string, folder: string): Promise<void> {
	const args = ['-xzf', archive, '-C', folder, '--strip-components=1'];
	const command = { file: 'tar', args, cwd: folder, env: process.env, log: log('unpack') };
	const { ok } = await processes.run(command);
	if (!ok) throw new Failure(`The packed node could not be unpacked, see ${command.log}`);
}

async function manifestOf(folder: string) {
	return Manifest.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
}

async function writeJson(file: string, content: unknown): Promise<void> {
	await writeFile(file, JSON.stringify(content, null, 2));
}
