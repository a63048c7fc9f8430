import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Editor } from '../demo/editor.mts';
import { DemoFailure } from './failure.mts';

const POLL_MS = 100;
const PATIENCE_MS = 120_000; // an example takes a second; the node itself waits a minute at most for the API's limits
const UNFINISHED = new Set(['new', 'running', 'waiting']);

const NodeRun = z.object({
	executionStatus: z.string().optional(),
	// By the kind of the connection: "main", or one of those between an AI Agent and what it uses.
	data: z.record(z.string(), z.array(z.array(z.unknown()).nullable())).optional(),
});
const Result = z.object({
	resultData: z.object({
		error: z.object({ message: z.string() }).optional(),
		runData: z.record(z.string(), z.array(NodeRun)).default({}),
	}),
});

/** What n8n reports about one execution of a workflow. */
export interface Execution {
	/** Why it ended early, if it did. */
	readonly error: { readonly message: string } | undefined;
	/** The names of the nodes that ran without an error. */
	readonly green: ReadonlySet<string>;
	/** The names of the nodes that ran, and not without an error. */
	readonly red: ReadonlySet<string>;
	/** How many items came out of the given nodes together, those that stand for an error left out. */
	items(nodes: readonly string[]): number;
}

/** Waits for the end of an execution. */
export async function outcome(editor: Editor, id: string): Promise<Execution> {
	for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
		const { status, data } = await editor.execution(id);
		if (!UNFINISHED.has(status)) return toExecution(status, data);
	}
	throw new DemoFailure(`A workflow was still running after ${PATIENCE_MS / 1000} seconds.`);
}

function toExecution(status: string, data: unknown): Execution {
	const { error, runData } = Result.parse(data).resultData;
	const ran = Object.keys(runData);
	const green = new Set(ran.filter((name) => isGreen(runData[name] ?? [])));
	return {
		error: status === 'success' ? undefined : { message: error?.message ?? status },
		green,
		red: new Set(ran.filter((name) => !green.has(name))),
		items: (nodes) => nodes.reduce((sum, name) => sum + itemsOf(runData[name] ?? []), 0),
	};
}

function isGreen(runs: z.infer<typeof NodeRun>[]): boolean {
	return runs.length > 0 && runs.every(({ executionStatus }) => executionStatus === 'success');
}

function itemsOf(runs: z.infer<typeof NodeRun>[]): number {
	return runs
		.flatMap(({ data }) => Object.values(data ?? {}).flat())
		.flatMap((items) => items ?? [])
		.filter((item) => !StandsForError.safeParse(item).success).length;
}

const StandsForError = z
	.object({ json: z.object({ error: z.unknown() }) })
	.refine(({ json }) => json.error !== undefined);
