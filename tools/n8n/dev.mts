// n8n with the node as it is being written: each change of a file is compiled, and n8n loads it anew. Workflows and credentials stay in
// a folder of one's home, for the next time.

import { cp, mkdir } from 'node:fs/promises';
import { watch } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { startSandbox } from '../sandbox/server.mts';
import { explain, Interrupted } from './failure.mts';
import { provideN8n } from './install.mts';
import { installNode, packNode } from './nodePackage.mts';
import { PROJECT } from './paths.mts';
import { startServer } from './server.mts';
import { onShutdown } from './shutdown.mts';
import { createWorkspace } from './workspace.mts';

const HOME = join(homedir(), '.n8n-nodes-invent-dev');
const DIST = join(PROJECT, 'dist');
const INSTALLED = join(HOME, '.n8n', 'nodes', 'node_modules', 'n8n-nodes-invent', 'dist');
const PAUSE_MS = 300; // a build writes many files

/** Passes on what is compiled; n8n watches the folder of each installed package. */
function copyOnChange(): void {
	let timer: NodeJS.Timeout | undefined;
	watch(DIST, { recursive: true }, () => {
		clearTimeout(timer);
		timer = setTimeout(() => {
			cp(DIST, INSTALLED, { recursive: true }).then(
				() => console.log('n8n loads the new node: reload the page of the editor'),
				(error: unknown) => console.error(explain(error)),
			);
		}, PAUSE_MS);
	});
}

const temporary = await createWorkspace();
const workspace = { ...temporary, home: HOME };
const shutdown = onShutdown(workspace.processes);
const sandbox = await startSandbox({ data: 'demo', creationsPerHour: 0 });
try {
	await mkdir(HOME, { recursive: true });
	await provideN8n(workspace);
	await installNode(workspace, await packNode(workspace));
	const port = async () => await getPort({ port: portNumbers(5678, 5778) });
	const settings = { N8N_DEV_RELOAD: 'true', NODE_ENV: 'development' };
	const { url, ended } = await startServer(workspace, { settings, port });
	const watching = { file: 'gulp', args: ['watch'], cwd: PROJECT, env: process.env };
	const compiler = workspace.processes.serve({ ...watching, log: workspace.log('build') });
	compiler.stdout.pipe(process.stdout);
	copyOnChange();
	console.log(`
Editor     ${url}
Sandbox    ${sandbox.url}   the credential's Base URL
API key    ${sandbox.apiKey}

Ctrl-C ends all of it; workflows and credentials stay in ${HOME}.
`);
	await Promise.race([shutdown, ended]);
} catch (error) {
	if (!(error instanceof Interrupted)) console.error(explain(error));
	process.exitCode = 1;
} finally {
	await workspace.processes.end();
	await Promise.all([sandbox.close(), temporary.remove('nothing')]);
	process.exit();
}
