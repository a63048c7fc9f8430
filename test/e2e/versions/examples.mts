import type { Tools as DemoTools } from '../../../tools/demo/run.mts';
import { openWorld, runExamples } from '../../../tools/demo/run.mts';
import type { Verdict } from '../../../tools/demo/verdict.mts';
import type { Client } from '../../../tools/n8n/client.mts';
import { OlderEditor } from './olderEditor.mts';
import type { Finding } from './operations.mts';
import type { Tools } from './tools.mts';

/** Runs the example workflows in a running n8n, as the demo does. */
export async function tryExamples(tools: Tools, url: string, client: Client): Promise<Finding[]> {
	const options = { help: false, once: true, port: undefined, sandboxPort: undefined };
	const world = await openWorld({ ...tools, options } satisfies DemoTools);
	try {
		const verdicts = await runExamples(new OlderEditor(url, client), world);
		return [...Map.groupBy(verdicts, ({ workflow }) => workflow)].map(findingOf);
	} finally {
		await world.close();
	}
}

function findingOf([workflow, runs]: readonly [string, readonly Verdict[]]): Finding {
	const problems = runs.flatMap((run) => run.problems.map((problem) => `${run.run}: ${problem}`));
	return { what: `Example: ${workflow}`, problem: problems.length === 0 ? undefined : problems.join('; ') };
}
