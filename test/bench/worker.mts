import { answerEach } from './answering.mts';
import type { Contender, Yield } from './contender.mts';
import { digestOf } from './digest.mts';
import { floor } from './floor.mts';
import { httpRequestNode } from './httpRequest.mts';
import { inventNode } from './invent.mts';
import { collectGarbage, memoryNow, watchMemory } from './memory.mts';
import { Task } from './wire.mts';
import type { ContenderName, Taken } from './wire.mts';

/** Eight every second are 480 a minute: what a user would set who knows the limit. */
const BATCHING = { batch: { batchSize: 8, batchInterval: 1000 } };

const contenders: Record<ContenderName, Contender> = {
	invent: inventNode(),
	inventRaw: inventNode({ simplify: false }),
	httpRequest: httpRequestNode(),
	httpRequestBatched: httpRequestNode({ batching: BATCHING }),
	floor,
};

await answerEach(async (message) => await taken(Task.parse(message)));

async function taken(task: Task): Promise<Taken> {
	await collectGarbage();
	const before = memoryNow();
	const watch = watchMemory(task.live === true);
	const cpu = process.cpuUsage();
	const start = performance.now();
	const { ids, failed, held } = await work(task);
	const ms = performance.now() - start;
	const { user, system } = process.cpuUsage(cpu);
	const peak = watch.end();
	await collectGarbage();
	const after = memoryNow();
	return {
		ms,
		cpuMs: (user + system) / 1000,
		done: held === undefined ? 0 : ids.length,
		failed,
		digest: digestOf(ids),
		before,
		peak,
		after,
	};
}

async function work({ contender, api, act }: Task): Promise<Yield> {
	const { list, get, create } = contenders[contender];
	if (act.kind === 'list') return await list(api, act.pages);
	return act.kind === 'get' ? await get(api, act.ids) : await create(api, act.names);
}
