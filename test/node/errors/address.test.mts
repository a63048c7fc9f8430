import {
	assistants,
	expectClear,
	faultOf,
	least,
	lineOf,
	OPERATIONS,
	useSandbox,
} from '../harness/support.mts';

const api = useSandbox();

/** The sandbox's port, at which it is reached under other names of this machine too. */
function port(): string {
	return new URL(api.sandbox.url).port;
}

describe('A Base URL that is neither https nor this machine, or holds more than an address, is refused, and nothing is sent', () => {
	const ADDRESSES: ReadonlyArray<readonly [string, () => unknown]> = [
		['plain http to an address that is not this machine alone', () => `http://0.0.0.0:${port()}`],
		[
			'plain http to a host whose user name is a loopback address',
			() => `http://127.0.0.1@0.0.0.0:${port()}`,
		],
		['plain http to a host that begins like a loopback address', () => 'http://127.0.0.1.invent.invalid'],
		['plain http to a host that begins with localhost', () => 'http://localhost.invent.invalid'],
		['plain http in capitals', () => `HTTP://0.0.0.0:${port()}`],
		['ftp', () => `ftp://127.0.0.1:${port()}`],
		['file', () => 'file:///orgs'],
		['nothing', () => ''],
		['blanks', () => '  '],
		['words', () => 'not an address'],
		['a host without a scheme', () => 'api.useinvent.com'],
		['a path', () => '/orgs'],
		['a scheme without slashes', () => `http:127.0.0.1:${port()}`],
		['a user name', () => `http://user@127.0.0.1:${port()}`],
		['a query', () => `http://127.0.0.1:${port()}/?key=1`],
		['a fragment', () => `http://127.0.0.1:${port()}/#top`],
		['null', () => null],
		['a number', () => 7],
	];

	test.each(ADDRESSES)('%s', async (_, address) => {
		const credential = { ...api.credential, baseUrl: address() as string };
		for (const operation of OPERATIONS) {
			const fault = faultOf(await api.run(least(operation, 'ast_1'), { credential }));
			expect(`${fault.message} ${fault.description}`).toContain("'Base URL'");
			expect(fault.message).toContain('[item 0]');
			expectClear(fault);
		}
		expect(api.sandbox.requests).toEqual([]);
	});

	test('and the item goes on as an error item if that is wanted', async () => {
		const credential = { ...api.credential, baseUrl: `http://0.0.0.0:${port()}` };
		const settings = { onError: 'continueRegularOutput' } as const;
		const { items } = await api.run(least('get', 'ast_1'), { credential, settings });
		const clear = expect.stringContaining("'Base URL'") as unknown;
		expect(items.map(({ json }) => json.error)).toEqual([clear, clear]);
		expect(api.sandbox.requests).toEqual([]);
	});
});

describe('This machine may be reached over plain http', () => {
	test.each(['localhost', '127.0.0.1', '127.0.0.2', 'LOCALHOST'])('as %s', async (host) => {
		const url = `http://${host}:${port()}`;
		const { message } = (
			await api.run(least('getAll', ''), { credential: { ...api.credential, baseUrl: url } })
		).error ?? { message: '' };
		expect(message).not.toContain('unencrypted');
	});
});

describe('A path in the Base URL is kept', () => {
	const BASE = '/proxy/invent';

	test.each(OPERATIONS)('%s', async (operation) => {
		api.sandbox.reset({ basePath: BASE });
		const [id = ''] = assistants(api);
		const { error } = await api.run(least(operation, id));
		expect(error).toBeUndefined();
		for (const { path } of api.sandbox.requests)
			expect(path.startsWith(`${BASE}/orgs/c/assistants`)).toBe(true);
	});

	test.each(['', BASE])('and a trailing slash after %j is harmless', async (basePath) => {
		api.sandbox.reset({ basePath });
		const credential = { ...api.credential, baseUrl: `${api.sandbox.url}/` };
		const { error } = await api.run(least('create', ''), { credential });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill(`POST ${basePath}/orgs/c/assistants`));
	});
});

test('Blanks around the key are not sent', async () => {
	const credential = { ...api.credential, apiKey: ` ${api.sandbox.apiKey}\n` };
	const { error } = await api.run(least('getAll', ''), { credential });
	expect(error).toBeUndefined();
	expect(api.sandbox.requests.map(({ headers }) => headers.authorization)).toEqual(
		Array(2).fill(`Bearer ${api.sandbox.apiKey}`),
	);
});
