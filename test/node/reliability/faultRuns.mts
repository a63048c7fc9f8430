/** Plays many scenarios side by side, because most of their time is waiting, and looks whether all invariants hold. */
import fc from 'fast-check';

import { INVARIANTS } from './faultInvariants.mts';
import { scenario } from './faultScenarios.mts';
import type { Scenario } from './faultScenarios.mts';
import { inWords, play } from './faultStory.mts';

/** @throws when an invariant does not hold; the message tells the story */
export async function expectInvariants(given: Scenario): Promise<void> {
	const story = await play(given);
	const broken = INVARIANTS.flatMap((expectInvariant) => {
		try {
			expectInvariant(story);
			return [];
		} catch (error) {
			return [`${expectInvariant.name}: ${error instanceof Error ? error.message : String(error)}`];
		}
	});
	if (broken.length > 0) throw new Error(`${broken.join('\n\n')}\n\n${inWords(story)}`);
}

/** A scenario, by the seed of its series and its place there, in which an invariant did not hold. */
export interface Finding {
	readonly seed: number;
	readonly path: string;
	readonly given: Scenario;
	readonly reason: string;
}

export interface Series {
	readonly seed: number;
	readonly runs: number;
	/** How many scenarios run at the same time. */
	readonly lanes: number;
	/** Told of each scenario that has ended. */
	readonly onEnd?: (ended: number, found?: Finding) => void;
}

/** Plays a series of scenarios to its end, whatever fails. The same seed gives the same scenarios. */
export async function playSeries({ seed, runs, lanes, onEnd }: Series): Promise<Finding[]> {
	const waiting = fc.sample(scenario, { seed, numRuns: runs }).entries();
	const findings: Finding[] = [];
	let ended = 0;
	const playNext = async () => {
		for (const [index, given] of waiting) {
			const [outcome] = await Promise.allSettled([expectInvariants(given)]);
			ended += 1;
			if (outcome.status === 'fulfilled') {
				onEnd?.(ended);
				continue;
			}
			const reason = outcome.reason instanceof Error ? outcome.reason.message : String(outcome.reason);
			const found = { seed, path: String(index), given, reason };
			findings.push(found);
			onEnd?.(ended, found);
		}
	};
	await Promise.all(Array.from({ length: lanes }, playNext));
	return findings;
}

/** Plays one scenario of a series again, and looks for a smaller one that fails as well. */
export async function replay(seed: number, path: string): Promise<void> {
	await fc.assert(fc.asyncProperty(scenario, expectInvariants), { seed, path, numRuns: 1 });
}

/** What to tell of a finding. */
export function describeFinding({ seed, path, given, reason }: Finding): string {
	return [
		`INVENT_SEED=${seed} INVENT_PATH=${path} npm run test:explore plays this scenario again:`,
		JSON.stringify(given),
		reason,
	].join('\n');
}
