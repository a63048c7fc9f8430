import { Failure } from './failure.mts';
import { tail, type Workspace } from './workspace.mts';

// What "npm run" says about this project, which an npm in another folder would take for its own.
const ABOUT_THIS_PROJECT = /^npm_(package|lifecycle|config_local_prefix|config_user_agent)/;
// npm's own patience, ten seconds and then a minute, is too long for a machine that has no network.
const PATIENCE = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
const NO_NETWORK =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** This process' environment without the variables whose names match. */
export function environmentWithout(names: RegExp): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(process.env).filter(([name]) => !names.test(name)));
}

/**
 * Runs npm in a folder; answers with its output.
 *
 * @param purpose what the call is for, as in "Packing the node failed"
 * @throws {Failure} that says in one line whether the network is missing or where the log is
 */
export async function npm(
	{ processes, log }: Workspace,
	cwd: string,
	purpose: string,
	args: readonly string[],
): Promise<string> {
	const { ok, output } = await processes.run({
		file: 'npm',
		args: [...args, '--loglevel=error', ...PATIENCE],
		cwd,
		env: environmentWithout(ABOUT_THIS_PROJECT),
		log: log('npm'),
	});
	if (ok) return output;
	const lines = await tail(log('npm'), 40);
	const code = NO_NETWORK.exec(lines.join('\n'))?.[1];
	if (code !== undefined) {
		throw new Failure(`${purpose} failed: npm cannot reach its registry (${code}). Is there a network?`);
	}
	throw new Failure(`${purpose} failed, see ${log('npm')}`, lines.slice(-5));
}
