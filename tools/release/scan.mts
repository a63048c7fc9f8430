// Scans the published version as n8n's verification does: its provenance, the source at the attested commit, the code
// in the tarball. The scanner's own command ends well whatever it finds, so its verdict is read here.
//
//   node tools/release/scan.mts                the version in package.json, as soon as the registry has it
//   node tools/release/scan.mts --attempts=1   without waiting

import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { analyzePackageByName } from '@n8n/scan-community-package/scanner/scanner.mjs';
import { z } from 'zod';
import { conclude } from '../checks/report.mts';
import { readManifest, ROOT } from './package.mts';

/** A registry tells nobody when a new version is there; usually it takes seconds. */
const PAUSE_MS = 15_000;

const verdict = z.object({
	passed: z.boolean(),
	message: z.string().optional(),
	details: z.string().optional(),
});

function isPublished(name: string, version: string): boolean {
	try {
		const command = ['view', `${name}@${version}`, 'version', '--silent', '--prefer-online'];
		return execFileSync('npm', command, { cwd: ROOT, encoding: 'utf8' }).trim() === version;
	} catch {
		return false; // No version of the package is there yet.
	}
}

async function waitFor(name: string, version: string, attempts: number): Promise<boolean> {
	for (let attempt = 1; ; attempt += 1) {
		if (isPublished(name, version)) return true;
		if (attempt >= attempts) return false;
		console.log(`  ${name}@${version} is not there yet (${attempt} of ${attempts})`);
		await pause(PAUSE_MS);
	}
}

async function scan(name: string, version: string): Promise<string[]> {
	const { passed, message = '', details = '' } = verdict.parse(await analyzePackageByName(name, version));
	return passed ? [] : [`${message}\n${details}`.trim()];
}

const { values } = parseArgs({ options: { attempts: { type: 'string', default: '40' } } });
const { name, version } = readManifest();
const isThere = await waitFor(name, version, Number(values.attempts));
conclude('scan', isThere ? await scan(name, version) : [`the registry does not have ${name}@${version}`]);
