import { npmEnvironment } from './environment.mts';
import { DemoFailure } from './failure.mts';
import type { Processes } from './processes.mts';
import { tail } from './workspace.mts';

// npm's own patience, ten seconds and then a minute, is too long for a machine that has no network.
const PATIENCE = ['--fetch-retries=2', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=3000'];
const NO_NETWORK =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

/** One call of npm. */
export interface NpmCall {
	readonly args: readonly string[];
	readonly cwd: string;
	readonly log: string;
	/** What the call is for, as in "… could not be installed". */
	readonly purpose: string;
	/** Set on top of the usual environment. */
	readonly env?: NodeJS.ProcessEnv;
}

/** Runs npm; a failure says in one line whether the network is missing or where the log is. */
export async function npm(processes: Processes, { args, cwd, log, purpose, env }: NpmCall): Promise<string> {
	const { ok, output } = await processes.run({
		file: 'npm',
		args: [...args, '--loglevel=error', ...PATIENCE],
		cwd,
		env: { ...npmEnvironment(), ...env },
		log,
	});
	if (!ok) throw await failure(purpose, log);
	return output;
}

async function failure(purpose: string, log: string): Promise<DemoFailure> {
	const lines = await tail(log, 40);
	const code = NO_NETWORK.exec(lines.join('\n'))?.[1];
	if (code !== undefined) {
		return new DemoFailure(`${purpose} failed: npm cannot reach its registry (${code}). Is there a network?`);
	}
	return new DemoFailure(`${purpose} failed, see ${log}`, lines.slice(-5));
}
