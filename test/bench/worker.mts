// A process with n8n's engine in it, which runs contenders, one task after the other.

import { Session } from 'node:inspector/promises';

import { getEachMessage, sendMessage } from 'execa';

import type { Contender } from './contender.mts';
import { floor } from './floor.mts';
import { httpRequestNode } from './httpRequest.mts';
import { inventNode } from './invent.mts';
import { collectGarbage, memoryNow, watchMemory } from './memory.mts';
import { digestOf, Task, type ContenderName, type Taken } from './task.mts';

/** Eight every second are 480 a minute: what a user would set who knows the limit. */
const BATCHING = { batch: { batchSize: 8, batchInterval: 1000 } };

const contenders: Record<ContenderName, Contender> = {
	invent: inventNode(),
	httpRequest: httpRequestNode(),
	httpRequestBatched: httpRequestNode({ batching: BATCHING }),
	floor,
};

for await (const message of getEachMessage()) await sendMessage({ ...(await taken(Task.parse(message))) });

async function taken(task: Task): Promise<Taken> {
	const { contender, api, ids: wanted, pages, live, profiled } = task;
	const work = contenders[contender];
	await collectGarbage();
	const before = memoryNow();
	const profile = profiled ? await startProfile() : undefined;
	const watch = watchMemory(live);
	const cpu = process.cpuUsage();
	const start = performance.now();
	const { ids, failed, held } = await (wanted === undefined ? work.list(api, pages) : work.get(api, wanted));
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	const peak = watch.end();
	return {
		ms,
		cpuMs: (user + system) / 1000,
		done: held === undefined ? 0 : ids.length,
		failed,
		digest: digestOf(ids),
		peakRss: peak.rss,
		moreHeap: peak.heap - before.heap,
		ownShare: (await profile?.()) ?? 0,
	};
}

/** Looks each millisecond at what the process does; answers in the end with the share of the node's own code. */
async function startProfile(): Promise<() => Promise<number>> {
	const session = new Session();
	session.connect();
	await session.post('Profiler.enable');
	await session.post('Profiler.start');
	return async () => {
		const { profile } = await session.post('Profiler.stop');
		session.disconnect();
		const busy = profile.nodes.filter(({ callFrame }) => callFrame.functionName !== '(idle)');
		const hits = (nodes: typeof busy) => nodes.reduce((sum, { hitCount = 0 }) => sum + hitCount, 0);
		return hits(busy.filter(({ callFrame }) => callFrame.url.includes('/dist/nodes/Invent/'))) / hits(busy);
	};
}
