/** Creations and copies whose answer got lost: nothing exists twice, and nothing that exists is kept silent. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { FaultEffect, FaultMatch, FaultRule, SandboxOptions } from '../../../tools/sandbox/server.mts';
import type { Outcome } from '../harness/engine.mts';
import { faultOf, fieldsOf, locator, subOrganization, textOf } from '../harness/support.mts';
import {
	addOld,
	CONTINUE,
	errorOf,
	JSON_TYPE,
	named,
	proveSideBySide,
	sent,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const POST: FaultMatch = { method: 'POST' };
const FIRST_POST: FaultMatch = { method: 'POST', nth: 1 };
const HTML_TYPE = { 'content-type': 'text/html' };

/** What takes the place of the answer; whether the request is carried out or not is a matter of `when`. */
function lostAnswers(when: 'before' | 'after'): ReadonlyArray<readonly [what: string, effect: FaultEffect]> {
	const answer = (body: string, headers = JSON_TYPE, status = 200): FaultEffect => ({
		answer: { status, body, headers, when },
	});
	return [
		['a connection that breaks', when === 'after' ? { dropAfter: true } : { dropBefore: true }],
		['no answer in time', { stall: when }],
		...[500, 502, 503, 504].map((status) => [`a ${status}`, answer('', JSON_TYPE, status)] as const),
		['an empty answer', answer('')],
		['a 204', answer('', JSON_TYPE, 204)],
		['a web page', answer('<html>Sign in</html>', HTML_TYPE)],
		['broken JSON', answer('{"id":"ast_')],
		['an empty object', answer('{}')],
		['a list', answer('[]')],
		['null', answer('null')],
		['a redirect 303', { redirect: { to: '/login', status: 303, when } }],
	];
}

const CREATE: INodeParameters = {
	operation: 'create',
	name: '={{ $json.name }}',
	config: { instructions: '={{ $json.mark }}' },
};
const COPY: INodeParameters = {
	operation: 'duplicate',
	assistantId: locator('={{ $json.id }}'),
	additionalFields: { name: '={{ $json.name }}' },
};
const MAKERS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['create', CREATE],
	['duplicate', COPY],
];

/** Long enough for an answer on a busy machine. */
const TIMEOUT: INodeParameters = { requestOptions: { timeout: 2000 } };

/** An hour ago; what the node makes is younger. */
function source(scene: Scene) {
	return addOld(scene, { name: 'Original' }).id;
}

function wishing(id: string, ...names: string[]): IDataObject[] {
	return named(...names).map((item, index) => ({ ...item, id, mark: `Mark ${index}` }));
}

/** Everything that the node has made, wherever it is. */
function made({ sandbox: { store } }: Scene) {
	return store
		.organizations()
		.flatMap(({ id }) => store.assistants(id))
		.filter(({ created_at: at }) => Date.parse(at ?? '') > Date.now() - 1_800_000);
}

function idsOf(scene: Scene): string[] {
	return made(scene).map(({ id }) => id);
}

interface Story {
	readonly names: readonly string[];
	readonly faults: readonly FaultRule[];
	readonly setup?: Parameters<Scene['run']>[1];
}

async function tell(scene: Scene, parameters: INodeParameters, { names, faults, setup }: Story) {
	const id = source(scene);
	scene.sandbox.faults.set([...faults]);
	const items = wishing(id, ...names);
	return await scene.run({ ...parameters, ...TIMEOUT }, { items, settings: CONTINUE, ...setup });
}

/** All items made what they say, each just one, and no request was sent twice. */
function expectAllMade(
	scene: Scene,
	{ items, error }: Outcome,
	names: readonly string[],
	posts = names.length,
) {
	expect(error).toBeUndefined();
	expect(items.map(errorOf)).toEqual(names.map(() => undefined));
	expect(items.map(sourceOf)).toEqual(names.map((_, index) => index));
	expect(valuesOf(items, 'name')).toEqual(names);
	expect(valuesOf(items, 'id')).toEqual(idsOf(scene));
	expect(sent(scene, 'POST')).toHaveLength(posts);
}

function expectMayExist(item: INodeExecutionData | undefined, name: string): void {
	const text = item && errorOf(item);
	expect(text).toContain('may have been created');
	expect(text).toContain(`named '${name}'`);
	expect(text).toContain(`[item ${item && sourceOf(item)}]`);
	expect(text).toContain('Run this item again only if it does not exist');
}

/** When what may exist was made at the earliest, as the error tells it. */
function sinceOf(text: string | undefined): number {
	return Date.parse(/created after (\S+Z)/.exec(text ?? '')?.[1] ?? '');
}

const found = MAKERS.flatMap(([operation, parameters]) =>
	lostAnswers('after').map(([what, effect]): Case => {
		return [
			`${operation}: what was made under ${what} is found and returned, after one request`,
			async (scene) => {
				const names = ['One', 'Two'];
				const outcome = await tell(scene, parameters, { names, faults: [{ match: FIRST_POST, effect }] });
				expectAllMade(scene, outcome, names);
				const [lost, fine] = outcome.items;
				expect(Object.keys(lost?.json ?? {})).toEqual(Object.keys(fine?.json ?? {}));
			},
		];
	}),
);

const notFound = MAKERS.flatMap(([operation, parameters]) =>
	lostAnswers('before').map(([what, effect]): Case => {
		return [
			`${operation}: under ${what}, with nothing made, the error says what may exist and since when`,
			async (scene) => {
				const outcome = await tell(scene, parameters, {
					names: ['One', 'Two'],
					faults: [{ match: FIRST_POST, effect }],
				});
				const [lost, fine] = outcome.items;
				expectMayExist(lost, 'One');
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				expect(idsOf(scene)).toEqual([fine?.json.id]);
				expect(sent(scene, 'POST')).toHaveLength(2);
				const [post] = sent(scene, 'POST');
				expect(Math.abs(sinceOf(lost && errorOf(lost)) - (post?.at ?? 0))).toBeLessThan(30_000);
			},
		];
	}),
);

const DROPPED: FaultRule = { match: FIRST_POST, effect: { dropAfter: true } };
const UNDONE: FaultRule = { match: FIRST_POST, effect: { dropBefore: true } };
const HOURS_MS = 5 * 3_600_000;

const CLOCKS: ReadonlyArray<readonly [what: string, offset: number]> = [
	['five hours ahead', HOURS_MS],
	['five hours behind', -HOURS_MS],
];

const clocks = CLOCKS.flatMap(([what, offset]): Case[] => {
	const now = () => Date.now() + offset;
	const addThen = ({ sandbox }: Scene) => {
		const at = new Date(now() - 60_000).toISOString();
		return sandbox.store.add({ name: 'One', created_at: at, updated_at: at }).id;
	};
	const run = async (scene: Scene, fault: FaultRule) => {
		scene.sandbox.faults.set([fault]);
		return await scene.run(CREATE, { items: wishing('', 'One', 'Two'), settings: CONTINUE });
	};
	return [
		[
			`A server clock that is ${what} does not hide what was made, nor lets it be taken for a namesake of a minute ago`,
			async (scene) => {
				const before = addThen(scene);
				const outcome = await run(scene, DROPPED);
				expect(outcome.items.map(errorOf)).toEqual([undefined, undefined]);
				expect([before, ...valuesOf(outcome.items, 'id')]).toEqual(stored(scene, 'id'));
			},
			{ now },
		],
		[
			`The time in the error is that of the server, also when its clock is ${what}`,
			async (scene) => {
				addThen(scene);
				const outcome = await run(scene, UNDONE);
				const [lost] = outcome.items;
				expectMayExist(lost, 'One');
				expect(Math.abs(sinceOf(lost && errorOf(lost)) - now())).toBeLessThan(60_000);
			},
			{ now },
		],
	];
});

const namesakes = MAKERS.flatMap(([operation, parameters]): Case[] => [
	[
		`${operation}: a namesake from before is not taken for what was made`,
		async (scene) => {
			const before = addOld(scene, { name: 'One' });
			const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults: [DROPPED] });
			expectAllMade(scene, outcome, ['One', 'Two']);
			expect(outcome.items[0]?.json.id).not.toBe(before.id);
		},
	],
	[
		`${operation}: a namesake from before is not returned when nothing was made`,
		async (scene) => {
			addOld(scene, { name: 'One' });
			const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults: [UNDONE] });
			expectMayExist(outcome.items[0], 'One');
			expect(made(scene)).toHaveLength(1);
		},
	],
	[
		`${operation}: a namesake that another item of the run has made is not returned twice`,
		async (scene) => {
			const outcome = await tell(scene, parameters, {
				names: ['Same', 'Same'],
				faults: [{ match: { ...POST, nth: 2 }, effect: { dropBefore: true } }],
			});
			expect(outcome.items[0]?.json.id).toBe(made(scene)[0]?.id);
			expectMayExist(outcome.items[1], 'Same');
			expect(made(scene)).toHaveLength(1);
		},
	],
	[
		`${operation}: three items of the same name, all lost after they were made, are returned once each`,
		async (scene) => {
			const names = ['Same', 'Same', 'Same'];
			const faults: FaultRule[] = [{ match: POST, effect: { dropAfter: true } }];
			expectAllMade(scene, await tell(scene, parameters, { names, faults }), names);
		},
	],
	[
		`${operation}: where an uncertain item has the same name nobody can tell whose the found one is`,
		async (scene) => {
			const faults: FaultRule[] = [UNDONE, { match: { ...POST, nth: 1 }, effect: { dropAfter: true } }];
			const outcome = await tell(scene, parameters, { names: ['Same', 'Same'], faults });
			expectMayExist(outcome.items[0], 'Same');
			expectMayExist(outcome.items[1], 'Same');
			expect(sent(scene, 'POST')).toHaveLength(2);
			expect(made(scene)).toHaveLength(1);
		},
	],
	[
		`${operation}: what an uncertain item has made is not returned for a later item of the same name`,
		async (scene) => {
			const faults: FaultRule[] = [
				{ match: { ...POST, nth: 1 }, effect: { dropAfter: true } },
				{ match: { ...POST, nth: 1 }, effect: { dropBefore: true } },
				{ match: { method: 'GET', nth: 1 }, effect: { answer: { status: 403 } } },
			];
			const outcome = await tell(scene, parameters, { names: ['Same', 'Same'], faults });
			expectMayExist(outcome.items[0], 'Same');
			expectMayExist(outcome.items[1], 'Same');
			expect(made(scene)).toHaveLength(1);
		},
	],
	[
		`${operation}: an uncertain item of another name does not matter`,
		async (scene) => {
			const faults: FaultRule[] = [UNDONE, { match: { ...POST, nth: 1 }, effect: { dropAfter: true } }];
			const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults });
			expectMayExist(outcome.items[0], 'One');
			expect(outcome.items[1]?.json.id).toBe(made(scene)[0]?.id);
		},
	],
]);

/** When a POST is answered with nothing, somebody else makes an assistant of that name. */
function whenSomebodyElseMakes(name: string, title: string, prove: Case[1]): Case {
	let scene: Scene | undefined;
	const log: SandboxOptions['log'] = ({ method, status }) => {
		if (method === 'POST' && status === undefined) scene?.sandbox.store.add({ name });
	};
	return [
		title,
		async (given) => {
			scene = given;
			await prove(given);
		},
		{ log },
	];
}

async function expectNobodyCanTell(scene: Scene, parameters: INodeParameters): Promise<void> {
	const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults: [DROPPED] });
	expectMayExist(outcome.items[0], 'One');
	expect(sinceOf(errorOf(outcome.items[0] ?? { json: {} }))).toBeGreaterThan(0);
	expect(stored(scene, 'name').sort()).toEqual(['One', 'One', 'Original', 'Two']);
	expect(sent(scene, 'POST')).toHaveLength(2);
}

/** The sandbox's search finds a longer name too, and one in other capitals. */
async function expectFoundAmongAlike(scene: Scene, parameters: INodeParameters): Promise<void> {
	const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults: [DROPPED] });
	const [, one, , two] = stored(scene, 'id');
	expect(valuesOf(outcome.items, 'id')).toEqual([one, two]);
	expect(valuesOf(outcome.items, 'name')).toEqual(['One', 'Two']);
}

const alike = MAKERS.flatMap(([operation, parameters]) =>
	['One more', 'ONE'].map((name) =>
		whenSomebodyElseMakes(
			name,
			`${operation}: when somebody else has made '${name}' at that moment, 'One' is still found`,
			async (scene) => await expectFoundAmongAlike(scene, parameters),
		),
	),
);

const several = MAKERS.map(([operation, parameters]) =>
	whenSomebodyElseMakes(
		'One',
		`${operation}: when somebody else has made a namesake at that moment, nobody can tell`,
		async (scene) => await expectNobodyCanTell(scene, parameters),
	),
);

/** How the look-up can go; in all of them the one that was made is found. */
const SEARCHES: ReadonlyArray<readonly [what: string, rules: FaultRule[], options: SandboxOptions]> = [
	['works', [], {}],
	['is ignored', [], { search: 'ignored' }],
	[
		'finds nothing',
		[{ match: { method: 'GET', nth: 1 }, effect: { answer: { body: '[]', headers: JSON_TYPE } } }],
		{},
	],
	[
		'finds only others',
		[
			{
				match: { method: 'GET', nth: 1 },
				effect: { answer: { body: '[{"id":"ast_9","name":"one"}]', headers: JSON_TYPE } },
			},
		],
		{},
	],
	['breaks three times', [{ match: { method: 'GET', times: 3 }, effect: { dropBefore: true } }], {}],
	[
		'must wait',
		[{ match: { method: 'GET', nth: 1 }, effect: { answer: { status: 429, retryAfter: { seconds: 1 } } } }],
		{},
	],
	['counts nothing', [], { countHeader: 'absent' }],
	['counts half', [], { countHeader: 'wrong' }],
];

const searches = MAKERS.flatMap(([operation, parameters]) =>
	SEARCHES.map(([what, rules, options]): Case => {
		return [
			`${operation}: what was made is found among 250 others when the API's search ${what}`,
			async (scene) => {
				for (let index = 0; index < 250; index++) addOld(scene, { name: `None ${index}` });
				const names = ['One', 'Two'];
				expectAllMade(scene, await tell(scene, parameters, { names, faults: [DROPPED, ...rules] }), names);
			},
			options,
		];
	}),
);

const LOOK_UPS: ReadonlyArray<readonly [what: string, effect: FaultEffect]> = [
	...[400, 401, 403, 404, 500, 503].map(
		(status) => [`is answered with ${status}`, { answer: { status } }] as const,
	),
	['breaks off', { truncateBody: 5 }],
	['gets a web page', { answer: { body: '<html></html>', headers: HTML_TYPE } }],
	['gets an object', { answer: { body: '{"id":"ast_1","name":"One"}', headers: JSON_TYPE } }],
	['is redirected', { redirect: { to: '/login' } }],
	['must wait too long', { answer: { status: 429, retryAfter: { seconds: 3600 } } }],
	['gets answers without a readable time', { headers: { date: 'Today' } }],
];

const lookUps = MAKERS.flatMap(([operation, parameters]) =>
	LOOK_UPS.map(([what, effect]): Case => {
		return [
			`${operation}: when the look-up ${what}, the error still says that it may exist`,
			async (scene) => {
				const outcome = await tell(scene, parameters, {
					names: ['One', 'Two'],
					faults: [DROPPED, { match: { method: 'GET' }, effect }],
				});
				expectMayExist(outcome.items[0], 'One');
				expect(stored(scene, 'name')).toEqual(['Original', 'One', 'Two']);
				expect(sent(scene, 'POST')).toHaveLength(2);
				expect(outcome.items[1]?.json.name).toBe('Two');
			},
		];
	}),
);

const OUTPUTS: ReadonlyArray<readonly [what: string, parameters: INodeParameters, withKey: boolean]> = [
	['simplified', {}, false],
	['simplified, with the secret key', { options: { includeSecretKey: true } }, true],
	['raw', { simplify: false }, false],
	['raw, with the secret key', { simplify: false, options: { includeSecretKey: true } }, true],
];

const outputs = MAKERS.flatMap(([operation, parameters]) =>
	OUTPUTS.map(([what, extra, withKey]): Case => {
		return [
			`${operation}: what is found is returned like what was answered, ${what}`,
			async (scene) => {
				const generate = operation === 'create' && { additionalFields: { generateSecretKey: withKey } };
				const outcome = await tell(
					scene,
					{ ...parameters, ...extra, ...generate },
					{ names: ['One', 'Two'], faults: [DROPPED] },
				);
				const [lost = {}, fine = {}] = fieldsOf(outcome);
				const [maker] = made(scene);
				expect(Object.keys(lost)).toEqual(Object.keys(fine));
				expect(Object.hasOwn(lost, 'secret_key')).toBe(withKey);
				expect(lost).toMatchObject({
					id: maker?.id,
					name: 'One',
					created_at: maker?.created_at,
					...(withKey && { secret_key: maker?.secret_key }),
				});
				const { secret_key: key, ...rest } = { ...maker };
				const whole = withKey ? { ...rest, secret_key: key } : rest;
				expect(lost).toEqual(extra.simplify === false ? whole : lost);
				if (operation === 'create' && withKey) expect(key).toEqual(expect.stringMatching(/./));
			},
		];
	}),
);

const copies: readonly Case[] = [
	[
		'A copy without a name is not looked for: its error says that it may exist',
		async (scene) => {
			const parameters = { operation: 'duplicate', assistantId: locator('={{ $json.id }}') };
			const outcome = await tell(scene, parameters, { names: ['', ''], faults: [DROPPED] });
			const [lost, fine] = outcome.items;
			expect(lost && errorOf(lost)).toMatch(/may have been created.*\[item 0\].*only if it does not exist/);
			expect(made(scene)).toHaveLength(2);
			expect(made(scene)[1]?.id).toBe(fine?.json.id);
			expect(sent(scene, 'POST')).toHaveLength(2);
		},
	],
	[
		'A copy into another organization is looked for there, and not taken for a namesake here',
		async (scene) => {
			const { store } = scene.sandbox;
			const target = subOrganization(scene);
			store.add({ name: 'One' });
			const parameters: INodeParameters = {
				...COPY,
				additionalFields: { name: '={{ $json.name }}', targetOrganizationId: locator(target) },
			};
			const outcome = await tell(scene, parameters, { names: ['One', 'Two'], faults: [DROPPED] });
			expect(outcome.items.map(errorOf)).toEqual([undefined, undefined]);
			expect(valuesOf(outcome.items, 'id')).toEqual(stored(scene, 'id', target));
			expect(sent(scene, 'POST')).toHaveLength(2);
			for (const { path } of sent(scene, 'GET')) expect(path).toBe(`/orgs/${target}/assistants`);
		},
	],
	[
		'A creation in a sub-organization is looked for there',
		async (scene) => {
			const { store } = scene.sandbox;
			const target = subOrganization(scene);
			const parameters: INodeParameters = { ...CREATE, organizationId: locator(target) };
			const names = ['One', 'Two'];
			expectAllMade(scene, await tell(scene, parameters, { names, faults: [DROPPED] }), names);
			expect(store.assistants(target)).toHaveLength(2);
		},
	],
	[
		'Under On Error: Stop a creation that got lost and was found is a success, and the items after it go on',
		async (scene) => {
			const names = ['One', 'Two', 'Three'];
			const story = { names, faults: [DROPPED], setup: { settings: {} } };
			expectAllMade(scene, await tell(scene, CREATE, story), names);
		},
	],
	[
		'Under On Error: Stop a creation that may exist ends the run, and no item after it is sent',
		async (scene) => {
			const story = { names: ['One', 'Two', 'Three'], faults: [UNDONE], setup: { settings: {} } };
			const fault = faultOf(await tell(scene, CREATE, story));
			expect(textOf(fault)).toMatch(/may have been created.*\[item 0\].*named 'One'/);
			expect(fault.itemIndex).toBe(0);
			expect(sent(scene, 'POST')).toHaveLength(1);
		},
	],
];

const REFUSED_LOOK_UP: FaultRule = {
	match: { method: 'GET', times: 1 },
	effect: { answer: { status: 403 } },
};
const REFUSED_POST: FaultEffect = {
	answer: { status: 422, body: '{"message":"Later"}', headers: JSON_TYPE },
};

/** What goes wrong in the first try for the item at a place, and how many requests there are then in all. */
interface Trial {
	readonly what: string;
	readonly rules: (place: number) => FaultRule[];
	readonly posts: number;
}

const TRIALS: readonly Trial[] = [
	{
		what: 'that got lost and could not be looked for is looked for again and not sent again',
		rules: (place) => [{ match: { ...POST, nth: place + 1 }, effect: { dropAfter: true } }, REFUSED_LOOK_UP],
		posts: 3,
	},
	{
		what: 'that was refused is sent again, and nothing else is',
		rules: (place) => [{ match: { ...POST, nth: place + 1 }, effect: REFUSED_POST }],
		posts: 4,
	},
	{
		what: 'that was refused once and got lost in the second try is found',
		rules: (place) => [
			{ match: { ...POST, nth: place + 1 }, effect: REFUSED_POST },
			{ match: { ...POST, nth: place + 1 }, effect: { dropAfter: true } },
		],
		posts: 4,
	},
];
const WAYS = [
	['stopWorkflow', 2],
	['stopWorkflow', 3],
	['continueRegularOutput', 2],
] as const;

const NAMES = ['One', 'Two', 'Three'];

/** A name that is another one each time it is asked for. */
const EVER_NEW = '={{ $json.name }} {{ Math.random() }}';
const NEW_CREATE: INodeParameters = { ...CREATE, name: EVER_NEW };
const NEW_COPY: INodeParameters = { ...COPY, additionalFields: { name: EVER_NEW } };

const tries = [
	...MAKERS.map(([operation, parameters]) => [operation, parameters, 'the same name'] as const),
	['create', NEW_CREATE, 'another name each time'] as const,
	['duplicate', NEW_COPY, 'another name each time'] as const,
].flatMap(([operation, parameters, naming]) =>
	TRIALS.flatMap(({ what, rules, posts }) =>
		WAYS.flatMap(([onError, maxTries]) =>
			// With errors as output n8n tries again only when the first item is one.
			(onError === 'stopWorkflow' ? [0, 1, 2] : [0]).map((place): Case => {
				return [
					`Retry On Fail, ${maxTries} tries, ${onError}, ${naming}: ${operation}, item ${place}, ${what}`,
					async (scene) => {
						const settings = { onError, retryOnFail: true, maxTries, waitBetweenTries: 1 };
						const story = { names: NAMES, faults: rules(place), setup: { settings } };
						const outcome = await tell(scene, parameters, story);
						expect(outcome.error).toBeUndefined();
						expect(outcome.items.map(errorOf)).toEqual([undefined, undefined, undefined]);
						expect(outcome.items.map(sourceOf)).toEqual([0, 1, 2]);
						expect(valuesOf(outcome.items, 'name')).toEqual([
							expect.stringMatching(/^One\b/),
							expect.stringMatching(/^Two\b/),
							expect.stringMatching(/^Three\b/),
						]);
						expect(valuesOf(outcome.items, 'id').sort()).toEqual(idsOf(scene).sort());
						expect(sent(scene, 'POST')).toHaveLength(posts);
					},
				];
			}),
		),
	),
);

const givenUp = MAKERS.flatMap(([operation, parameters]): Case[] => [
	[
		`Retry On Fail: ${operation}, an item that never becomes certain ends as one that may exist, after one request`,
		async (scene) => {
			const settings = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 };
			const faults: FaultRule[] = [
				{ match: { ...POST, nth: 2 }, effect: { dropAfter: true } },
				{ match: { method: 'GET' }, effect: { answer: { status: 403 } } },
			];
			const outcome = await tell(scene, parameters, { names: NAMES, faults, setup: { settings } });
			expect(textOf(faultOf(outcome))).toMatch(/may have been created.*\[item 1\].*named 'Two'/);
			expect(sent(scene, 'POST')).toHaveLength(2);
			expect(made(scene)).toHaveLength(2);
		},
	],
	[
		`Retry On Fail: ${operation}, an uncertain item and a later one of the same name that succeeded are told apart`,
		async (scene) => {
			const settings = { ...CONTINUE, retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };
			const faults: FaultRule[] = [DROPPED, REFUSED_LOOK_UP];
			const names = ['Same', 'Same'];
			expectAllMade(scene, await tell(scene, parameters, { names, faults, setup: { settings } }), names);
		},
	],
]);

/** What the API refuses or what never left was not carried out: no look-up, and no word that something may exist. */
const certain = [400, 401, 403, 404, 409, 422].map((status): Case => {
	return [
		`A creation that is refused with ${status} is not looked for, and is not said to exist`,
		async (scene) => {
			const faults: FaultRule[] = [{ match: FIRST_POST, effect: { answer: { status } } }];
			const outcome = await tell(scene, CREATE, { names: ['One', 'Two'], faults });
			expect(errorOf(outcome.items[0] ?? { json: {} })).toContain('[item 0]');
			expect(errorOf(outcome.items[0] ?? { json: {} })).not.toContain('may have been created');
			expect(sent(scene, 'GET')).toEqual([]);
			expect(stored(scene, 'name')).toEqual(['Original', 'Two']);
		},
	];
});

proveSideBySide([...found, ...notFound, ...clocks]);
proveSideBySide([...namesakes, ...several, ...alike, ...searches]);
proveSideBySide([...lookUps, ...outputs, ...copies, ...certain]);
proveSideBySide([...tries, ...givenUp]);
