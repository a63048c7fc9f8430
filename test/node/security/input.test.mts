import type { INodeParameters } from 'n8n-workflow';

import {
	assistants,
	expectClear,
	least,
	locator,
	ON_ONE,
	OPERATIONS,
	OWN_VALUE,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

const LONE_SURROGATE = '\ud83d';

const IDS: readonly string[] = [
	'..',
	'.',
	'...',
	'../..',
	'../../../../etc/passwd',
	'%2e%2e',
	'%2E%2E%2F',
	'%252e%252e',
	'.%2e',
	'a/b',
	'/',
	'a\\b',
	'..\\..',
	'?x=1',
	'#f',
	';p',
	'..;/',
	'&',
	'=',
	'a&take=1',
	'+',
	'a b',
	' .. ',
	'\n..\n',
	'a\r\nX-Injected: 1',
	'a\tb',
	'a\0b',
	'\u{1F6B2}',
	'\u200fabc',
	LONE_SURROGATE,
	`a${LONE_SURROGATE}b`,
	'x'.repeat(5000),
	'{assistant_id}',
	'{org_id}',
	'$&',
	'$1',
	"$'",
	'constructor',
	'__proto__',
	'null',
	'undefined',
	'0',
	'//evil.example/x',
	'http://evil.example',
	'https://evil.example/orgs/c',
	'@evil.example',
	':8080',
	'%00',
	'%',
	'ast_1/../../c',
	'ast_1/rotate-secret-key',
	'ast_1?search=x',
	'{{ $json.value }}',
	"' OR 1=1",
	'[1]',
	'~',
];

/** What a path of each operation looks like: one segment for each id, whatever it holds. */
const SHAPES: Record<OperationName, RegExp> = {
	create: /^\/orgs\/[^/]+\/assistants$/,
	getAll: /^\/orgs\/[^/]+\/assistants$/,
	get: /^\/orgs\/[^/]+\/assistants\/[^/]+$/,
	update: /^\/orgs\/[^/]+\/assistants\/[^/]+$/,
	duplicate: /^\/orgs\/[^/]+\/assistants\/[^/]+\/duplicate$/,
	rotateKey: /^\/orgs\/[^/]+\/assistants\/[^/]+\/rotate-secret-key$/,
};

/** What a server or a proxy must not read as another path. */
const ANOTHER_PATH = /(^|\/)(\.|%2e){1,2}(;[^/]*)?(\/|$)|[\\?#;\s]|%(?![0-9a-f]{2})/i;

/** Runs both items with one id at most in each, and gives the errors that they ended with. */
async function errorsFor(parameters: INodeParameters, values: readonly unknown[]): Promise<string[]> {
	const settings = { onError: 'continueRegularOutput' } as const;
	const { items, error } = await api.run(parameters, { items: valued(values), settings });
	expect(error).toBeUndefined();
	expect(items).toHaveLength(values.length);
	return items.flatMap(({ json }) => (typeof json.error === 'string' ? json.error : []));
}

function expectOwnShape(operation: OperationName): void {
	for (const { path } of api.sandbox.requests) {
		expect(path).toMatch(SHAPES[operation]);
		expect(path).not.toMatch(ANOTHER_PATH);
	}
}

function expectAllClear(errors: readonly string[]): void {
	for (const error of errors) expectClear({ name: '', message: error, description: error, itemIndex: 0 });
}

/** The id that arrived in a path's segment. */
function idsAt(segment: number): string[] {
	return api.sandbox.requests.map(({ path }) => decodeURIComponent(path.split('/')[segment] ?? ''));
}

/** What no segment of a path can hold, and is refused. */
const UNUSABLE = IDS.filter((id) => /^\.{1,2}$/.test(id.trim()) || !id.isWellFormed());

/** How the ids arrive: without the blanks around them. */
const ARRIVING = IDS.filter((id) => !UNUSABLE.includes(id)).map((id) => id.trim());

function expectUnusableRefused(errors: readonly string[]): void {
	expect(errors.filter((error) => error.includes('is not a valid ID'))).toHaveLength(UNUSABLE.length);
}

describe('A hostile assistant ID stays one segment of the path', () => {
	test.each(ON_ONE)('%s', async (operation) => {
		const parameters = { ...least(operation, ''), assistantId: locator(OWN_VALUE) };
		const errors = await errorsFor(parameters, IDS);
		expect(errors).toHaveLength(IDS.length);
		expectAllClear(errors);
		expectOwnShape(operation);
		expectUnusableRefused(errors);
		expect(idsAt(4).sort()).toEqual([...ARRIVING].sort());
	});
});

describe('A hostile organization ID stays one segment of the path', () => {
	test.each(OPERATIONS)('%s', async (operation) => {
		const [id = ''] = assistants(api);
		const parameters = { ...least(operation, id), organizationId: locator(OWN_VALUE) };
		const errors = await errorsFor(parameters, IDS);
		expect(errors).toHaveLength(IDS.length);
		expectAllClear(errors);
		expectOwnShape(operation);
		expectUnusableRefused(errors);
		expect(idsAt(2).sort()).toEqual([...ARRIVING].sort());
	});

	test('and it takes no place of the assistant ID, whatever braces either holds', async () => {
		const parameters = {
			operation: 'get',
			organizationId: locator('{assistant_id}'),
			assistantId: locator('{org_id}'),
		};
		await errorsFor(parameters, [0, 1]);
		expect(idsAt(2)).toEqual(['{assistant_id}', '{assistant_id}']);
		expect(idsAt(4)).toEqual(['{org_id}', '{org_id}']);
	});
});

describe('A hostile target organization ID arrives as it is', () => {
	test('in the body of a duplication', async () => {
		const [id = ''] = assistants(api);
		const own = { additionalFields: { targetOrganizationId: locator(OWN_VALUE) } };
		const errors = await errorsFor({ ...least('duplicate', id), ...own }, IDS);
		expectAllClear(errors);
		expectUnusableRefused(errors);
		expectOwnShape('duplicate');
		expect(api.sandbox.requests.map(({ body }) => body)).toEqual(
			ARRIVING.map((target_org_id) => ({ target_org_id })),
		);
	});
});

describe('A hostile address by URL gives an assistant ID or nothing', () => {
	const ADDRESSES = [...IDS, ...IDS.map((id) => `https://useinvent.com/ast_1${id}`)];

	test.each(ON_ONE)('%s', async (operation) => {
		const parameters = { ...least(operation, ''), assistantId: locator(OWN_VALUE, 'url') };
		const errors = await errorsFor(parameters, ADDRESSES);
		expect(errors).toHaveLength(ADDRESSES.length);
		expectAllClear(errors);
		expectOwnShape(operation);
		for (const id of idsAt(4)) expect(id).toMatch(/^ast_1\w*$/);
	});
});

describe('A hostile search stays one member of the query', () => {
	test('of Get Many', async () => {
		const parameters = { operation: 'getAll', filters: { search: OWN_VALUE } };
		const searches = [...IDS.filter((id) => id.isWellFormed()), 'a&page=9', '%26'];
		const { error } = await api.run(parameters, { items: valued(searches) });
		expect(error).toBeUndefined();
		expectOwnShape('getAll');
		for (const { query } of api.sandbox.requests) {
			expect(query).toEqual({ page: '1', take: '50', search: query.search });
		}
		const arrivedSearches = api.sandbox.requests.map(({ query }) => query.search);
		expect(arrivedSearches.sort()).toEqual([...searches].sort());
	});

	test('of Get Many with a lone surrogate in it, which is no character and becomes the replacement character', async () => {
		const parameters = { operation: 'getAll', filters: { search: OWN_VALUE } };
		await api.run(parameters, { items: valued([`a${LONE_SURROGATE}b`, `a${LONE_SURROGATE}b`]) });
		expect(api.sandbox.requests.map(({ query }) => query.search)).toEqual(['a\ufffdb', 'a\ufffdb']);
	});
});

describe('A hostile name arrives byte for byte', () => {
	const NAMES: readonly string[] = [
		...IDS.map((id) => (id.length > 255 ? id.slice(0, 255) : id)).filter((id) => id.isWellFormed()),
		'\u0000',
		'"',
		'\\',
		'\\u0000',
		'"},"enabled":false,"x":{"y":"',
		'<script>alert(1)</script>',
		"Robert'); DROP TABLE assistants;--",
		'\u202Eevil',
		'\u2028x\u2029',
		'\ufeffx',
		' x\t',
		'e\u0301 \u00e9',
		'\u{1F468}\u200d\u{1F469}\u200d\u{1F467}',
		'{"name":"x"}',
		'[object Object]',
		'true',
		'%s %d %o',
		'${process.env.HOME}',
		'={{ 1 + 1 }}',
	];
	const BY_OPERATION: ReadonlyArray<readonly [OperationName, INodeParameters]> = [
		['create', { name: OWN_VALUE }],
		['update', { updateFields: { name: OWN_VALUE } }],
		['duplicate', { additionalFields: { name: OWN_VALUE } }],
	];

	test.each(BY_OPERATION)('%s', async (operation, own) => {
		const [id = ''] = assistants(api);
		expect(await errorsFor({ ...least(operation, id), ...own }, NAMES)).toEqual([]);
		expectOwnShape(operation);
		expect(api.sandbox.requests.map(({ rawBody }) => rawBody)).toEqual(
			NAMES.map((name) => JSON.stringify({ name })),
		);
	});

	test.each(BY_OPERATION)('%s: a lone surrogate arrives as JSON escapes it', async (operation, own) => {
		const [id = ''] = assistants(api);
		await errorsFor({ ...least(operation, id), ...own }, [`a${LONE_SURROGATE}b`, 'c']);
		expect(api.sandbox.requests[0]?.rawBody).toBe('{"name":"a\\ud83db"}');
	});
});
