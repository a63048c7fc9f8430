import { startSandboxProcess, startWorker } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Measure } from '../finding.mts';
import { median, seconds, shown } from '../statistics.mts';

const ASSISTANTS = 10_000;
const PAGES = 100;
const LATENCY_MS = 50;
const ROUNDS = 5;
const CONTENDERS = ['invent', 'httpRequest', 'floor'] as const;

/** How long it takes to list many assistants. */
export const list: Measure = async (say) => {
	await using sandbox = startSandboxProcess();
	await using worker = startWorker();
	const seen = CONTENDERS.map((contender) => ({
		contender,
		times: [] as number[],
		requests: 0,
		inFlight: 0,
		inOrder: true,
	}));
	for (let round = 0; round <= ROUNDS; round++) {
		for (const entry of seen) {
			say(
				round === 0
					? `warming up: ${TITLES[entry.contender]}`
					: `round ${round} of ${ROUNDS}: ${TITLES[entry.contender]}`,
			);
			const { ids, digest, ...api } = await sandbox.open({ assistants: ASSISTANTS, latencyMs: LATENCY_MS });
			const act = { kind: 'list', pages: PAGES } as const;
			const taken = await worker.run({ contender: entry.contender, api, act });
			if (round > 0) entry.times.push(taken.ms);
			const { requests, peakInFlight } = await sandbox.report();
			entry.requests = Math.max(entry.requests, requests);
			entry.inFlight = Math.max(entry.inFlight, peakInFlight);
			entry.inOrder &&= taken.digest === digest && taken.done === ids.length;
		}
	}
	const [invent = NaN, httpRequest = NaN, floor = NaN] = seen.map(({ times }) => median(times));
	const requests = seen[0]?.requests ?? NaN;
	const inOrder = seen[0]?.inOrder === true;
	return {
		title: `List ${shown(ASSISTANTS)} assistants`,
		how: `Get Many with Return All, ${LATENCY_MS} ms latency. Median of ${ROUNDS} rounds in turn, in one warm process. Bare HTTP knows the number of pages.`,
		head: ['', 'time', 'fastest to slowest', '÷ bare HTTP', 'requests', 'at once', 'complete, in order'],
		rows: seen.map(({ contender, times, ...entry }) => [
			TITLES[contender],
			seconds(median(times)),
			`${seconds(Math.min(...times))} to ${seconds(Math.max(...times))}`,
			shown(median(times) / floor, 2),
			shown(entry.requests),
			shown(entry.inFlight),
			entry.inOrder ? 'yes' : 'no',
		]),
		verdicts: [
			{
				what: 'List: times as fast as the HTTP Request node',
				value: shown(httpRequest / invent, 1),
				target: 'at least 5',
				met: httpRequest / invent >= 5,
			},
			{
				what: 'List: time ÷ bare HTTP',
				value: shown(invent / floor, 2),
				target: 'at most 1.5',
				met: invent / floor <= 1.5,
			},
			{
				what: 'List: requests',
				value: shown(requests),
				target: `at most ${PAGES + 1}`,
				met: requests <= PAGES + 1,
			},
			{
				what: 'List: complete and in order',
				value: inOrder ? 'yes' : 'no',
				target: 'yes',
				met: inOrder,
			},
		],
	};
};
