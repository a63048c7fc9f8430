import { join } from 'node:path';

import { execa } from 'execa';

import { Editor, type SignIn } from '../../tools/demo/editor.mts';
import { DemoFailure } from '../../tools/n8n/failure.mts';
import { provideN8n } from '../../tools/n8n/install.mts';
import { startServer } from '../../tools/n8n/server.mts';
import { installNode, packNode } from '../../tools/n8n/nodePackage.mts';
import { PROJECT } from '../../tools/n8n/paths.mts';
import { anyPort } from '../../tools/n8n/ports.mts';
import { Processes } from '../../tools/n8n/processes.mts';
import { onShutdown } from '../../tools/n8n/shutdown.mts';
import { step } from '../../tools/n8n/steps.mts';
import { createWorkspace, type Workspace } from '../../tools/n8n/workspace.mts';
import { browserPath, PLAYWRIGHT } from './playwright.mts';

const HERE = import.meta.dirname;
const CONFIG = join(HERE, 'playwright.config.mts');

/** An n8n to test in. */
interface Place {
	readonly url: string;
	readonly signIn: SignIn;
}

/**
 * Tests the node in the editor of a real n8n, in a real browser. The environment may set CHROMIUM, the path of the
 * browser, and UPDATE_PICTURES=1, to write the pictures in docs/ anew.
 *
 * @param options for Playwright, such as `--grep rotate`
 * @returns whether all tests passed
 */
export async function run(options: readonly string[] = []): Promise<boolean> {
	const processes = new Processes();
	const workspace = await createWorkspace();
	let ok = false;
	try {
		const chromium = browserPath();
		const stop = new AbortController();
		void onShutdown(processes).then(() => stop.abort());
		const place = await openN8n(processes, workspace);
		ok = await playwright(options, environment(place, workspace, chromium), stop.signal);
		return ok;
	} finally {
		await processes.end();
		await workspace.remove(ok ? 'nothing' : 'logs');
		if (!ok) console.error(`The logs are in ${workspace.root}`);
	}
}

/** A new n8n with the node installed as n8n does, and somebody who may sign in. */
async function openN8n(processes: Processes, workspace: Workspace): Promise<Place> {
	await step(
		'Look for n8n',
		async (progress) => await provideN8n(processes, workspace.log('install-n8n'), progress),
	);
	await step('Build, pack and install the node as n8n does', async () => {
		await installNode(processes, await packNode(processes, workspace), workspace);
	});
	return await step('Start n8n', async () => {
		const server = await startServer(processes, workspace, await anyPort());
		if (server === undefined) throw new DemoFailure('n8n found its port taken: please try again.');
		return { url: server.url, signIn: await new Editor(server.url).createOwner() };
	});
}

/** What the tests are told; browser/n8n.mts reads it. */
function environment({ url, signIn }: Place, { root }: Workspace, chromium: string): NodeJS.ProcessEnv {
	return {
		CHROMIUM: chromium,
		E2E_N8N_URL: url,
		E2E_EMAIL: signIn.email,
		E2E_PASSWORD: signIn.password,
		E2E_OUTPUT: join(root, 'playwright'),
		PLAYWRIGHT_NO_COPY_PROMPT: '1', // it would keep what the page showed, and that may be a key
	};
}

async function playwright(
	options: readonly string[],
	env: NodeJS.ProcessEnv,
	cancelSignal: AbortSignal,
): Promise<boolean> {
	const { exitCode } = await execa(process.execPath, [PLAYWRIGHT, 'test', '--config', CONFIG, ...options], {
		cwd: PROJECT,
		env,
		stdio: 'inherit',
		reject: false,
		cancelSignal,
	});
	return exitCode === 0;
}

if (import.meta.main) process.exitCode = (await run(process.argv.slice(2))) ? 0 : 1;
