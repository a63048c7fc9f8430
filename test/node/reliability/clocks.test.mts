/** A Date header that is not the API's: an older namesake never passes for what was made. */
import type { FaultEffect } from '../../../tools/sandbox/server.mts';
import { errorOf, sent } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import {
	codeOf,
	madeNamed,
	MAY_EXIST,
	parametersOf,
	proveInTime,
	runThrough,
	twoItems,
} from '../harness/operations.mts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

const CLOCKS: ReadonlyArray<readonly [what: string, clockOffsetMs: number]> = [
	['an hour behind', -HOUR_MS],
	['two hours behind', -2 * HOUR_MS],
	['a day behind', -24 * HOUR_MS],
	['a minute behind', -MINUTE_MS],
	['an hour ahead', HOUR_MS],
	['a day ahead', 24 * HOUR_MS],
];

/** How old the namesake is, so that each clock takes it for younger than the request, or for older. */
const AGES: ReadonlyArray<readonly [what: string, ms: number]> = [
	['half a minute', MINUTE_MS / 2],
	['half an hour', HOUR_MS / 2],
	['ninety minutes', 1.5 * HOUR_MS],
	['twelve hours', 12 * HOUR_MS],
];

const FATES: ReadonlyArray<readonly [what: string, effect: FaultEffect, isMade: boolean]> = [
	['was dropped', { dropBefore: true }, false],
	['was carried out and its answer dropped', { dropAfter: true }, true],
];

const MAKERS = ['create', 'duplicate', 'upsert'] as const;

/** A namesake of what the first item makes. Create or Update would update a living one, so there it is a deleted one. */
function addNamesake({ sandbox }: Scene, operation: string, ageMs: number): string {
	const at = new Date(Date.now() - ageMs).toISOString();
	const deleted = operation === 'upsert';
	return sandbox.store.add({ name: 'One', created_at: at, updated_at: at, deleted }).id;
}

/** Those of a name that were made later than the one of an id. */
function younger(scene: Scene, name: string, than: string) {
	return madeNamed(scene, name).filter(({ id }) => id !== than);
}

const cases = MAKERS.flatMap((operation) =>
	CLOCKS.flatMap(([clock, clockOffsetMs]) =>
		FATES.flatMap(([fate, effect, isMade]) =>
			AGES.filter(([, age]) => clockOffsetMs > 0 || age < -clockOffsetMs).map(([old, age]): Case => {
				return [
					`${operation}: behind a proxy whose clock is ${clock}, where the request ${fate}, a namesake of ${old} is not returned`,
					async (scene) => {
						const items = twoItems(scene);
						const namesake = addNamesake(scene, operation, age);
						scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect }]);
						const { outcome } = await runThrough(scene, { clockOffsetMs }, parametersOf(operation), {
							items,
						});
						const fresh = younger(scene, 'One', namesake);
						expect(fresh).toHaveLength(isMade ? 1 : 0);
						const [first, second] = outcome.items;
						expect(second?.json.name).toBe('Two');
						expect(sent(scene, 'POST')).toHaveLength(2);
						expect(first?.json.id).not.toBe(namesake);
						if (first !== undefined && errorOf(first) === undefined) {
							expect(first.json.id).toBe(fresh[0]?.id);
						} else {
							expect(first && errorOf(first)).toMatch(MAY_EXIST);
							expect(codeOf(first ?? { json: {} })).toBe('outcome_unknown');
						}
					},
				];
			}),
		),
	),
);

const noDate = MAKERS.flatMap((operation) =>
	FATES.map(([fate, effect]): Case => {
		return [
			`${operation}: where no answer tells the time and the request ${fate}, a namesake of half a minute is not returned`,
			async (scene) => {
				const items = twoItems(scene);
				const namesake = addNamesake(scene, operation, MINUTE_MS / 2);
				scene.sandbox.faults.set([
					{ match: { method: 'POST', nth: 1 }, effect },
					{ match: { method: 'GET' }, effect: { headers: { date: 'once upon a time' } } },
				]);
				const { outcome } = await runThrough(scene, {}, parametersOf(operation), { items });
				expect(outcome.items[0]?.json.id).not.toBe(namesake);
				expect(sent(scene, 'POST')).toHaveLength(2);
			},
		];
	}),
);

proveInTime(cases);
proveInTime(noDate);
