import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { Interrupted } from './failure.mts';

// n8n closes its database and ends its task runner, which takes up to three seconds.
const SERVER_GRACE_MS = 10_000;
// npm heeds no signal while it unpacks, and leaves nothing that its next run does not mend.
const TOOL_GRACE_MS = 1_000;
const POLL_MS = 50;

/** A program to run: everything is said, nothing is taken over from this process. */
export interface Command {
	readonly file: string;
	readonly args: readonly string[];
	readonly cwd: string;
	readonly env: NodeJS.ProcessEnv;
	/** File that collects what the program prints. */
	readonly log: string;
}

/** A program that runs until it is ended. */
export interface Program {
	readonly stdout: NodeJS.ReadableStream;
	/** Settles when it has ended, whoever ended it. */
	readonly ended: Promise<void>;
	/** Sends it a signal, and settles when it has ended. */
	stop(signal: NodeJS.Signals): Promise<void>;
}

const launch = ({ file, args, cwd, env, log }: Command, buffer: boolean) => {
	const toLog = { file: log, append: true } as const;
	return execa(file, args, {
		cwd,
		env,
		extendEnv: false,
		reject: false,
		buffer,
		stdin: 'ignore',
		stdout: ['pipe', toLog],
		stderr: toLog,
		// A process group of its own: one signal reaches grandchildren too, and Ctrl-C in the terminal reaches only us.
		detached: process.platform !== 'win32',
	});
};

/** Every program that is started, so that all can be ended. */
export class Processes {
	/** The running process groups, and how long each may take to end. */
	readonly #groups = new Map<number, number>();
	#ending = false;

	constructor() {
		// The last resort, should this process break off without end().
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

	/** Runs a program to its end; the log holds all that it prints, `output` what went to its standard output. */
	async run(command: Command): Promise<{ readonly ok: boolean; readonly output: string }> {
		this.throwIfEnding();
		const child = launch(command, true);
		this.#track(child, TOOL_GRACE_MS);
		const { failed, stdout } = await child;
		this.throwIfEnding();
		return { ok: !failed, output: stdout };
	}

	/** Starts a program and leaves it running; what it prints is only logged, since a server may print for days. */
	serve(command: Command): Program {
		this.throwIfEnding();
		const child = launch(command, false);
		this.#track(child, SERVER_GRACE_MS);
		const ended = child.then(() => undefined);
		return {
			stdout: child.stdout,
			ended,
			async stop(signal) {
				child.kill(signal);
				await ended;
			},
		};
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
