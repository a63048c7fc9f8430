/** The node in a loop or as an agent's tool: one execution that goes on for long, and must not grow. */
import { execFile } from 'node:child_process';
import { getEventListeners } from 'node:events';
import { createServer, request as forward } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { executeLoop, executeTool, watchedNode } from '../harness/engine.mts';
import { addOld, CONTINUE, named, onSandbox, proveSideBySide } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import type { Measured } from './longExecution.mts';
import {
	batching,
	CREATE,
	EVERY_TRY,
	GET,
	NAME_OR_THROW,
	names,
	OWN_ID,
	RETRY,
	settled,
	staged,
	UPSERT,
} from '../harness/stage.mts';

const ROUNDS = 12;

const OPERATIONS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['create', CREATE],
	['duplicate', { operation: 'duplicate', assistantId: OWN_ID }],
	['get', GET],
	['getAll', { operation: 'getAll', returnAll: true }],
	['rotateKey', { operation: 'rotateKey', assistantId: OWN_ID }],
	['update', { operation: 'update', assistantId: OWN_ID, config: { instructions: '={{ $json.name }}' } }],
	['upsert', UPSERT],
];

const ENDS: ReadonlyArray<readonly [how: string, faults: FaultRule[]]> = [
	['succeed', []],
	['are refused', [{ effect: { answer: { status: 400 } } }]],
	['are asked for too long a pause', [{ effect: { answer: { status: 429, retryAfter: '3600' } } }]],
];

/** An item for each round of the loop. */
function roundsOn(scene: Scene): IDataObject[] {
	const { id } = addOld(scene, { name: 'There' });
	return Array.from({ length: ROUNDS }, (_, round) => ({ id, name: `Round ${round}` }));
}

const listeners = OPERATIONS.flatMap(([operation, parameters]) =>
	ENDS.map(([how, faults]): Case => [
		`${operation} in a loop: nothing of the node listens to the execution's signal any more when the items of a round ${how}`,
		async (scene) => {
			const items = roundsOn(scene);
			scene.sandbox.faults.set(faults);
			const node = watchedNode();
			const { credential } = scene;
			const setup = { parameters, items, credential, nodeType: node.nodeType, settings: CONTINUE };
			await executeLoop(setup);
			expect(node.listeners).toEqual(Array(ROUNDS).fill(0));
		},
	]),
);

const BATCHES: ReadonlyArray<readonly [how: string, batches: INodeParameters]> = [
	['without Batching', {}],
	['with Batching', batching(1, 20)],
];

const broken = BATCHES.map(([how, batches]): Case => [
	`${how}: nothing listens to the execution's signal any more after the engine gave the node up because an expression threw`,
	async (scene) => {
		const { node, setup } = staged({ One: [], Two: [], Three: EVERY_TRY });
		const parameters = { operation: 'create', name: NAME_OR_THROW, ...batches };
		const { error } = await scene.run(parameters, { ...setup, settings: RETRY });
		expect(error).toBeDefined();
		await settled(scene);
		expect(getEventListeners(node.signal, 'abort')).toEqual([]);
	},
]);

const tools: Case[] = [
	[
		"As an agent's tool: nothing of the node listens to the execution's signal any more when a call has ended, also one that failed in all its tries",
		async (scene) => {
			const node = watchedNode();
			const parameters = { operation: 'upsert', name: "={{ $fromAI('name') }}" };
			scene.sandbox.faults.set([
				{ match: { method: 'POST', nth: 2, times: 3 }, effect: { answer: { status: 400 } } },
			]);
			await executeTool({
				credential: scene.credential,
				tools: { Upsert: { parameters, settings: RETRY } },
				nodeType: node.nodeType,
				work: async (call) => {
					for (const name of ['One', 'Two', 'Three']) await Promise.allSettled([call('Upsert', { name })]);
				},
			});
			expect(node.tries).toBe(5);
			expect(node.listeners).toEqual([0, 0, 0, 0, 0]);
		},
	],
	[
		'A list that Create or Update has read in one round of a loop is read again in the next one',
		async (scene) => {
			const { credential } = scene;
			const { rounds } = await executeLoop({ parameters: UPSERT, items: named('A', 'A'), credential });
			expect(rounds[0]?.[0]?.json.id).toBe(rounds[1]?.[0]?.json.id);
			const lists = scene.sandbox.requests.filter(({ operationId }) => operationId === 'listAssistants');
			expect(lists.length).toBeGreaterThanOrEqual(2);
		},
	],
];

proveSideBySide([...listeners, ...broken, ...tools]);

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
