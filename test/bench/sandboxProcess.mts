import { startSandbox } from '../../tools/sandbox/server.mts';
import type { Sandbox } from '../../tools/sandbox/server.mts';
import { answerEach } from './answering.mts';
import { digestOf } from './digest.mts';
import { Question } from './wire.mts';
import type { Opened, Report } from './wire.mts';

const sandbox = await startSandbox();

await answerEach(async (message) => {
	const question = Question.parse(message);
	if (question.kind === 'report') return reportOf(sandbox);
	sandbox.reset(question.options);
	const ids = sandbox.store.assistants().map(({ id }) => id);
	return { url: sandbox.url, apiKey: sandbox.apiKey, ids, digest: digestOf(ids) } satisfies Opened;
});

function reportOf({ requests, inFlight }: Sandbox): Report {
	const count = (matches: (request: Sandbox['requests'][number]) => boolean) =>
		requests.filter(matches).length;
	return {
		requests: requests.length,
		posts: count(({ method }) => method === 'POST'),
		tooMany: count(({ status }) => status === 429),
		fine: count(({ status }) => status === 200),
		peakInFlight: inFlight.peak,
	};
}
