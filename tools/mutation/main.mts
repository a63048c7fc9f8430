// Mutation testing: Stryker changes one place of a module after the other, and the tests have to notice.
//
//   node tools/mutation/main.mts                                   all modules of shared/ and transport/, in hours
//   node tools/mutation/main.mts transport/retry shared/url        these modules
//   node tools/mutation/main.mts --report                          nothing: prints what was measured last
//
// Prints the tables of docs/mutation.md. Fails when a mutant survives that has no reason there.

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { conclude, type Problems } from '../checks/report.mts';
import { RESULTS } from './modules.mts';

const root = resolve(import.meta.dirname, '../..');

const position = z.object({ line: z.number(), column: z.number() });
const mutant = z.object({
	status: z.string(),
	replacement: z.string().default(''),
	location: z.object({ start: position, end: position }),
});
const result = z.object({
	files: z.record(z.object({ source: z.string(), mutants: z.array(mutant) })),
});

type Mutant = z.output<typeof mutant>;

/** What became of the mutants of one or more modules. */
interface Score {
	readonly killed: number;
	readonly timedOut: number;
	readonly survived: number;
}

function scoreOf(mutants: readonly Mutant[]): Score {
	const count = (...statuses: string[]) => mutants.filter(({ status }) => statuses.includes(status)).length;
	return {
		killed: count('Killed'),
		timedOut: count('Timeout'),
		survived: mutants.filter(isSurvivor).length,
	};
}

function isSurvivor({ status }: Mutant): boolean {
	return status === 'Survived' || status === 'NoCoverage';
}

function row(name: string, { killed, timedOut, survived }: Score): string {
	const detected = killed + timedOut;
	const percent = (100 * detected) / (detected + survived);
	return `| ${name} | ${percent.toFixed(1)} % | ${detected} | ${timedOut} | ${survived} |`;
}

/** A mutant as the table of survivors names it; without its line, which changes all the time. */
function nameOf(module: string, source: string, { location: { start, end }, replacement }: Mutant): string {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	const last = lines.length - 1;
	const original = lines
		.map((line, at) => line.slice(at === 0 ? start.column - 1 : 0, at === last ? end.column - 1 : undefined))
		.join(' ');
	const inShort = (code: string) => {
		const words = code.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
		return words.length > 100 ? `${words.slice(0, 100)}…` : words;
	};
	return `| ${module}.ts | \`${inShort(original)}\` → \`${inShort(replacement)}\` |`;
}

function isMeasured(file: string): boolean {
	return globSync(file, { cwd: root }).length > 0;
}

async function measure(module: string): Promise<void> {
	const config = 'tools/mutation/stryker.config.mjs';
	await execa('stryker', ['run', config], {
		cwd: root,
		preferLocal: true,
		stdio: 'inherit',
		env: { MUTATION_MODULE: module },
	});
}

const parameters = process.argv.slice(2);
const modules = globSync('nodes/Invent/{shared,transport}/*.ts', { cwd: root })
	.map((file) => file.replace('nodes/Invent/', '').replace(/\.ts$/, ''))
	.sort();
const chosen = parameters.length === 0 ? modules : parameters.filter((module) => module !== '--report');
for (const module of chosen) await measure(module);

const explained = readFileSync(join(root, 'docs/mutation.md'), 'utf8').replaceAll(/ +/g, ' ');
const problems: Problems = [];
const all: Mutant[] = [];
console.log('\n| File | Score | Detected | of them by time-out | Survived |');
console.log('| --- | ---: | ---: | ---: | ---: |');
for (const module of modules) {
	const file = `${RESULTS}/${module}.json`;
	if (!isMeasured(file)) continue;
	const { files } = result.parse(JSON.parse(readFileSync(join(root, file), 'utf8')));
	for (const { source, mutants } of Object.values(files)) {
		const counted = mutants.filter(({ status }) => status !== 'Ignored' && !status.endsWith('Error'));
		if (counted.length === 0) continue;
		console.log(row(`${module}.ts`, scoreOf(counted)));
		all.push(...counted);
		for (const survivor of counted.filter(isSurvivor)) {
			const name = nameOf(module, source, survivor);
			if (!explained.includes(name.replaceAll(/ +/g, ' ')))
				problems.push(`${survivor.location.start.line}: ${name}`);
		}
	}
}
console.log(row('All', scoreOf(all)));
conclude('Survivors without a reason in docs/mutation.md', problems);
