import { mkdtemp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folders of one run: nothing of it survives, except the logs when something failed. */
export interface Workspace {
	readonly root: string;
	/** n8n's user folder: its database, its keys and the installed node. */
	readonly home: string;
	/** One log a program, by name. */
	log(name: string): string;
	/** Removes the run's folder, or all of it but the logs. */
	remove(keep: 'nothing' | 'logs'): Promise<void>;
}

const LOGS = 'logs';
const STACK_LINE = /^\s+at /;

/** Makes the folders of a run in the system's folder for temporary files, readable for this user only. */
export async function createWorkspace(): Promise<Workspace> {
	const root = await mkdtemp(join(tmpdir(), 'invent-demo-'));
	const home = join(root, 'home');
	const logs = join(root, LOGS);
	await Promise.all([mkdir(home), mkdir(logs)]);
	return {
		root,
		home,
		log: (name) => join(logs, `${name}.log`),
		async remove(keep) {
			const names = await readdir(root);
			const doomed = keep === 'nothing' ? [''] : names.filter((name) => name !== LOGS);
			await Promise.all(doomed.map(async (name) => await rm(join(root, name), REMOVAL)));
		},
	};
}

// n8n closes its database a moment after it has ended its programs; on Windows an open file cannot be removed
const REMOVAL = { recursive: true, force: true, maxRetries: 5 } as const;

/** The last lines of a log, for the reader of a failure: without stacks, which hide what stands above them. */
export async function tail(log: string, lines = 8): Promise<string[]> {
	const text = await readFile(log, 'utf8').catch(() => '');
	return text
		.split('\n')
		.filter((line) => line.trim() !== '' && !STACK_LINE.test(line))
		.slice(-lines);
}
