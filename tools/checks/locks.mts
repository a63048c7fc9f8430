// The lock files install the same packages from any registry.
//
//   node tools/checks/locks.mts              no lock file names a registry, and each package has its checksum
//   node tools/checks/locks.mts --installed  besides, the installation changed nothing that is locked

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

const lockFile = z.object({
	lockfileVersion: z.literal(3),
	packages: z.record(
		z.object({
			version: z.string().optional(),
			resolved: z.string().optional(),
			integrity: z.string().optional(),
			inBundle: z.boolean().optional(),
			optional: z.boolean().optional(),
			link: z.boolean().optional(),
		}),
	),
});

type LockFile = z.output<typeof lockFile>;

function git(...parameters: string[]): string {
	return execFileSync('git', parameters, { cwd: root, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 });
}

/** A package with an address would come from that registry alone; one without a checksum could be any. */
function checkPortability(file: string, { packages }: LockFile, problems: Problems): void {
	for (const [place, { resolved, integrity, inBundle, link }] of Object.entries(packages)) {
		if (resolved !== undefined) problems.push(`${file} names where ${place} comes from: ${resolved}`);
		const isOurs = place === '' || link === true || inBundle === true;
		if (!isOurs && !integrity?.startsWith('sha512-')) problems.push(`${file} has no sha512 for ${place}`);
	}
}

/**
 * `npm ci` refuses a lock file without the packages of other platforms, so installations use `npm install`, which
 * may add those. Nothing else may be different.
 */
function checkUnchanged(file: string, installed: LockFile, problems: Problems): void {
	const committed = lockFile.parse(JSON.parse(git('show', `HEAD:${file}`)));
	for (const [place, before] of Object.entries(committed.packages)) {
		if (place === '') continue;
		const now = installed.packages[place];
		if (now?.version !== before.version || now?.integrity !== before.integrity) {
			problems.push(`${file}: the installation has another ${place} than the one that is locked`);
		}
	}
	for (const [place, { optional }] of Object.entries(installed.packages)) {
		if (place in committed.packages || optional === true) continue;
		problems.push(`${file}: the installation has ${place}, which is not locked`);
	}
}

const problems: Problems = [];
const rows: Array<[string, string]> = [];
const files = git('ls-files', '--', 'package-lock.json', '**/package-lock.json').split('\n').filter(Boolean);
if (!files.includes('package-lock.json')) problems.push('there is no lock file');
for (const file of files) {
	const lock = lockFile.parse(JSON.parse(readFileSync(join(root, file), 'utf8')));
	checkPortability(file, lock, problems);
	rows.push([file, `${Object.keys(lock.packages).length} packages`]);
	if (file === 'package-lock.json' && process.argv.includes('--installed'))
		checkUnchanged(file, lock, problems);
}
if (rows.length > 0) printTable(rows);
conclude('locks', problems);
