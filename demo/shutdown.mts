import type { Processes } from './processes.mts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Settles when the demo is asked to end; by then its programs are being ended. */
export function onShutdown(processes: Processes): Promise<void> {
	const { promise, resolve } = Promise.withResolvers<void>();
	for (const signal of SIGNALS) {
		// Stays in place: npm passes on a Ctrl-C that the terminal has sent already, and the second must not break off the first.
		process.on(signal, () => {
			void processes.end();
			resolve();
		});
	}
	return promise;
}
