/** What is sent again after the service or the network gave way, how often, and what never is. */
import { setTimeout as pause } from 'node:timers/promises';

import type { INodeParameters } from 'n8n-workflow';

import type { FaultEffect } from '../../../tools/sandbox/server.mts';
import { startSandbox } from '../../../tools/sandbox/server.mts';
import { execute } from '../harness/engine.mts';
import { lineOf, locator } from '../harness/support.mts';
import { addOld, CONTINUE, errorOf, proveSideBySide, sent, sourceOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const OWN_ID = locator('={{ $json.id }}');
const FIRST_BYTES = 12;

/** Long enough for an answer on a busy machine; only where none comes at all. */
function timeoutFor(effect: FaultEffect): INodeParameters {
	return 'stall' in effect ? { requestOptions: { timeout: 4000 } } : {};
}

/** What gives way, how, and what the error says about it. */
const BREAKS: ReadonlyArray<readonly [what: string, effect: FaultEffect, told: RegExp]> = [
	['a 500', { answer: { status: 500 } }, /status 500.*Run the workflow again later/],
	['a 502', { answer: { status: 502 } }, /status 502.*Run the workflow again later/],
	['a 503', { answer: { status: 503, body: '<html>Down</html>' } }, /status 503.*again later.*Down/],
	['a 504', { answer: { status: 504, when: 'after' } }, /status 504.*Run the workflow again later/],
	['a connection that breaks before', { dropBefore: true }, /connection to \S+ was lost.*again later/],
	['a connection that breaks after', { dropAfter: true }, /connection to \S+ was lost.*again later/],
	['half an answer', { truncateBody: FIRST_BYTES }, /connection to \S+ was lost.*again later/],
	['no answer in time', { stall: 'before' }, /did not respond in time.*increase 'Timeout'/],
];

const REPEATED: ReadonlyArray<readonly [operation: string, method: string, parameters: INodeParameters]> = [
	['Get', 'GET', { operation: 'get', assistantId: OWN_ID }],
	[
		'Get Many',
		'GET',
		{ operation: 'getAll', organizationId: locator('={{ $json.organization }}'), returnAll: true },
	],
	[
		'Update',
		'PATCH',
		{ operation: 'update', assistantId: OWN_ID, updateFields: { name: '={{ $json.name }}' } },
	],
	[
		"Update's reading",
		'GET',
		{ operation: 'update', assistantId: OWN_ID, config: { instructions: '={{ $json.name }}' } },
	],
	[
		"Update's change after the reading",
		'PATCH',
		{ operation: 'update', assistantId: OWN_ID, config: { instructions: '={{ $json.name }}' } },
	],
];

/** Two items on two assistants by different paths, and what tells the path of the first one. */
function twoItems(scene: Scene, operation: string) {
	const [one, two] = [addOld(scene, { name: 'One' }), addOld(scene, { name: 'Two' })];
	const items = [
		{ id: one.id, organization: 'c', name: 'New one' },
		{ id: two.id, organization: scene.sandbox.orgId, name: 'New two' },
	];
	return { items, path: operation === 'Get Many' ? '/orgs/c/' : one.id };
}

async function runUnder(
	scene: Scene,
	[operation, method, parameters]: (typeof REPEATED)[number],
	effect: FaultEffect,
	times: number,
) {
	const { items, path } = twoItems(scene, operation);
	scene.sandbox.faults.set([{ match: { method, path, times }, effect }]);
	const outcome = await scene.run({ ...parameters, ...timeoutFor(effect) }, { items, settings: CONTINUE });
	const asked = sent(scene, method).map((request) => (request.path.includes(path) ? 'first' : 'second'));
	return { outcome, asked: asked.sort() };
}

const ends = REPEATED.flatMap((row) =>
	BREAKS.map(([what, effect]): Case => {
		return [
			`${row[0]}: ${what} three times is followed by a fourth request, which succeeds`,
			async (scene) => {
				const { outcome, asked } = await runUnder(scene, row, effect, 3);
				expect(outcome.items.map(errorOf).filter(Boolean)).toEqual([]);
				expect([...new Set(outcome.items.map(sourceOf))]).toEqual([0, 1]);
				expect(asked).toEqual(['first', 'first', 'first', 'first', 'second']);
			},
		];
	}),
);

const stays = REPEATED.flatMap((row) =>
	BREAKS.map(([what, effect, told]): Case => {
		return [
			`${row[0]}: ${what} four times is the end, with an error that says what to do`,
			async (scene) => {
				const { outcome, asked } = await runUnder(scene, row, effect, 4);
				const [first, ...others] = outcome.items;
				expect(first && errorOf(first)).toMatch(told);
				expect(first && errorOf(first)).toContain('[item 0]');
				expect(first && sourceOf(first)).toBe(0);
				expect([...new Set(others.map(sourceOf))]).toEqual([1]);
				expect(others.map(errorOf).filter(Boolean)).toEqual([]);
				expect(asked).toEqual(['first', 'first', 'first', 'first', 'second']);
			},
		];
	}),
);

const refusals = REPEATED.flatMap((row) =>
	[400, 401, 403, 404, 409, 422].map((status): Case => {
		return [
			`${row[0]}: a ${status} is final`,
			async (scene) => {
				const { outcome, asked } = await runUnder(scene, row, { answer: { status } }, 1);
				expect(outcome.items.map(errorOf)[0]).toContain('[item 0]');
				expect(asked).toEqual(['first', 'second']);
			},
		];
	}),
);

const ONCE: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['Create', { operation: 'create', name: '={{ $json.name }}' }],
	['Duplicate', { operation: 'duplicate', assistantId: OWN_ID }],
	[
		'Duplicate with a name',
		{ operation: 'duplicate', assistantId: OWN_ID, additionalFields: { name: '={{ $json.name }}' } },
	],
];

/** One request for each item. */
function linesFor(operation: string, items: ReadonlyArray<{ id: string }>): string[] {
	const path = 'POST /orgs/c/assistants';
	return items.map(({ id }) => (operation === 'Create' ? path : `${path}/${id}/duplicate`)).sort();
}

const never = ONCE.flatMap(([operation, parameters]) =>
	BREAKS.map(([what, effect]): Case => {
		return [
			`${operation}: after ${what} the request is never sent again`,
			async (scene) => {
				const { items } = twoItems(scene, operation);
				scene.sandbox.faults.set([{ match: { method: 'POST' }, effect }]);
				const outcome = await scene.run(
					{ ...parameters, ...timeoutFor(effect) },
					{ items, settings: CONTINUE },
				);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				expect(sent(scene, 'POST').map(lineOf).sort()).toEqual(linesFor(operation, items));
			},
		];
	}),
);

proveSideBySide([...ends, ...stays, ...refusals, ...never]);

const LATE_ID = 'ast_LateLateLateLateLate12';
const ANY: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['get', { operation: 'get' }],
	['getAll', { operation: 'getAll' }],
	['create', { operation: 'create', name: '={{ $json.name }}' }],
	['duplicate', { operation: 'duplicate' }],
	['rotateKey', { operation: 'rotateKey' }],
	['update', { operation: 'update', updateFields: { enabled: false } }],
];

/** Starts a sandbox below the ports that the system gives to others, where nobody else starts to listen meanwhile. */
async function startSomewhere() {
	for (;;) {
		const port = 10_000 + Math.floor(Math.random() * 15_000);
		const [started] = await Promise.allSettled([startSandbox({ port })]);
		if (started.status === 'fulfilled') return { port, sandbox: started.value };
	}
}

test('A refused connection is tried again with every method, because nothing left', async () => {
	await Promise.all(
		ANY.map(async ([, parameters]) => {
			const { port, sandbox: early } = await startSomewhere();
			const credential = { apiKey: early.apiKey, baseUrl: early.url };
			await early.close();
			const running = execute({
				parameters: { ...parameters, assistantId: locator(LATE_ID) },
				items: [{ name: 'One' }, { name: 'Two' }],
				credential,
			});
			// No event tells of a refused connection; the last one of four is tried after more than a second.
			await pause(100);
			const late = await startSandbox({
				port,
				apiKey: credential.apiKey,
				data: 'empty',
				requestsPerMinute: 0,
			});
			late.store.add({ id: LATE_ID });
			const outcome = await running;
			await late.close();
			expect(outcome.error).toBeUndefined();
			expect([...new Set(outcome.items.map(sourceOf))]).toEqual([0, 1]);
			expect(late.requests).toHaveLength(2);
			expect(late.requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
		}),
	);
});

test('Where nobody listens every operation ends with an error that says so, and none says that something may exist', async () => {
	await Promise.all(
		ANY.map(async ([, parameters]) => {
			const { sandbox } = await startSomewhere();
			const credential = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
			await sandbox.close();
			const outcome = await execute({
				parameters: { ...parameters, assistantId: locator(LATE_ID) },
				items: [{ name: 'One' }, { name: 'Two' }],
				credential,
				settings: CONTINUE,
			});
			expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			for (const text of outcome.items.map(errorOf)) {
				expect(text).toContain(`Could not connect to ${new URL(sandbox.url).host}`);
				expect(text).toContain("'Base URL'");
				expect(text).not.toMatch(/may (exist|have changed)/);
			}
		}),
	);
});
