import { DemoFailure, Interrupted, oneLine } from '../n8n/failure.mts';
import { readOptions, USAGE } from './options.mts';
import { requireFree } from '../n8n/ports.mts';
import { Processes } from '../n8n/processes.mts';
import { invitation, report } from './report.mts';
import { openEditor, openWorld, prepare, runExamples, type Tools } from './run.mts';
import { onShutdown } from '../n8n/shutdown.mts';
import { isGreen } from './verdict.mts';
import { createWorkspace } from '../n8n/workspace.mts';

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
		return await withTools({ options, processes: new Processes(), workspace: await createWorkspace() });
	} catch (error) {
		return explain(error);
	}
}

/** Whatever happens, ends every program and removes the run's folder; after a failure, its logs stay. */
async function withTools(tools: Tools): Promise<number> {
	let code = FAILED;
	try {
		code = await demo(tools);
		return code;
	} catch (error) {
		if (tools.processes.ending) code = INTERRUPTED;
		throw code === INTERRUPTED ? new Interrupted() : error;
	} finally {
		await tools.processes.end();
		await tools.workspace.remove(code === FAILED ? 'logs' : 'nothing');
	}
}

async function demo(tools: Tools): Promise<number> {
	const shutdown = onShutdown(tools.processes);
	await prepare(tools);
	const world = await openWorld(tools);
	try {
		const { url, ended, editor, signIn } = await openEditor(tools);
		const verdicts = await runExamples(editor, world);
		console.log(report(verdicts, tools.workspace.log('n8n')));
		if (!tools.options.once) {
			console.log(invitation(url, signIn, world.sandbox.url));
			await Promise.race([shutdown, ended]);
			if (!tools.processes.ending)
				throw new DemoFailure(`n8n has ended by itself, see ${tools.workspace.log('n8n')}`);
			console.log('\nEnding n8n and all that it talks to.');
		}
		return verdicts.every(isGreen) ? 0 : FAILED;
	} finally {
		await world.close();
	}
}

function explain(error: unknown): number {
	if (error instanceof Interrupted) {
		console.error('Interrupted: everything that was started has ended.');
		return INTERRUPTED;
	}
	console.error([oneLine(error), ...(error instanceof DemoFailure ? error.details : [])].join('\n'));
	return FAILED;
}
