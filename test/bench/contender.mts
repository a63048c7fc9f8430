import type { Outcome } from '../node/harness/engine.mts';

/** Where a contender sends its requests. */
export interface Api {
	readonly url: string;
	readonly apiKey: string;
}

/** What came of a run. */
export interface Yield {
	/** The ids of what came out as wanted, in order. */
	readonly ids: readonly unknown[];
	readonly failed: number;
	/** What n8n holds when the node has ended; it is kept until the memory was looked at. */
	readonly held: unknown;
}

/** Somebody who can do the two things that are measured. */
export interface Contender {
	/** All assistants of the organization. */
	list(api: Api, pages: number): Promise<Yield>;
	/** One request for each id; an item that fails does not stop the others. */
	get(api: Api, ids: readonly string[]): Promise<Yield>;
}

/** Counts the items of a node that went on after errors. */
export function yieldOf(outcome: Outcome): Yield {
	if (outcome.error !== undefined) throw new Error(`${outcome.error.message} ${outcome.error.description}`);
	const isDone = ({ json, error }: Outcome['items'][number]) =>
		error === undefined && json.error === undefined;
	const ids = outcome.items.filter(isDone).map(({ json }) => json.id);
	return { ids, failed: outcome.items.length - ids.length, held: outcome };
}
