/** Lists through servers and proxies that page in their own way: whole, or an error. */
import type { INodeParameters } from 'n8n-workflow';

import type { RecordedRequest, SandboxOptions } from '../../../tools/sandbox/server.mts';
import type { Outcome } from '../harness/engine.mts';
import { CONTINUE, errorOf, sent, sourceOf, stored, valuesOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import type { Manners, Seen } from '../harness/gateways.mts';
import { locator } from '../harness/support.mts';
import { madeNamed, proveInTime, runThrough } from '../harness/operations.mts';

const ALL: INodeParameters = { operation: 'getAll', returnAll: true };
const UPSERT: INodeParameters = {
	operation: 'upsert',
	name: '={{ $json.name }}',
	config: { instructions: 'Entered' },
};
const PAGE = 100;
const LISTED = 250;
const TOTAL: SandboxOptions = { assistants: LISTED };
const UNCOUNTED: SandboxOptions = { assistants: LISTED, countHeader: 'absent' };

function limited(limit: number): INodeParameters {
	return { operation: 'getAll', returnAll: false, limit };
}

function idsOf({ items }: Outcome, source: number): unknown[] {
	return items
		.filter((item) => sourceOf(item) === source && errorOf(item) === undefined)
		.map(({ json }) => json.id);
}

function errorFor({ items }: Outcome, source: number): string | undefined {
	return items.filter((item) => sourceOf(item) === source).map(errorOf)[0];
}

/** Each of the two items has the list from its start, whole or up to the limit. */
function expectWhole(outcome: Outcome, ids: readonly unknown[]): void {
	for (const source of [0, 1]) {
		expect(errorFor(outcome, source)).toBeUndefined();
		expect(idsOf(outcome, source)).toEqual(ids);
	}
}

/** Each of the two items is an error alone, and has no part of the list. */
function expectErrors({ items }: Outcome): void {
	expect(items.map(sourceOf)).toEqual([0, 1]);
	expect(items.map(errorOf)).toEqual([
		expect.stringContaining('[item 0]'),
		expect.stringContaining('[item 1]'),
	]);
}

/** Each of the two items has all members that must be there, each once, or is an error. */
function expectWholeOrErrors(outcome: Outcome, ids: readonly unknown[]): void {
	for (const source of [0, 1]) {
		const found = idsOf(outcome, source);
		expect(new Set(found).size).toBe(found.length);
		const missing = ids.filter((id) => !found.includes(id));
		expect(errorFor(outcome, source) === undefined ? missing.length : 0).toBe(0);
		expect(errorFor(outcome, source) === undefined ? 0 : found.length).toBe(0);
	}
}

const capped = [1, 7, 50, 99].flatMap((maxTake): Case[] => {
	const total = maxTake === 1 ? 12 : LISTED;
	return [
		[
			`A server that gives at most ${maxTake} members a page, with a count: the list comes whole and in order`,
			async (scene) => {
				const { outcome } = await runThrough(scene, { maxTake }, ALL);
				expectWhole(outcome, stored(scene, 'id'));
			},
			{ assistants: total },
		],
		[
			`A server that gives at most ${maxTake} members a page, with a count: a limit is reached exactly`,
			async (scene) => {
				const limit = Math.floor(total * 0.6);
				const { outcome } = await runThrough(scene, { maxTake }, limited(limit));
				expectWhole(outcome, stored(scene, 'id').slice(0, limit));
			},
			{ assistants: total },
		],
		[
			`A server that gives at most ${maxTake} members a page, with a count: Create or Update finds the last one and makes no second`,
			async (scene) => {
				const [last] = stored(scene, 'name').slice(-1);
				const items = [{ name: last }, { name: 'Quite new' }];
				const { outcome } = await runThrough(scene, { maxTake }, UPSERT, { items });
				expect(outcome.items.map(errorOf)).toEqual([undefined, undefined]);
				expect(valuesOf(outcome.items, 'outcome')).toEqual(['updated', 'created']);
				expect(madeNamed(scene, last ?? '')).toHaveLength(1);
				expect(stored(scene, 'id')).toHaveLength(total + 1);
			},
			{ assistants: total },
		],
	];
});

const cappedTotals = [49, 50, 51, 100, 101].map((assistants): Case => {
	return [
		`A server that gives at most 50 of ${assistants} members a page, with a count: the list comes whole`,
		async (scene) => {
			const { outcome } = await runThrough(scene, { maxTake: 50 }, ALL);
			expectWhole(outcome, stored(scene, 'id'));
		},
		{ assistants },
	];
});

/** Pages that lack members each time although others follow: the list cannot be had. */
const HOLES: ReadonlyArray<readonly [what: string, page: NonNullable<Manners['page']>]> = [
	['ten members of each page', (members) => members.slice(10)],
	['one member of the first page', (members, page) => (page === 1 ? members.slice(1) : members)],
	['all members of the second page', (members, page) => (page === 2 ? [] : members)],
	['the last member of the second page', (members, page) => (page === 2 ? members.slice(0, -1) : members)],
];

const holes = HOLES.flatMap(([what, page]): Case[] => {
	return [
		[
			`A proxy that leaves out ${what}, with a count: an error, never part of the list as the whole`,
			async (scene) => {
				const { outcome } = await runThrough(scene, { page }, ALL);
				expectErrors(outcome);
			},
			TOTAL,
		],
		[
			`A proxy that leaves out ${what}, with a count: Create or Update makes no second one of a name that was left out`,
			async (scene) => {
				const names = stored(scene, 'name');
				const items = [{ name: names[0] }, { name: names[199] }, { name: names[150] }];
				await runThrough(scene, { page }, UPSERT, { items });
				expect(stored(scene, 'name')).toEqual(names);
				expect(sent(scene, 'POST')).toEqual([]);
			},
			TOTAL,
		],
	];
});

const heals = [1, 2, 3].map((nth): Case => {
	return [
		`A proxy that leaves out members of page answer ${nth} just once, with a count: the list comes whole, or is an error`,
		async (scene) => {
			const page: Manners['page'] = (members, _page, at) => (at === nth ? members.slice(5) : members);
			const { outcome } = await runThrough(scene, { page }, ALL);
			expectWholeOrErrors(outcome, stored(scene, 'id'));
			// What met one of the two items did not meet the other.
			expect(outcome.items.filter((item) => errorOf(item) === undefined).length).toBeGreaterThanOrEqual(
				LISTED,
			);
		},
		TOTAL,
	];
});

const COUNTS = [
	['with a count', TOTAL],
	['without a count', UNCOUNTED],
] as const;

const ignoring = COUNTS.flatMap(([counted, options]): Case[] => {
	return [
		[
			`A proxy that drops the page number, ${counted}: an error, not a hundred of ${LISTED}`,
			async (scene) => {
				const { outcome } = await runThrough(scene, { ignoresPage: true }, ALL);
				expectErrors(outcome);
			},
			options,
		],
		[
			`A proxy that drops the page number, ${counted}: a limit above one page is an error too`,
			async (scene) => {
				const { outcome } = await runThrough(scene, { ignoresPage: true }, limited(150));
				expectErrors(outcome);
			},
			options,
		],
		[
			`A proxy that drops the page number, ${counted}: it does not disturb who wants one page, nor costs a request more`,
			async (scene) => {
				const { outcome, gateway } = await runThrough(scene, { ignoresPage: true }, limited(PAGE));
				expectWhole(outcome, stored(scene, 'id').slice(0, PAGE));
				expect(gateway.seen).toHaveLength(2);
			},
			options,
		],
		[
			`A proxy that drops the page number, ${counted}: Create or Update makes no second one of a name on a later page`,
			async (scene) => {
				const names = stored(scene, 'name');
				const items = [{ name: names[120] }, { name: names[240] }];
				const { outcome } = await runThrough(scene, { ignoresPage: true }, UPSERT, { items });
				expectErrors(outcome);
				expect(stored(scene, 'name')).toEqual(names);
				expect(sent(scene, 'POST')).toEqual([]);
			},
			options,
		],
		[
			`A proxy that gives the first page in place of the second each time, ${counted}: an error, not two of three pages`,
			async (scene) => {
				let first: unknown[] = [];
				const page: Manners['page'] = (members, at) => {
					if (at === 1) first = members;
					return at === 2 ? first : members;
				};
				const { outcome } = await runThrough(scene, { page }, ALL);
				expectErrors(outcome);
			},
			options,
		],
		[
			`A proxy that gives the first page in place of the second once, ${counted}: whole or an error, and Create or Update makes no second one`,
			async (scene) => {
				const names = stored(scene, 'name');
				const ids = stored(scene, 'id');
				let first: unknown[] = [];
				const page: Manners['page'] = (members, at, nth) => {
					if (at === 1) first = members;
					return at === 2 && nth <= 3 ? first : members;
				};
				const { outcome } = await runThrough(scene, { page }, ALL);
				expectWholeOrErrors(outcome, ids);
				await runThrough(scene, { page }, UPSERT, { items: [{ name: names[150] }, { name: names[110] }] });
				expect(stored(scene, 'name')).toEqual(names);
			},
			options,
		],
	];
});

const whole: readonly Case[] = [
	...[PAGE, 2 * PAGE].map((assistants): Case => {
		return [
			`Pages that repeat after all ${assistants} counted members have come are no error`,
			async (scene) => {
				const page: Manners['page'] = (members, at) => (at * PAGE > assistants ? last : (last = members));
				let last: unknown[] = [];
				const { outcome } = await runThrough(scene, { page }, ALL);
				expectWhole(outcome, stored(scene, 'id'));
			},
			{ assistants },
		];
	}),
	[
		'A count that tells of far more than there is ends with an empty page, after a few requests',
		async (scene) => {
			scene.sandbox.faults.set([{ effect: { headers: { 'pagination-count': '100000' } } }]);
			const { outcome, gateway } = await runThrough(scene, {}, ALL);
			expectWhole(outcome, stored(scene, 'id'));
			// For each of two items: three pages, at most eight past the end, and one to make certain.
			expect(gateway.seen.length).toBeLessThanOrEqual(2 * 12);
		},
		TOTAL,
	],
	[
		'A count of half of what there is takes nothing from a list, nor from a limit',
		async (scene) => {
			const ids = stored(scene, 'id');
			expectWhole((await runThrough(scene, {}, ALL)).outcome, ids);
			expectWhole((await runThrough(scene, {}, limited(220))).outcome, ids.slice(0, 220));
		},
		{ assistants: LISTED, countHeader: 'wrong' },
	],
	[
		'An organization without assistants gives no items and no error, with a count and without',
		async (scene) => {
			for (const dropsCount of [false, true]) {
				const { outcome, gateway } = await runThrough(scene, { dropsCount }, ALL);
				expect(outcome.error).toBeUndefined();
				expect(outcome.items).toEqual([]);
				expect(gateway.seen).toHaveLength(2);
			}
		},
	],
];

const shrinking = (['start', 'end'] as const).flatMap((at) =>
	([1, 2] as const).flatMap((nth): Case[] => {
		return [
			[
				`A list that loses thirty at its ${at} after page ${nth}, with a count: all that stayed are there, or it is an error`,
				async (scene) => {
					scene.sandbox.faults.set([{ match: { nth }, effect: { afterList: { delete: 30, at } } }]);
					const { outcome } = await runThrough(scene, {}, ALL);
					expectWholeOrErrors(outcome, stored(scene, 'id'));
				},
				TOTAL,
			],
			...COUNTS.map(([counted, options]): Case => {
				return [
					`A list that loses thirty at its ${at} after page ${nth}, ${counted}: Create or Update makes no second one of a name that moved up`,
					async (scene) => {
						const names = stored(scene, 'name').slice(30, -30);
						scene.sandbox.faults.set([{ match: { nth }, effect: { afterList: { delete: 30, at } } }]);
						const items = [{ name: names[75] }, { name: names[180] }];
						await runThrough(scene, {}, UPSERT, { items });
						const after = stored(scene, 'name');
						expect(new Set(after).size).toBe(after.length);
					},
					options,
				];
			}),
		];
	}),
);

const shrinkingOn: Case = [
	'A list that loses one at its start after every page, with a count: all that stayed are there, or it is an error',
	async (scene) => {
		scene.sandbox.faults.set([{ match: { method: 'GET' }, effect: { afterList: { delete: 1 } } }]);
		const { outcome } = await runThrough(scene, {}, ALL);
		expectWholeOrErrors(outcome, stored(scene, 'id'));
	},
	TOTAL,
];

/** Both items read a list of their own; the pages of the first one's can be told from the other's. */
const failing = COUNTS.map(([counted, options]): Case => {
	return [
		`After a page of a list has failed no other page of it is fetched, ${counted}`,
		async (scene) => {
			const forFirst = (seen: Seen) => seen.path.startsWith('/orgs/c/');
			const answer = (seen: Seen) =>
				forFirst(seen) && seen.query.get('page') === '2' ? { status: 403 } : undefined;
			const items = [{ organization: 'c' }, { organization: scene.sandbox.orgId }];
			const parameters = { ...ALL, organizationId: locator('={{ $json.organization }}') };
			const { outcome, gateway } = await runThrough(scene, { answer, latencyMs: 40 }, parameters, { items });
			expect(errorFor(outcome, 0)).toContain('[item 0]');
			expect(idsOf(outcome, 1)).toHaveLength(5000);
			// The first page, and the eight that were under way when one of them failed.
			expect(gateway.seen.filter(forFirst).length).toBeLessThanOrEqual(9);
		},
		{ ...options, assistants: 5000 },
	];
});

/** What each operation reads on its way, beside its own request. */
const READING: ReadonlyArray<readonly [what: string, parameters: INodeParameters]> = [
	['Get', { operation: 'get', assistantId: locator('={{ $json.id }}') }],
	['Get Many', ALL],
	[
		"Update's reading",
		{ operation: 'update', assistantId: locator('={{ $json.id }}'), config: { model: 'm' } },
	],
	["Create or Update's reading", UPSERT],
];

const bodiless = READING.map(([what, parameters]): Case => {
	return [
		`${what} sends no body and no content type`,
		async (scene) => {
			const [one, two] = scene.sandbox.store.assistants();
			const items = [
				{ id: one?.id, name: one?.name },
				{ id: two?.id, name: two?.name },
			];
			await runThrough(scene, {}, parameters, { items });
			const reads = sent(scene, 'GET');
			expect(reads.length).toBeGreaterThan(0);
			for (const { headers, rawBody } of reads) {
				expect(rawBody).toBe('');
				expect(headers).not.toHaveProperty('content-type');
				expect(headers).not.toHaveProperty('content-length');
				expect(headers).not.toHaveProperty('transfer-encoding');
			}
		},
		{ assistants: 2 },
	];
});

proveInTime([...capped, ...cappedTotals]);
proveInTime([...holes, ...heals, ...ignoring]);
proveInTime([...whole, ...shrinking, shrinkingOn, ...bodiless]);
proveInTime(failing);

/** How many pages hold members, and how many were asked for, for one item. */
async function pagesOf(scene: Scene): Promise<{ full: number; asked: number[]; ids: unknown[] }> {
	const outcome = await scene.run(ALL, { items: [{}] });
	expect(outcome.error).toBeUndefined();
	const asked = scene.sandbox.requests.map(({ query }) => Number(query.page ?? 1));
	return { full: Math.ceil(stored(scene, 'id').length / PAGE), asked, ids: valuesOf(outcome.items, 'id') };
}

const withoutCount = [0, 1, 99, 100, 101, 200, 250, 300, 301, 700, 799, 1500, 10_000].map(
	(assistants): Case => {
		return [
			`Without a count ${assistants} assistants come complete and in order, with few requests past the end`,
			async (scene) => {
				const { full, asked, ids } = await pagesOf(scene);
				expect(ids).toEqual(stored(scene, 'id'));
				expect(new Set(asked).size).toBe(asked.length);
				expect(asked.length - full).toBeLessThanOrEqual(Math.min(8, Math.max(1, 2 * full)));
				if (assistants < PAGE) expect(asked).toEqual([1]);
			},
			{ assistants, countHeader: 'absent' },
		];
	},
);

const lookAhead: Case = [
	'Without a count the pages that are asked for together grow step by step, and are never more than eight',
	async (scene) => {
		const steps: Array<{ open: number; answered: number }> = [];
		let open = 0;
		let answered = 0;
		const onArrival = () => {
			open += 1;
			steps.push({ open, answered });
		};
		const page: Manners['page'] = (members) => {
			open -= 1;
			answered += 1;
			return members;
		};
		const manners = { onArrival, page, latencyMs: 40 };
		const { outcome } = await runThrough(scene, manners, ALL, { items: [{}] });
		expect(outcome.items).toHaveLength(3000);
		for (const step of steps)
			expect(step.open).toBeLessThanOrEqual(Math.min(8, Math.max(1, 2 * step.answered)));
		expect(Math.max(...steps.map((step) => step.open))).toBeGreaterThanOrEqual(4);
	},
	{ assistants: 3000, countHeader: 'absent' },
];

proveInTime([...withoutCount, lookAhead]);

const LATENCY_MS = 50;
const MANY = 10_000;

/**
 * How many times the latency of a request has to pass, one after the other, for these requests: what comes before an answer
 * to the first of a round can be there belongs to that round. A busy machine stretches rounds, but does not add any.
 */
function roundsIn(requests: readonly RecordedRequest[]): number {
	let rounds = 0;
	let end = -Infinity;
	for (const { at } of requests) {
		if (at < end) continue;
		rounds += 1;
		end = at + LATENCY_MS;
	}
	return rounds;
}

proveInTime([
	[
		'Without a count 10,000 assistants at 50 ms a request come at least four times as fast as page after page',
		async (scene) => {
			const { store, requests } = scene.sandbox;
			for (let index = 0; index < MANY; index++) store.add({ name: `A${index}`, config: null });
			const outcome = await scene.run(ALL, { items: [{}], settings: CONTINUE });
			expect(outcome.items).toHaveLength(MANY);
			expect(roundsIn(requests)).toBeLessThanOrEqual(MANY / PAGE / 4);
		},
		{ countHeader: 'absent', latencyMs: LATENCY_MS },
	],
]);
