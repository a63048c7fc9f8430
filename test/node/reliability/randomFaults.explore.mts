/**
 * `npm run test:explore`: new random scenarios each time, INVENT_RUNS of them. What fails is printed with its seed and
 * path; INVENT_SEED and INVENT_PATH play one again.
 */
import { collectRejections } from '../harness/engine.mts';
import { describeFinding, playSeries, replay } from './faultRuns.mts';

const LANES = 96;
const RUNS = 3000;
const PROGRESS_EVERY = 100;

const { INVENT_RUNS, INVENT_SEED, INVENT_PATH } = process.env;

function print(text: string): void {
	process.stderr.write(`${text}\n`);
}

test('Under random faults every invariant holds', async () => {
	const rejections = collectRejections();
	try {
		const seed = Number(INVENT_SEED ?? Math.floor(Math.random() * 2 ** 31));
		if (INVENT_PATH !== undefined) await replay(seed, INVENT_PATH);
		else await explore(seed);
		expect(rejections.reasons).toEqual([]);
	} finally {
		rejections.stop();
	}
}, 86_400_000);

async function explore(seed: number): Promise<void> {
	const runs = Number(INVENT_RUNS ?? RUNS);
	const start = performance.now();
	print(`Seed ${seed}, ${runs} scenarios`);
	const findings = await playSeries({
		seed,
		runs,
		lanes: LANES,
		onEnd(ended, found) {
			if (found !== undefined) print(describeFinding(found));
			if (ended % PROGRESS_EVERY === 0) print(`${ended} of ${runs} after ${seconds(start)} s`);
		},
	});
	print(`${runs} scenarios in ${seconds(start)} s, ${findings.length} failed`);
	expect(findings.map(({ path }) => path)).toEqual([]);
}

function seconds(start: number): number {
	return Math.round((performance.now() - start) / 1000);
}
