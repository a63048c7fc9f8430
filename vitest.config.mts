import { createRequire } from 'node:module';

import { defineConfig } from 'vitest/config';

const { resolve } = createRequire(import.meta.url);

/** What a kind of tests is called, and where it is. */
const project = (name: string, include: string[]) => ({ extends: true as const, test: { name, include } });

export default defineConfig({
	// The ES modules that n8n-workflow publishes can't be loaded: n8n takes its CommonJS build, and so do we.
	resolve: { alias: { 'n8n-workflow': resolve('n8n-workflow'), 'n8n-core': resolve('n8n-core') } },
	test: {
		globals: true,
		projects: [
			project('unit', ['test/unit/**/*.test.mts']),
			project('node', ['test/node/**/*.test.mts']),
			project('tools', ['tools/{sandbox,demo}/**/*.test.mts']),
			project('slow', ['test/node/**/*.slow.mts']),
			project('explore', ['test/node/**/*.explore.mts']),
		],
		setupFiles: ['test/freshNode.mts'],
		// Each worker loads n8n once, not once for each file.
		pool: 'forks',
		isolate: false,
		server: { deps: { external: [/node_modules/] } },
		// Most of a test's time is waiting for what the node waits for.
		maxWorkers: 8,
		// A test's name is not cut.
		chaiConfig: { truncateThreshold: 0 },
		testTimeout: 60_000,
		hookTimeout: 120_000,
	},
});
