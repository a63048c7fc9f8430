import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { execaNode } from 'execa';
import { z } from 'zod';

import { startSandbox, type SandboxOptions } from '../../tools/sandbox/server.mts';

/** How the contenders are called in the results. */
export const TITLES = {
	invent: 'Invent node',
	httpRequest: 'HTTP Request node',
	httpRequestBatched: 'HTTP Request node, batches of 8 every second',
	floor: 'bare HTTP',
} as const;
export type ContenderName = keyof typeof TITLES;

/** One measured run of one contender: one request for each id or, without ids, all pages of the list. */
export const Task = z.object({
	contender: z.enum(['invent', 'httpRequest', 'httpRequestBatched', 'floor']),
	api: z.object({ url: z.string(), apiKey: z.string() }),
	ids: z.array(z.string()).optional(),
	/** For the floor only, which does not find out by itself how long the list is. */
	pages: z.number(),
	/** Whether only what is in use counts as memory: garbage is collected all the time, and `ms` means nothing. */
	live: z.boolean(),
	profiled: z.boolean(),
});
export type Task = z.infer<typeof Task>;

/** What a run took. */
const Taken = z.object({
	ms: z.number(),
	cpuMs: z.number(),
	/** Items that came out as wanted, and as errors. */
	done: z.number(),
	failed: z.number(),
	/** Of the ids that came out, in their order. */
	digest: z.string(),
	/** Bytes: the most that the process took at any time, and the most of the heap above what it was before. */
	peakRss: z.number(),
	moreHeap: z.number(),
	/** The share of the node's own code in what the processor did, when it was profiled. */
	ownShare: z.number(),
});
export type Taken = z.infer<typeof Taken>;

/** A short text that differs when ids or their order do. */
export function digestOf(ids: readonly unknown[]): string {
	return createHash('sha256').update(JSON.stringify(ids)).digest('base64url');
}

/** A process that runs contenders; `using` ends it. Each has its own memory, and a pace of the Invent node of its own. */
export function startWorker() {
	const hook = pathToFileURL(join(import.meta.dirname, 'hook.mts')).href;
	const child = execaNode(join(import.meta.dirname, 'worker.mts'), {
		nodeOptions: ['--expose-gc', '--import', hook],
		ipc: true,
		buffer: { stdout: false, ipc: false },
		stdout: 'ignore',
		reject: false,
	});
	return {
		async run(task: Task): Promise<Taken> {
			const ended = child.then(({ stderr }) => {
				throw new Error(`The worker has ended: ${stderr}`);
			});
			const answer = Promise.all([child.getOneMessage(), child.sendMessage(task)]);
			const [message] = await Promise.race([answer, ended]);
			return Taken.parse(message);
		},
		async [Symbol.asyncDispose]() {
			child.kill();
			await child;
		},
	};
}

export type Worker = ReturnType<typeof startWorker>;

/** What a measured run was, and what the sandbox saw of it. */
export interface Run extends Taken {
	readonly requests: number;
	readonly tooMany: number;
	readonly atOnce: number;
	/** Whether everything came out that there is, in the order of the list. */
	readonly isExact: boolean;
}

/** What is to be run, and how: a list unless `act` says otherwise. */
export interface Trial {
	readonly contender: ContenderName;
	readonly act?: 'list' | 'get';
	readonly live?: boolean;
	readonly profiled?: boolean;
	/** Without limits and latency, unless told. */
	readonly sandbox: SandboxOptions & { readonly assistants: number };
}

let opened = 0;

/** Runs a contender against a sandbox of its own, at an address of its own: the Invent node keeps a pace for each. */
export async function runOnce(
	worker: Worker,
	{ contender, act = 'list', live = false, profiled = false, sandbox: options }: Trial,
): Promise<Run> {
	const limits = { requestsPerMinute: 0, creationsPerHour: 0 };
	const sandbox = await startSandbox({ ...limits, ...options, basePath: `/${++opened}` });
	try {
		const ids = sandbox.store.assistants().map(({ id }) => id);
		const pages = Math.ceil(ids.length / 100);
		const { url, apiKey } = sandbox;
		const task = { contender, api: { url, apiKey }, pages, live, profiled, ...(act === 'get' && { ids }) };
		const taken = await worker.run(task);
		return {
			...taken,
			requests: sandbox.requests.length,
			tooMany: sandbox.requests.filter(({ status }) => status === 429).length,
			atOnce: sandbox.inFlight.peak,
			isExact: taken.done === ids.length && taken.digest === digestOf(ids),
		};
	} finally {
		await sandbox.close();
	}
}
