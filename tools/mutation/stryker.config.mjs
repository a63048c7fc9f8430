// How Stryker measures one module: `main.mts` names it.

import { ENGINE_TESTS, RESULTS } from './modules.mts';

const name = process.env.MUTATION_MODULE ?? '';
const isOnEngine = ENGINE_TESTS[name] !== undefined;

export default {
	testRunner: 'vitest',
	plugins: ['@stryker-mutator/vitest-runner'],
	vitest: { configFile: 'tools/mutation/vitest.config.mts', related: !isOnEngine },
	// Stryker works on a copy of the project. n8n's engine loads what is built of it, with all mutants in it.
	...(isOnEngine && { buildCommand: 'npm run build --silent' }),
	coverageAnalysis: 'perTest',
	mutate: [`nodes/Invent/${name}.ts`],
	// Texts belong to the tests of texts, and an object without its members does not compile.
	mutator: { excludedMutations: ['StringLiteral', 'ObjectLiteral'] },
	// The tests wait more than they work, but two at a time leave their own time-outs enough room.
	concurrency: 2,
	timeoutMS: isOnEngine ? 15_000 : 4_000,
	timeoutFactor: 2,
	reporters: ['json', 'clear-text'],
	clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
	jsonReporter: { fileName: `${RESULTS}/${name}.json` },
	tempDirName: 'coverage/stryker',
	ignorePatterns: ['coverage', 'dist', 'docs', 'examples', 'tools/demo', 'test/bench', 'test/e2e'],
};
