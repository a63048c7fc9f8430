// Lints the package the way n8n's verification does (@n8n/scan-community-package, scanner/scanner.mjs):
// its rules, no inline exceptions, first the source and then the compiled code that is published.
// Stricter in one point: a warning fails too.

import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { buildScanConfig, SOURCE_FILE_PATTERNS } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { ESLint } from 'eslint';
import { packPackage } from './npmPack.mts';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

interface Leg {
	name: string;
	files: string[];
	/** A file that proves that the leg looked at code, not just at package.json. */
	expects: RegExp;
}

/** The working tree as the scanner picks it from the attested commit. */
function sourceLeg(): Leg {
	return { name: 'source', files: globSync(SOURCE_FILE_PATTERNS, { cwd: root }), expects: /\.ts$/ };
}

/** The files that `npm pack` would publish, as the scanner picks them from the tarball. */
function packedLeg(): Leg {
	const files = packPackage(root).files.filter((path) => path.endsWith('.js') || path === 'package.json');
	return { name: 'packed', files, expects: /^dist\/.*\.js$/ };
}

/** `n8n-node lint` refuses a strict package whose ESLint configuration is not n8n's own; same comparison. */
function checkConfiguration(problems: Problems): void {
	const shipped = join(
		root,
		'node_modules/@n8n/node-cli/dist/template/templates/shared/default/eslint.config.mjs',
	);
	const normalize = (file: string): string => readFileSync(file, 'utf8').replace(/\s+/g, ' ').trim();
	if (normalize(join(root, 'eslint.config.mjs')) !== normalize(shipped)) {
		problems.push('eslint.config.mjs differs from the one that n8n ships');
	}
}

const problems: Problems = [];
checkConfiguration(problems);

const eslint = new ESLint({
	cwd: root,
	allowInlineConfig: false,
	overrideConfigFile: true,
	overrideConfig: await buildScanConfig(),
});
const formatter = await eslint.loadFormatter('stylish');

const legs = [sourceLeg()];
if (existsSync(join(root, 'dist'))) legs.push(packedLeg());

const rows: Array<[string, string]> = [];
for (const { name, files, expects } of legs) {
	if (!files.some((file) => expects.test(file))) {
		problems.push(`the ${name} scan found no code to lint`);
		continue;
	}
	const results = await eslint.lintFiles(files);
	const errors = results.reduce((sum, result) => sum + result.errorCount, 0);
	const warnings = results.reduce((sum, result) => sum + result.warningCount, 0);
	rows.push([name, `${results.length} files, ${errors} errors, ${warnings} warnings`]);
	if (results.length !== files.length) {
		problems.push(`the ${name} scan linted ${results.length} of ${files.length} files`);
	}
	if (errors + warnings > 0) {
		console.error(await formatter.format(results));
		problems.push(`the ${name} scan has ${errors} errors and ${warnings} warnings`);
	}
}

if (rows.length > 0) printTable(rows);
conclude('scan', problems);
