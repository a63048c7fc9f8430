import { z } from 'zod';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import type { Client, Listed, Workflow } from '../../../tools/n8n/client.mts';
import { byId, invent, rowOf, type CredentialReference } from '../../../tools/n8n/workflow.mts';

/** How far apart the ticks are: far enough that a busy machine's delay does not make one look like the next. */
export const INTERVAL_S = 5;

const TRIGGER = 'Every few seconds';
const CREATE = 'Create';
const ROTATE = 'Rotate Key';

const Fired = z.object({ timestamp: z.string() });
const Created = z.object({ id: z.string() });
const Rotated = z.object({ id: z.string(), secret_key: z.string() });

/** What one execution was and did. */
export interface Tick {
	readonly id: string;
	readonly status: string;
	readonly error: string | undefined;
	/** When the trigger fired, in milliseconds since 1970; undefined when it did not. */
	readonly firedAt: number | undefined;
	/** Whether it has made just one assistant and put out the key that is in force. */
	readonly isExact: boolean;
}

/** A workflow that makes an assistant and gives it a secret key, each few seconds and with nobody watching. */
export function scheduled(credential: CredentialReference): Workflow {
	const trigger = {
		name: TRIGGER,
		type: 'n8n-nodes-base.scheduleTrigger',
		typeVersion: 1.2,
		parameters: { rule: { interval: [{ field: 'seconds', secondsInterval: INTERVAL_S }] } },
	};
	return rowOf('Each few seconds', [
		trigger,
		invent(CREATE, credential, 'create', { name: `=${nameOf('{{ $execution.id }}')}` }),
		invent(ROTATE, credential, 'rotateKey', { assistantId: byId('={{ $json.id }}') }),
	]);
}

/** Sets an execution against the sandbox. */
export async function tickOf(client: Client, { id }: Listed, { store }: Sandbox): Promise<Tick> {
	const report = await client.execution(id);
	const fired = Fired.safeParse(report.outputOf(TRIGGER)[0]);
	const created = Created.safeParse(report.outputOf(CREATE)[0]);
	const rotated = Rotated.safeParse(report.outputOf(ROTATE)[0]);
	const [made, ...more] = store.assistants().filter(({ name }) => name === nameOf(id));
	return {
		id,
		status: report.status,
		error: report.error,
		firedAt: fired.data && Date.parse(fired.data.timestamp),
		isExact:
			made !== undefined &&
			more.length === 0 &&
			created.data?.id === made.id &&
			rotated.data?.id === made.id &&
			rotated.data.secret_key === made.secret_key,
	};
}

/** How many intervals between the first and the last tick have no execution, and how many have more than one. */
export function gapsIn(ticks: readonly Tick[]): { missing: number; doubled: number } {
	const times = ticks.flatMap(({ firedAt }) => firedAt ?? []);
	const slots = times.map((time) => Math.floor(time / 1000 / INTERVAL_S));
	const distinct = new Set(slots);
	const span = slots.length === 0 ? 0 : Math.max(...slots) - Math.min(...slots) + 1;
	return { missing: span - distinct.size, doubled: slots.length - distinct.size };
}

function nameOf(executionId: string): string {
	return `Tick ${executionId}`;
}
