/**
 * Very many items in a process of its own, whose event loop is watched from the first request on until the node has
 * ended: `API_KEY=… node --import ./test/bench/hook.mts test/node/reliability/largeInput.mts <items> <Base URL> <JSON of a setup>`.
 * Before the first request it is n8n that reads the parameters of all items in one go.
 */
import type { IDataObject } from 'n8n-workflow';

import { credentialType, execute, watchedNode } from '../harness/engine.mts';
import type { Setup } from '../harness/engine.mts';

/** What a test gives the process. */
export interface Given extends Pick<Setup, 'parameters' | 'settings'> {
	/** The first item's value, and that of the others. */
	readonly values: readonly [first: string, others: string];
	/** After how many requests the execution is cancelled. */
	readonly cancelAfter?: number;
}

/** What the process prints at its end, as JSON. */
export interface Watched {
	/**
	 * The longest time that the event loop was kept busy between two turns, in milliseconds that its thread really ran: on a
	 * busy machine a thread stands still without having anything to do with it.
	 */
	readonly blockedMs: number;
	/** How long its thread ran in all, from the first request on. */
	readonly busyMs: number;
	readonly requests: number;
	/** How often each code came out; items without a code are under `none`. */
	readonly codes: Readonly<Record<string, number>>;
}

const [count = '0', baseUrl = '', json = '{}'] = process.argv.slice(2);
const { parameters, settings = {}, values, cancelAfter = Infinity } = JSON.parse(json) as Given;

const controller = new AbortController();
let requests = 0;
let isWatching = false;
let ranBefore = 0;
let blockedMs = 0;
let busyMs = 0;

function threadMs(): number {
	const { user, system } = process.threadCpuUsage();
	return (user + system) / 1000;
}

function turn(): void {
	const ran = threadMs();
	if (isWatching) {
		blockedMs = Math.max(blockedMs, ran - ranBefore);
		busyMs += ran - ranBefore;
	}
	ranBefore = ran;
}
const turns = setInterval(turn, 5);

const { authenticate } = credentialType;
if (typeof authenticate !== 'function') throw new Error('authenticate is a function');
credentialType.authenticate = async (credential, request) => {
	requests += 1;
	if (requests === 1) {
		turn();
		isWatching = true;
	}
	if (requests > cancelAfter) controller.abort();
	return await authenticate.call(credentialType, credential, request);
};

const node = watchedNode();
const [first, others] = values;
const items = Array.from({ length: Number(count) }, (_, at): IDataObject => ({
	value: at === 0 ? first : others,
}));
// What comes after the last turn is n8n, which collects the results in one go.
const ended = node.ended.then(() => {
	turn();
	isWatching = false;
	clearInterval(turns);
});
await execute({
	parameters,
	items,
	settings,
	credential: { apiKey: process.env.API_KEY ?? '', baseUrl },
	nodeType: node.nodeType,
	signal: controller.signal,
});
await ended;

const codes: Record<string, number> = {};
const [given] = node.given;
for (const {
	json: { errorCode },
} of given === undefined || given instanceof Error ? [] : given) {
	const code = typeof errorCode === 'string' ? errorCode : 'none';
	codes[code] = (codes[code] ?? 0) + 1;
}
const result: Watched = {
	blockedMs: Math.round(blockedMs),
	busyMs: Math.round(busyMs),
	requests,
	codes,
};
process.stdout.write(JSON.stringify(result));
