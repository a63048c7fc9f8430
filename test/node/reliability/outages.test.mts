/** When the service can't be reached, many items end soon, and none of them says what is not so. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultEffect } from '../../../tools/sandbox/server.mts';
import { execute } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';
import { nowhere } from '../harness/gateways.mts';
import {
	addOld,
	CONTINUE,
	errorOf,
	indicesOf,
	proveSideBySide,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import {
	CREATE,
	GET,
	inShort,
	names,
	OWN_ID,
	postedNames,
	subOrganizationOf,
	UPSERT,
} from '../harness/stage.mts';

const ITEMS = 40;
const MOST_REQUESTS = 60;
/** Eight at a time of four attempts each are given up; what those find out ends the rest. */
const MOST_SENT_ITEMS = 20;

const OUTAGES: ReadonlyArray<readonly [how: string, effect: FaultEffect]> = [
	['every connection is dropped', { dropBefore: true }],
	['every answer is a 503', { answer: { status: 503 } }],
	['every answer is a 502 with a web page', { answer: { status: 502, body: '<html>Bad Gateway</html>' } }],
];

const WORK: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['get', GET],
	['getAll', { operation: 'getAll', returnAll: true }],
	['update', { operation: 'update', assistantId: OWN_ID, updateFields: { enabled: false } }],
	['update with merging', { operation: 'update', assistantId: OWN_ID, config: { language: 'en' } }],
	['create', CREATE],
	['upsert', UPSERT],
	['rotateKey', { operation: 'rotateKey', assistantId: OWN_ID }],
	['duplicate', { operation: 'duplicate', assistantId: OWN_ID }],
];

interface OwnItem extends IDataObject {
	id: string;
	name: string;
}

/** Items with an assistant and a name of their own each. */
function ownItems(scene: Scene, count = ITEMS): OwnItem[] {
	return names(count).map((name) => ({ id: addOld(scene, { name: `Old ${name}` }).id, name }));
}

function expectEndsSoon(outcome: Outcome): void {
	expect(outcome.error).toBeUndefined();
	expect(outcome.items.map(sourceOf)).toEqual(indicesOf(Array(ITEMS).fill(0)));
	const codes = valuesOf(outcome.items, 'errorCode');
	expect(['unavailable', 'outcome_unknown']).toContain(codes[0]);
	for (const code of codes) expect(['unavailable', 'outcome_unknown', 'skipped']).toContain(code);
	expect(codes.filter((code) => code !== 'skipped').length).toBeLessThanOrEqual(MOST_SENT_ITEMS);
	for (const [at, item] of outcome.items.entries()) expect(errorOf(item)).toContain(`[item ${at}]`);
}

/** Whether a request for the item has come, where its id or name tells. */
function wasAskedFor({ sandbox }: Scene, { id, name }: OwnItem): boolean {
	return sandbox.requests.some(
		({ path, rawBody }) => path.includes(id) || rawBody.includes(JSON.stringify(name)),
	);
}

const ended = OUTAGES.map(([how, effect]) =>
	WORK.map(([operation, parameters]): Case => [
		`${operation} with 40 items on errors continue, when ${how}: it ends with at most 60 requests, the rest is skipped, and what was sent is not`,
		async (scene) => {
			const items = ownItems(scene);
			scene.sandbox.faults.set([{ effect }]);
			const outcome = await scene.run(parameters, { items, settings: CONTINUE });
			expect(scene.sandbox.requests.length).toBeLessThanOrEqual(MOST_REQUESTS);
			expectEndsSoon(outcome);
			if (operation === 'getAll' || operation === 'upsert') return;
			for (const [at, item] of items.entries()) {
				if (wasAskedFor(scene, item)) expect(outcome.items[at]?.json.errorCode).not.toBe('skipped');
				else expect(outcome.items[at]?.json.errorCode).toBe('skipped');
			}
		},
	]),
);

const nobody = WORK.map(([operation, parameters]): Case => [
	`${operation} with 40 items on errors continue, where nothing listens: at most 20 are tried, the rest is skipped, and none may exist`,
	async (scene) => {
		const credential = { ...scene.credential, baseUrl: nowhere() };
		const items = ownItems(scene);
		const outcome = await execute({ parameters, items, credential, settings: CONTINUE });
		expectEndsSoon(outcome);
		expect(valuesOf(outcome.items, 'errorCode')).not.toContain('outcome_unknown');
		for (const item of outcome.items) expect(errorOf(item)).not.toMatch(/may (exist|have changed)/);
	},
]);

const goesOn: Case[] = [
	[
		'Create: failures that are not in a row stop nothing, each item between them is made',
		async (scene) => {
			const below = subOrganizationOf(scene);
			scene.sandbox.faults.set([
				{ match: { method: 'POST', path: '^/orgs/c/' }, effect: { answer: { status: 503 } } },
				{ match: { method: 'GET', path: '^/orgs/c/' }, effect: { answer: { status: 403 } } },
			]);
			const items = names(ITEMS).map((name, at) => ({ name, organization: at % 2 === 0 ? 'c' : below }));
			const organizationId = locator('={{ $json.organization }}');
			const outcome = await scene.run({ ...CREATE, organizationId }, { items, settings: CONTINUE });
			const made = names(ITEMS).filter((_, at) => at % 2 === 1);
			expect(stored(scene, 'name', below)).toEqual(made);
			expect(postedNames(scene)).toEqual(names(ITEMS));
			expect(valuesOf(outcome.items, 'errorCode')).not.toContain('skipped');
		},
	],
	[
		'Get: failures that are not in a row stop nothing, every item is asked for',
		async (scene) => {
			const items = ownItems(scene);
			const broken = valuesOf(
				items.filter((_, at) => at % 2 === 0).map((json) => ({ json })),
				'id',
			);
			scene.sandbox.faults.set([{ match: { path: broken.join('|') }, effect: { answer: { status: 503 } } }]);
			const outcome = await scene.run(GET, { items, settings: CONTINUE });
			expect(outcome.items.map(errorOf).map(Boolean)).toEqual(items.map((_, at) => at % 2 === 0));
			for (const item of items) expect(wasAskedFor(scene, item)).toBe(true);
			expect(valuesOf(outcome.items, 'errorCode')).not.toContain('skipped');
		},
	],
	[
		'Answers of the service that refuse forty items in a row are no outage: every item is asked for',
		async (scene) => {
			const items = ownItems(scene);
			scene.sandbox.faults.set([{ effect: { answer: { status: 404 } } }]);
			const outcome = await scene.run(GET, { items, settings: CONTINUE });
			expect(scene.sandbox.requests).toHaveLength(ITEMS);
			expect(outcome.items.map(errorOf)).not.toContain(undefined);
			expect(valuesOf(outcome.items, 'errorCode')).not.toContain('skipped');
		},
	],
	...OUTAGES.map(([how, effect]): Case => [
		`A new execution after an outage probes at once: when it is over, all its items succeed (before, ${how})`,
		async (scene) => {
			const items = ownItems(scene);
			scene.sandbox.faults.set([{ effect }]);
			const during = await scene.run(GET, { items, settings: CONTINUE });
			expect(valuesOf(during.items, 'errorCode')).toContain('skipped');
			const before = scene.sandbox.requests.length;
			scene.sandbox.faults.clear();
			const after = await scene.run(GET, { items, settings: CONTINUE });
			expect(after.items.map(errorOf)).toEqual(Array(ITEMS).fill(undefined));
			expect(scene.sandbox.requests).toHaveLength(before + ITEMS);
		},
	]),
	[
		'A new execution in an outage that goes on asks again, and does not skip its first item',
		async (scene) => {
			const items = ownItems(scene);
			scene.sandbox.faults.set([{ effect: { dropBefore: true } }]);
			await scene.run(GET, { items, settings: CONTINUE });
			const before = scene.sandbox.requests.length;
			const again = await scene.run(GET, { items: items.slice(0, 2), settings: CONTINUE });
			expect(scene.sandbox.requests.length).toBeGreaterThan(before);
			expect(again.items[0]?.json.errorCode).toBe('unavailable');
		},
	],
	[
		'Creations before an outage are returned, and those that were not sent are skipped and not made',
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', nth: 4, times: 1000 }, effect: { dropBefore: true } },
				{ match: { method: 'GET' }, effect: { dropBefore: true } },
			]);
			const items = names(ITEMS).map((name) => ({ name }));
			const outcome = await scene.run(CREATE, { items, settings: CONTINUE });
			expect(outcome.items.slice(0, 3).map(inShort)).toEqual(names(3));
			expect(stored(scene, 'name')).toEqual(names(3));
			const codes = valuesOf(outcome.items, 'errorCode');
			const unknown = codes.filter((code) => code === 'outcome_unknown').length;
			expect(postedNames(scene)).toEqual(names(3 + unknown));
			expect(codes.slice(3 + unknown)).toEqual(Array(ITEMS - 3 - unknown).fill('skipped'));
		},
	],
];

// One table after the other: where seconds count, forty executions at once would slow each other down.
for (const cases of [...ended, nobody, goesOn]) proveSideBySide(cases);
