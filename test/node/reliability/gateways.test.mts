/** Gateways that let in few at once, services that ask for time, and answers that are not Invent's. */
import type { INodeParameters } from 'n8n-workflow';

import type { AnswerFault } from '../../../tools/sandbox/faults.mts';
import type { FaultEffect, FaultRule, RecordedRequest } from '../../../tools/sandbox/server.mts';
import {
	addOld,
	CONTINUE,
	errorOf,
	indicesOf,
	JSON_TYPE,
	named,
	sent,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import type { Outcome } from '../harness/engine.mts';
import type { Manners } from '../harness/gateways.mts';
import { throughGateway } from '../harness/gateways.mts';
import { names } from '../harness/stage.mts';
import { locator } from '../harness/support.mts';
import {
	AGAIN_LATER,
	codeOf,
	errorsOf,
	IN_BETWEEN,
	madeIds,
	madeNamed,
	madeNames,
	MAY_EXIST,
	OPERATIONS,
	parametersOf,
	POSTING,
	proveInTime,
	REPEATABLE,
	runThrough,
	twoItems,
} from '../harness/operations.mts';

const OWN_ID = locator('={{ $json.id }}');
const GET: INodeParameters = { operation: 'get', assistantId: OWN_ID };
const READS = 30;
const READ_MS = 30;

const LIMITED: ReadonlyArray<readonly [what: string, manners: Manners]> = [
	['lets in two connections at once and refuses others with 503', { connections: 2, refusal: 503 }],
	['lets in two connections at once and refuses others with 429', { connections: 2, refusal: 429 }],
	['lets in two requests at once and refuses others with 503', { requests: 2, refusal: 503 }],
	['lets in two requests at once and refuses others with 429', { requests: 2, refusal: 429 }],
	['lets in one request at once and refuses others with 503', { requests: 1, refusal: 503 }],
];

function manyItems(scene: Scene) {
	return Array.from({ length: READS }, (_, index) => ({ id: addOld(scene, { name: `Old ${index}` }).id }));
}

const few = LIMITED.flatMap(([what, limit]): Case[] => {
	return [
		[
			`A gateway that ${what}: of thirty reads of 30 ms none is lost`,
			async (scene) => {
				const items = manyItems(scene);
				const { outcome } = await runThrough(scene, { ...limit, latencyMs: READ_MS }, GET, { items });
				expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
				expect(outcome.items.map(sourceOf)).toEqual(indicesOf(items));
				expect(valuesOf(outcome.items, 'id')).toEqual(items.map(({ id }) => id));
			},
		],
		[
			`A gateway that ${what}: two executions side by side read all they want`,
			async (scene) => {
				const items = manyItems(scene);
				await throughGateway(scene.sandbox.url, { ...limit, latencyMs: READ_MS }, async ({ url }) => {
					const credential = { ...scene.credential, baseUrl: url };
					const half = async (part: typeof items) =>
						await scene.run(GET, { items: part, credential, settings: CONTINUE });
					const outcomes = await Promise.all([half(items.slice(0, 15)), half(items.slice(15))]);
					expect(outcomes.flatMap(errorsOf).filter(Boolean)).toEqual([]);
					expect(outcomes.flatMap(({ items: found }) => valuesOf(found, 'id'))).toEqual(
						items.map(({ id }) => id),
					);
				});
			},
		],
	];
});

const whole: Case = [
	'A gateway that lets in two requests at once and refuses others with 503: a list of 2,000 comes whole',
	async (scene) => {
		const manners = { requests: 2, latencyMs: READ_MS };
		const { outcome } = await runThrough(scene, manners, parametersOf('getAll'), { items: [{}] });
		expect(valuesOf(outcome.items, 'id')).toEqual(stored(scene, 'id'));
	},
	{ assistants: 2000 },
];

const WAIT_MS = 2000;
/** Two seconds, as both forms tell them; a date has whole seconds. */
const WAITS: ReadonlyArray<
	readonly [form: string, retryAfter: AnswerFault['retryAfter'], atLeastMs: number]
> = [
	['in seconds', { seconds: 2 }, WAIT_MS - 50],
	['as a date', { seconds: 3, as: 'http-date' }, WAIT_MS - 50],
];
const HOUR: AnswerFault['retryAfter'] = { seconds: 3600 };

function busy(retryAfter: AnswerFault['retryAfter'], more: Partial<AnswerFault> = {}): FaultEffect {
	return { answer: { status: 503, retryAfter, ...more } };
}

function isAnswered({ status }: RecordedRequest): boolean {
	return status === 200;
}

const waitedFor = REPEATABLE.flatMap(([operation, method]) =>
	WAITS.map(([form, retryAfter, atLeastMs]): Case => {
		return [
			`${operation}: a 503 with a Retry-After ${form} is waited for as it says, then the request succeeds`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method, times: 2 }, effect: busy(retryAfter) }]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
				const [first, ...others] = sent(scene, method);
				const again = others.find(isAnswered);
				expect((again?.at ?? 0) - (first?.at ?? Infinity)).toBeGreaterThan(atLeastMs);
			},
		];
	}),
);

const tooLong = [...REPEATABLE].flatMap(([operation, method]): Case[] => {
	return [
		[
			`${operation}: a 503 with a Retry-After that is longer than Max Wait ends the item, and it is not sent again before`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method }, effect: busy(HOUR) }]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(sent(scene, method).length).toBeLessThanOrEqual(2);
				expect(errorsOf(outcome)).toEqual([
					expect.stringContaining('[item 0]'),
					expect.stringContaining('[item 1]'),
				]);
				expect(outcome.items[0]?.json).toMatchObject({ errorCode: 'unavailable', httpStatus: 503 });
			},
		],
		[
			`${operation}: with a Max Wait of 0 a 503 with a Retry-After of a second is not waited for`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method }, effect: busy({ seconds: 1 }) }]);
				const parameters = { ...parametersOf(operation), options: { maxWait: 0 } };
				const outcome = await scene.run(parameters, { items, settings: CONTINUE });
				expect(sent(scene, method).length).toBeLessThanOrEqual(2);
				expect(errorsOf(outcome)).toEqual([expect.any(String), expect.any(String)]);
			},
		],
	];
});

/** What makes something that has a name, so that it can be looked for. */
const MAKERS = ['create', 'duplicate', 'upsert'] as const;

/** The reads that came between two requests. */
function looksBetween({ sandbox: { requests } }: Scene, first?: RecordedRequest, second?: RecordedRequest) {
	const isBetween = (at: number) =>
		first !== undefined &&
		second !== undefined &&
		at > requests.indexOf(first) &&
		at < requests.indexOf(second);
	return requests.filter(({ method }, at) => method === 'GET' && isBetween(at));
}

const creations = MAKERS.flatMap((operation): Case[] => {
	return [
		...WAITS.map(([form, retryAfter, atLeastMs]): Case => {
			return [
				`${operation}: after a 503 with a Retry-After ${form}, with nothing made, it waits, looks, and is sent again once`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: busy(retryAfter) }]);
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(errorsOf(outcome)).toEqual([undefined, undefined]);
					expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
					expect(valuesOf(outcome.items, 'name')).toEqual(['One', 'Two']);
					const posts = sent(scene, 'POST');
					expect(posts).toHaveLength(3);
					const looks = looksBetween(scene, posts[0], posts[1]);
					expect(looks.length).toBeGreaterThan(0);
					expect((looks[0]?.at ?? 0) - (posts[0]?.at ?? Infinity)).toBeGreaterThan(atLeastMs);
				},
			];
		}),
		[
			`${operation}: after a 503 with a Retry-After, although it was carried out, it is found and not sent again`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([
					{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 1 }, { when: 'after' }) },
				]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
				expect(sent(scene, 'POST')).toHaveLength(2);
			},
		],
		[
			`${operation}: where it can't be looked for after a 503 with a Retry-After, it is not sent again`,
			async (scene) => {
				const items = twoItems(scene);
				const before = stored(scene, 'id');
				scene.sandbox.faults.set([
					{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 1 }) },
					// Create or Update reads the list before it sends anything.
					{
						match: { method: 'GET', nth: operation === 'upsert' ? 3 : 1, times: 99 },
						effect: { answer: { status: 403 } },
					},
				]);
				const outcome = await scene.run(parametersOf(operation), {
					items: items.slice(0, 1),
					settings: CONTINUE,
				});
				expect(sent(scene, 'POST').length).toBeLessThanOrEqual(1);
				expect(madeNames(scene)).toEqual([]);
				expect(stored(scene, 'id')).toEqual(before);
				expect(errorsOf(outcome)).toEqual([expect.any(String)]);
			},
		],
		[
			`${operation}: a 503 with a Retry-After two times, with nothing made, still ends with one of each`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([
					{ match: { method: 'POST', nth: 1, times: 2 }, effect: busy({ seconds: 1 }) },
				]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(madeNames(scene)).toEqual(['One', 'Two']);
				expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
			},
		],
		[
			`${operation}: after a 503 with a Retry-After longer than Max Wait the outcome is unknown, and nothing is sent again`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: busy(HOUR) }]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(sent(scene, 'POST').length).toBeLessThanOrEqual(2);
				expect(madeNamed(scene, 'One')).toEqual([]);
				expect(errorsOf(outcome)[0]).toMatch(MAY_EXIST);
				expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('outcome_unknown');
			},
		],
		[
			`${operation}: after a 503 with a Retry-After as long as Max Wait, it is sent again`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 1 }) }]);
				const parameters = { ...parametersOf(operation), options: { maxWait: 1 } };
				const outcome = await scene.run(parameters, { items, settings: CONTINUE });
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(madeNames(scene)).toEqual(['One', 'Two']);
			},
		],
		...['a 503 without Retry-After', 'a 502 with a Retry-After'].map((what): Case => [
			`${operation}: after ${what}, with nothing made, the outcome is unknown and it is sent once`,
			async (scene) => {
				const items = twoItems(scene);
				const effect = what.includes('502') ? busy({ seconds: 1 }, { status: 502 }) : busy(undefined);
				scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect }]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(sent(scene, 'POST')).toHaveLength(2);
				expect(errorsOf(outcome)).toEqual([expect.stringMatching(MAY_EXIST), undefined]);
				expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('outcome_unknown');
			},
		]),
	];
});

const found: Case = [
	'What was created in spite of a 503 is found by one search',
	async (scene) => {
		scene.sandbox.faults.set([
			{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 1 }, { when: 'after' }) },
		]);
		const outcome = await scene.run(parametersOf('create'), { items: named('One', 'Two') });
		expect(valuesOf(outcome.items, 'name')).toEqual(['One', 'Two']);
		expect(sent(scene, 'GET')).toHaveLength(1);
	},
];

const held: Case = [
	'The wait that a 503 to a creation demands holds back other creations, too',
	async (scene) => {
		scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 2 }) }]);
		await scene.run(parametersOf('create'), { items: named(...names(30)), settings: CONTINUE });
		const posts = sent(scene, 'POST');
		expect(posts).toHaveLength(31);
		const early = posts.filter(({ at }) => at < (posts[0]?.at ?? 0) + WAIT_MS - 50);
		expect(early.length).toBeLessThan(20);
	},
];

const nameless: Case = [
	'A copy without a name, which nobody could find, is not sent again after a 503 with a Retry-After',
	async (scene) => {
		const items = twoItems(scene);
		scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: busy({ seconds: 1 }) }]);
		const outcome = await scene.run(
			{ operation: 'duplicate', assistantId: OWN_ID },
			{ items, settings: CONTINUE },
		);
		expect(sent(scene, 'POST')).toHaveLength(2);
		expect(errorsOf(outcome)).toEqual([expect.stringMatching(MAY_EXIST), undefined]);
	},
];

proveInTime([...few, whole], 30_000);
proveInTime([...waitedFor, ...tooLong, ...creations, found, held, nameless]);

const PAGE =
	'<!DOCTYPE html><html><head><title>Gate</title></head><body><h1>Gate 7 says no</h1></body></html>';
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };
const BASE = '/gate/invent';
/** What a proxy answers with a web page, and the codes that tell it; none of these passes by itself. */
const LASTING: ReadonlyArray<readonly [status: number, codes: readonly string[]]> = [
	[401, ['unauthorized', 'unexpected_response']],
	[403, ['forbidden', 'unexpected_response']],
	[404, ['not_found', 'unexpected_response']],
	[407, ['rejected', 'unexpected_response']],
	[413, ['rejected', 'unexpected_response']],
];

const pages = OPERATIONS.flatMap(([operation, parameters]) =>
	LASTING.map(([status, codes]): Case => {
		return [
			`${operation}: a web page with status ${status} is said to be perhaps that of something in between, for good`,
			async (scene) => {
				const items = twoItems(scene);
				const answer = () => ({ status, headers: HTML_TYPE, body: PAGE });
				const { outcome, gateway } = await runThrough(scene, { answer }, parameters, { items });
				expect(errorsOf(outcome)).toEqual([
					expect.stringMatching(IN_BETWEEN),
					expect.stringMatching(IN_BETWEEN),
				]);
				for (const text of errorsOf(outcome)) {
					expect(text).not.toMatch(AGAIN_LATER);
					expect(text).not.toMatch(MAY_EXIST);
					if (status === 404) expect(text).toContain(BASE);
				}
				expect(gateway.seen.length).toBeLessThanOrEqual(2);
				expect(scene.sandbox.requests).toEqual([]);
				for (const item of outcome.items) {
					expect(codes).toContain(codeOf(item));
					expect(item.json.httpStatus).toBe(status);
				}
			},
			{ basePath: BASE },
		];
	}),
);

const nothingThere = OPERATIONS.map(([operation, parameters]): Case => {
	return [
		`${operation}: a 404 of an address that is not the API's names the path of the Base URL`,
		async (scene) => {
			const items = twoItems(scene);
			const credential = { ...scene.credential, baseUrl: `${scene.sandbox.url}/wrong/place` };
			const answer: FaultEffect = {
				answer: { status: 404, body: '{"message":"Not Found"}', headers: JSON_TYPE },
			};
			scene.sandbox.faults.set([{ effect: answer }]);
			const outcome = await scene.run(parameters, { items, credential, settings: CONTINUE });
			const violations = scene.sandbox.requests.splice(0);
			expect(violations.length).toBeGreaterThan(0);
			if (['create', 'getAll', 'upsert'].includes(operation)) {
				for (const text of errorsOf(outcome)) expect(text).toContain('/wrong/place');
			}
			for (const text of errorsOf(outcome)) expect(text).not.toMatch(AGAIN_LATER);
		},
	];
});

/** JSON that ends in the middle, in an answer that is whole. */
const CUT_OFF: AnswerFault = { status: 200, body: '{"id":"ast_1","name":"Ha', headers: JSON_TYPE };
const CUT_OFF_LIST: AnswerFault = { status: 200, body: '[{"id":"ast_1","name":"Ha', headers: JSON_TYPE };

const cutOff = [
	...REPEATABLE.flatMap(([operation, method]): Case[] => {
		const answer = operation === 'getAll' ? CUT_OFF_LIST : CUT_OFF;
		return [
			[
				`${operation}: JSON that ends in the middle of a 200 is asked for again, and the answer then counts`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set([{ match: { method, times: 2 }, effect: { answer } }]);
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
					expect([...new Set(outcome.items.map(sourceOf))]).toEqual([0, 1]);
				},
			],
			[
				`${operation}: JSON that ends in the middle each time is an error, after a few requests`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set([{ match: { method }, effect: { answer } }]);
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(errorsOf(outcome)).toEqual([expect.any(String), expect.any(String)]);
					expect(sent(scene, method).length).toBeGreaterThan(2);
					expect(sent(scene, method).length).toBeLessThanOrEqual(10);
					expect(['unavailable', 'unexpected_response']).toContain(codeOf(outcome.items[0] ?? { json: {} }));
				},
			],
		];
	}),
	...MAKERS.flatMap((operation): Case[] => {
		return [
			[
				`${operation}: JSON that ends in the middle after a POST is a lost answer, and what was made is found`,
				async (scene) => {
					const items = twoItems(scene);
					const effect: FaultEffect = { answer: { ...CUT_OFF, when: 'after' } };
					scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect }]);
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(errorsOf(outcome)).toEqual([undefined, undefined]);
					expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
					expect(sent(scene, 'POST')).toHaveLength(2);
				},
			],
			[
				`${operation}: JSON that ends in the middle after a POST that made nothing leaves the outcome unknown`,
				async (scene) => {
					const items = twoItems(scene);
					scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect: { answer: CUT_OFF } }]);
					const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
					expect(errorsOf(outcome)).toEqual([expect.stringMatching(MAY_EXIST), undefined]);
					expect(sent(scene, 'POST')).toHaveLength(2);
					expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('outcome_unknown');
				},
			],
		];
	}),
	[
		'rotateKey: JSON that ends in the middle once ends with the key that is in force',
		async (scene) => {
			const items = twoItems(scene);
			const effect: FaultEffect = { answer: { ...CUT_OFF, when: 'after' } };
			scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect }]);
			const outcome = await scene.run(parametersOf('rotateKey'), { items, settings: CONTINUE });
			expect(errorsOf(outcome)).toEqual([undefined, undefined]);
			expect(valuesOf(outcome.items, 'secret_key')).toEqual(stored(scene, 'secret_key'));
		},
	] satisfies Case,
];

/** More than Node.js takes of an answer's headers. */
const LONG_HEADER = { ...JSON_TYPE, 'x-trace': 'a'.repeat(100_000) };

const oversized: Case[] = [
	...OPERATIONS.map(([operation, parameters]): Case => {
		return [
			`${operation}: an answer with oversized headers is told as such, and not to pass by itself`,
			async (scene) => {
				const items = twoItems(scene);
				const effect: FaultEffect = { answer: { status: 400, headers: LONG_HEADER, body: '{}' } };
				scene.sandbox.faults.set([{ effect }]);
				const outcome = await scene.run(parameters, { items, settings: CONTINUE });
				for (const text of errorsOf(outcome)) {
					expect(text).toMatch(/headers/i);
					expect(text).toMatch(IN_BETWEEN);
					expect(text).not.toMatch(AGAIN_LATER);
				}
			},
		];
	}),
	...(['create', 'duplicate'] as const).map((operation): Case => {
		return [
			`${operation}: what was made is found where the answer had oversized headers`,
			async (scene) => {
				const items = twoItems(scene);
				const effect: FaultEffect = {
					answer: { status: 200, headers: LONG_HEADER, body: '{}', when: 'after' },
				};
				scene.sandbox.faults.set([{ match: { method: 'POST', nth: 1 }, effect }]);
				const outcome = await scene.run(parametersOf(operation), { items, settings: CONTINUE });
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(valuesOf(outcome.items, 'id')).toEqual(madeIds(scene));
				expect(sent(scene, 'POST')).toHaveLength(2);
			},
		];
	}),
];

const passing = POSTING.map((operation): Case => {
	return [
		`${operation}: a web page with status 502 says that something in between may have answered, and that it may have been carried out`,
		async (scene) => {
			const items = twoItems(scene);
			const rules: FaultRule[] = [
				{ match: { method: 'POST' }, effect: { answer: { status: 502, headers: HTML_TYPE, body: PAGE } } },
			];
			scene.sandbox.faults.set(rules);
			const outcome = await scene.run(parametersOf(operation), {
				items: items.slice(0, 1),
				settings: CONTINUE,
			});
			expect(errorsOf(outcome)).toEqual([expect.stringMatching(MAY_EXIST)]);
			expect(errorsOf(outcome)).toEqual([expect.stringMatching(IN_BETWEEN)]);
			expect(codeOf(outcome.items[0] ?? { json: {} })).toBe('outcome_unknown');
		},
	];
});

proveInTime([...pages, ...nothingThere]);
proveInTime([...cutOff, ...oversized, ...passing]);

/** The names that an execution returns. */
function namesOf({ items }: Outcome): unknown[] {
	return items.filter((item) => errorOf(item) === undefined).map(({ json }) => json.name);
}

proveInTime([
	[
		'What a gateway refuses for its number is sent again by a creation only if it is not there, so each exists once',
		async (scene) => {
			const manners: Manners = { requests: 1, latencyMs: READ_MS };
			await throughGateway(scene.sandbox.url, manners, async ({ url }) => {
				const credential = { ...scene.credential, baseUrl: url };
				const create = async (...names: string[]) =>
					await scene.run(parametersOf('create'), { items: named(...names), credential, settings: CONTINUE });
				const outcomes = await Promise.all([create('A', 'B', 'C'), create('D', 'E', 'F')]);
				const made = stored(scene, 'name').sort();
				expect(new Set(made).size).toBe(made.length);
				expect(outcomes.flatMap(namesOf).sort()).toEqual(made);
			});
		},
	],
]);
