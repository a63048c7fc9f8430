import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { defineConfig } from '@playwright/test';

const FLAGS = [
	'--no-sandbox', // a container's root has no other way
	'--disable-gpu',
	'--disable-quic',
	'--no-first-run',
	'--disable-background-networking',
	'--disable-component-update',
	'--disable-sync',
];

process.env['PLAYWRIGHT_NO_COPY_PROMPT'] = '1'; // it would keep what the page showed, and that may be a key

/**
 * Tests with a real n8n, and a real browser where it takes one: Debian's chromium, or the one that CHROMIUM names.
 * UPDATE_PICTURES=1 writes the pictures in docs/ anew.
 */
export default defineConfig({
	testMatch: '**/*.spec.mts',
	outputDir: join(tmpdir(), 'n8n-nodes-invent-e2e'),
	workers: 1, // one n8n, whose credentials each test expects to have for itself
	forbidOnly: true,
	// The editor is n8n's and its timing not ours. A test that needs its second chance is listed as flaky.
	retries: process.env['CI'] === undefined ? 0 : 1,
	timeout: 300_000,
	expect: { timeout: 30_000 },
	reporter: [['list']],
	use: {
		actionTimeout: 30_000,
		testIdAttribute: 'data-test-id', // n8n's
		// What the page shows may hold a key.
		screenshot: 'off',
		trace: 'off',
		video: 'off',
		launchOptions: { executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: FLAGS },
	},
});
