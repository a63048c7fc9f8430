import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { z } from 'zod';

import { DemoFailure } from '../../tools/demo/failure.mts';
import { readLockedTree } from '../../tools/demo/lock-file.mts';
import { npm } from '../../tools/demo/npm.mts';
import type { Processes } from '../../tools/demo/processes.mts';
import { step } from '../../tools/demo/steps.mts';

const HERE = import.meta.dirname;
const PACKAGE = join(HERE, 'node_modules', '@playwright', 'test');

/** Playwright's program. */
export const PLAYWRIGHT = join(PACKAGE, 'cli.js');

/** Where Debian has it; another one can be named by CHROMIUM. */
const CHROMIUM = '/usr/bin/chromium';

/** Makes sure that Playwright is installed, in this folder; it brings no browser. */
export async function providePlaywright(processes: Processes, log: string): Promise<void> {
	const version = (await readLockedTree(HERE)).version('@playwright/test');
	if ((await installedVersion()) === version) return;
	await step(`Install Playwright ${version}: once, 20 MB`, async () => {
		// Not "npm ci", which insists on optional packages for other platforms.
		const args = ['install', '--ignore-scripts'];
		await npm(processes, { args, cwd: HERE, log, purpose: 'Installing Playwright' });
	});
}

/**
 * The browser that the tests drive.
 *
 * @throws {DemoFailure} when there is none
 */
export function browserPath(): string {
	const path = process.env['CHROMIUM'] ?? CHROMIUM;
	if (existsSync(path)) return path;
	throw new DemoFailure(
		`There is no Chromium at ${path}: install Debian's package chromium, or name another one with CHROMIUM=/path/to/chromium.`,
	);
}

async function installedVersion(): Promise<string | undefined> {
	const text = await readFile(join(PACKAGE, 'package.json'), 'utf8').catch(() => undefined);
	return text === undefined ? undefined : z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
