/** `npm run test:slow`, because they take minutes: long executions must not grow. */
import { execFile } from 'node:child_process';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { addOld, onSandbox } from '../harness/scene.mts';
import type { Scene } from '../harness/scene.mts';
import type { Measured } from './longExecution.mts';
import { names } from '../harness/stage.mts';

const LONG = 200;
/** A process that takes longer is ended. */
const LONGEST_MS = 200_000;
const ASSISTANTS = 300;
const MEGABYTE = 1024 * 1024;
const run = promisify(execFile);

/** Lets a server answer at many addresses, which differ by the first part of the path. */
async function manyAddresses(scene: Scene) {
	const target = new URL(scene.sandbox.url);
	const server = createServer((incoming, response) => {
		const path = (incoming.url ?? '').replace(/^\/address\d+/, '');
		const { method, headers } = incoming;
		const outgoing = forward(
			{ host: target.hostname, port: target.port, path, method, headers },
			(answer) => {
				response.writeHead(answer.statusCode ?? 500, answer.headers);
				answer.pipe(response);
			},
		);
		outgoing.on('error', () => response.destroy());
		incoming.pipe(outgoing);
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	return { origin: `http://127.0.0.1:${port}`, close };
}

/** Runs a long execution in a process with little memory. */
async function measured(kind: 'loop' | 'agent', faults: FaultRule[] = []): Promise<Measured> {
	return await onSandbox({}, async (scene) => {
		const config = { instructions: 'Be kind. '.repeat(400) };
		for (const name of names(ASSISTANTS, 'There')) addOld(scene, { name, config });
		scene.sandbox.faults.set(faults);
		const { origin, close } = await manyAddresses(scene);
		const limits = ['--max-old-space-size=200', '--expose-gc'];
		const program = ['--import', './test/bench/hook.mts', 'test/node/reliability/longExecution.mts'];
		const env = { ...process.env, API_KEY: scene.sandbox.apiKey };
		try {
			const { stdout } = await run(process.execPath, [...limits, ...program, kind, origin, String(LONG)], {
				env,
			});
			return JSON.parse(stdout.slice(stdout.lastIndexOf('{"rounds"'))) as Measured;
		} finally {
			close();
		}
	});
}

/** How much more of the heap is in use at the end than after the first rounds, in megabytes. */
function growth({ heap }: Measured): number {
	return ((heap.at(-1) ?? Infinity) - (heap[1] ?? 0)) / MEGABYTE;
}

// What n8n itself keeps of each round is a few kilobytes; the list of the assistants is a megabyte and more.
const MOST_GROWTH_MB = 12;

test(
	'A loop of 200 upserts with 300 assistants lives with 200 MB, and neither its memory nor the listeners grow',
	async () => {
		const result = await measured('loop');
		expect(result.failed).toBe(0);
		expect(result.rounds).toBe(LONG);
		expect(growth(result)).toBeLessThan(MOST_GROWTH_MB);
		expect(result.listeners).toBe(0);
	},
	LONGEST_MS + 30_000,
);

test(
	"200 calls of an agent's tool with 300 assistants, all refused in all tries, live with 200 MB, and neither their memory nor the listeners grow",
	async () => {
		const result = await measured('agent', [
			{ match: { method: 'POST' }, effect: { answer: { status: 400 } } },
		]);
		expect(result.failed).toBe(LONG);
		expect(result.rounds).toBe(LONG);
		expect(growth(result)).toBeLessThan(MOST_GROWTH_MB);
		expect(result.listeners).toBe(0);
	},
	LONGEST_MS + 30_000,
);
