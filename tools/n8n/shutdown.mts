import type { Processes } from './processes.mts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const POLL_MS = 500;

/** Settles when the demo is asked to end; by then its programs are being ended. */
export function onShutdown(processes: Processes): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	const shutDown = (): void => {
		void processes.end();
		resolve();
	};
	// They stay in place: npm passes on a Ctrl-C that the terminal has sent already, and the second must not break off the first.
	for (const signal of SIGNALS) process.on(signal, shutDown);
	// Between npm and the demo stands a shell, which dies of the signals that npm passes to it and does not pass them on.
	if (process.env['npm_lifecycle_event'] !== undefined) onOrphaned(shutDown);
	return promise;
}

function onOrphaned(then: () => void): void {
	const parent = process.ppid;
	const poll = setInterval(() => {
		if (process.ppid === parent) return;
		clearInterval(poll);
		then();
	}, POLL_MS);
	poll.unref();
}
