import { startSandboxProcess, startWorker } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Measure } from '../finding.mts';
import { median, shown } from '../statistics.mts';
import type { Opened, Task } from '../wire.mts';

const ROUNDS = 9;
const WARM_UPS = 2;
const CONTENDERS = ['invent', 'httpRequest', 'floor'] as const;

/** What is done, and how many requests that is. */
interface Work {
	readonly title: string;
	readonly assistants: number;
	readonly requests: number;
	readonly act: (opened: Opened) => Task['act'];
}

/** A run of many items is one request for each; a list of 10,000 is a hundred pages, and one that shows the end. */
const WORKS: readonly Work[] = [
	{ title: 'Get', assistants: 400, requests: 400, act: ({ ids }) => ({ kind: 'get', ids }) },
	{ title: 'Get Many', assistants: 10_000, requests: 101, act: () => ({ kind: 'list', pages: 100 }) },
];

/** How much work one request is. */
export const cpu: Measure = async (say) => {
	const figures = [];
	for (const work of WORKS) figures.push(await measured(work, say));
	return {
		title: 'CPU for each request',
		how: `Get for 400 items, one request each; Get Many with Return All for 10,000 assistants, 101 requests. No latency. Median of ${ROUNDS} rounds in turn, in a warm process for each of the two, user and system time. The engine's own work for each item is in it.`,
		head: ['', '', 'CPU', 'least to most', '÷ HTTP Request node', 'elapsed'],
		rows: figures.flatMap(({ title, seen, httpRequest }) =>
			seen.map(({ contender, cpuMs, ms }) => [
				title,
				TITLES[contender],
				perRequest(median(cpuMs)),
				`${perRequest(Math.min(...cpuMs))} to ${perRequest(Math.max(...cpuMs))}`,
				shown(median(cpuMs) / httpRequest, 2),
				perRequest(median(ms)),
			]),
		),
		verdicts: figures.map(({ title, ratio }) => ({
			what: `CPU: each request of ${title} ÷ HTTP Request node`,
			value: shown(ratio, 2),
			target: 'at most 1.00',
			met: ratio <= 1,
		})),
	};
};

/** One kind of work, in a process of its own. */
async function measured({ title, assistants, requests, act }: Work, say: (text: string) => void) {
	await using sandbox = startSandboxProcess();
	await using worker = startWorker();
	const seen = CONTENDERS.map((contender) => ({ contender, cpuMs: [] as number[], ms: [] as number[] }));
	for (let round = 1 - WARM_UPS; round <= ROUNDS; round++) {
		say(`${title}: ${round < 1 ? 'warming up' : `round ${round} of ${ROUNDS}`}`);
		for (const { contender, cpuMs, ms } of seen) {
			const opened = await sandbox.open({ assistants });
			const { apiKey, url, digest } = opened;
			const taken = await worker.run({ contender, api: { apiKey, url }, act: act(opened) });
			if (taken.digest !== digest) throw new Error(`${TITLES[contender]}: ${title} did not get all items`);
			if (round < 1) continue;
			cpuMs.push(taken.cpuMs / requests);
			ms.push(taken.ms / requests);
		}
	}
	const [invent = NaN, httpRequest = NaN] = seen.map(({ cpuMs }) => median(cpuMs));
	return { title, seen, httpRequest, ratio: invent / httpRequest };
}

function perRequest(ms: number): string {
	return `${shown(ms, 2)} ms`;
}
