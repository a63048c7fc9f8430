// Saved workflows rely on names and defaults: compares those of the build with the promised ones in interface.json.
//
//   node tools/checks/interface.mts          fails when anything differs
//   node tools/checks/interface.mts --add    promises what is new; refuses when anything promised is gone or changed

import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { compareInterfaces } from './interface/compare.mts';
import { describeInterface, type PublicInterface } from './interface/describe.mts';
import { conclude, parseObject, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');
const file = join(import.meta.dirname, 'interface.json');

async function save(current: PublicInterface): Promise<void> {
	const options = await resolveConfig(file);
	writeFileSync(file, await format(JSON.stringify(current), { ...options, filepath: file }));
}

function count(described: PublicInterface): ReadonlyArray<readonly [string, number]> {
	const operations = Object.values(described.operations);
	return [
		['operations', operations.length],
		['parameters', operations.flatMap(({ parameters }) => Object.keys(parameters)).length],
		['output fields', operations.flatMap(({ output }) => Object.keys(output)).length],
		[
			'credential fields',
			Object.values(described.credentials).flatMap(({ fields }) => Object.keys(fields)).length,
		],
	];
}

const adding = process.argv.includes('--add');
const current = describeInterface(root);
const promised = existsSync(file) ? parseObject(readFileSync(file, 'utf8'), file) : {};
const { broken, added } = compareInterfaces(promised, JSON.parse(JSON.stringify(current)));

const problems: Problems = broken.map((change) => `${change}: saved workflows rely on it`);
if (adding && broken.length === 0) {
	await save(current);
	for (const change of added) console.log(`  + ${change}`);
} else {
	problems.push(...added.map((change) => `${change}: if it is meant, promise it with npm run interface:add`));
}
printTable(count(current));
conclude('interface', problems);
