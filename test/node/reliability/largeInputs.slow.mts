/** `npm run test:slow`, because n8n alone reads the parameters for some 10 s each time. 20,000 items: while the node works, n8n's event loop, on which everybody else's workflows run too, must not stand still. */
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

import { locator } from '../harness/support.mts';
import type { Given, Watched } from './largeInput.mts';

const run = promisify(execFile);

const ITEMS = 20_000;
/** The largest part of all work that may be done in one go: what a machine does in a millisecond is no matter. */
const LARGEST_SHARE = 1 / 4;
/** A process that takes longer is ended. */
const LONGEST_MS = 300_000;

const ASSISTANT = { id: 'ast_1', name: 'There', enabled: true, config: null };

/** A server that answers everything at once, and the process whose items it answers. */
async function watched(status: number, given: Given, isThere = true): Promise<Watched> {
	const server = createServer((request, response) => {
		request.resume();
		const headers = { 'content-type': 'application/json', ...(status === 429 && { 'retry-after': '3600' }) };
		response.writeHead(status, headers).end(JSON.stringify(ASSISTANT));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	const { port } = server.address() as AddressInfo;
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	if (!isThere) close();
	const program = ['--import', './test/bench/hook.mts', 'test/node/reliability/largeInput.mts'];
	const words = [String(ITEMS), `http://127.0.0.1:${port}`, JSON.stringify(given)];
	try {
		const { stdout } = await run(process.execPath, [...program, ...words], {
			env: { ...process.env, API_KEY: 'a-key-of-this-test' },
			timeout: LONGEST_MS,
		});
		return JSON.parse(stdout.slice(stdout.lastIndexOf('{"blockedMs"'))) as Watched;
	} finally {
		if (isThere) close();
	}
}

const GET: Given = {
	parameters: { operation: 'get', assistantId: locator('={{ $json.value }}') },
	settings: { onError: 'continueRegularOutput' },
	values: ['ast_1', 'ast_2'],
};

interface Row {
	readonly what: string;
	readonly status: number;
	readonly given: Given;
	readonly isThere?: boolean;
	readonly prove: (result: Watched) => void;
}

const ROWS: readonly Row[] = [
	{
		what: 'are read, and cancelled after 400 requests',
		status: 200,
		given: { ...GET, cancelAfter: 400 },
		prove: ({ requests }) => expect(requests).toBeGreaterThan(400),
	},
	{
		what: 'end because the first ones are asked for a pause of an hour',
		status: 429,
		given: GET,
		prove: ({ codes, requests }) => {
			expect(requests).toBeLessThan(20);
			expect(codes.skipped).toBeGreaterThan(ITEMS - 20);
		},
	},
	{
		what: 'end because nothing listens',
		status: 200,
		given: GET,
		isThere: false,
		prove: ({ codes }) => expect(codes.skipped).toBeGreaterThan(ITEMS - 60),
	},
	{
		what: "can't be used but for the first one",
		status: 200,
		given: { ...GET, values: ['ast_1', ''] },
		prove: ({ codes }) => expect(codes).toEqual({ none: 1, invalid_input: ITEMS - 1 }),
	},
	{
		what: 'of creations end because the first one meets the quota',
		status: 429,
		given: { ...GET, parameters: { operation: 'create', name: '={{ $json.value }}' } },
		prove: ({ codes }) => expect(codes).toEqual({ rate_limited: 1, skipped: ITEMS - 1 }),
	},
	{
		what: 'stop because the first one is refused, on errors stop',
		status: 404,
		given: { ...GET, settings: {} },
		prove: ({ requests }) => expect(requests).toBeLessThan(20),
	},
];

test.each(ROWS)(
	'20,000 items that $what: the node never does more than a quarter of its work before the event loop gets its turn',
	async ({ status, given, isThere, prove }) => {
		const result = await watched(status, given, isThere);
		expect(result.blockedMs / result.busyMs).toBeLessThan(LARGEST_SHARE);
		prove(result);
	},
	LONGEST_MS + 30_000,
);
