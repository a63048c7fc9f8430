/** Tests, and the node's own modules in unit tests, are TypeScript; swc strips the types, `npm run check:types` checks them. */
export default {
	roots: ['<rootDir>/test/unit', '<rootDir>/test/node', '<rootDir>/tools/sandbox', '<rootDir>/tools/demo'],
	testMatch: ['**/*.test.mts'],
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
