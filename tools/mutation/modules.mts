/** Where the results go, one file for each module. */
export const RESULTS = 'coverage/mutation';

/**
 * Modules that make sense on n8n's engine only: the tests that are run for each of their mutants, fast ones first, and
 * before them their unit tests, if they have any. All other modules are measured by unit tests alone.
 */
export const ENGINE_TESTS: Readonly<Record<string, readonly string[]>> = {
	'transport/dropdown': [
		'errors/status',
		'operations/locators',
		'reliability/requestOptions',
		'security/keys',
		'errors/address',
		'errors/connection',
		'security/proxies',
	],
	'transport/execution': [
		'errors/address',
		'reliability/quota',
		'reliability/toolCalls',
		'reliability/retries',
		'reliability/meanwhile',
		'reliability/connections',
		'reliability/limits',
		'operations/order',
		'reliability/batching',
		'operations/upsert',
	],
	'transport/executeItem': [
		'errors/address',
		'reliability/merge',
		'operations/fromModel',
		'reliability/retries',
		'reliability/rotateKey',
		'operations/upsert',
		'operations/order',
		'reliability/concurrency',
	],
	'transport/index': [
		'errors/address',
		'reliability/quota',
		'errors/items',
		'operations/fromModel',
		'reliability/retries',
		'reliability/connections',
		'errors/errorItems',
		'reliability/rotateKey',
		'security/keys',
		'operations/order',
		'reliability/batching',
	],
	'transport/itemClient': [
		'errors/address',
		'reliability/merge',
		'operations/fromModel',
		'operations/output',
		'reliability/retries',
		'reliability/connections',
		'reliability/limits',
		'operations/paging',
		'reliability/requestOptions',
		'reliability/serverErrors',
		'reliability/rotateKey',
		'reliability/gateways',
	],
	'transport/reconcile': [
		'errors/address',
		'reliability/quota',
		'reliability/retries',
		'errors/errorItems',
		'reliability/connections',
		'reliability/outcome',
		'reliability/rotateKey',
		'operations/upsert',
		'reliability/clocks',
		'reliability/gateways',
	],
};
