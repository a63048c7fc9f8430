import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { printedFirst, programOf, type Program } from '../../../tools/n8n/server.mts';
import { anyPort } from '../../../tools/n8n/ports.mts';
import { tail } from '../../../tools/n8n/workspace.mts';
import type { Tools } from '../versions/tools.mts';

const PROGRAM = 'redis-server';
const READY = 'Ready to accept connections'; // Redis' own words

/** Refuses a machine without Redis, before anything slow begins. */
export async function requireRedis({ processes, workspace }: Tools): Promise<string> {
	const { ok, output } = await processes.run({
		file: PROGRAM,
		args: ['--version'],
		cwd: workspace.root,
		env: process.env,
		log: workspace.log('redis'),
	});
	if (!ok)
		throw new DemoFailure(
			`Queue mode needs ${PROGRAM}. On Debian: apt-get install --no-install-recommends ${PROGRAM}`,
		);
	return /v=(\S+)/.exec(output)?.[1] ?? 'unknown';
}

/** Starts a Redis of its own, which keeps nothing. */
export async function startRedis({
	processes,
	workspace,
}: Tools): Promise<{ port: number; program: Program }> {
	const port = await anyPort();
	const log = workspace.log('redis');
	const settings = { port: String(port), bind: '127.0.0.1', save: '', appendonly: 'no', dir: workspace.root };
	const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
	const child = processes.serve({ file: PROGRAM, args, cwd: workspace.root, env: process.env, log });
	const printed = await printedFirst(child.stdout, [READY]);
	if (printed === READY) return { port, program: programOf(child) };
	throw new DemoFailure(`Redis did not come up, see ${log}`, await tail(log));
}
