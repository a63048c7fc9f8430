/** The tests that Stryker runs for the module that `main.mts` names. */
import { defineConfig } from 'vitest/config';

import tests from '../../vitest.config.mts';
import { ENGINE_TESTS } from './modules.mts';

const name = process.env.MUTATION_MODULE ?? '';
const engineTests = ENGINE_TESTS[name]?.map((file) => `test/node/${file}.test.mts`);
const include =
	engineTests === undefined ? ['test/unit/**/*.test.mts'] : [`test/unit/${name}.test.mts`, ...engineTests];

export default defineConfig({
	...tests,
	test: { ...tests.test, projects: undefined, include, isolate: true },
});
