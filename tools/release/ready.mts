// Whether this commit can be released: under the tag that it has (TAG), from the repository that builds it
// (REPOSITORY, `owner/name`), with notes, and with every parameter in a saved workflow that later versions are held to.

import { conclude, printTable, type Problems } from '../checks/report.mts';
import { allFixtures, unheldIn } from '../../test/node/compatibility/upgrade/fixtures.mts';
import { notesOf } from './changelog.mts';
import { nodeProperties, readManifest, repositoryOf } from './package.mts';

function checkNotes(version: string, problems: Problems): void {
	try {
		notesOf(version);
	} catch (error) {
		problems.push(error instanceof Error ? error.message : String(error));
	}
}

const problems: Problems = [];
const manifest = readManifest();
const { version } = manifest;
const { TAG: tag = 'not given', REPOSITORY: repository = 'not given' } = process.env;
if (tag !== version) problems.push(`the tag is ${tag}, but package.json has ${version}`);
// npm compares them too, but only after everything else.
if (repository !== repositoryOf(manifest)) {
	problems.push(`the repository is ${repository}, but package.json has ${repositoryOf(manifest)}`);
}
checkNotes(version, problems);
const workflows = allFixtures().map(({ workflow }) => workflow);
for (const place of unheldIn(nodeProperties(), workflows)) {
	problems.push(
		`no saved workflow holds ${place}: add it to test/node/compatibility/upgrade/cases.mts, npm run upgrade:record -- VERSION`,
	);
}
printTable([
	['version', version],
	['saved workflows', workflows.length],
]);
conclude('ready', problems);
