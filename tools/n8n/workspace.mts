import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Processes } from './processes.mts';

const LOGS = 'logs';
const STACK_LINE = /^\s+at /;

/** The programs and folders of one run: nothing of it survives, except the logs when something failed. */
export interface Workspace {
	readonly processes: Processes;
	readonly root: string;
	/** n8n's user folder: its database, its keys and the installed node. */
	readonly home: string;
	/** One log a program, by name. */
	log(name: string): string;
	/** Removes the run's folder, or all of it but the logs. */
	remove(keep: 'nothing' | 'logs'): Promise<void>;
}

/** Makes the folders of a run in the system's folder for temporary files, readable for this user only. */
export async function createWorkspace(processes = new Processes()): Promise<Workspace> {
	const root = await mkdtemp(join(tmpdir(), 'invent-n8n-'));
	const home = join(root, 'home');
	await Promise.all([mkdir(home), mkdir(join(root, LOGS))]);
	return {
		processes,
		root,
		home,
		log: (name) => join(root, LOGS, `${name}.log`),
		async remove(keep) {
			const doomed = keep === 'nothing' ? [''] : (await readdir(root)).filter((name) => name !== LOGS);
			// n8n closes its database a moment after it has ended its programs; on Windows an open file cannot be removed.
			const options = { recursive: true, force: true, maxRetries: 5 } as const;
			await Promise.all(doomed.map(async (name) => await rm(join(root, name), options)));
		},
	};
}

/** The last lines of a log, for the reader of a failure: without stacks, which hide what stands above them. */
export async function tail(log: string, lines = 8): Promise<string[]> {
	const text = await readFile(log, 'utf8').catch(() => '');
	return text
		.split('\n')
		.filter((line) => line.trim() !== '' && !STACK_LINE.test(line))
		.slice(-lines);
}
