/** What Retry On Fail, which runs the whole node again, may not do twice, lose or mix up. */
import { locator } from '../harness/support.mts';
import {
	CONTINUE,
	errorOf,
	named,
	proveSideBySide,
	sent,
	sourceOf,
	stored,
	valuesOf,
} from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { watchedNode } from '../harness/engine.mts';
import {
	CREATE,
	CREATE_OR_THROW,
	EVERY_TRY,
	inShort,
	NAME_OR_THROW,
	postedNames,
	RETRY,
	RETRY_AND_CONTINUE,
	settled,
	subOrganizationOf,
	throwing,
	UPSERT,
} from '../harness/stage.mts';

const TRIES = [1, 2, 3];
const ORDER = ['One', 'Two', 'Three'];
/** Some of the tries, each possible choice. */
const CHOICES = TRIES.reduce<number[][]>(
	(choices, one) => [...choices, ...choices.map((choice) => [...choice, one])],
	[[]],
);

function inWords(tries: readonly number[]): string {
	return tries.length === 0 ? 'no try' : `try ${tries.join(' and ')}`;
}

/** The first item is refused in all tries but the last one, so that the engine tries again. */
function refuseFirst(scene: Scene, times = TRIES.length - 1): string {
	const organization = subOrganizationOf(scene);
	const match = { method: 'POST', path: `/orgs/${organization}/`, times };
	scene.sandbox.faults.set([{ match, effect: { answer: { status: 400 } } }]);
	return organization;
}

interface Dropping {
	readonly two: readonly number[];
	readonly three: readonly number[];
	readonly operation?: string;
	readonly onError?: 'continueRegularOutput' | 'continueErrorOutput';
}

/** Runs three items of which the engine drops the second and the third in some tries. */
async function expectNothingMixedUp(
	scene: Scene,
	{ two, three, operation = 'create', onError = 'continueRegularOutput' }: Dropping,
): Promise<void> {
	const organization = refuseFirst(scene);
	const node = watchedNode();
	const items = [
		{ name: 'One', organization },
		throwing(node, two, { name: 'Two' }),
		throwing(node, three, { name: 'Three' }),
	];
	const { error, items: outputs } = await scene.run(
		{ ...CREATE_OR_THROW, operation },
		{ items, settings: { ...RETRY, onError }, nodeType: node.nodeType },
	);
	expect(error).toBeUndefined();
	expect(node.tries).toBe(TRIES.length);
	const made = [...stored(scene, 'name'), ...stored(scene, 'name', organization)];
	const sendable = ['One', two.length < TRIES.length && 'Two', three.length < TRIES.length && 'Three'];
	expect(made.sort()).toEqual(sendable.filter(Boolean).sort());
	const named = ['One', two.includes(3) ? 'error' : 'Two', three.includes(3) ? 'error' : 'Three'];
	const isSplit = onError === 'continueErrorOutput';
	expect(outputs.map(inShort)).toEqual(isSplit ? named.filter((name) => name !== 'error') : named);
	const ids = new Map(
		[...scene.sandbox.store.assistants(), ...scene.sandbox.store.assistants(organization)].map((one) => [
			one.name,
			one.id,
		]),
	);
	for (const item of outputs.filter((output) => errorOf(output) === undefined)) {
		expect(item.json.id).toBe(ids.get(ORDER[sourceOf(item)] ?? ''));
		expect(item.json.name).toBe(ORDER[sourceOf(item)]);
	}
}

const dropped = CHOICES.flatMap((two) =>
	CHOICES.map((three): Case => [
		`Create with Retry On Fail and Continue: every name is created once and every output belongs to its own item, when the second item's expression throws in ${inWords(two)} and the third one's in ${inWords(three)} of three`,
		async (scene) => await expectNothingMixedUp(scene, { two, three }),
	]),
);

const droppedOtherwise: Case[] = [
	[
		'Create or Update with Retry On Fail and Continue: every name is created once and every output belongs to its own item, when the engine drops the second item in the first try',
		async (scene) => await expectNothingMixedUp(scene, { two: [1], three: [], operation: 'upsert' }),
	],
	[
		'Create with Retry On Fail and an error output: every name is created once and every output belongs to its own item, when the engine drops the second item in the first try and the third one in the second',
		async (scene) =>
			await expectNothingMixedUp(scene, { two: [1], three: [2], onError: 'continueErrorOutput' }),
	],
	[
		'Rotate Key with Retry On Fail and Continue: every output belongs to its own item, when the engine drops the second item in the first try',
		async (scene) => {
			const [one, two, three] = ['One', 'Two', 'Three'].map((name) => scene.sandbox.store.add({ name }));
			const node = watchedNode();
			const match = { method: 'POST', path: String(one?.id), times: 1 };
			scene.sandbox.faults.set([{ match, effect: { answer: { status: 400 } } }]);
			const items = [
				{ name: 'One', id: one?.id },
				throwing(node, [1], { name: 'Two', id: two?.id }),
				{ name: 'Three', id: three?.id },
			];
			const assistantId = locator("={{ $json.throws ? $('Nowhere').first().json.id : $json.id }}");
			const outcome = await scene.run(
				{ operation: 'rotateKey', assistantId },
				{ items, settings: RETRY_AND_CONTINUE, nodeType: node.nodeType },
			);
			expect(valuesOf(outcome.items, 'id')).toEqual([one?.id, two?.id, three?.id]);
			expect(valuesOf(outcome.items, 'secret_key')).toEqual(stored(scene, 'secret_key'));
		},
	],
];

/** The first try makes the second item only; in the second one the first item meets the quota. */
function quotaInSecondTry({ sandbox }: Scene): void {
	sandbox.faults.set([
		{ match: { method: 'POST', nth: 1 }, effect: { answer: { status: 400 } } },
		{ match: { method: 'POST', nth: 2 }, effect: { answer: { status: 429, retryAfter: { seconds: 3600 } } } },
	]);
}

const quota = ['create', 'upsert'].flatMap((operation) => [
	[
		`${operation} with Retry On Fail and Continue: what one try made is output by its item, also when the next try's first item meets the quota`,
		async (scene: Scene) => {
			quotaInSecondTry(scene);
			const outcome = await scene.run(
				{ ...CREATE, operation },
				{ items: named('One', 'Two'), settings: { ...RETRY_AND_CONTINUE, maxTries: 2 } },
			);
			expect(postedNames(scene)).toEqual(['One', 'Two', 'One']);
			expect(outcome.items.map(inShort)).toEqual(['error', 'Two']);
			expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			expect(outcome.items[1]?.json.id).toBe(scene.sandbox.store.assistants()[0]?.id);
		},
	] satisfies Case,
	[
		`${operation} with Retry On Fail and an error output: what one try made leaves by the first output, also when the next try's first item meets the quota`,
		async (scene: Scene) => {
			quotaInSecondTry(scene);
			const outcome = await scene.run(
				{ ...CREATE, operation },
				{
					items: named('One', 'Two'),
					settings: { ...RETRY, maxTries: 2, onError: 'continueErrorOutput' },
				},
			);
			expect(outcome.items.map(inShort)).toEqual(['Two']);
			expect(outcome.items.map(sourceOf)).toEqual([1]);
			expect(outcome.refused.map(sourceOf)).toEqual([0]);
		},
	] satisfies Case,
]);

const remembered: Case[] = [
	[
		"Retry On Fail of Create or Update lists nobody twice: an item that uses the first try's creation succeeds in the second try",
		async (scene) => {
			const organization = refuseFirst(scene, 1);
			const items = [{ name: 'Refused', organization }, { name: 'New' }, { name: 'New' }];
			const outcome = await scene.run(
				{ ...UPSERT, organizationId: locator("={{ $json.organization ?? 'c' }}") },
				{ items, settings: RETRY_AND_CONTINUE },
			);
			expect(outcome.items.map(inShort)).toEqual(['Refused', 'New', 'New']);
			expect(stored(scene, 'name')).toEqual(['New']);
			expect(postedNames(scene)).toEqual(['Refused', 'New', 'Refused']);
		},
	],
	[
		'Retry On Fail of Create and Stop: after a failure of the last item the others are not created again',
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', nth: 3, times: 2 }, effect: { answer: { status: 400 } } },
			]);
			const outcome = await scene.run(CREATE, { items: named('One', 'Two', 'Three'), settings: RETRY });
			expect(outcome.error).toBeUndefined();
			expect(postedNames(scene)).toEqual(['One', 'Two', 'Three', 'Three', 'Three']);
			expect(outcome.items.map(inShort)).toEqual(['One', 'Two', 'Three']);
		},
	],
	[
		'Retry On Fail of Create: a creation whose answer got lost is looked for again in the next try, and not sent again, also when the name is another one then',
		async (scene) => {
			const node = watchedNode();
			scene.sandbox.faults.set([
				{ match: { method: 'POST' }, effect: { dropAfter: true } },
				{ match: { method: 'GET', times: 1 }, effect: { answer: { status: 403 } } },
			]);
			const item = Object.defineProperty({}, 'name', {
				enumerable: true,
				get: () => (node.tries === 0 ? 'None' : `Name ${node.tries}`),
			});
			const outcome = await scene.run(CREATE, { items: [item], settings: RETRY, nodeType: node.nodeType });
			expect(outcome.error).toBeUndefined();
			expect(node.tries).toBe(2);
			expect(postedNames(scene)).toEqual(['Name 1']);
			expect(outcome.items.map(inShort)).toEqual(['Name 1']);
		},
	],
];

const EMPTY_LIST = { body: '[]', headers: { 'content-type': 'application/json', 'pagination-count': '0' } };

const unknown: Case[] = [
	[
		'Create or Update: while the outcome of a creation is unknown, a later item of that name sends none, even if the list does not show the first one yet',
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 1 }, effect: { dropAfter: true } },
				{ match: { operationId: 'listAssistants' }, effect: { answer: EMPTY_LIST } },
			]);
			const outcome = await scene.run(UPSERT, { items: named('New', 'New', 'Other'), settings: CONTINUE });
			expect(postedNames(scene)).toEqual(['New', 'Other']);
			expect(outcome.items.map(inShort)).toEqual(['error', 'error', 'Other']);
		},
	],
	[
		"Create or Update: while the outcome of a creation is unknown because the list can't be read, a later item of that name makes no second one when it can",
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 1 }, effect: { dropAfter: true } },
				{ match: { operationId: 'listAssistants', nth: 2 }, effect: { answer: { status: 403 } } },
			]);
			const outcome = await scene.run(UPSERT, { items: named('New', 'New'), settings: CONTINUE });
			expect(postedNames(scene)).toEqual(['New']);
			expect(stored(scene, 'name')).toEqual(['New']);
			expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			expect(outcome.items.map(inShort)[0]).toBe('error');
		},
	],
	[
		'Create or Update with Retry On Fail: an unknown outcome of the first try keeps the next tries from a second creation of that name, even if the list never shows the first one',
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 1 }, effect: { dropAfter: true } },
				{ match: { operationId: 'listAssistants' }, effect: { answer: EMPTY_LIST } },
			]);
			const outcome = await scene.run(UPSERT, { items: named('New', 'New'), settings: RETRY_AND_CONTINUE });
			expect(postedNames(scene)).toEqual(['New']);
			expect(outcome.items.map(inShort)).toEqual(['error', 'error']);
		},
	],
];

const refused: Case[] = [
	[
		'An item whose expression throws in every try sends nothing, and keeps nothing of the others from being sent, on errors continue',
		async (scene) => {
			const node = watchedNode();
			const items = [throwing(node, EVERY_TRY, { name: 'One' }), { name: 'Two' }];
			const outcome = await scene.run(
				{ operation: 'create', name: NAME_OR_THROW },
				{ items, settings: RETRY_AND_CONTINUE, nodeType: node.nodeType },
			);
			expect(postedNames(scene)).toEqual(['Two']);
			expect(outcome.items.map(inShort)).toEqual(['error', 'Two']);
		},
	],
	[
		'A later item with more fields that is refused stops the earlier ones before anything is sent, on errors stop',
		async (scene) => {
			const items = [
				{ name: 'Few' },
				{ name: 'More', language: 'en', instructions: 'Be kind.', banner: 'Hello', enabled: 'perhaps' },
			];
			const outcome = await scene.run(
				{
					...CREATE,
					additionalFields: { avatarId: '={{ $json.avatar }}', enabled: '={{ $json.enabled }}' },
					config: { instructions: '={{ $json.instructions }}', language: '={{ $json.language }}' },
					conversation: { welcomeBanner: '={{ $json.banner }}' },
				},
				{ items },
			);
			expect(outcome.error?.message).toContain('[item 1]');
			expect(outcome.error?.message).toContain("'Enabled'");
			await settled(scene);
			expect(sent(scene, 'POST')).toEqual([]);
		},
	],
];

proveSideBySide([...dropped, ...droppedOtherwise, ...quota, ...remembered, ...unknown, ...refused]);
