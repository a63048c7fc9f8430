// The contract is valid, and the types generated from it are current. That the node takes nothing but types from it, the linter checks.

import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { compileErrors, parse, validate } from '@readme/openapi-parser';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');
const document = join(root, 'contract', 'invent.openapi.yaml');

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

const problems: Problems = [];
const version = await checkDocument(problems);
checkTypes(problems);
printTable([['OpenAPI', version]]);
conclude('contract', problems);
