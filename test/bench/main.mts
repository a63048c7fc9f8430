import { readFile, writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';

import { z } from 'zod';

import { N8N, provideN8n, versionOf } from '../../tools/n8n/install.mts';
import { step } from '../../tools/n8n/steps.mts';
import { createWorkspace } from '../../tools/n8n/workspace.mts';
import { PROJECT } from './children.mts';
import type { Finding, Measure } from './finding.mts';
import { cpu } from './measures/cpu.mts';
import { growth } from './measures/growth.mts';
import { list } from './measures/list.mts';
import { pace } from './measures/pace.mts';
import { quota } from './measures/quota.mts';
import { resultsText } from './results.mts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

const MEASURES: Readonly<Record<string, { readonly title: string; readonly measure: Measure }>> = {
	list: { title: 'list: a long list, and how fast it comes', measure: list },
	growth: { title: 'growth: longer and longer lists, time and memory (some minutes)', measure: growth },
	pace: { title: 'pace: more items than a minute allows (three minutes)', measure: pace },
	cpu: { title: 'cpu: the work that one request is', measure: cpu },
	quota: { title: 'quota: more creations than an hour allows', measure: quota },
};

const HELP = `Compares the Invent node with n8n's HTTP Request node. Takes about ten minutes.

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
	const nodesBase = await versionOf(N8N, 'n8n-nodes-base');
	const findings: Finding[] = [];
	for (const [name, { title, measure }] of Object.entries(MEASURES)) {
		if (names.length > 0 && !names.includes(name)) continue;
		warnWhenBusy();
		findings.push(await step(title, async ({ say }) => await measure(say)));
	}
	const versions = { node: process.versions.node, nodesBase, core: await installed('n8n-core') };
	const text = await resultsText(findings, versions, RESULTS);
	console.log(`\n${text}`);
	if (names.length === 0) await writeFile(RESULTS, text);
}

function warnWhenBusy(): void {
	const [load = 0] = loadavg();
	if (load > availableParallelism() * 0.75) {
		console.warn(`This machine is busy (load ${load.toFixed(1)}): the next figures may be off.`);
	}
}

async function installed(name: string): Promise<string> {
	const text = await readFile(join(PROJECT, 'node_modules', name, 'package.json'), 'utf8');
	return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}

const names = process.argv.slice(2);
if (names.includes('--help')) console.log(HELP);
else {
	try {
		await run(names);
	} catch (error) {
		console.error(error instanceof Error ? error.message : String(error));
		process.exitCode = 1;
	}
}
