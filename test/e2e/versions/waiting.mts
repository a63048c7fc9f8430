import { setTimeout as sleep } from 'node:timers/promises';
import { hasEnded, type Client, type Listed, type StoredWorkflow } from '../../../tools/n8n/client.mts';

const POLL_MS = 1_000;

/** Waits until a workflow has so many executions and all have ended, or until the patience is over. */
export async function untilEnded(
	client: Client,
	workflow: StoredWorkflow,
	count: number,
	patienceMs: number,
	look: (executions: readonly Listed[]) => void = () => {},
): Promise<Listed[]> {
	for (const deadline = Date.now() + patienceMs; ; await sleep(POLL_MS)) {
		const executions = await client.executions(workflow);
		look(executions);
		if ((executions.length >= count && executions.every(hasEnded)) || Date.now() > deadline) {
			return executions;
		}
	}
}
