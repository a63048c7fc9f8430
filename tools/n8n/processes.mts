import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Interrupted } from './failure.mts';

// How long a program may take to end by itself before it is killed.
const SERVER_GRACE_MS = 10_000; // n8n closes its database and ends its task runner, which takes up to three seconds
const TOOL_GRACE_MS = 1_000; // npm heeds no signal while it unpacks, and leaves nothing that its next run does not mend
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
	/** The running process groups, and how long each may take to end. */
	readonly #groups = new Map<number, number>();
	#ending = false;

	constructor() {
		// The last resort, should the demo itself break off without end().
		process.once('exit', () => {
			for (const pid of this.#groups.keys()) signalGroup(pid, 'SIGKILL');
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
		this.#track(child, TOOL_GRACE_MS);
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
		this.#track(child, SERVER_GRACE_MS);
		return child;
	}

	/** Ends every program with all its descendants, first politely, then not. */
	async end(): Promise<void> {
		this.#ending = true;
		await Promise.all([...this.#groups].map(async ([pid, grace]) => await endGroup(pid, grace)));
	}

	#track(child: ChildProcess, graceMs: number): void {
		const { pid } = child;
		if (pid === undefined) return;
		this.#groups.set(pid, graceMs);
		child.once('exit', () => {
			if (!this.#ending) signalGroup(pid, 'SIGKILL'); // what it left behind; while ending, endGroup() sees to that
			this.#groups.delete(pid);
		});
	}
}

function toFile(file: string) {
	return { file, append: true } as const;
}

async function endGroup(pid: number, graceMs: number): Promise<void> {
	if (process.platform === 'win32') {
		await execa('taskkill', ['/pid', String(pid), '/T', '/F'], { reject: false });
		return;
	}
	signalGroup(pid, 'SIGTERM');
	const deadline = Date.now() + graceMs;
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
