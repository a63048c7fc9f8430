import { startSandboxProcess, startWorker } from '../children.mts';
import { TITLES } from '../finding.mts';
import type { Measure } from '../finding.mts';
import { shown } from '../statistics.mts';

const CREATIONS = 15;
const QUOTA = 10;
const CONTENDERS = ['invent', 'httpRequest'] as const;

/** What comes of more creations than the API allows in an hour. */
export const quota: Measure = async (say) => {
	await using sandbox = startSandboxProcess();
	await using worker = startWorker();
	const names = Array.from({ length: CREATIONS }, (_, at) => `Assistant ${at + 1}`);
	const seen = [];
	for (const contender of CONTENDERS) {
		say(TITLES[contender]);
		const { ids, digest, ...api } = await sandbox.open({ creationsPerHour: QUOTA });
		const { done, failed } = await worker.run({ contender, api, act: { kind: 'create', names } });
		seen.push({ contender, done, failed, ...(await sandbox.report()) });
	}
	const invent = seen[0];
	return {
		title: `${CREATIONS} creations with a quota of ${QUOTA}`,
		how: 'Create, one for each item, On Error: Continue. The API asks to wait almost an hour.',
		head: ['', 'POSTs sent', 'answered 429', 'assistants kept', 'items failed'],
		rows: seen.map(({ contender, posts, tooMany, done, failed }) => [
			TITLES[contender],
			shown(posts),
			shown(tooMany),
			shown(done),
			shown(failed),
		]),
		verdicts: [
			{
				what: 'Quota: POSTs sent',
				value: shown(invent?.posts ?? NaN),
				target: `at most ${QUOTA + 1}`,
				met: invent !== undefined && invent.posts <= QUOTA + 1,
			},
			{
				what: 'Quota: assistants kept',
				value: shown(invent?.done ?? NaN),
				target: shown(QUOTA),
				met: invent?.done === QUOTA,
			},
		],
	};
};
