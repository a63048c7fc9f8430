import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { writeFile } from 'node:fs/promises';

import { format, resolveConfig } from 'prettier';
import { z } from 'zod';

import { explain } from '../../tools/n8n/failure.mts';
import { N8N, provideN8n, versionOf } from '../../tools/n8n/install.mts';
import { step } from '../../tools/n8n/steps.mts';
import { createWorkspace } from '../../tools/n8n/workspace.mts';
import { cpu, list, memory, pace } from './measures.mts';
import { resultsText, type Finding, type Measure } from './results.mts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

const MEASURES: Readonly<Record<string, { readonly title: string; readonly measure: Measure }>> = {
	list: { title: 'list: a long list, and how fast it comes', measure: list },
	memory: { title: 'memory: longer lists, and what they take', measure: memory },
	pace: { title: 'pace: more items than a minute allows (three minutes)', measure: pace },
	cpu: { title: 'cpu: the work that one request is', measure: cpu },
};

const HELP = `Compares the Invent node with n8n's HTTP Request node. Takes some minutes.

  npm run bench                  everything, and writes test/bench/RESULTS.md
  npm run bench -- <measure> …   only these, and writes nothing

${Object.values(MEASURES)
	.map(({ title }) => `  ${title}`)
	.join('\n')}`;

async function run(names: readonly string[]): Promise<void> {
	const unknown = names.filter((name) => !Object.hasOwn(MEASURES, name));
	if (unknown.length > 0) throw new Error(`No such measure: ${unknown.join(', ')}\n\n${HELP}`);
	const workspace = await createWorkspace();
	await provideN8n(workspace);
	await workspace.remove('nothing');
	const findings: Finding[] = [];
	for (const [name, { title, measure }] of Object.entries(MEASURES)) {
		if (names.length > 0 && !names.includes(name)) continue;
		const [load = 0] = loadavg();
		if (load > availableParallelism() * 0.75) {
			console.warn(`This machine is busy (load ${load.toFixed(1)}): the next figures may be off.`);
		}
		findings.push(await step(title, async ({ say }) => await measure(say)));
	}
	const options = { ...(await resolveConfig(RESULTS)), parser: 'markdown' };
	const text = await format(resultsText(findings, await facts()), options);
	console.log(`\n${text}`);
	if (names.length === 0) await writeFile(RESULTS, text);
}

async function facts(): Promise<string> {
	const { version: core } = z
		.object({ version: z.string() })
		.parse(createRequire(import.meta.url)('n8n-core/package.json'));
	const nodesBase = await versionOf(N8N, 'n8n-nodes-base');
	const day = new Date().toISOString().slice(0, 10);
	return `${day}, ${availableParallelism()} cores, Node.js ${process.versions.node}, n8n-core ${core}, n8n-nodes-base ${nodesBase}.`;
}

const names = process.argv.slice(2);
if (names.includes('--help')) console.log(HELP);
else {
	await run(names).catch((error: unknown) => {
		console.error(explain(error));
		process.exitCode = 1;
	});
}
