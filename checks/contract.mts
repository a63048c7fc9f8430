// The contract is valid, the types generated from it are current, and the node takes nothing but types from it.

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { compileErrors, parse, validate } from '@readme/openapi-parser';
import { findReferences } from './imports.mts';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '..');
const contractFolder = join(root, 'contract');
const document = join(contractFolder, 'invent.openapi.yaml');

/** Against the OpenAPI schema and the rules of the specification that no schema can express. */
async function checkDocument(problems: Problems): Promise<string> {
	const { openapi } = { openapi: undefined, ...(await parse(document)) };
	const version = String(openapi);
	if (!version.startsWith('3.1.')) problems.push(`the contract is OpenAPI ${version}, not 3.1`);
	const result = await validate(document);
	if (!result.valid || result.warnings.length > 0) problems.push(compileErrors(result));
	return version;
}

/** Runs the `contract` script itself with openapi-typescript's own comparison, so that the two cannot drift apart. */
function checkTypes(problems: Problems): void {
	const { status, stderr } = spawnSync('npm', ['run', '--silent', 'contract', '--', '--check'], {
		cwd: root,
		encoding: 'utf8',
	});
	if (status !== 0) {
		problems.push(`contract/invent.d.ts is not what \`npm run contract\` writes: ${stderr.trim()}`);
	}
}

/** What n8n loads must work without the contract, which is not published. */
function checkImports(problems: Problems): number {
	const files = globSync('{nodes,credentials}/**/*.{ts,js}', { cwd: root });
	if (files.length === 0) problems.push('nodes/ and credentials/ hold no code');
	for (const file of files) {
		const path = join(root, file);
		for (const { specifier, typeOnly, line } of findReferences(file, readFileSync(path, 'utf8'))) {
			if (typeOnly || !specifier?.startsWith('.')) continue;
			const target = relative(contractFolder, resolve(dirname(path), specifier));
			if (!target.startsWith('..')) problems.push(`${file}:${line} needs the contract at run time`);
		}
	}
	return files.length;
}

const problems: Problems = [];
const version = await checkDocument(problems);
checkTypes(problems);
const files = checkImports(problems);
printTable([
	['OpenAPI', version],
	['files without the contract at run time', files],
]);
conclude('contract', problems);
