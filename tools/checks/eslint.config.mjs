// For the project's own tools, tests and demo. What n8n loads is linted by eslint.config.mjs, which n8n requires
// to stay exactly as n8n ships it.

import { resolve } from 'node:path';

import js from '@eslint/js';
import vitest from '@vitest/eslint-plugin';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * Who may import whom in what n8n loads.
 *
 * @param files the importers
 * @param allowed what they may name, as a regular expression
 * @param types what they may name for its types only
 */
function border(files, allowed, types = '(?!)') {
	return {
		files,
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: `^(?!n8n-workflow$|(${allowed}|${types})$)`,
							message: 'CONTRIBUTING.md, Layers, says who may import whom',
						},
						{
							regex: `^(${types})$`,
							allowTypeImports: true,
							message: 'Only types may be imported from there',
						},
					],
				},
			],
		},
	};
}

export default defineConfig(
	globalIgnores(['dist/', 'coverage/', 'tools/n8n/installation/']),
	{
		linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'error' },
	},
	{
		files: ['**/*.{mjs,js}'],
		extends: [js.configs.recommended],
		languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } },
		rules: { eqeqeq: ['error', 'always', { null: 'ignore' }] },
	},
	{
		files: ['**/*.js'],
		languageOptions: {
			sourceType: 'commonjs',
		},
	},
	{
		files: ['**/*.mts'],
		extends: [js.configs.recommended, tseslint.configs.strictTypeChecked],
		languageOptions: {
			parserOptions: {
				project: ['./tools/tsconfig.json', './test/unit/tsconfig.json', './test/e2e/tsconfig.json'],
				tsconfigRootDir: ROOT,
			},
		},
		rules: {
			eqeqeq: ['error', 'always', { null: 'ignore' }],
			// What a fixture of Playwright says that needs no other.
			'no-empty-pattern': ['error', { allowObjectPatternsAsParameters: true }],
			// An exception that the compiler forgets about is as silent as one that the linter does.
			'@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true }],
			'@typescript-eslint/consistent-type-imports': 'error',
			'@typescript-eslint/no-confusing-void-expression': 'off',
			'@typescript-eslint/no-unnecessary-condition': [
				'error',
				{ allowConstantLoopConditions: 'only-allowed-literals' },
			],
			'@typescript-eslint/prefer-nullish-coalescing': 'error',
			'@typescript-eslint/prefer-optional-chain': 'error',
			// Removing a member from parsed JSON is ordinary work here.
			'@typescript-eslint/no-dynamic-delete': 'off',
			'@typescript-eslint/no-invalid-void-type': 'off',
			'@typescript-eslint/no-unnecessary-type-conversion': 'off',
			'@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
			// Servers and tests hand over async functions that need not wait for anything.
			'@typescript-eslint/require-await': 'off',
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true },
			],
			// The methods of our own objects are closures; taking them apart is safe.
			'@typescript-eslint/unbound-method': 'off',
		},
	},
	{
		// Everything but the node itself and its unit tests knows the node only through what is published.
		files: ['{tools,test}/**/*.mts'],
		ignores: ['test/unit/**'],
		rules: {
			'@typescript-eslint/no-restricted-imports': [
				'error',
				{
					patterns: [
						{
							regex: '^(\\.\\./)+(nodes|credentials)/',
							message: 'Use the built package in dist/, as n8n does.',
						},
					],
				},
			],
		},
	},
	{
		files: ['**/*.test.mts'],
		extends: [vitest.configs.recommended],
		rules: {
			'vitest/expect-expect': ['error', { assertFunctionNames: ['expect*', 'fc.assert'] }],
			'vitest/no-disabled-tests': 'error',
			// It miscounts functions that are passed on, and so reports expectations in the tables that tests are made of.
			'vitest/no-standalone-expect': 'off',
			// It forbids to await an expectation later than it is made; no-floating-promises finds those that
			// are never awaited, and the next rule those that compare nothing.
			'vitest/valid-expect': 'off',
			'no-restricted-syntax': [
				'error',
				{
					selector: "ExpressionStatement > CallExpression[callee.name='expect']",
					message: 'This expectation has no matcher.',
				},
			],
			// Vitest gives its own matchers (`expect.anything()` and the like) no type of their own.
			'@typescript-eslint/no-unsafe-assignment': 'off',
		},
	},
	{
		// The layers of the node; `eslint.config.mjs` has all other rules for these files.
		files: ['{nodes,credentials}/**/*.ts'],
		languageOptions: { parser: tseslint.parser },
		plugins: { '@typescript-eslint': tseslint.plugin, 'import-x': importX },
		settings: importX.flatConfigs.typescript.settings,
		rules: {
			'import-x/no-cycle': 'error',
			'no-restricted-syntax': [
				'error',
				{
					selector: "ImportExpression, TSImportEqualsDeclaration, CallExpression[callee.name='require']",
					message: 'Use an import declaration, so that the layers can be checked.',
				},
			],
		},
	},
	border(['credentials/*.ts'], '\\.\\./nodes/Invent/shared/\\w+'),
	border(['nodes/Invent/*.ts'], '\\./(resources|listSearch|transport)'),
	border(
		['nodes/Invent/resources/*.ts'],
		'\\./\\w+|\\.\\./shared/\\w+|\\.\\./transport',
		'\\.\\./listSearch|(\\.\\./){3}contract/invent',
	),
	border(
		['nodes/Invent/resources/*/*.ts'],
		'\\./\\w+|\\.\\./(common|resource|assistant/\\w+)|\\.\\./\\.\\./shared/\\w+|\\.\\./\\.\\./transport',
		'\\.\\./\\.\\./listSearch|(\\.\\./){4}contract/invent',
	),
	border(['nodes/Invent/listSearch/*.ts'], 'node:crypto|\\./\\w+|\\.\\./shared/\\w+|\\.\\./transport'),
	border(['nodes/Invent/transport/*.ts'], '\\./\\w+|\\.\\./shared/\\w+'),
	border(['nodes/Invent/shared/*.ts'], '\\./\\w+'),
);
