import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { n8nEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import { N8N_FOLDER } from './paths.mts';
import { anyPort } from './ports.mts';
import type { Command, Processes } from './processes.mts';
import { tail, type Workspace } from './workspace.mts';

const PROGRAM = join(N8N_FOLDER, 'node_modules', 'n8n', 'bin', 'n8n');
const READY = 'Editor is now accessible'; // n8n's own words, when everything is up
const PORT_TAKEN = 'is already in use';
const PATIENCE_MS = 180_000; // the first start takes ten seconds, on a busy machine a multiple of that

/** A running n8n server. */
export interface Server {
	readonly url: string;
	/** Settles when the server has ended, whoever ended it. */
	readonly ended: Promise<void>;
}

/** Starts the n8n server; undefined when the port was taken in the meantime. */
export async function startServer(
	processes: Processes,
	workspace: Workspace,
	port: number,
): Promise<Server | undefined> {
	const command = await startCommand(workspace, port);
	const child = processes.serve(command);
	const ended = child.then(() => undefined);
	const printed = await printedFirst(child.stdout, [READY, PORT_TAKEN]);
	if (printed === READY) return { url: `http://127.0.0.1:${port}`, ended };
	if (printed === PORT_TAKEN) {
		await ended;
		return undefined;
	}
	throw new DemoFailure(`n8n did not come up, see ${command.log}`, await tail(command.log));
}

async function startCommand({ home, root, log }: Workspace, port: number): Promise<Command> {
	return {
		file: process.execPath,
		args: [PROGRAM, 'start'],
		cwd: root, // n8n reads a .env file where it starts, and here there is none
		env: {
			...n8nEnvironment(home),
			N8N_PORT: String(port),
			N8N_RUNNERS_BROKER_PORT: String(await anyPort()),
		},
		log: log('n8n'),
	};
}

/** Which of some texts a program prints first; undefined when it ends or dawdles without any of them. */
async function printedFirst(stdout: Readable, texts: readonly string[]): Promise<string | undefined> {
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
