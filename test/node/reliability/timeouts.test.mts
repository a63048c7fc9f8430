/** How long a request may take, and what is told when it takes longer. */
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';

import type { INodeParameters } from 'n8n-workflow';

import { loadList } from '../harness/engine.mts';
import { CONTINUE, errorOf, sent, sourceOf } from '../harness/scene.mts';
import type { Case } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import {
	codeOf,
	errorsOf,
	MAY_EXIST,
	OPERATIONS,
	parametersOf,
	proveInTime,
	REPEATABLE,
	twoItems,
} from '../harness/operations.mts';

/** Node.js tells here of each request that was answered. */
const ANSWERED = 'http.client.response.finish';

/** The time-outs, in milliseconds, that the requests to an address had which were answered while something was done. */
async function timeoutsDuring(url: string, work: () => Promise<unknown>): Promise<Array<number | undefined>> {
	const timeouts: Array<number | undefined> = [];
	const note = (message: unknown) => {
		const { request } = message as { request: ClientRequest };
		if (request.getHeader('host') === new URL(url).host) timeouts.push(request.socket?.timeout);
	};
	diagnostics.subscribe(ANSWERED, note);
	try {
		await work();
	} finally {
		diagnostics.unsubscribe(ANSWERED, note);
	}
	return timeouts;
}

const MINUTE_MS = 60_000;

/** Every request that the node can send: those of the operations, and those on their way. */
const ALL: ReadonlyArray<readonly [what: string, parameters: INodeParameters, lostFirst: boolean]> = [
	...OPERATIONS.map(([operation, parameters]) => [operation, parameters, false] as const),
	["update's reading", { ...parametersOf('update'), config: { model: 'm' } }, false],
	["create's look-up", parametersOf('create'), true],
	["rotateKey's reading", parametersOf('rotateKey'), true],
];

const LIMITS: ReadonlyArray<
	readonly [what: string, requestOptions: INodeParameters | undefined, expected: number]
> = [
	['a minute where nothing else is said', undefined, MINUTE_MS],
	['a minute where other Request Options are set', { allowUnauthorizedCerts: false }, MINUTE_MS],
	['what Request Options → Timeout says, below a minute', { timeout: 9000 }, 9000],
	['what Request Options → Timeout says, above a minute', { timeout: 100_000 }, 100_000],
];

const limits = ALL.flatMap(([what, parameters, lostFirst]) =>
	LIMITS.map(([limit, requestOptions, expected]): Case => {
		return [
			`${what}: each request may take ${limit}`,
			async (scene) => {
				const items = twoItems(scene);
				const answer = { status: 500, when: 'after' } as const;
				if (lostFirst) scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { answer } }]);
				const options = requestOptions === undefined ? {} : { requestOptions };
				const work = async () =>
					await scene.run({ ...parameters, ...options }, { items, settings: CONTINUE });
				const timeouts = await timeoutsDuring(scene.sandbox.url, work);
				expect(timeouts.length).toBeGreaterThanOrEqual(2);
				expect(new Set(timeouts)).toEqual(new Set([expected]));
			},
		];
	}),
);

const dropDowns = ['searchAssistants', 'searchOrganizations', 'searchModels'].map((method): Case => {
	return [
		`The drop-down of ${method} has less than a minute for each request`,
		async (scene) => {
			const { credential } = scene;
			const parameters = { operation: 'get', organizationId: locator('c', 'list') };
			const work = async () => await loadList({ method, parameters, credential });
			const timeouts = await timeoutsDuring(scene.sandbox.url, work);
			expect(timeouts.length).toBeGreaterThan(0);
			for (const timeout of timeouts) {
				expect(timeout).toBeGreaterThan(0);
				expect(timeout).toBeLessThan(MINUTE_MS);
			}
		},
	];
});

const PATIENCE: ReadonlyArray<readonly [timeout: number, told: RegExp]> = [
	[700, /0\.7 ?s|700 ?(ms|milliseconds)/],
	[2000, /\b2(\.0)? ?s|2,?000 ?(ms|milliseconds)/],
];

const told = REPEATABLE.flatMap(([operation, method]) =>
	PATIENCE.map(([timeout, expected]): Case => {
		return [
			`${operation}: an error after no answer within ${timeout} ms names that time, and how to raise it`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method }, effect: { stall: 'before' } }]);
				const parameters = { ...parametersOf(operation), requestOptions: { timeout } };
				const outcome = await scene.run(parameters, { items, settings: CONTINUE });
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				for (const item of outcome.items) {
					expect(errorOf(item)).toMatch(expected);
					expect(errorOf(item)).toContain("'Timeout'");
					expect(codeOf(item)).toBe('unavailable');
				}
			},
		];
	}),
);

const lost = (['create', 'duplicate', 'upsert'] as const).map((operation): Case => {
	return [
		`${operation}: after no answer within 700 ms the outcome is unknown, the time is named, and it is sent once`,
		async (scene) => {
			const items = twoItems(scene);
			scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { stall: 'before' } }]);
			const parameters = { ...parametersOf(operation), requestOptions: { timeout: 700 } };
			const outcome = await scene.run(parameters, { items, settings: CONTINUE });
			expect(sent(scene, 'POST')).toHaveLength(2);
			expect(errorsOf(outcome)).toEqual([expect.stringMatching(MAY_EXIST), undefined]);
			expect(errorsOf(outcome)[0]).toMatch(/0\.7 ?s|700 ?(ms|milliseconds)/);
			expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('outcome_unknown');
		},
	];
});

proveInTime([...limits, ...dropDowns, ...told, ...lost]);
