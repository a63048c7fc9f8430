import { startSandboxProcess, startWorker } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Measure } from '../finding.mts';
import { median, shown } from '../statistics.mts';

const ITEMS = 400;
const ROUNDS = 9;
const WARM_UPS = 2;
const CONTENDERS = ['invent', 'httpRequest', 'floor'] as const;

/** How much work one request is. */
export const cpu: Measure = async (say) => {
	await using sandbox = startSandboxProcess();
	await using worker = startWorker();
	const seen = CONTENDERS.map((contender) => ({ contender, cpuMs: [] as number[], ms: [] as number[] }));
	for (let round = 1 - WARM_UPS; round <= ROUNDS; round++) {
		say(round < 1 ? 'warming up' : `round ${round} of ${ROUNDS}`);
		for (const entry of seen) {
			const { ids, digest, ...api } = await sandbox.open({ assistants: ITEMS });
			const { contender } = entry;
			const taken = await worker.run({ contender, api, act: { kind: 'get', ids } });
			if (taken.digest !== digest) throw new Error(`${TITLES[contender]} did not get all items`);
			if (round < 1) continue;
			entry.cpuMs.push(taken.cpuMs / ITEMS);
			entry.ms.push(taken.ms / ITEMS);
		}
	}
	const [invent = NaN, httpRequest = NaN] = seen.map(({ cpuMs }) => median(cpuMs));
	return {
		title: 'CPU for each request',
		how: `Get for ${ITEMS} items, no latency. Median of ${ROUNDS} rounds in turn, in one warm process, user and system time. The engine's own work for each item is in it.`,
		head: ['', 'CPU', 'least to most', '÷ HTTP Request node', 'elapsed'],
		rows: seen.map(({ contender, cpuMs, ms }) => [
			TITLES[contender],
			perRequest(median(cpuMs)),
			`${perRequest(Math.min(...cpuMs))} to ${perRequest(Math.max(...cpuMs))}`,
			shown(median(cpuMs) / httpRequest, 2),
			perRequest(median(ms)),
		]),
		verdicts: [
			{
				what: 'CPU: each request ÷ HTTP Request node',
				value: shown(invent / httpRequest, 2),
				target: 'at most 1.00',
				met: invent / httpRequest <= 1,
			},
		],
	};
};

function perRequest(ms: number): string {
	return `${shown(ms, 2)} ms`;
}
