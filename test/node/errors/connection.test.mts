import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { FaultEffect } from '../../../tools/sandbox/server.mts';
import { nowhere } from '../harness/gateways.mts';
import {
	assistants,
	expectClear,
	faultOf,
	least,
	OPERATIONS,
	OWN_VALUE,
	textOf,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

describe('A broken exchange becomes an error that says so', () => {
	test.each(['create', 'getAll', 'update'] as const)('%s: nothing answers', async (operation) => {
		const baseUrl = nowhere();
		const outcome = await api.run(least(operation, 'ast_1'), { credential: { ...api.credential, baseUrl } });
		const fault = faultOf(outcome);
		expect(fault.name).toBe('NodeApiError');
		expect(fault.message).toMatch(/Could not connect to 127\.0\.0\.1:\d+ \[item 0\]/);
		expect(fault.description).toContain("'Base URL'");
		expectClear(fault);
		expect(outcome.items).toEqual([]);
	});

	const BROKEN: ReadonlyArray<readonly [string, FaultEffect]> = [
		['the connection is cut before the request was carried out', { dropBefore: true }],
		['the connection is cut after the request was carried out', { dropAfter: true }],
		['the connection is cut within the answer', { truncateBody: 20 }],
	];
	/** What can be repeated takes its time to fail, so each effect is tried on some of the operations. */
	const PER_EFFECT: ReadonlyArray<readonly OperationName[]> = [
		['create', 'get'],
		['rotateKey', 'update'],
		['duplicate', 'getAll'],
	];
	test.each(
		BROKEN.flatMap(
			([name, effect], index) => PER_EFFECT[index]?.map((operation) => ({ operation, name, effect })) ?? [],
		),
	)('$operation: $name', async ({ operation, effect }) => {
		const [id = ''] = assistants(api);
		api.sandbox.faults.set([{ effect }]);
		const outcome = await api.run(least(operation, id));
		const fault = faultOf(outcome);
		expect(fault.name).toBe('NodeApiError');
		expect(textOf(fault)).toMatch(/connection to 127\.0\.0\.1:\d+ was lost/);
		// Both items fail; which one first is a matter of when each was sent again.
		expect([0, 1]).toContain(fault.itemIndex);
		expectClear(fault);
		expect(outcome.items).toEqual([]);
	});

	test('of the item whose exchange it was', async () => {
		const ids = assistants(api);
		api.sandbox.faults.set([{ match: { path: ids[1] ?? '' }, effect: { dropBefore: true } }]);
		const parameters = { operation: 'get', assistantId: OWN_VALUE };
		const fault = faultOf(await api.run(parameters, { items: valued(ids) }));
		expect(fault.itemIndex).toBe(1);
		expect(fault.message).toContain('[item 1]');
	});

	test('a page that is cut off makes no half list', async () => {
		api.sandbox.reset({ assistants: 150 });
		api.sandbox.faults.set([{ match: { nth: 2, times: 100 }, effect: { truncateBody: 500 } }]);
		const outcome = await api.run({ operation: 'getAll', returnAll: true }, { items: [{}] });
		expect(outcome.items).toEqual([]);
		expectClear(faultOf(outcome));
	});
});

describe('A redirect is not followed', () => {
	test.each([301, 302, 303, 307, 308])('%i within the API: nothing is asked for twice', async (status) => {
		for (const operation of OPERATIONS) {
			api.sandbox.reset();
			const [id = ''] = assistants(api);
			const to = `${api.sandbox.url}/orgs/c/assistants?take=2`;
			api.sandbox.faults.set([{ match: { times: 2 }, effect: { redirect: { to, status } } }]);
			const fault = faultOf(await api.run(least(operation, id)));
			expect(textOf(fault)).toContain('redirect');
			expectClear(fault);
			expect(api.sandbox.requests.filter(({ query }) => query.take === '2')).toEqual([]);
			expect(api.sandbox.requests.filter(({ method }) => method !== 'GET').length).toBeLessThanOrEqual(2);
		}
	});

	test.each([301, 302, 303, 307, 308])('%i to another origin: nothing arrives there', async (status) => {
		const arrivals: string[] = [];
		const other = createServer((request, response) => {
			arrivals.push(`${request.method} ${request.url} ${request.headers.authorization}`);
			response.setHeader('content-type', 'application/json').end('[{"id":"ast_1"}]');
		});
		await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
		try {
			const to = `http://127.0.0.1:${(other.address() as AddressInfo).port}/taken?from=here`;
			for (const operation of OPERATIONS) {
				api.sandbox.faults.set([{ match: { times: 2 }, effect: { redirect: { to, status } } }]);
				const fault = faultOf(await api.run(least(operation, 'ast_1')));
				expect(textOf(fault)).toContain('redirect');
				expect(fault.description).toContain('/taken');
			}
			expect(arrivals).toHaveLength(0);
		} finally {
			await new Promise((resolve) => other.close(resolve));
		}
	});
});
