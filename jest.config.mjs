/** Tests, and the node's own modules in unit tests, are TypeScript; swc strips the types, `npm run check:types` checks them. */
export default {
	// The demo and the benchmark keep whole installations below their folders.
	roots: ['<rootDir>/test'],
	testMatch: ['<rootDir>/test/**/*.test.mts'],
	moduleFileExtensions: ['mts', 'ts', 'mjs', 'js', 'json', 'node'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{
				jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
				module: { type: 'commonjs' },
			},
		],
	},
	testTimeout: 60_000,
};
