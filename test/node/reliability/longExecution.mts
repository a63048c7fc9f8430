/**
 * One execution that goes on and on, in a process of its own whose memory can be limited and measured:
 * `API_KEY=… node --expose-gc --import ./test/bench/hook.mts test/node/reliability/longExecution.mts <kind> <Base URL> <rounds>`.
 * The first part of the Base URL's path changes every so often, because the node keeps a pace for each address.
 */
import { getEventListeners } from 'node:events';

import { executeLoop, executeTool, watchedNode } from '../harness/engine.mts';

/** What the process prints at its end, as JSON. */
export interface Measured {
	readonly rounds: number;
	/** Bytes of the heap in use after every so many rounds, once garbage was collected. */
	readonly heap: number[];
	/** The most that ever listened to the execution's cancel signal after a round. */
	readonly listeners: number;
	readonly failed: number;
}

const ROUNDS_PER_ADDRESS = 40;
const ROUNDS_PER_SAMPLE = 25;
const [kind, origin = '', count = '0'] = process.argv.slice(2);

const heap: number[] = [];
let rounds = 0;
let listeners = 0;
let failed = 0;

const node = watchedNode();
const credential = {
	apiKey: process.env.API_KEY ?? '',
	get baseUrl() {
		return `${origin}/address${Math.floor(rounds / ROUNDS_PER_ADDRESS)}`;
	},
};

function measure(): void {
	rounds += 1;
	listeners = Math.max(listeners, getEventListeners(node.signal, 'abort').length);
	if (rounds % ROUNDS_PER_SAMPLE !== 0) return;
	globalThis.gc?.();
	heap.push(process.memoryUsage().heapUsed);
}

const items = Array.from({ length: Number(count) }, (_, round) => {
	// Read when the round begins, which is when the one before has ended.
	const get = () => {
		if (round > rounds) measure();
		return `Round ${round}`;
	};
	return Object.defineProperty({}, 'name', { enumerable: true, get });
});

if (kind === 'loop') {
	const parameters = { operation: 'upsert', name: '={{ $json.name }}' };
	const { rounds: outputs, error } = await executeLoop({
		parameters,
		items,
		credential,
		nodeType: node.nodeType,
		settings: { onError: 'continueRegularOutput' },
	});
	failed = outputs.filter(([output]) => output?.json.error !== undefined).length;
	if (error !== undefined) throw new Error(error.message);
} else {
	const parameters = { operation: 'upsert', name: "={{ $fromAI('name') }}" };
	const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
	await executeTool({
		tools: { Upsert: { parameters, settings } },
		credential,
		nodeType: node.nodeType,
		work: async (call) => {
			for (const [round] of items.entries()) {
				const [outcome] = await Promise.allSettled([call('Upsert', { name: `Round ${round}` })]);
				if (outcome.status === 'rejected') failed += 1;
				measure();
			}
		},
	});
}
if (rounds < items.length) measure();
process.stdout.write(JSON.stringify({ rounds, heap, listeners, failed } satisfies Measured));
