import type { Sandbox } from '../../../tools/sandbox/server.mts';
import type { Client, Listed } from '../../../tools/n8n/client.mts';
import { makerOf, MAKER } from './workflows.mts';

const WINDOW_MS = 60_000; // Invent's limit is for a minute
const REFUSED = 429;

/** One execution, with what it reports to have made and what it has really made. */
export interface Account {
	readonly id: string;
	readonly status: string;
	readonly error: string | undefined;
	/** Ids of assistants that came out of the node. */
	readonly reported: readonly string[];
	/** Ids of assistants in the sandbox that bear the execution's name. */
	readonly made: readonly string[];
}

/** Sets each execution against the sandbox. */
export async function accountFor(
	client: Client,
	executions: readonly Listed[],
	{ store }: Sandbox,
): Promise<Account[]> {
	const made = Map.groupBy(store.assistants(), ({ name }) => makerOf(name));
	const accounts: Account[] = [];
	for (const { id } of executions) {
		const report = await client.execution(id);
		accounts.push({
			id,
			status: report.status,
			error: report.error,
			reported: report.outputOf(MAKER).map((json) => String(json['id'])),
			made: (made.get(id) ?? []).map((assistant) => assistant.id),
		});
	}
	return accounts;
}

/** Whether an execution has made just what it reports, each thing once. */
export function isExact({ reported, made }: Account): boolean {
	return new Set(reported).size === reported.length && new Set([...reported, ...made]).size === made.length;
}

/** The names that more than one assistant of the executions has. */
export function doubledNames({ store }: Sandbox): string[] {
	const byName = Map.groupBy(
		store.assistants().filter(({ name }) => makerOf(name) !== undefined),
		({ name }) => name,
	);
	return [...byName].filter(([, { length }]) => length > 1).map(([name]) => name);
}

/** How many assistants of executions there are. */
export function madeIn({ store }: Sandbox): number {
	return store.assistants().filter(({ name }) => makerOf(name) !== undefined).length;
}

/** The traffic that a sandbox has seen. */
export interface Traffic {
	readonly accepted: number;
	readonly refused: number;
	/** The most accepted requests in any 60 seconds. */
	readonly most: number;
}

/** Counts what the sandbox has seen. */
export function trafficOf({ requests }: Sandbox): Traffic {
	const accepted = requests.filter(({ status }) => status !== REFUSED).map(({ at }) => at);
	return {
		accepted: accepted.length,
		refused: requests.length - accepted.length,
		most: Math.max(0, ...accepted.map((from) => countIn(accepted, from))),
	};
}

function countIn(times: readonly number[], from: number): number {
	return times.filter((at) => at >= from && at < from + WINDOW_MS).length;
}
