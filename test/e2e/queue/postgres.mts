import { randomBytes } from 'node:crypto';
import { chown, glob, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { programOf, type Program } from '../../../tools/n8n/server.mts';
import { anyPort } from '../../../tools/n8n/ports.mts';
import type { Command } from '../../../tools/n8n/processes.mts';
import { tail } from '../../../tools/n8n/workspace.mts';
import type { Tools } from '../versions/tools.mts';

const DEBIAN = '/usr/lib/postgresql/*/bin'; // where Debian has them, not in the PATH
const NAME = 'postgres'; // of the account in Debian, and of the user and the database that are made first
const ROOT = 0;
const HOST = '127.0.0.1';
const DATA = 'data';
const LOG = 'postgres';
const PATIENCE_MS = 60_000;
const POLL_MS = 100;

/** A database server of n8n. */
export interface Postgres {
	/** Settings of n8n that say where it is. */
	readonly settings: NodeJS.ProcessEnv;
	/** Ends it and removes its data. */
	stop(): Promise<void>;
}

/** Refuses a machine without PostgreSQL, before anything slow begins; answers with the folder of its programs. */
export async function requirePostgres(): Promise<string> {
	let newest: string | undefined;
	for await (const folder of glob(DEBIAN)) {
		if (newest === undefined || versionIn(folder) > versionIn(newest)) newest = folder;
	}
	if (newest !== undefined) return newest;
	throw new DemoFailure(
		'Queue mode needs PostgreSQL. On Debian: apt-get install --no-install-recommends postgresql',
	);
}

/** The major version of the programs in a folder. */
export function versionIn(folder: string): number {
	return Number(/postgresql\/(\d+)/.exec(folder)?.[1]);
}

/** Starts a PostgreSQL of its own, on this machine only and with a new password. */
export async function startPostgres(tools: Tools): Promise<Postgres> {
	const root = await mkdtemp(join(tmpdir(), 'invent-e2e-postgres-')); // not in the run's folder, which is closed to others
	const password = randomBytes(16).toString('hex');
	const port = String(await anyPort());
	try {
		const account = await accountFor(tools, root);
		await initialize(tools, account, root, password);
		const program = await serve(tools, account, root, port);
		return {
			settings: settingsFor(port, password),
			async stop() {
				await program.stop('SIGINT'); // the fast way down, which does not wait for anybody
				await remove(root);
			},
		};
	} catch (error) {
		await remove(root);
		throw error;
	}
}

function settingsFor(port: string, password: string): NodeJS.ProcessEnv {
	return {
		DB_TYPE: 'postgresdb',
		DB_POSTGRESDB_HOST: HOST,
		DB_POSTGRESDB_PORT: port,
		DB_POSTGRESDB_DATABASE: NAME,
		DB_POSTGRESDB_USER: NAME,
		DB_POSTGRESDB_PASSWORD: password,
	};
}

async function initialize(tools: Tools, account: Account, root: string, password: string): Promise<void> {
	const passwordFile = join(root, 'password');
	await writeFile(passwordFile, password, { mode: 0o600 });
	await account.takes(passwordFile);
	await account.takes(root);
	const args = ['-D', join(root, DATA), '-U', NAME, '-A', 'scram-sha-256', '--pwfile', passwordFile];
	const log = tools.workspace.log(LOG);
	const command = account.command('initdb', [...args, '--no-sync'], root, log);
	const { ok } = await tools.processes.run(command);
	if (!ok) throw new DemoFailure(`PostgreSQL could not be set up, see ${log}`, await tail(log));
}

async function serve(tools: Tools, account: Account, root: string, port: string): Promise<Program> {
	const log = tools.workspace.log(LOG);
	// Nothing of it is to outlive the run, so nothing needs to be on the disk for certain.
	const args = ['-D', join(root, DATA), '-p', port, '-h', HOST, '-k', root, '-c', 'fsync=off'];
	const program = programOf(tools.processes.serve(account.command('postgres', args, root, log)));
	const question = account.command('pg_isready', ['-h', HOST, '-p', port], root, log);
	for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
		if ((await tools.processes.run(question)).ok) return program;
	}
	throw new DemoFailure(`PostgreSQL did not come up, see ${log}`, await tail(log));
}

/** Who PostgreSQL runs as: it refuses to run as root. */
interface Account {
	command(program: string, args: readonly string[], cwd: string, log: string): Command;
	/** Makes the account the owner of a file or folder. */
	takes(path: string): Promise<void>;
}

async function accountFor({ processes, workspace }: Tools, root: string): Promise<Account> {
	const programs = await requirePostgres();
	const isRoot = process.getuid?.() === ROOT;
	const idOf = async (option: string) => {
		const args = [option, NAME];
		const log = workspace.log(LOG);
		const { output } = await processes.run({ file: 'id', args, cwd: root, env: process.env, log });
		return Number(output);
	};
	return {
		command(program, args, cwd, log) {
			const path = join(programs, program);
			if (!isRoot) return { file: path, args, cwd, env: process.env, log };
			const asOther = [`--reuid=${NAME}`, `--regid=${NAME}`, '--clear-groups', path];
			return { file: 'setpriv', args: [...asOther, ...args], cwd, env: process.env, log };
		},
		async takes(path) {
			if (isRoot) await chown(path, await idOf('--user'), await idOf('--group'));
		},
	};
}

async function remove(root: string): Promise<void> {
	await rm(root, { recursive: true, force: true, maxRetries: 5 });
}
