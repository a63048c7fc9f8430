import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

import { DemoFailure } from '../../tools/n8n/failure.mts';

/** Playwright's program. */
export const PLAYWRIGHT = createRequire(import.meta.url).resolve('@playwright/test/cli');

/** Where Debian has it; another one can be named by CHROMIUM. */
const CHROMIUM = '/usr/bin/chromium';

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
