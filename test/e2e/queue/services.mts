import { randomBytes } from 'node:crypto';
import { chown, glob, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import getPort from 'get-port';
import { Failure } from '../../../tools/n8n/failure.mts';
import type { Command, Program } from '../../../tools/n8n/processes.mts';
import { notUp, printedFirst } from '../../../tools/n8n/server.mts';
import type { Workspace } from '../../../tools/n8n/workspace.mts';

const HOST = '127.0.0.1';
const POSTGRES = 'postgres'; // the account in Debian, and the user and the database that are made first

/** A service that n8n needs in queue mode. */
export interface Service {
	/** Settings of n8n that say where it is. */
	readonly settings: NodeJS.ProcessEnv;
	/** Ends it and removes its data. */
	stop(): Promise<void>;
}

/** Starts a Redis of its own, which keeps nothing. */
export async function startRedis({ processes, root, log }: Workspace): Promise<Service> {
	const port = String(await getPort());
	const options = { port, bind: HOST, save: '', appendonly: 'no', dir: root };
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
	const command = { file: 'redis-server', args, cwd: root, env: process.env, log: log('redis') };
	const program = processes.serve(command);
	if ((await printedFirst(program, ['Ready to accept connections'])) === undefined) {
		throw await notUp('Redis (on Debian: apt-get install --no-install-recommends redis-server)', command);
	}
	return {
		settings: { QUEUE_BULL_REDIS_HOST: HOST, QUEUE_BULL_REDIS_PORT: port },
		stop: async () => await program.stop('SIGTERM'),
	};
}

/** Starts a PostgreSQL of its own, on this machine only and with a new password. */
export async function startPostgres(workspace: Workspace): Promise<Service> {
	const root = await mkdtemp(join(tmpdir(), 'invent-e2e-postgres-')); // not in the run's folder, which is closed to others
	const remove = async () => await rm(root, { recursive: true, force: true, maxRetries: 5 });
	const password = randomBytes(16).toString('hex');
	const port = String(await getPort());
	try {
		const program = await initializedAndServed(workspace, root, password, port);
		return {
			settings: {
				DB_TYPE: 'postgresdb',
				DB_POSTGRESDB_HOST: HOST,
				DB_POSTGRESDB_PORT: port,
				DB_POSTGRESDB_DATABASE: POSTGRES,
				DB_POSTGRESDB_USER: POSTGRES,
				DB_POSTGRESDB_PASSWORD: password,
			},
			async stop() {
				await program.stop('SIGINT'); // the fast way down, which does not wait for anybody
				await remove();
			},
		};
	} catch (error) {
		await remove();
		throw error;
	}
}

async function initializedAndServed(
	workspace: Workspace,
	root: string,
	password: string,
	port: string,
): Promise<Program> {
	const { processes } = workspace;
	const command = await postgresCommands(workspace, root);
	const passwordFile = join(root, 'password');
	await writeFile(passwordFile, password, { mode: 0o600 });
	await command.giveAway(passwordFile, root);
	const data = ['-D', join(root, 'data')];
	const access = ['-U', POSTGRES, '-A', 'scram-sha-256', '--pwfile', passwordFile];
	const setUp = command.of('initdb', [...data, ...access, '--no-sync']);
	if (!(await processes.run(setUp)).ok) throw await notUp('PostgreSQL', setUp);
	// Nothing of it is to outlive the run, so nothing needs to be on the disk for certain.
	const log = ['-c', 'fsync=off', '-c', 'logging_collector=off'];
	// It says on its standard error that it is ready; pg_isready asks until then.
	const program = processes.serve(
		command.of('postgres', [...data, '-p', port, '-h', HOST, '-k', root, ...log]),
	);
	const ready = command.of('sh', [
		'-c',
		`until ${command.programs}/pg_isready -h ${HOST} -p ${port}; do sleep 0.1; done`,
	]);
	await processes.run(ready);
	return program;
}

/** PostgreSQL refuses to run as root: then its programs run as its own account, which gets their files. */
async function postgresCommands({ processes, log }: Workspace, root: string) {
	const [programs] = (await Array.fromAsync(glob('/usr/lib/postgresql/*/bin'))).sort().reverse(); // where Debian has them
	if (programs === undefined) {
		throw new Failure(
			'Queue mode needs PostgreSQL. On Debian: apt-get install --no-install-recommends postgresql',
		);
	}
	const isRoot = process.getuid?.() === 0;
	const asOther = [`--reuid=${POSTGRES}`, `--regid=${POSTGRES}`, '--clear-groups'];
	const common = { cwd: root, env: process.env, log: log('postgres') };
	const of = (program: string, args: readonly string[]): Command => {
		const file = program === 'sh' ? program : join(programs, program);
		return isRoot
			? { file: 'setpriv', args: [...asOther, file, ...args], ...common }
			: { file, args, ...common };
	};
	const idOf = async (option: string) =>
		Number((await processes.run({ file: 'id', args: [option, POSTGRES], ...common })).output);
	return {
		programs,
		of,
		async giveAway(...paths: string[]) {
			if (!isRoot) return;
			const [user, group] = [await idOf('--user'), await idOf('--group')];
			for (const path of paths) await chown(path, user, group);
		},
	};
}
