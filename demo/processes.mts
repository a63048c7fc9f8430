import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Interrupted } from './failure.mts';

const GRACE_MS = 10_000; // n8n ends within a second of SIGTERM; a compiler in the middle of a file may need longer
const POLL_MS = 50;

/** A program to run: everything is said, nothing is taken over from the demo's own process. */
export interface Command {
	readonly file: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** File that collects what the program prints. */
	readonly log: string;
}

/** How a program ended, and what it printed to its standard output. */
export interface Outcome {
	readonly ok: boolean;
	readonly output: string;
}

const launch = execa({
	extendEnv: false,
	reject: false,
	stdin: 'ignore',
	// A process group of its own: one signal reaches grandchildren too, and Ctrl-C in the terminal reaches only the demo.
	detached: process.platform !== 'win32',
});

/** Every program that the demo starts, so that it can end them all. */
export class Processes {
	readonly #groups = new Set<number>();
	#ending = false;

	constructor() {
		// The last resort, should the demo itself break off without end().
		process.once('exit', () => {
			for (const pid of this.#groups) signalGroup(pid, 'SIGKILL');
		});
	}

	/** True once end() was called. */
	get ending(): boolean {
		return this.#ending;
	}

	/** For a wait between two programs. */
	throwIfEnding(): void {
		if (this.#ending) throw new Interrupted();
	}

	/** Runs a program to its end; the log holds all that it prints. */
	async run({ file, args, cwd, env, log }: Command): Promise<Outcome> {
		this.throwIfEnding();
		const child = launch(file, args, { cwd, env, stdout: ['pipe', toFile(log)], stderr: toFile(log) });
		this.#track(child);
		const { failed, stdout } = await child;
		this.throwIfEnding();
		return { ok: !failed, output: stdout };
	}

	/** Starts a program and leaves it running; what it prints is not kept, since a server may print for days. */
	serve({ file, args, cwd, env, log }: Command) {
		this.throwIfEnding();
		const child = launch(file, args, {
			cwd,
			env,
			stdout: ['pipe', toFile(log)],
			stderr: toFile(log),
			buffer: false,
		});
		this.#track(child);
		return child;
	}

	/** Ends every program with all its descendants, first politely, then not. */
	async end(): Promise<void> {
		this.#ending = true;
		await Promise.all([...this.#groups].map(endGroup));
	}

	#track(child: ChildProcess): void {
		const { pid } = child;
		if (pid === undefined) return;
		this.#groups.add(pid);
		child.once('exit', () => {
			if (!this.#ending) signalGroup(pid, 'SIGKILL'); // what it left behind; while ending, endGroup() sees to that
			this.#groups.delete(pid);
		});
	}
}

function toFile(file: string) {
	return { file, append: true } as const;
}

async function endGroup(pid: number): Promise<void> {
	if (process.platform === 'win32') {
		await execa('taskkill', ['/pid', String(pid), '/T', '/F'], { reject: false });
		return;
	}
	signalGroup(pid, 'SIGTERM');
	const deadline = Date.now() + GRACE_MS;
	while (signalGroup(pid, 0) && Date.now() < deadline) await sleep(POLL_MS);
	signalGroup(pid, 'SIGKILL');
}

/** Sends a signal to a process and its descendants; false when none of them is left. */
function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
	try {
		return process.kill(process.platform === 'win32' ? pid : -pid, signal);
	} catch {
		return false;
	}
}
