/**
 * Whatever goes wrong in whatever order, what workflows rely on holds. These scenarios are the same ones each time;
 * `npm run test:explore` makes up new ones.
 */
import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { collectRejections } from '../harness/engine.mts';
import { JSON_TYPE } from '../harness/scene.mts';
import { describeFinding, expectInvariants, playSeries } from './faultRuns.mts';
import { THERE_BEFORE } from './faultScenarios.mts';
import type { NodePlan, OrderPlan, Scenario } from './faultScenarios.mts';

const SEED = 9;
const RUNS = 100;
/** How many run at the same time: most of their time is waiting. */
const LANES = 96;

const NODE: NodePlan = {
	operation: 'create',
	named: false,
	configUpdate: 'merge',
	simplify: true,
	onError: 'continueRegularOutput',
	tries: 1,
	maxWait: 0,
	batch: null,
};

const ORDER: OrderPlan = {
	name: 0,
	target: 0,
	place: 'instructions',
	byId: false,
	invalid: false,
	throwsIn: [],
	tool: 0,
	round: 0,
};

const OPTIONS: Scenario['options'] = {
	patchConfig: 'deepMerge',
	search: 'works',
	countHeader: 'total',
	generation: 'newest',
};

function workflow(
	node: Partial<NodePlan>,
	...orders: ReadonlyArray<Partial<OrderPlan>>
): Scenario['executions'][number] {
	return {
		kind: 'workflow',
		nodes: [{ ...NODE, ...node }],
		orders: orders.map((order) => ({ ...ORDER, ...order })),
	};
}

const NEW = { name: THERE_BEFORE };
const UPSERT = { operation: 'upsert' };
const REFUSED: FaultRule['effect'] = {
	answer: { status: 403, body: '{"message":"Not so"}', headers: JSON_TYPE },
};
const FIRST_POST = { method: 'POST', times: 1 };

/** Scenarios that were found to break an invariant. */
const FOUND: ReadonlyArray<readonly [sentence: string, given: Omit<Scenario, 'options'>]> = [
	[
		'Create with Retry On Fail: one try makes the second item, and in the next one the first item meets a rate limit',
		{
			executions: [workflow({ onError: 'continueErrorOutput', tries: 2 }, {}, {})],
			faults: [
				{ match: FIRST_POST, effect: REFUSED },
				{
					match: { method: 'POST', nth: 2, times: 1 },
					effect: { answer: { status: 429, retryAfter: 'soon' } },
				},
			],
		},
	],
	[
		'Create in two executions at once: one creation of a name is lost before it was carried out, the other one after',
		{
			executions: [workflow({}, NEW), workflow({}, NEW)],
			faults: [
				{ match: FIRST_POST, effect: { dropBefore: true } },
				{ match: FIRST_POST, effect: { dropAfter: true } },
			],
		},
	],
	[
		'Create in two executions at once: one creation of a name is lost, and the other one waits for its answer meanwhile',
		{
			executions: [workflow({}, NEW), workflow({}, NEW)],
			faults: [
				{ match: FIRST_POST, effect: { dropBefore: true } },
				{ match: FIRST_POST, effect: { stall: 'after' } },
			],
		},
	],
	[
		'Create by two calls of an agent at once: one creation of a name is lost before it was carried out, the other one after',
		{
			executions: [{ ...workflow({}, NEW, NEW), kind: 'agent' }],
			faults: [
				{ match: FIRST_POST, effect: { dropBefore: true } },
				{ match: FIRST_POST, effect: { dropAfter: true } },
			],
		},
	],
	[
		'Create with Retry On Fail: two creations of a name are lost, and one names the organization by its id',
		{
			executions: [workflow({ tries: 2 }, NEW, { ...NEW, byId: true })],
			faults: [
				{ match: FIRST_POST, effect: { dropBefore: true } },
				{ match: { method: 'GET', times: 2 }, effect: REFUSED },
				{ match: FIRST_POST, effect: { dropAfter: true } },
			],
		},
	],
	[
		'Create or Update with Retry On Fail: the answer to the creation is lost, and the next try must not read the list',
		{
			executions: [workflow({ ...UPSERT, tries: 2 }, NEW)],
			faults: [
				{ match: FIRST_POST, effect: { dropAfter: true } },
				{ match: { method: 'GET', nth: 2, times: 3 }, effect: REFUSED },
			],
		},
	],
	[
		'Create or Update with Retry On Fail: the answer to the creation is lost, and the next try finds it but must not read it',
		{
			executions: [workflow({ ...UPSERT, tries: 2 }, NEW)],
			faults: [
				{ match: FIRST_POST, effect: { dropAfter: true } },
				{ match: { method: 'GET', nth: 2, times: 1 }, effect: REFUSED },
				{ match: { operationId: 'getAssistant', times: 2 }, effect: REFUSED },
			],
		},
	],
	[
		'Create or Update with Retry On Fail: one try makes what the second item names, and the next one updates it for the first item',
		{
			executions: [workflow({ ...UPSERT, tries: 2 }, NEW, NEW)],
			faults: [{ match: FIRST_POST, effect: REFUSED }],
		},
	],
];

test.each(FOUND)('Every invariant holds: %s', async (_, given) => {
	await expectInvariants({ ...given, options: OPTIONS });
});

test(`Under random faults every invariant holds, in ${RUNS} scenarios`, async () => {
	const rejections = collectRejections();
	try {
		const findings = await playSeries({ seed: SEED, runs: RUNS, lanes: LANES });
		expect(findings.map(describeFinding).join('\n\n')).toBe('');
		expect(rejections.reasons).toEqual([]);
	} finally {
		rejections.stop();
	}
}, 300_000);
