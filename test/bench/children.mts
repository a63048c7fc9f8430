import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { execaNode } from 'execa';
import { z } from 'zod';

import { Opened, Report, Taken } from './wire.mts';
import type { Question, Task } from './wire.mts';

export const PROJECT = resolve(import.meta.dirname, '../..');

const Reply = z.union([
	z.object({ ok: z.literal(true), value: z.unknown() }),
	z.object({ ok: z.literal(false), problem: z.string() }),
]);

/** A child process that answers one question at a time; `using` ends it. */
function startChild(file: string, nodeOptions: readonly string[]) {
	const child = execaNode(join(import.meta.dirname, file), {
		cwd: PROJECT,
		nodeOptions,
		ipc: true,
		buffer: { stdout: false, ipc: false },
		stdout: 'ignore',
		reject: false,
	});
	return {
		async ask<T>(answer: z.ZodType<T>, question: object): Promise<T> {
			const ended = child.then(({ stderr }) => {
				throw new Error(`${file} ended: ${stderr}`);
			});
			const [message] = await Promise.race([
				Promise.all([child.getOneMessage(), child.sendMessage(question)]),
				ended,
			]);
			const reply = Reply.parse(message);
			if (!reply.ok) throw new Error(reply.problem);
			return answer.parse(reply.value);
		},
		async end() {
			child.kill();
			await child;
		},
	};
}

/** A process with n8n's engine in it, which runs contenders. */
export interface Worker extends AsyncDisposable {
	run(task: Task): Promise<Taken>;
}

/** Starts a worker. Each has its own memory, and a pace of the Invent node of its own. */
export function startWorker(): Worker {
	const hook = pathToFileURL(join(import.meta.dirname, 'hook.mts')).href;
	const child = startChild('worker.mts', ['--expose-gc', '--import', hook]);
	return {
		run: async (task) => await child.ask(Taken, task),
		[Symbol.asyncDispose]: child.end,
	};
}

/** What a sandbox can be asked for, see its own options. */
export type Surroundings = Partial<Omit<Extract<Question, { kind: 'open' }>['options'], 'basePath'>>;

/** A sandbox in a process of its own, so that its work and memory are nobody's else. */
export interface SandboxProcess extends AsyncDisposable {
	/** Starts over, at an address that was not there before: the Invent node keeps a pace for each address. */
	open(surroundings: Surroundings): Promise<Opened>;
	/** What happened since it was opened. */
	report(): Promise<Report>;
}

/** Starts a sandbox that, unless told otherwise, has no limits and no latency. */
export function startSandboxProcess(): SandboxProcess {
	const child = startChild('sandboxProcess.mts', []);
	const calm = { assistants: 0, latencyMs: 0, requestsPerMinute: 0, creationsPerHour: 0 };
	let opened = 0;
	return {
		async open(surroundings) {
			const options = { ...calm, ...surroundings, basePath: `/${++opened}` };
			return await child.ask(Opened, { kind: 'open', options } satisfies Question);
		},
		report: async () => await child.ask(Report, { kind: 'report' } satisfies Question),
		[Symbol.asyncDispose]: child.end,
	};
}
