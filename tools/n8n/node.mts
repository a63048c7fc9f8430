import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { npm } from './npm.mts';
import { nodePackage } from './sqlite.mts';
import type { Tools } from '../../test/e2e/versions/tools.mts';

/** Makes sure that a version of Node is in a folder; answers with its program. This process' own version is not fetched. */
export async function provideNode(
	{ processes, workspace }: Tools,
	folder: string,
	version: string,
): Promise<string> {
	if (version === process.versions.node) return process.execPath;
	const home = join(folder, 'node', version);
	const program = programIn(join(home, 'node_modules', nodePackage()));
	if (existsSync(program)) return program;
	await mkdir(home, { recursive: true });
	await npm(processes, {
		args: ['install', '--prefix', '.', '--no-save', '--ignore-scripts', `${nodePackage()}@${version}`],
		cwd: home,
		log: workspace.log('install-node-program'),
		purpose: `Fetching Node ${version}`,
	});
	return program;
}

function programIn(folder: string): string {
	return join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}
