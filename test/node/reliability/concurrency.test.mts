/** Executions that run side by side in one process: who goes first, and who may not undo whose work. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { loadList, watchedNode } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';
import { addOld, CONTINUE, errorOf, proveSideBySide, sent, stored } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import { awaiting, CREATE, GET, inShort, names, OWN_ID, postedNames, UPSERT } from '../harness/stage.mts';

/** Long enough for others to get in line before the requests that are under way are answered. */
const SLOW = { latencyMs: 500 };
/** More than the node has under way at the same time. */
const MANY = 60;

/** Items that each read the same assistant, marked by a path of their own where it matters who asks. */
function reads(scene: Scene, count: number): IDataObject[] {
	const { id } = addOld(scene, { name: 'There' });
	return Array<IDataObject>(count).fill({ id });
}

/** Whoever asks for an assistant of its own is seen in the paths. */
function asksFor(scene: Scene, id: unknown): number {
	return scene.sandbox.requests.findIndex(({ path }) => path.endsWith(`/${String(id)}`));
}

const turns: Case[] = [
	awaiting(
		'A single Get beside an execution of 1,060 others has its answer while hundreds of the others still wait',
		async (scene, until) => {
			const single = addOld(scene, { name: 'Single' });
			const all = new AbortController();
			const many = scene.run(GET, { items: reads(scene, 1060), settings: CONTINUE, signal: all.signal });
			await until(() => scene.sandbox.requests.length >= 20);
			const one = scene.run(GET, { items: [{ id: single.id }] });
			const first = await Promise.race([
				one.then(() => 'the single one'),
				until(() => scene.sandbox.requests.length >= 400).then(() => 'hundreds of the others'),
			]);
			all.abort();
			await many;
			expect(first).toBe('the single one');
			expect((await one).items.map(inShort)).toEqual(['Single']);
		},
		{ latencyMs: 5 },
	),
	awaiting(
		'Three executions that wait for room are served in turn, not one after the other',
		async (scene, until) => {
			const own = names(3, 'Own').map((name) => addOld(scene, { name }).id);
			const first = scene.run(GET, { items: reads(scene, 16) });
			await until(() => scene.sandbox.requests.length > 0);
			const others = own.map(
				async (id) => await scene.run(GET, { items: Array<IDataObject>(24).fill({ id }) }),
			);
			await Promise.all([first, ...others]);
			const order = scene.sandbox.requests
				.map(({ path }) => own.findIndex((id) => path.endsWith(id)))
				.filter((at) => at >= 0);
			// Each of the three has had its turn before any of them has had many.
			for (const [at] of own.entries()) expect(order.slice(0, 12)).toContain(at);
			const lastOfFirst = order.lastIndexOf(0);
			for (const [at] of own.entries()) expect(order.indexOf(at)).toBeLessThan(lastOfFirst);
			expect(order).toHaveLength(72);
		},
		{ latencyMs: 40 },
	),
	awaiting(
		'A creation of another execution leaves while an execution of a hundred creations is under way',
		async (scene, until) => {
			const many = scene.run(CREATE, { items: names(100).map((name) => ({ name })) });
			await until(() => postedNames(scene).length >= 2);
			const one = scene.run(CREATE, { items: [{ name: 'Single' }] });
			await Promise.all([many, one]);
			expect(postedNames(scene).indexOf('Single')).toBeLessThan(20);
		},
		{ latencyMs: 5 },
	),
	awaiting(
		'A drop-down goes first: its request leaves before those of executions that waited before it',
		async (scene, until) => {
			const [one, two] = names(2, 'Own').map((name) => addOld(scene, { name }).id);
			const many = scene.run(GET, { items: reads(scene, MANY) });
			await until(() => scene.sandbox.requests.length > 0);
			const waiting = [one, two].map(async (id) => await scene.run(GET, { items: [{ id }] }));
			const parameters = { operation: 'get', organizationId: locator('c', 'list') };
			const list = loadList({ method: 'searchAssistants', parameters, credential: scene.credential });
			await Promise.all([many, list, ...waiting]);
			const listed = scene.sandbox.requests.findIndex(({ operationId }) => operationId === 'listAssistants');
			expect(listed).toBeGreaterThan(0);
			expect(listed).toBeLessThan(asksFor(scene, one));
			expect(listed).toBeLessThan(asksFor(scene, two));
			// Of the first execution only those were ahead that were under way already.
			expect(listed).toBeLessThan(20);
		},
		SLOW,
	),
	awaiting(
		"A drop-down that waits while the minute's requests are used up says that the limit is reached, and not that time ran out",
		async (scene, until) => {
			const all = new AbortController();
			const many = scene.run(GET, { items: reads(scene, 520), settings: CONTINUE, signal: all.signal });
			await until(() => scene.sandbox.requests.filter(({ status }) => status !== undefined).length >= 500);
			const parameters = { operation: 'get', organizationId: locator('c', 'list') };
			const list = loadList({ method: 'searchAssistants', parameters, credential: scene.credential });
			const [outcome] = await Promise.allSettled([list]);
			all.abort();
			await many;
			const reason: unknown = outcome.status === 'rejected' ? outcome.reason : undefined;
			expect(reason).toBeInstanceOf(Error);
			expect((reason as Error).message).toMatch(/limit/i);
			expect((reason as Error).message).not.toMatch(/in time|time-?out|timed out/i);
		},
	),
];

/** Two executions that start at the same time. */
async function both(
	{ run }: Scene,
	one: readonly [INodeParameters, IDataObject[]],
	two: readonly [INodeParameters, IDataObject[]],
): Promise<Outcome[]> {
	return await Promise.all([one, two].map(async ([parameters, items]) => await run(parameters, { items })));
}

function inOrganization(parameters: INodeParameters, id: string): INodeParameters {
	return { ...parameters, organizationId: locator(id) };
}

/** Addresses of the key's own organization, as two executions may use them. */
const ADDRESSES: ReadonlyArray<readonly [how: string, of: (scene: Scene) => readonly [string, string]]> = [
	['both by c', () => ['c', 'c']],
	['one by c and the other by its id', ({ sandbox }) => ['c', sandbox.orgId]],
];

const DEEP = { latencyMs: 20, patchConfig: 'replace' } as const;
const merging = (config: INodeParameters): INodeParameters => ({
	operation: 'update',
	assistantId: OWN_ID,
	config,
});

const writes = ADDRESSES.flatMap(([how, addresses]): Case[] => [
	[
		`Two executions that upsert one new name at once make one assistant, when they address the organization ${how}`,
		async (scene) => {
			const [first, second] = addresses(scene);
			const outcomes = await both(
				scene,
				[inOrganization(UPSERT, first), [{ name: 'New' }]],
				[inOrganization(UPSERT, second), [{ name: 'New' }]],
			);
			expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
			expect(stored(scene, 'name')).toEqual(['New']);
			const [id] = stored(scene, 'id');
			expect(outcomes.map(({ items }) => items[0]?.json.id)).toEqual([id, id]);
		},
		DEEP,
	],
	[
		`Two executions that upsert the same ten new names at once make ten assistants, when they address the organization ${how}`,
		async (scene) => {
			const [first, second] = addresses(scene);
			const items = names(10).map((name) => ({ name }));
			await both(
				scene,
				[inOrganization(UPSERT, first), items],
				[inOrganization(UPSERT, second), items.toReversed()],
			);
			expect(stored(scene, 'name').sort()).toEqual(names(10).sort());
		},
		DEEP,
	],
	[
		`Two merging updates of one assistant at once keep both changes, when they address the organization ${how}`,
		async (scene) => {
			const [first, second] = addresses(scene);
			const { id } = addOld(scene, { name: 'There', config: { language: 'en', kept: 1 } });
			const outcomes = await both(
				scene,
				[inOrganization(merging({ instructions: 'Be kind.' }), first), [{ id }]],
				[inOrganization(merging({ model: 'fast' }), second), [{ id }]],
			);
			expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
			expect(stored(scene, 'config')).toEqual([
				expect.objectContaining({ instructions: 'Be kind.', model: 'fast', language: 'en', kept: 1 }),
			]);
		},
		DEEP,
	],
	[
		`A merging update and an upsert of one assistant at once keep both changes, when they address the organization ${how}`,
		async (scene) => {
			const [first, second] = addresses(scene);
			const { id } = addOld(scene, { name: 'There', config: { language: 'en' } });
			// The first to change it takes longer than the other one needs for all.
			scene.sandbox.faults.set([{ match: { method: 'PATCH', times: 1 }, effect: { delayMs: 200 } }]);
			const outcomes = await both(
				scene,
				[inOrganization(merging({ instructions: 'Be kind.' }), first), [{ id }]],
				[inOrganization({ ...UPSERT, config: { model: 'fast' } }, second), [{ name: 'There' }]],
			);
			expect(outcomes.map(({ error }) => error)).toEqual([undefined, undefined]);
			expect(stored(scene, 'config')).toEqual([
				expect.objectContaining({ instructions: 'Be kind.', model: 'fast', language: 'en' }),
			]);
		},
		DEEP,
	],
	[
		`Two items of one execution that merge into one assistant keep both changes, when they address the organization ${how}`,
		async (scene) => {
			const [first, second] = addresses(scene);
			const { id } = addOld(scene, { name: 'There', config: { language: 'en' } });
			const configJson = '={{ { [$json.place]: $json.value } }}';
			const outcome = await scene.run(
				{
					operation: 'update',
					organizationId: locator('={{ $json.organization }}'),
					assistantId: OWN_ID,
					configMode: 'json',
					configJson,
				},
				{
					items: [
						{ id, organization: first, place: 'instructions', value: 'Be kind.' },
						{ id, organization: second, place: 'model', value: 'fast' },
					],
				},
			);
			expect(outcome.error).toBeUndefined();
			expect(stored(scene, 'config')).toEqual([
				expect.objectContaining({ instructions: 'Be kind.', model: 'fast', language: 'en' }),
			]);
		},
		DEEP,
	],
]);

const apart: Case[] = [
	[
		'Upserts of one name in two organizations at once make one assistant in each',
		async (scene) => {
			const below = scene.sandbox.store
				.organizations()
				.find(({ parent_id }) => parent_id === scene.sandbox.orgId);
			await both(
				scene,
				[inOrganization(UPSERT, 'c'), [{ name: 'New' }]],
				[inOrganization(UPSERT, String(below?.id)), [{ name: 'New' }]],
			);
			expect(stored(scene, 'name')).toEqual(['New']);
			expect(stored(scene, 'name', below?.id)).toEqual(['New']);
		},
		DEEP,
	],
	[
		"Keys that two executions rotate at once: each one's output is a key, and the last one in force was returned",
		async (scene) => {
			const { id } = addOld(scene, { name: 'There' });
			const rotate = { operation: 'rotateKey', assistantId: OWN_ID };
			const outcomes = await both(scene, [rotate, [{ id }]], [rotate, [{ id }]]);
			const keys = outcomes.map(({ items }) => items[0]?.json.secret_key);
			expect(keys).toContain(stored(scene, 'secret_key')[0]);
			expect(sent(scene, 'POST')).toHaveLength(2);
		},
		DEEP,
	],
];

const givenUp: Case[] = [
	awaiting(
		'A wait that is given up frees no place: after one of two waiting executions was cancelled, no more requests are under way at once than before',
		async (scene, until) => {
			const peak = await peakAlone(scene);
			await cancelOneOfTwo(scene, until);
			expect(scene.sandbox.inFlight.peak).toBe(peak);
		},
		{ latencyMs: 200 },
	),
	awaiting(
		'A wait that is given up keeps no place: after one of two waiting executions was cancelled, as many requests are under way at once as before',
		async (scene, until) => {
			const peak = await peakAlone(scene);
			await cancelOneOfTwo(scene, until);
			expect(await peakAlone(scene)).toBe(peak);
		},
		{ latencyMs: 200 },
	),
	awaiting(
		'A wait that is given up lets the next one pass: the execution that waited behind a cancelled one is served whole',
		async (scene, until) => {
			const { cancelled, served } = await cancelOneOfTwo(scene, until);
			expect(served.items.map(errorOf)).toEqual(Array(MANY).fill(undefined));
			expect(asksFor(scene, cancelled)).toBe(-1);
		},
		{ latencyMs: 1_500 },
	),
];

/** How many requests of one execution are under way at once. */
async function peakAlone(scene: Scene): Promise<number> {
	scene.sandbox.reset({});
	await scene.run(GET, { items: reads(scene, MANY) });
	return scene.sandbox.inFlight.peak;
}

/** One execution has all the room and two wait for it, the first of which is cancelled while it waits. */
async function cancelOneOfTwo(scene: Scene, until: (condition: () => boolean) => Promise<void>) {
	scene.sandbox.reset({});
	const [cancelled, other] = names(2, 'Own').map((name) => addOld(scene, { name }).id);
	const first = scene.run(GET, { items: reads(scene, MANY) });
	await until(() => scene.sandbox.requests.length > 0);
	const controller = new AbortController();
	const node = watchedNode();
	const second = scene.run(GET, {
		items: Array<IDataObject>(MANY).fill({ id: cancelled }),
		nodeType: node.nodeType,
		signal: controller.signal,
	});
	const third = scene.run(GET, { items: Array<IDataObject>(MANY).fill({ id: other }) });
	await node.started;
	// Its items get in line long before the first answer is there.
	for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
	controller.abort();
	await Promise.all([first, second, third, node.ended]);
	return { cancelled, served: await third };
}

proveSideBySide([...turns, ...writes, ...apart, ...givenUp]);
