// How Stryker measures one module: `main.mts` names it.

import { resolve } from 'node:path';

import jest from '../../jest.config.mjs';
import { ENGINE_TESTS, RESULTS } from './modules.mts';

const name = process.env.MUTATION_MODULE ?? '';

// Stryker runs the tests on a copy of the project; its mutants are in the source, so that is what n8n's engine loads.
const tests = ENGINE_TESTS[name]?.map((file) => `<rootDir>/test/node/${file}.test.mts`);
const onEngine = {
	...jest,
	roots: ['<rootDir>/test/unit', '<rootDir>/test/node'],
	testMatch: [`<rootDir>/test/unit/${name}.test.mts`, ...(tests ?? [])],
	moduleNameMapper: { '^\\./dist/(.*)\\.js$': '<rootDir>/$1.ts' },
	testSequencer: resolve(import.meta.dirname, 'sequencer.cjs'),
};
const alone = { ...jest, roots: ['<rootDir>/test/unit'] };

export default {
	testRunner: 'jest',
	plugins: ['@stryker-mutator/jest-runner'],
	jest: {
		projectType: 'custom',
		config: tests === undefined ? alone : onEngine,
		enableFindRelatedTests: tests === undefined,
	},
	coverageAnalysis: 'perTest',
	mutate: [`nodes/Invent/${name}.ts`],
	// Texts belong to the tests of texts, and an object without its members does not compile.
	mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
	// The tests wait more than they work, but two at a time leave their own time-outs enough room.
	concurrency: 2,
	timeoutMS: tests === undefined ? 4_000 : 15_000,
	timeoutFactor: 2,
	reporters: ['json', 'clear-text'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	jsonReporter: { fileName: `${RESULTS}/${name}.json` },
	tempDirName: 'coverage/stryker',
	ignorePatterns: ['coverage', 'dist', 'docs', 'examples', 'tools/demo', 'test/bench', 'test/e2e'],
};
