import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { n8nEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import { N8N_FOLDER } from './paths.mts';
import { anyPort } from './ports.mts';
import type { Command, Processes } from './processes.mts';
import { tail, type Workspace } from './workspace.mts';

// n8n's own words, when everything is up
const READY = 'Editor is now accessible';
const WORKER_READY = 'n8n worker is now ready';
const PORT_TAKEN = 'is already in use';
const PATIENCE_MS = 180_000; // the first start takes ten seconds, on a busy machine a multiple of that

/** An installed n8n. */
export interface N8n {
	/** The folder whose node_modules holds it. */
	readonly folder: string;
	/** The Node program that it runs on, and its version. */
	readonly node: string;
	readonly nodeVersion: string;
}

/** The demo's own n8n. */
export const DEMO_N8N: N8n = {
	folder: N8N_FOLDER,
	node: process.execPath,
	nodeVersion: process.versions.node,
};

/** What is different from the demo. */
export interface Setup {
	readonly n8n?: N8n;
	/** Settings of n8n on top of the demo's. */
	readonly settings?: NodeJS.ProcessEnv;
}

/** A running program. */
export interface Program {
	/** Settles when it has ended, whoever ended it. */
	readonly ended: Promise<void>;
	/** Sends it a signal, and settles when it has ended. */
	stop(signal: NodeJS.Signals): Promise<void>;
}

/** A running n8n server. */
export interface Server extends Program {
	readonly url: string;
}

/** Starts the n8n server; undefined when the port was taken in the meantime. */
export async function startServer(
	processes: Processes,
	workspace: Workspace,
	port: number,
	setup: Setup = {},
): Promise<Server | undefined> {
	const command = await commandFor(workspace, ['start'], 'n8n', {
		...setup,
		settings: { ...setup.settings, N8N_PORT: String(port) },
	});
	const { printed, program } = await serve(processes, command, [READY, PORT_TAKEN]);
	if (printed === READY) return { url: `http://127.0.0.1:${port}`, ...program };
	if (printed === PORT_TAKEN) {
		await program.ended;
		return undefined;
	}
	throw new DemoFailure(`n8n did not come up, see ${command.log}`, await tail(command.log));
}

/** Starts a worker of queue mode, which logs under its own name. */
export async function startWorker(
	processes: Processes,
	workspace: Workspace,
	name: string,
	setup: Setup = {},
): Promise<Program> {
	const command = await commandFor(workspace, ['worker'], name, setup);
	const { printed, program } = await serve(processes, command, [WORKER_READY]);
	if (printed === WORKER_READY) return program;
	throw new DemoFailure(`n8n's worker did not come up, see ${command.log}`, await tail(command.log));
}

async function serve(processes: Processes, command: Command, texts: readonly string[]) {
	const child = processes.serve(command);
	return { printed: await printedFirst(child.stdout, texts), program: programOf(child) };
}

/** The handle of a program that runs until it is ended. */
export function programOf(child: ReturnType<Processes['serve']>): Program {
	const ended = child.then(() => undefined);
	return {
		ended,
		async stop(signal) {
			child.kill(signal);
			await ended;
		},
	};
}

async function commandFor(
	{ home, root, log }: Workspace,
	args: readonly string[],
	name: string,
	{ n8n = DEMO_N8N, settings = {} }: Setup,
): Promise<Command> {
	return {
		file: n8n.node,
		args: [join(n8n.folder, 'node_modules', 'n8n', 'bin', 'n8n'), ...args],
		cwd: root, // n8n reads a .env file where it starts, and here there is none
		env: {
			...n8nEnvironment(home),
			N8N_RUNNERS_BROKER_PORT: String(await anyPort()),
			...settings,
		},
		log: log(name),
	};
}

/** Which of some texts a program prints first; undefined when it ends or dawdles without any of them. */
export async function printedFirst(stdout: Readable, texts: readonly string[]): Promise<string | undefined> {
	const { promise, resolve } = Promise.withResolvers<string | undefined>();
	let printed = '';
	const listen = (chunk: Buffer): void => {
		printed += chunk.toString();
		const text = texts.find((candidate) => printed.includes(candidate));
		if (text !== undefined) resolve(text);
	};
	stdout.on('data', listen).once('close', () => resolve(undefined));
	const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
	const first = await promise;
	clearTimeout(timer);
	stdout.off('data', listen).resume(); // a pipe that nobody reads would stop the program
	return first;
}
