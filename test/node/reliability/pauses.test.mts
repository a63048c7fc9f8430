/** A rate limit's pauses: read by the API's clock, longer each time, kept by all, and the long ones by nobody else. */
import { setTimeout as pause } from 'node:timers/promises';

import type { SandboxOptions } from '../../../tools/sandbox/server.mts';
import { addOld, CONTINUE, sent } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { errorsOf, OPERATIONS, parametersOf, proveInTime, twoItems } from '../harness/operations.mts';

const HOURS_MS = 5 * 3_600_000;

const byItsClock = [HOURS_MS, -HOURS_MS].map((offset): Case => {
	return [
		`A Retry-After as a date is read by the clock of the API, which is ${offset > 0 ? 'ahead' : 'behind'} by five hours`,
		async (scene) => {
			const items = twoItems(scene);
			const retryAfter = { seconds: 3, as: 'http-date' } as const;
			scene.sandbox.faults.set([{ match: { times: 1 }, effect: { answer: { status: 429, retryAfter } } }]);
			const outcome = await scene.run(parametersOf('create'), { items, settings: CONTINUE });
			expect(errorsOf(outcome)).toEqual([undefined, undefined]);
			const [first, second] = sent(scene, 'POST');
			const waited = (second?.at ?? 0) - (first?.at ?? Infinity);
			expect(waited).toBeGreaterThan(1900);
			expect(waited).toBeLessThan(20_000);
		},
		{ now: () => Date.now() + offset },
	];
});

/** The times between the requests for one item that is refused three times without a Retry-After. */
async function gapsOf(scene: Scene, operation: string): Promise<number[]> {
	const items = twoItems(scene).slice(0, 1);
	scene.sandbox.faults.set([{ match: { times: 3 }, effect: { answer: { status: 429 } } }]);
	const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
	expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
	const times = scene.sandbox.requests.slice(0, 4).map(({ at }) => at);
	return times.slice(1).map((at, index) => at - (times[index] ?? 0));
}

const firstGaps: number[] = [];

const doubling = OPERATIONS.map(([operation]): Case => {
	return [
		`${operation}: without a Retry-After each wait is longer than the one before, about twice as long`,
		async (scene) => {
			const gaps = await gapsOf(scene, operation);
			const [first = 0, second = 0, third = 0] = gaps;
			firstGaps.push(first);
			expect(gaps).toHaveLength(3);
			expect(first).toBeGreaterThan(700);
			expect(second).toBeGreaterThan(first * 1.1);
			expect(third).toBeGreaterThan(second * 1.1);
			expect(third).toBeLessThan(first * 8);
		},
	];
});

/** A promise that settles when a sandbox has answered a request with a status. */
function answered(status: number) {
	const { promise, resolve } = Promise.withResolvers<void>();
	const log: SandboxOptions['log'] = (request) => {
		if (request.status === status) resolve();
	};
	return { promise, log };
}

function heldBack(): Case {
	const { promise, log } = answered(429);
	return [
		'A pause that one execution is asked for holds for another one at the same API too',
		async (scene) => {
			const [one, two] = twoItems(scene);
			const retryAfter = { seconds: 3 };
			scene.sandbox.faults.set([{ match: { times: 1 }, effect: { answer: { status: 429, retryAfter } } }]);
			const first = scene.run(parametersOf('get'), { items: [one ?? {}], settings: CONTINUE });
			await promise;
			// The node must have got the answer, too.
			await pause(100);
			const second = await scene.run(parametersOf('get'), { items: [two ?? {}], settings: CONTINUE });
			expect([...errorsOf(await first), ...errorsOf(second)]).toEqual([undefined, undefined]);
			const [refused, ...others] = scene.sandbox.requests;
			expect(others).toHaveLength(2);
			for (const { at } of others) expect(at - (refused?.at ?? Infinity)).toBeGreaterThan(2900);
		},
		{ log },
	];
}

function letThrough(): Case {
	const { promise, log } = answered(429);
	return [
		'A pause longer than a minute holds nobody but who was asked for it',
		async (scene) => {
			const [one, two] = twoItems(scene);
			const { id } = addOld(scene, {});
			const retryAfter = { seconds: 90 };
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 1 }, effect: { answer: { status: 429, retryAfter } } },
			]);
			const controller = new AbortController();
			const waiting = scene.run(
				{ ...parametersOf('create'), options: { maxWait: 600 } },
				{ items: [one ?? {}], settings: CONTINUE, signal: controller.signal },
			);
			await promise;
			await pause(100);
			const began = Date.now();
			for (const operation of ['get', 'update', 'getAll']) {
				const outcome = await scene.run(parametersOf(operation), {
					items: [two ?? {}, { id, name: 'New' }],
					settings: CONTINUE,
				});
				expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
			}
			expect(Date.now() - began).toBeLessThan(30_000);
			controller.abort();
			await waiting;
		},
		{ log },
	];
}

proveInTime([...byItsClock, ...doubling, heldBack(), letThrough()]);

test('Without a Retry-After the waits of different executions are not the same, so that not all come back at once', () => {
	expect(firstGaps).toHaveLength(OPERATIONS.length);
	expect(Math.max(...firstGaps) - Math.min(...firstGaps)).toBeGreaterThan(30);
});
