/**
 * Whatever goes wrong in whatever order, what workflows rely on holds. A failure prints its seed and path:
 * `INVENT_SEED=… INVENT_PATH=… npm test -- faults/properties` runs it again.
 */
import fc from 'fast-check';
import type { IDataObject, INode, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { Assistant } from '../../contract/invent.d.ts';
import type { FaultRule, SandboxOptions } from '../../sandbox/server.mts';
import type { Outcome } from '../engine.mts';
import { expectClear, locator, secretText } from '../support.mts';
import { errorOf, JSON_TYPE, onSandbox, sourceOf } from './scene.mts';
import type { Scene } from './scene.mts';

const OPERATIONS = ['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'update'] as const;
const FIELDS = ['instructions', 'language', 'model', 'knowledgeScope'] as const;
const PLACES: Record<(typeof FIELDS)[number], string> = {
	instructions: 'instructions',
	language: 'language',
	model: 'model',
	knowledgeScope: 'knowledge_scope',
};

/** Assistants that are there before, each with members of its configuration that no parameter knows. */
const THERE_BEFORE = 4;

/** What an error body says where the API repeats what it should not. */
const API_KEY = '%api key%';
const SECRET_KEY = '%secret key%';

interface Scenario {
	operation: (typeof OPERATIONS)[number];
	/** Of each item: the name it gives, the assistant that it acts on, the setting that it changes. */
	items: Array<{ name: number; target: number; field: (typeof FIELDS)[number] }>;
	named: boolean;
	configUpdate: 'merge' | 'asEntered';
	onError: NonNullable<INode['onError']>;
	tries: number;
	maxWait: number;
	faults: FaultRule[];
	options: Pick<SandboxOptions, 'patchConfig' | 'search' | 'countHeader' | 'generation'>;
}

const when = fc.constantFrom('before' as const, 'after' as const);
const tellTale = JSON.stringify({ message: `Not with ${API_KEY} and ${SECRET_KEY}`, secret_key: SECRET_KEY });

const effect: fc.Arbitrary<FaultRule['effect']> = fc.oneof(
	fc.constantFrom<FaultRule['effect']>(
		{ dropBefore: true },
		{ dropAfter: true },
		{ truncateBody: 0 },
		{ truncateBody: 30 },
		{ stall: 'before' },
		{ stall: 'after' },
		{ headers: { 'pagination-count': '100000', date: null } },
		{ headers: { 'pagination-count': 'many' } },
		{ answer: { status: 429, retryAfter: { seconds: 1 } } },
		{ answer: { status: 429, retryAfter: { seconds: 1, as: 'http-date' } } },
		{ answer: { status: 429, retryAfter: { seconds: 3600 }, body: tellTale, headers: JSON_TYPE } },
		{ answer: { status: 429, retryAfter: 'soon' } },
	),
	fc.record({
		answer: fc.record({
			status: fc.constantFrom(400, 401, 403, 404, 409, 422),
			body: fc.constant(tellTale),
			headers: fc.constant(JSON_TYPE),
		}),
	}),
	fc.record({
		answer: fc.record({
			status: fc.constantFrom(200, 201, 204, 500, 502, 503, 504),
			body: fc.constantFrom('', '{"id":', '<html><body>Sorry</body></html>', '[{}]', tellTale),
			headers: fc.constant(JSON_TYPE),
			when,
		}),
	}),
	fc.record({
		redirect: fc.record({
			to: fc.constantFrom('/login', `http://127.0.0.1:9/${API_KEY}`),
			status: fc.constantFrom(301, 302, 303, 307, 308),
			when,
		}),
	}),
);

const rule: fc.Arbitrary<FaultRule> = fc.record({
	match: fc.record({
		method: fc.constantFrom('GET', 'POST', 'PATCH'),
		nth: fc.integer({ min: 1, max: 4 }),
		times: fc.integer({ min: 1, max: 5 }),
	}),
	effect,
});

const listChange: fc.Arbitrary<FaultRule> = fc.record({
	match: fc.record({
		operationId: fc.constant('listAssistants' as const),
		nth: fc.integer({ min: 1, max: 2 }),
	}),
	effect: fc.constantFrom({ afterList: { insert: 1 } }, { afterList: { insert: 2, at: 'end' as const } }),
});

const scenario: fc.Arbitrary<Scenario> = fc.record({
	operation: fc.constantFrom(...OPERATIONS),
	items: fc.array(
		fc.record({
			name: fc.integer({ min: 0, max: 3 }),
			target: fc.integer({ min: 0, max: THERE_BEFORE - 2 }),
			field: fc.constantFrom(...FIELDS),
		}),
		{ minLength: 2, maxLength: 6 },
	),
	named: fc.boolean(),
	configUpdate: fc.constantFrom('merge', 'asEntered'),
	onError: fc.constantFrom('stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'),
	tries: fc.integer({ min: 1, max: 3 }),
	maxWait: fc.constantFrom(0, 2),
	faults: fc.array(fc.oneof({ weight: 6, arbitrary: rule }, { weight: 1, arbitrary: listChange }), {
		maxLength: 4,
	}),
	options: fc.record({
		patchConfig: fc.constantFrom('deepMerge', 'shallowMerge', 'replace'),
		search: fc.constantFrom('works', 'ignored'),
		countHeader: fc.constantFrom('total', 'page', 'absent', 'wrong'),
		generation: fc.constantFrom('newest', 'older'),
	}),
});

/** What was there before and after, and what came out. */
interface Story {
	readonly scenario: Scenario;
	readonly scene: Scene;
	readonly before: readonly Assistant[];
	readonly after: readonly Assistant[];
	readonly outcome: Outcome;
	readonly successes: readonly INodeExecutionData[];
	/** The texts of error items, by the input item that they point to. */
	readonly errors: ReadonlyMap<number, string>;
}

function nameOf(item: number, { items }: Scenario): string {
	return `Made ${items[item]?.name}`;
}

/** What only this item asks for. */
function marker(item: number): string {
	return `Asked for by item ${item}`;
}

function parametersOf({ operation, named, configUpdate, maxWait, faults }: Scenario): INodeParameters {
	const assistantId = locator('={{ $json.id }}');
	const stalls = faults.some((fault) => 'stall' in fault.effect);
	const common = {
		operation,
		options: { maxWait },
		...(stalls && { requestOptions: { timeout: 400 } }),
	};
	switch (operation) {
		case 'create':
			return { ...common, name: '={{ $json.name }}', config: { instructions: '={{ $json.marker }}' } };
		case 'duplicate':
			return { ...common, assistantId, additionalFields: named ? { name: '={{ $json.name }}' } : {} };
		case 'getAll':
			return { ...common, returnAll: true };
		case 'update':
			return {
				...common,
				options: { maxWait, configUpdate },
				assistantId,
				configMode: 'json',
				configJson: '={{ { [$json.place]: $json.marker } }}',
			};
		case 'get':
		case 'rotateKey':
			return { ...common, assistantId };
	}
}

function settingsOf({ onError, tries }: Scenario) {
	return tries === 1 ? { onError } : { onError, retryOnFail: true, maxTries: tries, waitBetweenTries: 1 };
}

async function happens(given: Scenario, scene: Scene): Promise<Story> {
	const { sandbox, run } = scene;
	const at = new Date(Date.now() - 3_600_000).toISOString();
	for (let index = 0; index < THERE_BEFORE; index++) {
		const config = { language: 'en', custom: { deep: [index, { kept: null }] }, custom_list: ['a', 'b'] };
		const secret_key = index % 2 === 0 ? null : secretText().padEnd(40, 'x1');
		sandbox.store.add({ name: `Made ${index}`, config, secret_key, created_at: at, updated_at: at });
	}
	const before = sandbox.store.assistants();
	const secret = before[1]?.secret_key ?? '';
	const told = JSON.stringify(given.faults)
		.replaceAll(API_KEY, sandbox.apiKey)
		.replaceAll(SECRET_KEY, secret);
	sandbox.faults.set(JSON.parse(told) as FaultRule[]);
	const items = given.items.map(({ target, field }, item): IDataObject => ({
		name: nameOf(item, given),
		marker: marker(item),
		id: before[target]?.id,
		place: PLACES[field],
	}));
	const outcome = await run(parametersOf(given), { items, settings: settingsOf(given) });
	const all = [...outcome.items, ...outcome.refused];
	const failed = all.flatMap((item) => {
		const text = errorOf(item);
		return text === undefined ? [] : [[sourceOf(item), text] as const];
	});
	return {
		scenario: given,
		scene,
		before,
		after: sandbox.store.assistants(),
		outcome,
		successes: outcome.items.filter((item) => errorOf(item) === undefined),
		errors: new Map(failed),
	};
}

function newOnes({ before, after }: Story): Assistant[] {
	const old = new Set(before.map(({ id }) => id));
	return after.filter(({ id, name }) => !old.has(id) && name !== 'Newcomer');
}

function expectOutputsForAll({ scenario: { items, onError }, outcome }: Story): void {
	const all = [...outcome.items, ...outcome.refused];
	for (const item of all) expect(items[sourceOf(item)]).toBeDefined();
	if (onError === 'stopWorkflow') return;
	expect(outcome.error).toBeUndefined();
	expect([...new Set(all.map(sourceOf))].sort()).toEqual(items.map((_, index) => index));
}

/** Secrets are the API key, which the scene looks for in everything, and the keys of assistants. */
function expectGoodErrors({ before, after, errors, outcome }: Story): void {
	const secrets = [...before, ...after].flatMap(({ secret_key }) => secret_key ?? []);
	const faults = [...errors.values()].map((text) => ({
		name: '',
		message: text,
		description: text,
		itemIndex: 0,
	}));
	for (const fault of outcome.error === undefined ? faults : [...faults, outcome.error]) {
		expectClear(fault);
		const text = `${fault.message} ${fault.description}`;
		expect(text).not.toMatch(/undefined|null|NaN|Invalid Date/);
		for (const secret of secrets) expect(text).not.toContain(secret);
	}
}

/** A POST that may have been carried out is the last one of its item. */
function expectNoBlindRepeat({ scenario: given, scene, before }: Story): void {
	if (given.operation !== 'create' && given.operation !== 'duplicate') return;
	const wishes = given.items.map((item, index) =>
		given.operation === 'create'
			? marker(index)
			: JSON.stringify([before[item.target]?.id, given.named && item.name]),
	);
	const posts = scene.sandbox.requests.filter(({ method }) => method === 'POST');
	const wishOf = ({ path, rawBody }: (typeof posts)[number]) =>
		wishes.find((wish, index) => {
			if (given.operation === 'create') return rawBody.includes(`"${wish}"`);
			const target = before[given.items[index]?.target ?? -1]?.id ?? '';
			return path.includes(target) && (!given.named || rawBody.includes(`"${nameOf(index, given)}"`));
		});
	for (const wish of new Set(wishes)) {
		const done = posts.filter(
			(post) => wishOf(post) === wish && !(Number(post.status) >= 400 && Number(post.status) < 500),
		);
		expect(done.length).toBeLessThanOrEqual(wishes.filter((one) => one === wish).length);
	}
}

function expectNothingTwice(story: Story): void {
	const { scenario: given } = story;
	const fresh = newOnes(story);
	if (given.operation !== 'create' && given.operation !== 'duplicate') {
		expect(fresh).toEqual([]);
		return;
	}
	expect(fresh.length).toBeLessThanOrEqual(given.items.length);
	for (const { name } of given.operation === 'create' || given.named ? fresh : []) {
		const asked = given.items.filter((_, index) => nameOf(index, given) === name);
		expect(fresh.filter((one) => one.name === name).length).toBeLessThanOrEqual(asked.length);
	}
}

function expectSuccessIsTrue(story: Story): void {
	const { scenario: given, successes, after } = story;
	const fresh = new Set(newOnes(story).map(({ id }) => id));
	if (given.operation !== 'create' && given.operation !== 'duplicate') return;
	expect(new Set(successes.map(({ json }) => json.id)).size).toBe(successes.length);
	for (const item of successes) {
		const stored = after.find(({ id }) => id === item.json.id);
		expect(fresh).toContain(item.json.id);
		if (given.operation === 'create') expect(stored?.config?.instructions).toBe(marker(sourceOf(item)));
		if (given.operation === 'create' || given.named) expect(stored?.name).toBe(nameOf(sourceOf(item), given));
	}
}

/**
 * A new assistant is in the output, or the error of its item says that it may exist. On Error: Stop shows one error and
 * keeps the output of the items before it to itself; but no item after that one has made anything.
 */
function expectNewOnesAreTold(story: Story): void {
	const { scenario: given, successes, errors, outcome } = story;
	const isNamed = given.operation === 'create' || given.named;
	const names = (text: string, item: number) =>
		text.includes('may exist') && (!isNamed || text.includes(`'${nameOf(item, given)}'`));
	const reported = new Set(successes.map(({ json }) => json.id));
	const untold = newOnes(story).filter(({ id }) => !reported.has(id));
	if (outcome.error !== undefined) {
		const { message, description, itemIndex = -1 } = outcome.error;
		expect(untold.length).toBeLessThanOrEqual(itemIndex + 1);
		if (given.operation !== 'create') return;
		const makers = untold.map(({ config }) =>
			given.items.findIndex((_, index) => config?.instructions === marker(index)),
		);
		expect(Math.max(-1, ...makers)).toBeLessThanOrEqual(itemIndex);
		if (makers.includes(itemIndex)) expect(names(`${message} ${description}`, itemIndex)).toBe(true);
		return;
	}
	const uncertain = [...errors].filter(([item, text]) => names(text, item));
	for (const { name, config } of untold) {
		const makers = uncertain.filter(([item]) =>
			given.operation === 'create'
				? config?.instructions === marker(item)
				: !given.named || nameOf(item, given) === name,
		);
		expect(makers.length).toBeGreaterThan(0);
	}
	expect(untold.length).toBeLessThanOrEqual(uncertain.length);
}

/** The items that act on an assistant, from the last one on that is known to have succeeded. */
function lastOn(
	target: Assistant,
	{ scenario: { items }, before, successes }: Story,
	alike: (item: number) => boolean,
) {
	const acting = items.flatMap((item, index) =>
		before[item.target]?.id === target.id && alike(index) ? [index] : [],
	);
	const done = acting.filter((index) => successes.some((success) => sourceOf(success) === index));
	const last = done.at(-1);
	return { last, later: acting.filter((index) => last !== undefined && index > last) };
}

function expectKeysInForce(story: Story): void {
	const { scenario: given, before, after, successes } = story;
	if (given.operation !== 'rotateKey') return;
	for (const target of before) {
		const { last, later } = lastOn(target, story, () => true);
		if (last === undefined || later.length > 0) continue;
		const stored = after.find(({ id }) => id === target.id);
		const output = successes.find((success) => sourceOf(success) === last);
		expect(output?.json.secret_key).toEqual(expect.any(String));
		expect(output?.json.secret_key).toBe(stored?.secret_key);
	}
}

function expectUpdatesHold(story: Story): void {
	const { scenario: given, before, after } = story;
	if (given.operation !== 'update' || given.configUpdate !== 'merge') return;
	for (const target of before) {
		const stored = after.find(({ id }) => id === target.id)?.config;
		expect(stored).toMatchObject({ custom: target.config?.custom, custom_list: target.config?.custom_list });
		for (const field of FIELDS) {
			const place = PLACES[field];
			const { last, later } = lastOn(target, story, (index) => given.items[index]?.field === field);
			if (last === undefined) continue;
			expect([last, ...later].map(marker)).toContain(stored?.[place]);
		}
	}
}

function expectOthersUntouched({ scenario: given, before, after }: Story): void {
	const changes = given.operation === 'update' || given.operation === 'rotateKey';
	const targets = changes ? given.items.map(({ target }) => target) : [];
	for (const [index, assistant] of before.entries()) {
		if (!targets.includes(index)) expect(after).toContainEqual(assistant);
	}
}

function expectWholeLists({ scenario: given, successes, after }: Story): void {
	if (given.operation !== 'getAll') return;
	for (const index of given.items.keys()) {
		const ids = successes.filter((item) => sourceOf(item) === index).map(({ json }) => json.id);
		expect(new Set(ids).size).toBe(ids.length);
		if (ids.length === 0) continue;
		expect(ids).toEqual(
			expect.arrayContaining(after.flatMap(({ id, name }) => (name === 'Newcomer' ? [] : id))),
		);
	}
}

const INVARIANTS = [
	expectOutputsForAll,
	expectGoodErrors,
	expectNoBlindRepeat,
	expectNothingTwice,
	expectSuccessIsTrue,
	expectNewOnesAreTold,
	expectKeysInForce,
	expectUpdatesHold,
	expectOthersUntouched,
	expectWholeLists,
];

/** What fast-check tells of a failure, and the expectation that did not hold. */
function textOf(reason: unknown): string {
	const cause = reason instanceof Error && reason.cause instanceof Error ? reason.cause.message : '';
	return `${String(reason)}\n${cause}`;
}

/** Scenarios run side by side, because most of their time is waiting. */
const LANES = 24;
const RUNS_PER_LANE = 14;

test('Under random faults every invariant holds', async () => {
	const { INVENT_SEED, INVENT_PATH } = process.env;
	const property = fc.asyncProperty(scenario, async (given) => {
		await onSandbox(given.options, async (scene) => {
			const story = await happens(given, scene);
			for (const expectInvariant of INVARIANTS) expectInvariant(story);
		});
	});
	if (INVENT_SEED !== undefined) {
		await fc.assert(property, {
			seed: Number(INVENT_SEED),
			...(INVENT_PATH && { path: INVENT_PATH }),
			endOnFailure: true,
		});
		return;
	}
	const first = Math.floor(Math.random() * 2 ** 30);
	const lanes = Array.from({ length: LANES }, async (_, lane) => {
		await fc.assert(property, { seed: first + lane, numRuns: RUNS_PER_LANE });
	});
	const failed = (await Promise.allSettled(lanes)).filter((lane) => lane.status === 'rejected');
	if (failed.length > 0) throw new Error(failed.map(({ reason }) => textOf(reason)).join('\n\n'));
}, 300_000);
