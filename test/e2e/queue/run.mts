import { join } from 'node:path';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { packNode } from '../../../tools/n8n/nodePackage.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { writeMarkdown } from '../versions/markdown.mts';
import { inWorkspace, withTools, type Tools } from '../versions/tools.mts';
import { DEMO, LAST_1, numberOf, provide, type Version } from '../versions/versions.mts';
import { casesFor, type Installed } from './cases.mts';
import { crash, type Crash } from './crash.mts';
import { load } from './load.mts';
import { requirePostgres, versionIn } from './postgres.mts';
import { requireRedis } from './redis.mts';
import { resultsOf } from './results.mts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

/**
 * Runs n8n in queue mode: many executions over two workers at one limit, and what becomes of them when a worker is
 * killed. Writes RESULTS.md when all is as it should be.
 *
 * @returns true
 * @throws {DemoFailure} when it is not
 */
export async function run(): Promise<boolean> {
	return await withTools(async (tools) => {
		const redis = await requireRedis(tools);
		const postgres = versionIn(await requirePostgres());
		const n8n2 = await installed(tools, DEMO);
		const n8n1 = await installed(tools, LAST_1);
		const archive = await step('Build and pack the node', async () => {
			return await packNode(tools.processes, tools.workspace);
		});
		const loaded = await alone(tools, async (own) => await load(own, n8n2.n8n, archive));
		const crashes: Crash[] = [];
		for (const one of casesFor(n8n2, n8n1)) {
			crashes.push(await alone(tools, async (own) => await crash(own, archive, one)));
		}
		const blocks = resultsOf(loaded, crashes, { n8n: n8n2.number, redis, postgres });
		await writeMarkdown(RESULTS, blocks);
		console.log(['', ...blocks].join('\n\n'));
		return true;
	});
}

async function installed(tools: Tools, version: Version): Promise<Installed> {
	return { n8n: await provide(tools, version), number: await numberOf(version) };
}

/** Does one of the trials in folders of its own; when something speaks against it, it fails, and its logs stay. */
async function alone<T extends { readonly problems: readonly string[] }>(
	{ processes }: Tools,
	trial: (tools: Tools) => Promise<T>,
): Promise<T> {
	return await inWorkspace(processes, async (tools) => {
		const result = await trial(tools);
		if (result.problems.length === 0) return result;
		throw new DemoFailure(`Not as it should be, see ${tools.workspace.root}`, result.problems);
	});
}

if (import.meta.main) process.exit((await run()) ? 0 : 1);
