// The lock files install the same packages from any registry: none names one, and each package has its checksum.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { conclude, printTable, type Problems } from './report.mts';

const lockFile = z.object({
	lockfileVersion: z.literal(3),
	packages: z.record(
		z.object({
			resolved: z.string().optional(),
			integrity: z.string().optional(),
			inBundle: z.boolean().optional(),
		}),
	),
});

const problems: Problems = [];
const listed = execFileSync('git', ['ls-files', '*package-lock.json'], { encoding: 'utf8' });
const rows = listed
	.split('\n')
	.filter(Boolean)
	.map((file): [string, string] => {
		const { packages } = lockFile.parse(JSON.parse(readFileSync(file, 'utf8')));
		for (const [place, { resolved, integrity, inBundle }] of Object.entries(packages)) {
			if (resolved !== undefined) problems.push(`${file} names where ${place} comes from: ${resolved}`);
			if (place !== '' && inBundle !== true && !integrity?.startsWith('sha512-')) {
				problems.push(`${file} has no sha512 for ${place}`);
			}
		}
		return [file, `${Object.keys(packages).length} packages`];
	});
printTable(rows);
conclude('locks', problems);
