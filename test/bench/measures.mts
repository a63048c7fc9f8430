import { median, megabytes, percent, seconds, shown, type Finding, type Measure } from './results.mts';
import { runOnce, startWorker, TITLES, type Run } from './task.mts';

const LIST = 10_000;
const PAGES = 100;
const LATENCY_MS = 50;
const ROUNDS = 5;
const ALL = ['invent', 'httpRequest', 'floor'] as const;
const BOTH = ['invent', 'httpRequest'] as const;

/** How long it takes to list many assistants, when the API says how many there are and when it does not. */
export const list: Measure = async (say) => {
	await using worker = startWorker();
	const kinds = [
		{ title: 'with the number in a header', countHeader: 'total' },
		{ title: 'without it', countHeader: 'absent' },
	] as const;
	const seen = kinds.flatMap((kind) => ALL.map((contender) => ({ ...kind, contender, runs: [] as Run[] })));
	for (let round = 0; round <= ROUNDS; round++) {
		say(round === 0 ? 'warming up' : `round ${round} of ${ROUNDS}`);
		for (const { contender, countHeader, runs } of seen) {
			const sandbox = { assistants: LIST, latencyMs: LATENCY_MS, countHeader };
			const run = await runOnce(worker, { contender, sandbox });
			if (round > 0) runs.push(run);
		}
	}
	const timeOf = (contender: string, countHeader: string) =>
		median(
			seen
				.filter((entry) => entry.contender === contender && entry.countHeader === countHeader)
				.flatMap(({ runs }) => runs.map(({ ms }) => ms)),
		);
	const most = (runs: readonly Run[], of: (run: Run) => number) => Math.max(...runs.map(of));
	const isExact = (runs: readonly Run[]) => runs.every((run) => run.isExact);
	const [invent, inventUncounted] = seen.filter(({ contender }) => contender === 'invent');
	const requests = most(invent?.runs ?? [], (run) => run.requests);
	return {
		title: `List ${shown(LIST)} assistants`,
		how: `Get Many with Return All, ${LATENCY_MS} ms latency. Median of ${ROUNDS} rounds in turn, in one warm process. Bare HTTP knows the number of pages.`,
		head: ['', '', 'time', 'fastest to slowest', '÷ bare HTTP', 'requests', 'at once', 'complete, in order'],
		rows: seen.map(({ title, contender, countHeader, runs }) => [
			title,
			TITLES[contender],
			seconds(median(runs.map(({ ms }) => ms))),
			`${seconds(Math.min(...runs.map(({ ms }) => ms)))} to ${seconds(most(runs, ({ ms }) => ms))}`,
			shown(timeOf(contender, countHeader) / timeOf('floor', countHeader), 2),
			shown(most(runs, (run) => run.requests)),
			shown(most(runs, (run) => run.atOnce)),
			isExact(runs) ? 'yes' : 'no',
		]),
		verdicts: [
			...kinds.flatMap(({ title, countHeader }) => {
				const faster = timeOf('httpRequest', countHeader) / timeOf('invent', countHeader);
				const overFloor = timeOf('invent', countHeader) / timeOf('floor', countHeader);
				const isCounted = countHeader === 'total';
				return [
					{
						what: `List ${title}: times as fast as the HTTP Request node`,
						value: shown(faster, 1),
						...(isCounted && { target: 'at least 5', met: faster >= 5 }),
					},
					{
						what: `List ${title}: time ÷ bare HTTP`,
						value: shown(overFloor, 2),
						...(isCounted && { target: 'at most 1.5', met: overFloor <= 1.5 }),
					},
				];
			}),
			{
				what: 'List with the number in a header: requests',
				value: shown(requests),
				target: `at most ${PAGES + 1}`,
				met: requests <= PAGES + 1,
			},
			{
				what: 'List: complete and in order',
				value: isExact([...(invent?.runs ?? []), ...(inventUncounted?.runs ?? [])]) ? 'yes' : 'no',
				target: 'yes',
				met: isExact([...(invent?.runs ?? []), ...(inventUncounted?.runs ?? [])]),
			},
		],
	};
};

/** The larger takes 500 requests: one more would have to wait until the node's first minute is over. */
const SIZES = [10_000, 49_950] as const;

/** What becomes of time and memory when the list gets longer: each run in a process of its own, after a list of 500. */
export const memory: Measure = async (say) => {
	const cells: Array<{ contender: (typeof BOTH)[number]; size: number; timed: Run; live: Run }> = [];
	for (const size of SIZES) {
		for (const contender of BOTH) {
			say(`${shown(size)} assistants, ${TITLES[contender]}`);
			const [timed, live] = [await warmed(contender, size, false), await warmed(contender, size, true)];
			cells.push({ contender, size, timed, live });
		}
	}
	const [small, , large, other] = cells;
	if (small === undefined || large === undefined || other === undefined) throw new Error('All are measured');
	const factor = large.size / small.size;
	const inUse = large.live.moreHeap / other.live.moreHeap;
	const growth = [
		['time', large.timed.ms / small.timed.ms],
		['memory in use', large.live.moreHeap / small.live.moreHeap],
	] as const;
	return {
		title: 'Longer lists',
		how: 'Get Many with Return All, no latency. In use: what the heap holds more at most, garbage collected before each look. Peak: the most that the process took at any time, with n8n and all garbage.',
		head: ['assistants', '', 'time', 'in use', 'peak of the process'],
		rows: cells.map(({ contender, size, timed, live }) => [
			shown(size),
			TITLES[contender],
			seconds(timed.ms),
			megabytes(live.moreHeap),
			megabytes(timed.peakRss),
		]),
		verdicts: [
			...growth.map(([what, ratio]) => ({
				what: `Longer lists: ${what}, ${shown(large.size)} ÷ ${shown(small.size)} assistants`,
				value: shown(ratio, 1),
				target: `at most ${shown(factor, 1)}`,
				met: ratio <= factor,
			})),
			{
				what: `Longer lists: memory in use for ${shown(large.size)} assistants ÷ HTTP Request node`,
				value: shown(inUse, 2),
				target: 'at most 0.50',
				met: inUse <= 0.5,
			},
			{
				what: `Longer lists: peak of the process for ${shown(large.size)} assistants ÷ HTTP Request node`,
				value: shown(large.timed.peakRss / other.timed.peakRss, 2),
			},
		],
	};
};

async function warmed(contender: (typeof BOTH)[number], assistants: number, live: boolean): Promise<Run> {
	await using worker = startWorker();
	await runOnce(worker, { contender, sandbox: { assistants: 500 } });
	const run = await runOnce(worker, { contender, live, sandbox: { assistants } });
	if (!run.isExact) throw new Error(`${TITLES[contender]} did not list all ${assistants} assistants`);
	return run;
}

const ITEMS = 1_500;
const PER_MINUTE = 500;
/** Nobody can be faster: the first 500 go at once, and each further 500 when a minute has passed. */
const SHORTEST_MS = (ITEMS / PER_MINUTE - 1) * 60_000;

/** What comes of many more items than the API allows in a minute, and what the processor has to do meanwhile. */
export const pace: Measure = async () => {
	const contenders = ['invent', 'httpRequest', 'httpRequestBatched'] as const;
	const options = { assistants: ITEMS, requestsPerMinute: PER_MINUTE, latencyMs: 20 };
	// Side by side: they wait most of the time, and each has an API of its own.
	const runs = await Promise.all(
		contenders.map(async (contender) => {
			await using worker = startWorker();
			return { contender, ...(await runOnce(worker, { contender, act: 'get', sandbox: options })) };
		}),
	);
	await using worker = startWorker();
	const get = { contender: 'invent', act: 'get', sandbox: { assistants: PER_MINUTE } } as const;
	await runOnce(worker, get);
	const { ownShare } = await runOnce(worker, { ...get, profiled: true });
	const [invent] = runs;
	if (invent === undefined) throw new Error('The node is measured');
	return {
		title: `${shown(ITEMS)} items at ${PER_MINUTE} requests a minute`,
		how: `Get, one request for each item, 20 ms latency, On Error: Continue. One run. 100 % of the limit is the shortest possible time: ${seconds(SHORTEST_MS)}. CPU: user and system time. The node's own code: its share in a profile of ${PER_MINUTE} requests without a limit; the rest is n8n's engine and Node.js.`,
		head: ['', 'items done', 'items failed', 'time', 'of the limit', 'requests', 'answered 429', 'CPU'],
		rows: runs.map(({ contender, ms, cpuMs, done, failed, requests, tooMany }) => [
			TITLES[contender],
			shown(done),
			shown(failed),
			seconds(ms),
			failed === 0 ? percent(SHORTEST_MS / ms) : '–',
			shown(requests),
			shown(tooMany),
			seconds(cpuMs),
		]),
		verdicts: [
			{ what: 'Pace: items done', value: shown(invent.done), target: shown(ITEMS), met: invent.isExact },
			{ what: 'Pace: answered 429', value: shown(invent.tooMany), target: '0', met: invent.tooMany === 0 },
			{
				what: 'Pace: rate in % of the limit',
				value: percent(SHORTEST_MS / invent.ms),
				target: 'at least 95 %',
				met: SHORTEST_MS / invent.ms >= 0.95,
			},
			{
				what: `Pace: CPU at ${PER_MINUTE} requests a minute, share of one core`,
				value: percent((invent.cpuMs / invent.requests) * (PER_MINUTE / 60_000)),
			},
			{ what: 'Pace: the node’s own code in it', value: percent(ownShare) },
		],
	};
};

const CPU_ROUNDS = 9;

/** How much work one request is. The engine's own work for each item is in it, which no declarative node can avoid. */
export const cpu: Measure = async (say): Promise<Finding> => {
	const works = [
		{ title: 'Get', act: 'get', assistants: 400, requests: 400 },
		{ title: 'Get Many', act: 'list', assistants: LIST, requests: PAGES + 1 },
	] as const;
	const figures: Array<{ title: string; contender: (typeof ALL)[number]; cpuMs: number[] }> = [];
	for (const { title, act, assistants, requests } of works) {
		await using worker = startWorker();
		const seen = ALL.map((contender) => ({ title, contender, cpuMs: [] as number[] }));
		for (let round = -1; round <= CPU_ROUNDS; round++) {
			say(`${title}: ${round < 1 ? 'warming up' : `round ${round} of ${CPU_ROUNDS}`}`);
			for (const { contender, cpuMs } of seen) {
				const run = await runOnce(worker, { contender, act, sandbox: { assistants } });
				if (!run.isExact) throw new Error(`${TITLES[contender]}: ${title} did not get all items`);
				if (round > 0) cpuMs.push(run.cpuMs / requests);
			}
		}
		figures.push(...seen);
	}
	const perRequest = (ms: number) => `${shown(ms, 2)} ms`;
	const middle = (title: string, name: string) =>
		median(figures.find((one) => one.title === title && one.contender === name)?.cpuMs ?? []);
	return {
		title: 'CPU for each request',
		how: `Get for 400 items, one request each; Get Many with Return All for ${shown(LIST)} assistants, ${PAGES + 1} requests. No latency. Median of ${CPU_ROUNDS} rounds in turn, in a warm process for each of the two, user and system time.`,
		head: ['', '', 'CPU', 'least to most'],
		rows: figures.map(({ title, contender, cpuMs }) => [
			title,
			TITLES[contender],
			perRequest(median(cpuMs)),
			`${perRequest(Math.min(...cpuMs))} to ${perRequest(Math.max(...cpuMs))}`,
		]),
		verdicts: works.map(({ title }) => ({
			what: `CPU: each request of ${title} ÷ HTTP Request node`,
			value: shown(middle(title, 'invent') / middle(title, 'httpRequest'), 2),
		})),
	};
};
