import { join } from 'node:path';
import getPort from 'get-port';
import { Client, type SignIn } from './client.mts';
import { Failure } from './failure.mts';
import { N8N, nodeOf, type N8n } from './install.mts';
import { environmentWithout } from './npm.mts';
import type { Command, Program } from './processes.mts';
import { tail, type Workspace } from './workspace.mts';

// n8n's own words, when everything is up
const READY = 'Editor is now accessible';
const WORKER_READY = 'n8n worker is now ready';
const PORT_TAKEN = 'is already in use';
const PATIENCE_MS = 180_000; // the first start takes ten seconds, on a busy machine a multiple of that
const STARTS_TRIED = 5;

// Settings of an n8n that a person may have on this machine, which must not reach this one: its database above all.
const SETTINGS_OF_N8N = /^(N8N|DB|EXECUTIONS|QUEUE|CREDENTIALS|NODES|WEBHOOK|OFFLOAD|WORKFLOWS)_/;

/** What is different from the demo's n8n. */
export interface Setup {
	readonly n8n?: N8n;
	/** Settings of n8n on top of the usual ones. */
	readonly settings?: NodeJS.ProcessEnv;
	/** Asked anew for each try, should somebody take the port meanwhile; any free one, unless given. */
	readonly port?: () => Promise<number>;
}

/** A running n8n server. */
export interface Server extends Program {
	readonly url: string;
}

/** The environment for n8n: its data in one folder, this machine only, and nothing sent home. */
function environment(home: string): NodeJS.ProcessEnv {
	return {
		...environmentWithout(SETTINGS_OF_N8N),
		N8N_USER_FOLDER: home,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_SECURE_COOKIE: 'false', // the address is http
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: 'true',
		N8N_UNVERIFIED_PACKAGES_ENABLED: 'true', // n8n 3 will not load a package from a file without it
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_LICENSE_AUTO_RENEW_ENABLED: 'false',
	};
}

/** Starts the n8n server. */
export async function startServer(workspace: Workspace, setup: Setup = {}): Promise<Server> {
	const { port: portFor = getPort, settings } = setup;
	for (let attempt = 1; attempt <= STARTS_TRIED; attempt += 1) {
		const port = await portFor();
		const own = { ...setup, settings: { ...settings, N8N_PORT: String(port) } };
		const command = await commandFor(workspace, 'start', 'n8n', own);
		const program = workspace.processes.serve(command);
		const printed = await printedFirst(program, [READY, PORT_TAKEN]);
		if (printed === READY) return { url: `http://127.0.0.1:${port}`, ...program };
		if (printed !== PORT_TAKEN) throw await notUp('n8n', command);
		await program.ended;
	}
	throw new Failure(`n8n found its port taken ${STARTS_TRIED} times, by something that started meanwhile.`);
}

/** A running n8n server whose owner is signed in. */
export interface OwnedServer extends Server {
	readonly client: Client;
	readonly signIn: SignIn;
}

/** Starts a new n8n server and makes its owner. */
export async function startOwned(workspace: Workspace, setup: Setup = {}): Promise<OwnedServer> {
	const server = await startServer(workspace, setup);
	const client = new Client(server.url);
	return { ...server, client, signIn: await client.signUp() };
}

/** Starts a worker of queue mode, which logs under its own name. */
export async function startWorker(workspace: Workspace, name: string, setup: Setup = {}): Promise<Program> {
	const command = await commandFor(workspace, 'worker', name, setup);
	const program = workspace.processes.serve(command);
	if ((await printedFirst(program, [WORKER_READY])) === WORKER_READY) return program;
	throw await notUp(name, command);
}

/** What to say about a program that did not print what it prints when it is up. */
export async function notUp(name: string, { log }: Command): Promise<Failure> {
	return new Failure(`${name} did not come up, see ${log}`, await tail(log));
}

async function commandFor(
	{ home, root, log }: Workspace,
	command: 'start' | 'worker',
	name: string,
	{ n8n = N8N, settings = {} }: Setup,
): Promise<Command> {
	return {
		file: nodeOf(n8n),
		args: [join(n8n.folder, 'node_modules', 'n8n', 'bin', 'n8n'), command],
		cwd: root, // n8n reads a .env file where it starts, and here there is none
		env: { ...environment(home), N8N_RUNNERS_BROKER_PORT: String(await getPort()), ...settings },
		log: log(name),
	};
}

/** Which of some texts a program prints first; undefined when it ends or dawdles without any of them. */
export async function printedFirst(
	{ stdout }: Program,
	texts: readonly string[],
): Promise<string | undefined> {
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
