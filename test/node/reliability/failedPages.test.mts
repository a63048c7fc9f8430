/** Lists come whole, each member once, or not at all. */
import type { INodeParameters } from 'n8n-workflow';

import type { FaultEffect, FaultRule, SandboxOptions } from '../../../tools/sandbox/server.mts';
import type { Outcome } from '../harness/engine.mts';
import { locator } from '../harness/support.mts';
import {
	CONTINUE,
	errorOf,
	JSON_TYPE,
	proveSideBySide,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const ALL: INodeParameters = {
	operation: 'getAll',
	organizationId: locator('={{ $json.organization }}'),
	returnAll: true,
};
const PAGE = 100;
const LISTED = 250;

function idsIn(scene: Scene): string[] {
	return stored(scene, 'id');
}

function idsOf({ items }: Outcome, source: number): unknown[] {
	return items.filter((item) => sourceOf(item) === source).map(({ json }) => json.id);
}

/** The same list twice, by two paths, so that a fault can meet the list of the first item only. */
function organizations({ sandbox }: Scene) {
	return [{ organization: 'c' }, { organization: sandbox.orgId }];
}

const FIRST = '/orgs/c/';

function pagesAsked({ sandbox }: Scene, part: string) {
	return sandbox.requests
		.filter(({ path }) => path.includes(part))
		.map(({ query }) => query.page)
		.sort();
}

async function listed(scene: Scene, rules: FaultRule[], parameters: INodeParameters = ALL) {
	scene.sandbox.faults.set(rules);
	return await scene.run(parameters, { items: organizations(scene), settings: CONTINUE });
}

const FAILURES: ReadonlyArray<readonly [what: string, effect: FaultEffect]> = [
	['is refused', { answer: { status: 403 } }],
	['fails', { answer: { status: 500 } }],
	['breaks off', { truncateBody: 1000 }],
	['is empty text', { answer: { body: '' } }],
	['is a web page', { answer: { body: '<html></html>', headers: { 'content-type': 'text/html' } } }],
	['is an object', { answer: { body: '{"data":[]}', headers: JSON_TYPE } }],
	['is null', { answer: { body: 'null', headers: JSON_TYPE } }],
	['holds null', { answer: { body: '[null]', headers: JSON_TYPE } }],
	['holds something without an id', { answer: { body: '[{"name":"One"}]', headers: JSON_TYPE } }],
	['is redirected', { redirect: { to: '/login' } }],
];

const failing = FAILURES.flatMap(([what, effect]) =>
	[1, 2, 3].map((page): Case => {
		return [
			`When request ${page} of a list ${what} for good, the item is an error, never half a list, and the other item has its list`,
			async (scene) => {
				const whole = idsIn(scene);
				const outcome = await listed(scene, [{ match: { path: FIRST, nth: page, times: 99 }, effect }]);
				const [first, ...others] = outcome.items;
				expect(first && errorOf(first)).toContain('[item 0]');
				expect(first && sourceOf(first)).toBe(0);
				expect(others.map(sourceOf)).not.toContain(0);
				expect(idsOf(outcome, 1)).toEqual(whole);
			},
			{ assistants: LISTED },
		];
	}),
);

const COUNTS: ReadonlyArray<string | null> = [
	null,
	'',
	'0',
	'1',
	'99',
	'100',
	'200',
	'249',
	'251',
	'300',
	'400',
	'900',
	'100000',
	'1e3',
	'-5',
	'2.5',
	'many',
	'NaN',
];

const counts = COUNTS.flatMap((count) =>
	[LISTED, 200].map((assistants): Case => {
		return [
			`A count header of ${count === null ? 'nothing' : `'${count}'`} takes nothing from a list of ${assistants}`,
			async (scene) => {
				const whole = idsIn(scene);
				const outcome = await listed(scene, [{ effect: { headers: { 'pagination-count': count } } }]);
				expect(outcome.items.map(errorOf).filter(Boolean)).toEqual([]);
				expect(idsOf(outcome, 0)).toEqual(whole);
				expect(idsOf(outcome, 1)).toEqual(whole);
			},
			{ assistants },
		];
	}),
);

const forms = (['total', 'page', 'absent', 'wrong'] as const).map((countHeader): Case => {
	return [
		`A count that is ${countHeader} takes nothing from a list of ${LISTED}, nor from its first 150`,
		async (scene) => {
			const whole = idsIn(scene);
			const outcome = await listed(scene, []);
			expect(idsOf(outcome, 0)).toEqual(whole);
			const limited = await listed(scene, [], { ...ALL, returnAll: false, limit: 150 });
			expect(idsOf(limited, 1)).toEqual(whole.slice(0, 150));
		},
		{ assistants: LISTED, countHeader },
	];
});

const CHANGES: ReadonlyArray<readonly [what: string, effect: FaultEffect, keepsAll: boolean]> = [
	['one is added at the end', { afterList: { insert: 1, at: 'end' } }, true],
	['sixty are added at the end', { afterList: { insert: 60, at: 'end' } }, true],
	['one is added at the start', { afterList: { insert: 1 } }, true],
	['sixty are added at the start', { afterList: { insert: 60 } }, true],
	['one leaves at the end', { afterList: { delete: 1, at: 'end' } }, false],
	['sixty leave at the end', { afterList: { delete: 60, at: 'end' } }, false],
	['one leaves at the start', { afterList: { delete: 1 } }, false],
	['sixty leave at the start', { afterList: { delete: 60 } }, false],
];

const changing = CHANGES.flatMap(([what, effect, keepsAll]) =>
	[1, 2].flatMap((nth) =>
		(['total', 'absent'] as const).map((countHeader): Case => {
			return [
				`While ${what} after request ${nth} (count ${countHeader}) nothing comes twice${keepsAll ? ' and nothing is missing' : ''}`,
				async (scene) => {
					const before = idsIn(scene);
					const outcome = await listed(scene, [{ match: { path: FIRST, nth }, effect }]);
					for (const source of [0, 1]) {
						const ids = idsOf(outcome, source);
						expect(outcome.items.map(errorOf).filter(Boolean)).toEqual([]);
						expect(new Set(ids).size).toBe(ids.length);
						if (keepsAll) expect(ids).toEqual(expect.arrayContaining(before));
					}
				},
				{ assistants: LISTED, countHeader },
			];
		}),
	),
);

const alwaysTheSame: readonly Case[] = [
	[
		'An API that gives the same page each time but counts more is an error, not a hundred of 250',
		async (scene) => {
			const body = JSON.stringify(scene.sandbox.store.assistants().slice(0, PAGE));
			const headers = { ...JSON_TYPE, 'pagination-count': String(LISTED) };
			const outcome = await listed(scene, [
				{ match: { path: FIRST }, effect: { answer: { body, headers } } },
			]);
			const [first, ...others] = outcome.items;
			expect(first && errorOf(first)).toMatch(/received 100 of 250 items \[item 0\]/);
			expect(others.map(sourceOf)).not.toContain(0);
			expect(idsOf(outcome, 1)).toHaveLength(LISTED);
		},
		{ assistants: LISTED },
	],
	[
		'An API that gives the same page each time does not disturb who wants no more than one page',
		async (scene) => {
			const body = JSON.stringify(scene.sandbox.store.assistants().slice(0, PAGE));
			const headers = { ...JSON_TYPE, 'pagination-count': String(LISTED) };
			const outcome = await listed(scene, [{ effect: { answer: { body, headers } } }], {
				...ALL,
				returnAll: false,
				limit: PAGE,
			});
			expect(idsOf(outcome, 0)).toHaveLength(PAGE);
			expect(scene.sandbox.requests).toHaveLength(2);
		},
		{ assistants: LISTED },
	],
];

/** A page in the middle that lacks members once; most of those that follow it are already under way then. */
const holes = [0, 1, 99].flatMap((left) =>
	[350, 950].map((assistants): Case => {
		return [
			`A page in the middle of ${assistants} that holds just ${left} once is read again, and the hole is closed`,
			async (scene) => {
				const whole = idsIn(scene);
				const body = JSON.stringify(scene.sandbox.store.assistants().slice(PAGE, PAGE + left));
				const headers = { ...JSON_TYPE, 'pagination-count': String(assistants) };
				const outcome = await listed(scene, [
					{ match: { path: FIRST, nth: 2 }, effect: { answer: { body, headers } } },
				]);
				expect(idsOf(outcome, 0)).toEqual(whole);
				expect(idsOf(outcome, 1)).toEqual(whole);
			},
			{ assistants },
		];
	}),
);

const MANY: SandboxOptions = { assistants: 10_000 };

const large: readonly Case[] = [
	[
		'10,000 assistants come in list order, by at most 101 requests',
		async (scene) => {
			const parameters: INodeParameters = { operation: 'getAll', returnAll: true };
			const { items } = await scene.run(parameters, { items: [{}] });
			expect(valuesOf(items, 'id')).toEqual(idsIn(scene));
			expect(scene.sandbox.requests.length).toBeLessThanOrEqual(101);
			expect(scene.sandbox.inFlight.peak).toBeLessThanOrEqual(8);
		},
		MANY,
	],
	[
		'A limit of 250 of 10,000 takes exactly three requests for each item',
		async (scene) => {
			const outcome = await listed(scene, [], { ...ALL, returnAll: false, limit: LISTED });
			const first = idsIn(scene).slice(0, LISTED);
			expect(idsOf(outcome, 0)).toEqual(first);
			expect(idsOf(outcome, 1)).toEqual(first);
			expect(pagesAsked(scene, FIRST)).toEqual(['1', '2', '3']);
			expect(pagesAsked(scene, scene.sandbox.orgId)).toEqual(['1', '2', '3']);
			expect(scene.sandbox.requests).toHaveLength(6);
		},
		MANY,
	],
];

proveSideBySide([...failing, ...forms]);
proveSideBySide([...counts, ...changing]);
proveSideBySide([...alwaysTheSame, ...holes, ...large]);
