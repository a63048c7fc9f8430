import type { N8n } from '../../../tools/n8n/server.mts';
import type { CrashCase } from './crash.mts';

/** An installed n8n and its number. */
export interface Installed {
	readonly n8n: N8n;
	readonly number: string;
}

/** What is tried with a killed worker: n8n 2, and n8n 1, which starts the lost executions again by itself. */
export function casesFor(n8n2: Installed, n8n1: Installed): CrashCase[] {
	return [
		{ ...n8n2, major: 2, operation: 'create', settings: {}, mayDouble: false },
		{ ...n8n1, major: 1, operation: 'create', settings: {}, mayDouble: true },
		{
			...n8n1,
			major: 1,
			operation: 'create',
			settings: { QUEUE_WORKER_MAX_STALLED_COUNT: '0' }, // n8n 1: how often a lost execution is started again
			mayDouble: false,
		},
		{ ...n8n1, major: 1, operation: 'upsert', settings: {}, mayDouble: false },
	];
}
