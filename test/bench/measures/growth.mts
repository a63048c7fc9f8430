import { startSandboxProcess, startWorker } from '../children.mts';
import type { SandboxProcess } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Finding, Measure, Verdict } from '../finding.mts';
import { median, megabytes, seconds, shown } from '../statistics.mts';
import type { Taken } from '../wire.mts';

/** The largest takes 500 requests: one more would have to wait until the node's first minute is over. */
const SIZES = [1_000, 10_000, 49_950] as const;
const CONTENDERS = ['invent', 'inventRaw', 'httpRequest', 'floor'] as const;
const ROUNDS = 3;
const PAGE = 100;
const WARM_UP = 500;

type Name = (typeof CONTENDERS)[number];

interface Cell {
	readonly contender: Name;
	readonly size: number;
	readonly ms: number;
	readonly peakRss: number;
	readonly peakHeap: number;
	/** Above the loaded process. */
	readonly moreRss: number;
	readonly moreHeap: number;
	/** The same without garbage. */
	readonly liveHeap: number;
	readonly keptHeap: number;
}

/** What becomes of time and memory when the list gets longer. */
export const growth: Measure = async (say) => {
	await using sandbox = startSandboxProcess();
	const cells: Cell[] = [];
	for (const size of SIZES) {
		for (const contender of CONTENDERS) {
			const runs: Taken[] = [];
			for (let round = 1; round <= ROUNDS; round++) {
				say(`${shown(size)} assistants, ${TITLES[contender]}, round ${round} of ${ROUNDS}`);
				runs.push(await listOnce(sandbox, contender, size));
			}
			say(`${shown(size)} assistants, ${TITLES[contender]}, without garbage`);
			const live = await listOnce(sandbox, contender, size, true);
			cells.push(cellOf(contender, size, runs, live));
		}
	}
	return findingOf(cells);
};

/** Each run has a process of its own, which has listed a little before. */
async function listOnce(
	sandbox: SandboxProcess,
	contender: Name,
	size: number,
	live = false,
): Promise<Taken> {
	await using worker = startWorker();
	let taken: Taken | undefined;
	for (const assistants of [WARM_UP, size]) {
		const { ids, digest, ...api } = await sandbox.open({ assistants });
		const pages = Math.ceil(assistants / PAGE);
		taken = await worker.run({ contender, api, live, act: { kind: 'list', pages } });
		if (taken.digest !== digest || taken.done !== ids.length) {
			throw new Error(`${TITLES[contender]} did not list all ${assistants} assistants`);
		}
	}
	if (taken === undefined) throw new Error('There was no run');
	return taken;
}

function cellOf(contender: Name, size: number, runs: readonly Taken[], live: Taken): Cell {
	const middle = (of: (run: Taken) => number) => median(runs.map(of));
	return {
		contender,
		size,
		ms: middle(({ ms }) => ms),
		peakRss: middle(({ peak }) => peak.rss),
		peakHeap: middle(({ peak }) => peak.heap),
		moreRss: middle(({ peak, before }) => peak.rss - before.rss),
		moreHeap: middle(({ peak, before }) => peak.heap - before.heap),
		liveHeap: live.peak.heap - live.before.heap,
		keptHeap: middle(({ after, before }) => after.heap - before.heap),
	};
}

function findingOf(cells: readonly Cell[]): Finding {
	const cellAt = (contender: Name, size: number): Cell => {
		const cell = cells.find((candidate) => candidate.contender === contender && candidate.size === size);
		if (cell === undefined) throw new Error('Every size is measured for everybody');
		return cell;
	};
	const steps = SIZES.slice(1).map((size, at) => ({ from: SIZES[at] ?? NaN, to: size }));
	const growthOf = (what: string, of: (cell: Cell) => number): Verdict[] =>
		steps.map(({ from, to }) => {
			const factor = of(cellAt('invent', to)) / of(cellAt('invent', from));
			return {
				what: `Growth: ${what}, ${shown(to)} ÷ ${shown(from)} assistants`,
				value: shown(factor, 1),
				target: `at most ${shown(to / from, 1)}`,
				met: factor <= to / from,
			};
		});
	const largest = Math.max(...SIZES);
	const share = (what: string, of: (cell: Cell) => number): Verdict => {
		const ratio = of(cellAt('invent', largest)) / of(cellAt('httpRequest', largest));
		return {
			what: `Growth: ${what} for ${shown(largest)} assistants ÷ HTTP Request node`,
			value: shown(ratio, 2),
			target: 'at most 0.50',
			met: ratio <= 0.5,
		};
	};
	return {
		title: 'Longer lists',
		how: `Get Many with Return All, no latency. Median of ${ROUNDS} runs, each in a process of its own with everything loaded, after a list of ${WARM_UP}. Peak: the most that the process took at any time (RSS), the most that was seen of V8's heap and buffers every 5 ms, garbage included (heap). More: peak without what the process took before. In use: the same as heap more, but in another run whose garbage is collected before each look. Kept: what the result holds in the end.`,
		head: ['assistants', '', 'time', 'RSS peak', 'RSS more', 'heap peak', 'heap more', 'in use', 'kept'],
		rows: cells.map(({ contender, size, ...cell }) => [
			shown(size),
			TITLES[contender],
			seconds(cell.ms),
			megabytes(cell.peakRss),
			megabytes(cell.moreRss),
			megabytes(cell.peakHeap),
			megabytes(cell.moreHeap),
			megabytes(cell.liveHeap),
			megabytes(cell.keptHeap),
		]),
		verdicts: [
			...growthOf('time', ({ ms }) => ms),
			...growthOf('heap more', ({ moreHeap }) => moreHeap),
			...growthOf('heap in use', ({ liveHeap }) => liveHeap),
			share('RSS peak', ({ peakRss }) => peakRss),
			share('RSS more', ({ moreRss }) => moreRss),
			share('heap peak', ({ peakHeap }) => peakHeap),
			share('heap more', ({ moreHeap }) => moreHeap),
			share('heap in use', ({ liveHeap }) => liveHeap),
		],
	};
}
