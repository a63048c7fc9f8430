/** What the random tests make up: executions of the node, what they are given, and what goes wrong meanwhile. */
import fc from 'fast-check';
import type { INode } from 'n8n-workflow';

import type { FaultRule, SandboxOptions } from '../../../tools/sandbox/server.mts';
import { JSON_TYPE } from '../harness/scene.mts';
import { OPERATIONS } from '../harness/operations.mts';
import { EVERY_TRY } from '../harness/stage.mts';

/** Where an item leaves its mark: the members of `config` that hold a plain text. */
export const PLACES = ['instructions', 'language', 'model', 'knowledge_scope'] as const;
export type Place = (typeof PLACES)[number];

/** Assistants that are there before, named by their numbers. */
export const THERE_BEFORE = 4;

/** What an error body says where the API repeats what it should not. */
export const API_KEY = '%api key%';
export const SECRET_KEY = '%secret key%';

/** How an Invent node is set up. */
export interface NodePlan {
	readonly operation: string;
	/** Whether a copy gets a name. */
	readonly named: boolean;
	readonly configUpdate: 'merge' | 'asEntered';
	readonly simplify: boolean;
	readonly onError: NonNullable<INode['onError']>;
	/** 1 without Retry On Fail. */
	readonly tries: number;
	readonly maxWait: number;
	/** Null without Batching. */
	readonly batch: { readonly size: number; readonly intervalMs: number } | null;
}

/** An item, or a call of an agent. */
export interface OrderPlan {
	/** The number of the name that it gives. */
	readonly name: number;
	/** The number of the assistant that it acts on. */
	readonly target: number;
	readonly place: Place;
	/** Whether it names the organization by its id, not as `c`. */
	readonly byId: boolean;
	/** Whether its input can't be used. */
	readonly invalid: boolean;
	/** The tries of the engine in which one of its expressions throws. */
	readonly throwsIn: readonly number[];
	/** Which of the agent's tools is called. */
	readonly tool: number;
	/** Calls of one round are made at the same time. */
	readonly round: number;
}

/** One execution of a workflow: a node with its items, or an agent with up to two tools. */
export interface ExecutionPlan {
	readonly kind: 'workflow' | 'agent';
	readonly nodes: readonly NodePlan[];
	readonly orders: readonly OrderPlan[];
}

export interface Scenario {
	/** They run at the same time. */
	readonly executions: readonly ExecutionPlan[];
	readonly faults: readonly FaultRule[];
	readonly options: Pick<
		SandboxOptions,
		'patchConfig' | 'search' | 'countHeader' | 'generation' | 'creationsPerHour' | 'latencyMs'
	>;
}

const when = fc.constantFrom('before' as const, 'after' as const);
const tellTale = JSON.stringify({ message: `Not with ${API_KEY} and ${SECRET_KEY}`, secret_key: SECRET_KEY });

/** Longer than that, nobody can wait for a write that may still land. */
const LANDS_AFTER_MS = [40, 300, 1200];

/** What the node gets is no answer, or none to the purpose; whether the request was carried out does not show. */
const loss: fc.Arbitrary<FaultRule['effect']> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.constantFrom<FaultRule['effect']>(
			{ dropBefore: true },
			{ dropAfter: true },
			{ truncateBody: 0 },
			{ truncateBody: 30 },
		),
	},
	{ weight: 1, arbitrary: fc.constantFrom<FaultRule['effect']>({ stall: 'before' }, { stall: 'after' }) },
	{
		weight: 3,
		arbitrary: fc.record({
			landLater: fc.record({
				afterMs: fc.constantFrom(...LANDS_AFTER_MS),
				status: fc.constantFrom(504, 504, 503, 502),
			}),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({ landLater: fc.record({ afterMs: fc.constantFrom(...LANDS_AFTER_MS) }) }),
	},
	{
		weight: 3,
		arbitrary: fc.record({
			answer: fc.record({
				status: fc.constantFrom(200, 201, 204, 500, 502, 503, 504),
				body: fc.constantFrom('', '{"id":', '<html><body>Sorry</body></html>', '[{}]', tellTale),
				headers: fc.constant(JSON_TYPE),
				when,
			}),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			redirect: fc.record({ to: fc.constant('/done'), status: fc.constant(303), when }),
		}),
	},
);

/** The answer says that the request was not carried out, or is fine but for its headers. */
const refusal: fc.Arbitrary<FaultRule['effect']> = fc.oneof(
	{
		weight: 4,
		arbitrary: fc.record({
			answer: fc.record({
				status: fc.constantFrom(400, 401, 403, 404, 409, 422),
				body: fc.constant(tellTale),
				headers: fc.constant(JSON_TYPE),
			}),
		}),
	},
	{
		weight: 3,
		arbitrary: fc.constantFrom<FaultRule['effect']>(
			{ answer: { status: 429, retryAfter: { seconds: 1 } } },
			{ answer: { status: 429, retryAfter: { seconds: 1, as: 'http-date' } } },
			{ answer: { status: 429, retryAfter: { seconds: 3600 }, body: tellTale, headers: JSON_TYPE } },
			{ answer: { status: 429, retryAfter: 'soon' } },
		),
	},
	{
		weight: 2,
		// Looked for, and then sent again.
		arbitrary: fc.record({
			answer: fc.record({ status: fc.constant(503), retryAfter: fc.constant({ seconds: 1 }), when }),
		}),
	},
	{
		weight: 2,
		arbitrary: fc.record({
			redirect: fc.record({
				to: fc.constantFrom('/login', `http://127.0.0.1:9/${API_KEY}`),
				// Whoever answers with one of these has not carried the request out (RFC 9110, 15.4).
				status: fc.constantFrom(301, 302, 307, 308),
			}),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.constantFrom<FaultRule['effect']>(
			{ headers: { 'pagination-count': '100000', date: null } },
			{ headers: { 'pagination-count': 'many' } },
		),
	},
);

const rule: fc.Arbitrary<FaultRule> = fc.record({
	match: fc.record({
		method: fc.constantFrom('GET', 'POST', 'POST', 'PATCH'),
		nth: fc.constantFrom(1, 1, 1, 2, 2, 3, 4),
		times: fc.oneof(
			{ weight: 5, arbitrary: fc.constantFrom(1, 2) },
			{ weight: 4, arbitrary: fc.integer({ min: 3, max: 5 }) },
			{ weight: 1, arbitrary: fc.constant(40) },
		),
	}),
	effect: fc.oneof({ weight: 3, arbitrary: loss }, { weight: 2, arbitrary: refusal }),
});

const listChange: fc.Arbitrary<FaultRule> = fc.record({
	match: fc.record({
		operationId: fc.constant('listAssistants' as const),
		nth: fc.integer({ min: 1, max: 2 }),
	}),
	effect: fc.constantFrom({ afterList: { insert: 1 } }, { afterList: { insert: 2, at: 'end' as const } }),
});

/** The hour's quota is used up, as far as the API says. */
const quota: fc.Arbitrary<FaultRule> = fc.record({
	match: fc.record({
		operationId: fc.constantFrom('createAssistant' as const, 'duplicateAssistant' as const),
		nth: fc.integer({ min: 1, max: 3 }),
		times: fc.constant(40),
	}),
	effect: fc.constant({ answer: { status: 429, retryAfter: { seconds: 3600 } } }),
});

/** Those on assistants, which the story tells of; the other resources' have their resource before a dot. */
const ON_ASSISTANTS = OPERATIONS.map(([name]) => name).filter((name) => !name.includes('.'));

const operation = fc.oneof(
	{ weight: 1, arbitrary: fc.constantFrom(...ON_ASSISTANTS) },
	{ weight: 1, arbitrary: fc.constantFrom('create', 'upsert', 'upsert', 'update', 'update', 'rotateKey') },
);

const node: fc.Arbitrary<NodePlan> = fc.record({
	operation,
	named: fc.boolean(),
	configUpdate: fc.constantFrom('merge', 'asEntered'),
	simplify: fc.boolean(),
	onError: fc.constantFrom('stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'),
	tries: fc.integer({ min: 1, max: 3 }),
	maxWait: fc.constantFrom(0, 2),
	batch: fc.oneof(
		{ weight: 3, arbitrary: fc.constant(null) },
		{
			weight: 2,
			arbitrary: fc.record({
				size: fc.integer({ min: 1, max: 3 }),
				intervalMs: fc.constantFrom(1, 10, 60),
			}),
		},
		// As the panel offers it.
		{ weight: 1, arbitrary: fc.constant({ size: 50, intervalMs: 1000 }) },
	),
});

const order: fc.Arbitrary<OrderPlan> = fc.record({
	// Some more often than others, so that they meet.
	name: fc.constantFrom(0, 1, 2, 3, 4, 4, 4, 5, 5, 6),
	target: fc.constantFrom(0, 0, 1, 2),
	place: fc.constantFrom(...PLACES),
	byId: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
	invalid: fc.oneof(
		{ weight: 24, arbitrary: fc.constant(false) },
		{ weight: 1, arbitrary: fc.constant(true) },
	),
	throwsIn: fc.oneof(
		{ weight: 12, arbitrary: fc.constant([]) },
		{ weight: 2, arbitrary: fc.constantFrom([1], [2], [1, 2], EVERY_TRY) },
	),
	tool: fc.integer({ min: 0, max: 1 }),
	round: fc.integer({ min: 0, max: 1 }),
});

const execution: fc.Arbitrary<ExecutionPlan> = fc.oneof(
	{
		weight: 3,
		arbitrary: fc.record({
			kind: fc.constant('workflow' as const),
			nodes: fc.tuple(node),
			orders: fc.array(order, { minLength: 1, maxLength: 6, size: 'max' }),
		}),
	},
	{
		weight: 1,
		arbitrary: fc.record({
			kind: fc.constant('agent' as const),
			nodes: fc.array(node, { minLength: 1, maxLength: 2 }),
			orders: fc.array(order, { minLength: 1, maxLength: 5, size: 'max' }),
		}),
	},
);

const spread: fc.Arbitrary<Scenario> = fc.record({
	executions: fc.oneof(
		{ weight: 3, arbitrary: fc.tuple(execution) },
		{ weight: 2, arbitrary: fc.tuple(execution, execution) },
	),
	faults: fc.array(
		fc.oneof(
			{ weight: 12, arbitrary: rule },
			{ weight: 2, arbitrary: listChange },
			{ weight: 1, arbitrary: quota },
		),
		{ maxLength: 5, size: 'max' },
	),
	options: fc.record({
		patchConfig: fc.constantFrom('deepMerge', 'shallowMerge', 'replace'),
		search: fc.constantFrom('works', 'ignored'),
		countHeader: fc.constantFrom('total', 'page', 'absent', 'wrong'),
		generation: fc.constantFrom('newest', 'older'),
		creationsPerHour: fc.constantFrom(0, 0, 0, 2),
		latencyMs: fc.constantFrom(0, 0, 3, 12),
	}),
});

/** Everybody wants the same: orders get in each other's way then. */
const crowded = spread.map((given): Scenario => {
	const executions = given.executions.map((plan) => ({
		...plan,
		orders: plan.orders.map((one) => ({
			...one,
			name: THERE_BEFORE + (one.name % 2),
			target: one.target % 2,
		})),
	}));
	return { ...given, executions };
});

export const scenario: fc.Arbitrary<Scenario> = fc.oneof(
	{ weight: 2, arbitrary: spread },
	{ weight: 1, arbitrary: crowded },
);
