import { setTimeout as sleep } from 'node:timers/promises';

import { startSandboxProcess, startWorker } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Measure } from '../finding.mts';
import { seconds, shown } from '../statistics.mts';

const ITEMS = 1_500;
const PER_MINUTE = 500;
const MINUTE_MS = 60_000;
const LATENCY_MS = 20;
const TICK_MS = 1_000;

/** Nobody can be faster: the first 500 go at once, and each further 500 when a minute has passed. */
const SHORTEST_MS = (ITEMS / PER_MINUTE - 1) * MINUTE_MS;

const CONTENDERS = ['invent', 'httpRequest', 'httpRequestBatched'] as const;
type Name = (typeof CONTENDERS)[number];

/** What comes of many more items than the API allows in a minute. */
export const pace: Measure = async (say) => {
	const progress = new Map<Name, number>();
	// Side by side: they wait most of the time, and each has an API of its own.
	const runs = await Promise.all(
		CONTENDERS.map(async (contender) => {
			const run = await paced(contender, (sent) => {
				progress.set(contender, sent);
				say([...progress].map(([name, count]) => `${TITLES[name]}: ${shown(count)}`).join(', '));
			});
			return { contender, ...run };
		}),
	);
	const invent = runs.find(({ contender }) => contender === 'invent');
	if (invent === undefined) throw new Error('The node is measured');
	const rate = SHORTEST_MS / invent.ms;
	return {
		title: `${shown(ITEMS)} items at ${PER_MINUTE} requests a minute`,
		how: `Get, one request for each item, ${LATENCY_MS} ms latency, On Error: Continue. One run. 100 % of the limit is the shortest possible time: ${seconds(SHORTEST_MS)}.`,
		head: ['', 'items done', 'items failed', 'time', 'of the limit', 'requests', 'answered 429'],
		rows: runs.map(({ contender, ms, done, failed, requests, tooMany }) => [
			TITLES[contender],
			shown(done),
			shown(failed),
			seconds(ms),
			failed === 0 ? percent(SHORTEST_MS / ms) : '–',
			shown(requests),
			shown(tooMany),
		]),
		verdicts: [
			{
				what: 'Pace: items done',
				value: shown(invent.done),
				target: shown(ITEMS),
				met: invent.done === ITEMS,
			},
			{
				what: 'Pace: answered 429',
				value: shown(invent.tooMany),
				target: '0',
				met: invent.tooMany === 0,
			},
			{
				what: 'Pace: rate in % of the limit',
				value: percent(rate),
				target: 'at least 95 %',
				met: rate >= 0.95,
			},
		],
	};
};

async function paced(contender: Name, tell: (sent: number) => void) {
	await using sandbox = startSandboxProcess();
	await using worker = startWorker();
	const opened = await sandbox.open({
		assistants: ITEMS,
		requestsPerMinute: PER_MINUTE,
		latencyMs: LATENCY_MS,
	});
	const { ids, digest, ...api } = opened;
	const running = worker.run({ contender, api, act: { kind: 'get', ids } });
	const isOver = running.then(
		() => true,
		() => true,
	);
	while (!(await Promise.race([isOver, sleep(TICK_MS, false)]))) tell((await sandbox.report()).requests);
	const { ms, done, failed, ...taken } = await running;
	if (failed === 0 && taken.digest !== digest) throw new Error(`${TITLES[contender]} mixed up the items`);
	const { requests, tooMany } = await sandbox.report();
	return { ms, done, failed, requests, tooMany };
}

function percent(share: number): string {
	return `${shown(share * 100, 1)} %`;
}
