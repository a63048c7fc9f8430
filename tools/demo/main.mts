import getPort from 'get-port';
import { explain, Failure, Interrupted } from '../n8n/failure.mts';
import { onShutdown } from '../n8n/shutdown.mts';
import { createWorkspace, type Workspace } from '../n8n/workspace.mts';
import { listAsInstalled } from './communityNodes.mts';
import { readOptions, USAGE, type DemoOptions } from './options.mts';
import { invitation, report } from './report.mts';
import { openN8n, openWorld, runExamples } from './run.mts';
import { isGreen } from './verdict.mts';

const FAILED = 1;
const INTERRUPTED = 130; // what a shell reports for Ctrl-C

process.stdout.on('error', () => {}); // the terminal may be gone; what was started must end all the same
process.exit(await main());

async function main(): Promise<number> {
	try {
		const options = readOptions(process.argv.slice(2));
		if (options.help) {
			console.log(USAGE);
			return 0;
		}
		await requireFree('--port', options.port);
		await requireFree('--sandbox-port', options.sandboxPort);
		return await inWorkspace(await createWorkspace(), options);
	} catch (error) {
		const isInterrupted = error instanceof Interrupted;
		console.error(isInterrupted ? 'Interrupted: everything that was started has ended.' : explain(error));
		return isInterrupted ? INTERRUPTED : FAILED;
	}
}

/** Refuses a port that was asked for and is taken, before anything slow begins. */
async function requireFree(option: string, port: number | undefined): Promise<void> {
	if (port === undefined || (await getPort({ port })) === port) return;
	throw new Failure(`Port ${port} is taken: end what listens there, or choose another with ${option}.`);
}

/** Whatever happens, ends every program and removes the run's folder; after a failure, its logs stay. */
async function inWorkspace(workspace: Workspace, options: DemoOptions): Promise<number> {
	const { processes } = workspace;
	let code = FAILED;
	try {
		code = await demo(workspace, options);
		return code;
	} catch (error) {
		if (processes.ending) code = INTERRUPTED;
		throw code === INTERRUPTED ? new Interrupted() : error;
	} finally {
		await processes.end();
		await workspace.remove(code === FAILED ? 'logs' : 'nothing');
	}
}

async function demo(workspace: Workspace, { once, port, sandboxPort }: DemoOptions): Promise<number> {
	const shutdown = onShutdown(workspace.processes);
	const world = await openWorld(sandboxPort);
	try {
		const { url, ended, client, signIn } = await openN8n(workspace, port);
		await listAsInstalled(workspace);
		const verdicts = await runExamples(client, world);
		console.log(report(verdicts, workspace.log('n8n')));
		if (!once) {
			console.log(invitation(url, signIn, world.sandbox));
			await Promise.race([shutdown, ended]);
			if (!workspace.processes.ending)
				throw new Failure(`n8n has ended by itself, see ${workspace.log('n8n')}`);
			console.log('\nEnding n8n and all that it talks to.');
		}
		return verdicts.every(isGreen) ? 0 : FAILED;
	} finally {
		await world.close();
	}
}
