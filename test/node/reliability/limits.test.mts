/** What happens when Invent asks for a pause, and when a person ends the waiting. */
import { setTimeout as settle } from 'node:timers/promises';

import type { IDataObject, INode, INodeExecutionData, INodeParameters, INodeType } from 'n8n-workflow';

import type { AnswerFault } from '../../../tools/sandbox/faults.mts';
import type { Sandbox, SandboxOptions } from '../../../tools/sandbox/server.mts';
import { nodeType } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';
import { faultOf, locator, textOf } from '../harness/support.mts';
import {
	addOld,
	CONTINUE,
	errorOf,
	indicesOf,
	named,
	onSandbox,
	proveSideBySide,
	sent,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const OWN_ID = locator('={{ $json.id }}');
const CREATE: INodeParameters = { operation: 'create', name: '={{ $json.name }}' };

/** Each method that the node sends, with the parameters that make it send just one request for an item. */
const REQUESTS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['get', { operation: 'get', assistantId: OWN_ID }],
	['getAll', { operation: 'getAll', returnAll: true }],
	['create', CREATE],
	['duplicate', { operation: 'duplicate', assistantId: OWN_ID }],
	['update', { operation: 'update', assistantId: OWN_ID, updateFields: { enabled: false } }],
	['rotateKey', { operation: 'rotateKey', assistantId: OWN_ID }],
];
/** Those whose items wait for one another when they act on the same assistant. */
const IN_TURN = REQUESTS.filter(([operation]) => !operation.startsWith('get'));

const SHORT: ReadonlyArray<readonly [form: string, fault: AnswerFault]> = [
	['in seconds', { retryAfter: { seconds: 1 } }],
	['as an HTTP date', { retryAfter: { seconds: 1, as: 'http-date' } }],
	['as an HTTP date of the past', { retryAfter: 'Thu, 01 Jan 1970 00:00:00 GMT' }],
	['as no seconds at all', { retryAfter: '0' }],
	['as negative seconds', { retryAfter: '-5' }],
	['in words', { retryAfter: 'soon' }],
	['that is empty', { retryAfter: ' ' }],
	['that is absent', {}],
];
const HOUR_MS = 3_600_000;
const LONG: ReadonlyArray<readonly [form: string, fault: AnswerFault]> = [
	['in seconds', { retryAfter: { seconds: 3600 } }],
	['as an HTTP date', { retryAfter: { seconds: 3600, as: 'http-date' } }],
];
const ENDLESS: ReadonlyArray<readonly [form: string, fault: AnswerFault]> = [
	['1e30', { retryAfter: '1e30' }],
	['Infinity', { retryAfter: 'Infinity' }],
	['forty digits', { retryAfter: '9'.repeat(40) }],
	['the year 9999', { retryAfter: 'Fri, 31 Dec 9999 23:59:59 GMT' }],
];

/** Three items that act on the same assistant. */
function onOne(scene: Scene) {
	const { id } = addOld(scene, { name: 'There' });
	return ['One', 'Two', 'Three'].map((name) => ({ id, name }));
}

function pausing({ sandbox }: Scene, fault: AnswerFault, times?: number): void {
	const match = times === undefined ? {} : { times };
	sandbox.faults.set([{ match, effect: { answer: { status: 429, ...fault } } }]);
}

function statusesOf({ sandbox }: Scene) {
	return sandbox.requests.map(({ status }) => status);
}

const UNITS_MS: Readonly<Record<string, number>> = {
	second: 1000,
	minute: HOUR_MS / 60,
	hour: HOUR_MS,
	day: 24 * HOUR_MS,
};

/** The time to come back that a text tells, in milliseconds since 1970. */
function comeBack(text: string | undefined): number {
	const [, count, unit = ''] = /again in (\d+) (\w+?)s?\b/.exec(text ?? '') ?? [];
	return Date.now() + Number(count) * (UNITS_MS[unit] ?? NaN);
}

const waitedFor = REQUESTS.flatMap(([operation, parameters]) =>
	SHORT.map(([form, fault]): Case => {
		return [
			`${operation}: a 429 with a Retry-After ${form} is waited for, then the request is done`,
			async (scene) => {
				const items = onOne(scene);
				pausing(scene, fault, 1);
				const outcome = await scene.run(parameters, { items });
				expect(outcome.error).toBeUndefined();
				expect([...new Set(outcome.items.map(sourceOf))]).toEqual([0, 1, 2]);
				const [first] = scene.sandbox.requests;
				expect(statusesOf(scene).sort()).toEqual([200, 200, 200, 429]);
				const again = scene.sandbox.requests.at(-1);
				// The shortest wait without a Retry-After is three quarters of a second.
				expect((again?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThan(700);
			},
		];
	}),
);

const tooLong = IN_TURN.flatMap(([operation, parameters]) =>
	LONG.map(([form, fault]): Case => {
		return [
			`${operation}: a Retry-After ${form} that is longer than Max Wait ends the item at once, and nothing more is sent`,
			async (scene) => {
				const items = onOne(scene);
				pausing(scene, fault);
				const outcome = await scene.run(parameters, { items, settings: CONTINUE });
				const [request, ...others] = scene.sandbox.requests;
				expect(others).toEqual([]);
				const [first, ...later] = outcome.items.map(errorOf);
				expect(first).toContain('Rate limit reached');
				expect(later).toEqual([
					expect.stringContaining('Not sent. Rate limit reached'),
					expect.stringContaining('Not sent. Rate limit reached'),
				]);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1, 2]);
				for (const text of [first, ...later]) {
					const due = (request?.at ?? 0) + HOUR_MS;
					expect(Math.abs(comeBack(text) - due)).toBeLessThan(HOUR_MS / 20);
				}
			},
		];
	}),
);

const endless = ENDLESS.map(([form, fault]): Case => {
	return [
		`A Retry-After of ${form} is too long for any Max Wait, and the error still names a time`,
		async (scene) => {
			pausing(scene, fault);
			const outcome = await scene.run(
				{ ...CREATE, options: { maxWait: 86_400 } },
				{ items: named('One', 'Two') },
			);
			expect(comeBack(textOf(faultOf(outcome)))).toBeGreaterThan(Date.now());
			expect(scene.sandbox.requests).toHaveLength(1);
		},
	];
});

const sums: readonly Case[] = [
	[
		'Waits add up: with a Max Wait of two seconds the third pause of one second is one too many',
		async (scene) => {
			pausing(scene, { retryAfter: { seconds: 1 } });
			const outcome = await scene.run(
				{ ...CREATE, options: { maxWait: 2 } },
				{ items: named('One', 'Two'), settings: CONTINUE },
			);
			expect(scene.sandbox.requests).toHaveLength(3);
			expect(outcome.items.map(errorOf)).toEqual([
				expect.stringContaining('Rate limit reached'),
				expect.stringContaining('Not sent'),
			]);
		},
	],
	[
		'With a Max Wait of 0 no pause is waited for',
		async (scene) => {
			pausing(scene, { retryAfter: { seconds: 1 } });
			const outcome = await scene.run({ ...CREATE, options: { maxWait: 0 } }, { items: named('One', 'Two') });
			expect(faultOf(outcome).message).toMatch(/^Rate limit reached: try again in \d+ seconds? \[item 0\]$/);
			expect(scene.sandbox.requests).toHaveLength(1);
		},
	],
	[
		'Of thirty reads that overlap none leaves after one was asked for too long a pause',
		async (scene) => {
			const { id } = addOld(scene, {});
			pausing(scene, { retryAfter: { seconds: 3600 } });
			const items = Array<IDataObject>(30).fill({ id });
			const parameters = { operation: 'get', assistantId: OWN_ID };
			const outcome = await scene.run(parameters, { items, settings: CONTINUE });
			expect(outcome.items.map(sourceOf)).toEqual(indicesOf(items));
			// Those that were under way when the first answer came, and those that took the place of answered ones just then.
			expect(scene.sandbox.requests.length).toBeLessThan(20);
		},
	],
];

const QUOTA = 10;
const WISHES = Array.from({ length: 15 }, (_, index) => `Wish ${index}`);
const REFUSED = indicesOf(WISHES).slice(QUOTA);

function expectQuotaKept(scene: Scene): void {
	expect(sent(scene, 'POST').length).toBeLessThanOrEqual(QUOTA + 1);
	expect(stored(scene, 'name')).toEqual(WISHES.slice(0, QUOTA));
}

function expectTold(items: readonly INodeExecutionData[]): void {
	expect(items.map(sourceOf)).toEqual(REFUSED);
	for (const item of items) {
		const text = errorOf(item);
		expect(text).toContain(`[item ${sourceOf(item)}]`);
		expect(comeBack(text)).toBeGreaterThan(Date.now() + HOUR_MS / 2);
	}
}

async function createWishes({ run }: Scene, onError: NonNullable<INode['onError']>): Promise<Outcome> {
	return await run(CREATE, { items: named(...WISHES), settings: { onError } });
}

const quota: readonly Case[] = [
	[
		'Fifteen creations against a quota of ten, on errors continue: ten items are kept, each of the others tells when to come back',
		async (scene) => {
			const { items, error } = await createWishes(scene, 'continueRegularOutput');
			expect(error).toBeUndefined();
			expectQuotaKept(scene);
			expect(valuesOf(items.slice(0, QUOTA), 'name')).toEqual(WISHES.slice(0, QUOTA));
			expect(items.slice(0, QUOTA).map(sourceOf)).toEqual(indicesOf(WISHES.slice(0, QUOTA)));
			expectTold(items.slice(QUOTA));
		},
		{ creationsPerHour: QUOTA },
	],
	[
		'Fifteen creations against a quota of ten, with an error output: ten items leave by one output and five by the other',
		async (scene) => {
			const { items, refused, error } = await createWishes(scene, 'continueErrorOutput');
			expect(error).toBeUndefined();
			expectQuotaKept(scene);
			expect(valuesOf(items, 'name')).toEqual(WISHES.slice(0, QUOTA));
			expectTold(refused);
		},
		{ creationsPerHour: QUOTA },
	],
	[
		'Fifteen creations against a quota of ten, on errors stop: the error is that of the eleventh item and tells when to come back',
		async (scene) => {
			const fault = faultOf(await createWishes(scene, 'stopWorkflow'));
			expectQuotaKept(scene);
			expect(fault.itemIndex).toBe(QUOTA);
			expect(fault.message).toContain(`[item ${QUOTA}]`);
			expect(comeBack(textOf(fault))).toBeGreaterThan(Date.now() + HOUR_MS / 2);
		},
		{ creationsPerHour: QUOTA },
	],
];

proveSideBySide([...waitedFor, ...tooLong, ...endless, ...sums, ...quota]);

/** The node, and a promise for the end of its work: n8n itself waits for nothing once it is cancelled. */
function observed() {
	const { promise: ended, resolve } = Promise.withResolvers<void>();
	const execute: INodeType['execute'] = async function (response) {
		try {
			return (await nodeType.execute?.call(this, response)) ?? [];
		} finally {
			resolve();
		}
	};
	return { ended, nodeType: { ...nodeType, execute } };
}

interface Cancellation {
	readonly parameters: INodeParameters;
	readonly items: number;
	readonly options?: SandboxOptions;
	readonly prepare?: (scene: Scene) => void;
	/** Whether it is time to cancel; asked whenever a request arrives or was answered. */
	readonly isTime: (sandbox: Sandbox) => boolean;
}

/** Cancels an execution in the middle and waits until the node has ended, which it would not do for an hour otherwise. */
async function cancelled(
	{ parameters, items, options = {}, prepare = () => undefined, isTime }: Cancellation,
	prove: (scene: Scene) => void,
): Promise<void> {
	const controller = new AbortController();
	let running: Sandbox | undefined;
	const look = () => {
		// The node must have got the answer, too.
		if (running !== undefined && isTime(running)) void settle(20).then(() => controller.abort());
	};
	const now = () => {
		look();
		return Date.now();
	};
	await onSandbox({ ...options, now, log: look }, async (scene) => {
		const { id } = addOld(scene, {});
		running = scene.sandbox;
		prepare(scene);
		const node = observed();
		await scene.run(
			{ ...parameters, options: { maxWait: 86_400 } },
			{
				items: Array.from({ length: items }, (_, index) => ({ id, name: `New ${index}` })),
				settings: CONTINUE,
				signal: controller.signal,
				nodeType: node.nodeType,
			},
		);
		expect(controller.signal.aborted).toBe(true);
		await node.ended;
		prove(scene);
	});
}

describe('Cancelling the execution ends it at once and sends nothing more', () => {
	test.each(IN_TURN)('%s: while it waits for a 429 to pass', async (_, parameters) => {
		await cancelled(
			{
				parameters,
				items: 3,
				prepare: (scene) => pausing(scene, { retryAfter: { seconds: 3600 } }),
				isTime: ({ requests }) => requests[0]?.status === 429,
			},
			({ sandbox }) => expect(sandbox.requests).toHaveLength(1),
		);
	});

	test('while it waits to repeat a read', async () => {
		await cancelled(
			{
				parameters: { operation: 'get', assistantId: OWN_ID },
				items: 2,
				prepare: ({ sandbox }) => sandbox.faults.set([{ effect: { answer: { status: 503 } } }]),
				isTime: ({ requests }) => requests.filter(({ status }) => status === 503).length === 2,
			},
			({ sandbox }) => expect(sandbox.requests).toHaveLength(2),
		);
	});

	test('while a creation is under way and others wait for it; what may exist is not looked for any more', async () => {
		await cancelled(
			{
				parameters: CREATE,
				items: 4,
				prepare: ({ sandbox }) =>
					sandbox.faults.set([{ match: { method: 'POST', nth: 2 }, effect: { stall: 'after' } }]),
				isTime: ({ requests }) => requests.length === 2,
			},
			({ sandbox }) => {
				expect(sandbox.requests.map(({ method }) => method)).toEqual(['POST', 'POST']);
				expect(sandbox.store.assistants().slice(1)).toHaveLength(2);
			},
		);
	});

	test('while eight reads are under way and others wait for a place', async () => {
		await cancelled(
			{
				parameters: { operation: 'get', assistantId: OWN_ID },
				items: 20,
				prepare: ({ sandbox }) => sandbox.faults.set([{ effect: { stall: 'before' } }]),
				isTime: ({ requests }) => requests.length === 8,
			},
			({ sandbox }) => expect(sandbox.requests).toHaveLength(8),
		);
	});

	test("while it waits for the minute's 500 requests to pass", async () => {
		await cancelled(
			{
				parameters: { operation: 'get', assistantId: OWN_ID },
				items: 505,
				isTime: ({ requests }) =>
					requests.length === 500 && requests.every(({ status }) => status !== undefined),
			},
			({ sandbox }) => expect(sandbox.requests).toHaveLength(500),
		);
	});
});
