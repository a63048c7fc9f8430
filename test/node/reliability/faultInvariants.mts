/** What workflows rely on, whatever goes wrong in whatever order. */
import { isDeepStrictEqual } from 'node:util';

import type { IDataObject } from 'n8n-workflow';

import type { Assistant } from '../../../contract/invent.d.ts';
import type { FaultRule, RecordedRequest } from '../../../tools/sandbox/server.mts';
import { expectClear, lineOf } from '../harness/support.mts';
import { PLACES } from './faultScenarios.mts';
import type { Failure, Order, Story } from './faultStory.mts';

const CODES = [
	'cancelled',
	'forbidden',
	'invalid_input',
	'not_found',
	'outcome_unknown',
	'rate_limited',
	'rejected',
	'skipped',
	'unauthorized',
	'unavailable',
	'unexpected_response',
];

function isSuccess({ outputs, failure, isTold, isDropped }: Order): boolean {
	return isTold && !isDropped && failure === undefined && outputs.length > 0;
}

function codeOf({ failure }: Order): unknown {
	return failure?.fields?.errorCode;
}

function makes({ node }: Order): boolean {
	return node.operation === 'create' || node.operation === 'duplicate' || node.operation === 'upsert';
}

/** Whether what the order makes has the name that it gives. */
function isNamed({ node }: Order): boolean {
	return node.operation !== 'duplicate' || node.named;
}

/** Whether the error says that what the order was to make may exist. */
function mayExist({ failure, name, ...order }: Order): boolean {
	const text = failure?.text ?? '';
	return (
		text.includes('may have been created') &&
		(!isNamed({ ...order, failure, name }) || text.includes(`'${name}'`))
	);
}

function newOnes({ before, after }: Story): Assistant[] {
	const old = new Set(before.map(({ id }) => id));
	return after.filter(({ id, name }) => !old.has(id) && name !== 'Newcomer');
}

/** The requests that an order has sent for a name, or to change something: not those that only read. */
function writesOf({ node, marker, targetId, name }: Order, { requests }: Story): RecordedRequest[] {
	return requests.filter(({ method, path, rawBody }) => {
		if (method === 'GET') return false;
		switch (node.operation) {
			case 'duplicate':
				return (
					path.endsWith(`/${targetId}/duplicate`) &&
					(node.named ? rawBody.includes(`"${name}"`) : !rawBody.includes('"name"'))
				);
			case 'rotateKey':
				return path.endsWith(`/${targetId}/rotate-secret-key`);
			default:
				return rawBody.includes(`"${marker}"`);
		}
	});
}

function isPatient({ effect }: FaultRule): boolean {
	return 'answer' in effect && effect.answer.status === 503 && effect.answer.retryAfter !== undefined;
}

/** Whether a request may have been carried out, as far as its answer tells; after a 503 that demands a wait one may look. */
function mayBeDone({ status }: RecordedRequest, { scenario }: Story): boolean {
	if (status === 503 && scenario.faults.some(isPatient)) return false;
	return status === undefined || status < 300 || status === 303 || status >= 500;
}

function postsThatMayBeDone(order: Order, story: Story): RecordedRequest[] {
	return writesOf(order, story).filter((write) => write.method === 'POST' && mayBeDone(write, story));
}

/** Whether an order takes effect before another one, whatever becomes of them. */
function isBefore(one: Order, other: Order): boolean {
	if (one.execution !== other.execution) return false;
	return one.kind === 'workflow' ? one.index < other.index : one.plan.round < other.plan.round;
}

function expectOutputsForAll({ orders, strays, faults }: Story): void {
	expect(strays).toEqual([]);
	for (const order of orders) {
		const { kind, node, outputs, failure, isDropped, isTold } = order;
		if (kind === 'agent' && isDropped) continue;
		if (isDropped && node.onError !== 'stopWorkflow') {
			expect([outputs, failure]).toEqual([[], undefined]);
		} else if (isTold) {
			const most = node.operation === 'getAll' ? Infinity : 1;
			expect(outputs.length + (failure === undefined ? 0 : 1)).toBeGreaterThan(0);
			expect(failure === undefined || outputs.length === 0).toBe(true);
			expect(outputs.length).toBeLessThanOrEqual(most);
		}
		if (kind === 'workflow' && node.onError !== 'stopWorkflow')
			expect(faults.get(order.execution)).toBeUndefined();
	}
}

function expectGoodFailure({ text, fields }: Failure, secrets: readonly string[]): void {
	expectClear({ name: '', message: text, description: text, itemIndex: 0 });
	expect(text).not.toMatch(/undefined|null|NaN|Invalid Date/);
	for (const secret of secrets) expect(text).not.toContain(secret);
	if (fields === undefined) return;
	expect(CODES).toContain(fields.errorCode);
	expect(fields.httpStatus ?? 200).toEqual(expect.any(Number));
	if (fields.retryAt !== undefined) expect(fields.retryAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
}

function expectGoodErrors({ orders, secretKeys, faults, leaks }: Story): void {
	expect(leaks).toEqual([]);
	for (const { failure, isDropped } of orders) {
		if (failure !== undefined && !isDropped) expectGoodFailure(failure, secretKeys);
	}
	for (const { message, description, itemIndex } of faults.values()) {
		expect(itemIndex).toEqual(expect.any(Number));
		for (const secret of secretKeys) expect(`${message} ${description}`).not.toContain(secret);
	}
}

/** What was sent is never told as skipped, nor what may have been made as refused. */
function expectTrueCodes(story: Story): void {
	for (const order of story.orders) {
		const { node, plan, tries } = order;
		const code = codeOf(order);
		// Copies and rotations of one assistant look alike, whoever asks for them.
		if (code === undefined || node.operation === 'duplicate' || node.operation === 'rotateKey') continue;
		const writes = writesOf(order, story);
		if (plan.invalid || (code === 'skipped' && tries === 1)) expect(writes.map(lineOf)).toEqual([]);
		if (!makes(order)) continue;
		if (code === 'outcome_unknown') expect(mayExist(order)).toBe(true);
		// Another try of Create or Update can find out whether there is one of the name.
		else if (node.operation === 'create' || tries === 1) {
			expect(postsThatMayBeDone(order, story).map(lineOf)).toEqual([]);
		}
	}
}

/** A POST that may have been carried out is the last one of its order. */
function expectNoBlindRepeat(story: Story): void {
	for (const order of story.orders.filter(makes)) {
		const alike = story.orders.filter(
			(other) =>
				other.node.operation === order.node.operation &&
				(order.node.operation !== 'duplicate' ||
					(other.targetId === order.targetId &&
						other.node.named === order.node.named &&
						(!order.node.named || other.name === order.name))),
		);
		const same = order.node.operation === 'duplicate' ? alike.length : 1;
		expect(postsThatMayBeDone(order, story).length).toBeLessThanOrEqual(same);
	}
}

function expectNothingTwice(story: Story): void {
	const { orders, before } = story;
	const fresh = newOnes(story);
	const makers = orders.filter(makes);
	expect(fresh.length).toBeLessThanOrEqual(makers.length);
	for (const name of new Set(makers.filter(isNamed).map((order) => order.name))) {
		const asked = makers.filter((order) => isNamed(order) && order.name === name);
		const upserts = asked.filter(({ node }) => node.operation === 'upsert');
		const isThere = before.some((assistant) => assistant.name === name);
		const most = asked.length - upserts.length + (upserts.length > 0 && !isThere ? 1 : 0);
		expect([name, fresh.filter((one) => one.name === name).length <= most]).toEqual([name, true]);
	}
	for (const { marker, node } of makers) {
		if (node.operation !== 'create') continue;
		expect(fresh.filter(({ config }) => holds(config, marker)).length).toBeLessThanOrEqual(1);
	}
}

function holds(config: Assistant['config'], marker: string): boolean {
	return PLACES.some((place) => config?.[place] === marker);
}

/** The order's own mark in what the node gave for it; undefined where it is not shown. */
function shownMark({ node, plan: { place } }: Order, json: IDataObject): unknown {
	if (node.simplify) return json[place];
	const { config } = json;
	return typeof config === 'object' && config !== null ? (config as IDataObject)[place] : undefined;
}

/** Every output belongs to its own order, and tells what is there. */
function expectSuccessIsTrue(story: Story): void {
	const { orders, after } = story;
	const fresh = new Set(newOnes(story).map(({ id }) => id));
	const made = new Map<unknown, Order>();
	for (const order of orders.filter(isSuccess)) {
		const { node, plan, name, marker, targetId, outputs } = order;
		const [json = {}] = outputs;
		for (const output of outputs) expect('secret_key' in output).toBe(node.operation === 'rotateKey');
		const stored = after.find(({ id }) => id === json.id);
		switch (node.operation) {
			case 'create':
			case 'duplicate':
				expect(fresh).toContain(json.id);
				expect(made.has(json.id)).toBe(false);
				made.set(json.id, order);
				if (isNamed(order)) expect([json.name, stored?.name]).toEqual([name, name]);
				break;
			case 'upsert':
				expect([json.name, stored?.name]).toEqual([name, name]);
				if (json.outcome === 'created') expect(fresh).toContain(json.id);
				break;
			case 'getAll':
				break;
			default:
				expect(json.id).toBe(targetId);
		}
		if (
			['create', 'upsert', 'update'].includes(node.operation) &&
			!(node.simplify && plan.place === 'knowledge_scope')
		) {
			expect(shownMark(order, json)).toBe(marker);
		}
		if (node.operation === 'duplicate') {
			// A copy has what its source has, unless something has changed it since.
			const source = story.before.find(({ id }) => id === targetId)?.config;
			expect(stored?.config?.custom ?? source?.custom).toEqual(source?.custom);
		}
	}
}

/**
 * What was made is in the output, or the error of its order says that it may exist. On Error: Stop shows one error and
 * keeps the output of the items before it to itself; but no item after that one has made anything.
 */
function expectNewOnesAreTold(story: Story): void {
	const { orders } = story;
	const makers = orders.filter(makes);
	const reported = new Set(makers.filter(isSuccess).map(({ outputs }) => outputs[0]?.id));
	const untold = newOnes(story).filter(({ id }) => !reported.has(id));
	const excuses = new Map<Order, number>();
	for (const one of untold) {
		const candidates = makers.filter((order) => isMaker(order, one, story));
		const told = candidates.filter((order) => isExcused(order, story) && !excuses.has(order));
		expect([one.name, one.config, told.length > 0]).toEqual([one.name, one.config, true]);
		const [first] = told.sort((a, b) => flexibility(a, untold, story) - flexibility(b, untold, story));
		if (first !== undefined && first.node.operation !== 'upsert') excuses.set(first, 1);
	}
}

function flexibility(order: Order, untold: readonly Assistant[], story: Story): number {
	return untold.filter((one) => isMaker(order, one, story)).length;
}

/** Whether an order may have made an assistant, as far as anybody can see. */
function isMaker(order: Order, { name, config }: Assistant, story: Story): boolean {
	if (postsOf(order, story).length === 0) return false;
	if (order.node.operation === 'duplicate') {
		const source = story.before.find(({ id }) => id === order.targetId)?.config;
		// An update may have taken this out before the copy was made, or after.
		const isCopy = config?.custom === undefined || isDeepStrictEqual(config.custom, source?.custom);
		return isNamed(order) ? name === order.name && isCopy : isCopy;
	}
	if (name !== order.name) return false;
	// A later Create or Update of the name may have overwritten the mark.
	const isOverwritten = story.orders.some((other) => other !== order && holds(config, other.marker));
	return holds(config, order.marker) || isOverwritten;
}

function postsOf(order: Order, story: Story): RecordedRequest[] {
	return writesOf(order, story).filter(({ method }) => method === 'POST');
}

/** Whether what an order has made need not be in the output. */
function isExcused(order: Order, story: Story): boolean {
	const { isTold, isDropped, execution, index } = order;
	if (isTold && !isDropped) return mayExist(order);
	// The engine has asked the node for nothing in this try.
	if (isDropped) return true;
	const fault = story.faults.get(execution);
	const failed = story.orders.find(
		(other) => other.execution === execution && other.index === fault?.itemIndex,
	);
	return failed?.isDropped === true || index < (fault?.itemIndex ?? -1);
}

/** Orders that may have had the last word: none that succeeded comes after them. */
function mayBeLast(orders: readonly Order[], mayHaveActed: (order: Order) => boolean): Order[] {
	return orders.filter(
		(order) =>
			(isSuccess(order) || mayHaveActed(order)) &&
			!orders.some((later) => isSuccess(later) && isBefore(order, later)),
	);
}

/** A failed rotation that says so has not changed the key. */
function mayHaveRotated(order: Order): boolean {
	if (order.plan.invalid) return false;
	const isDefinite = order.isTold && order.tries <= 1 && !order.isDropped;
	return !isDefinite || codeOf(order) === undefined || codeOf(order) === 'outcome_unknown';
}

function expectKeysInForce({ orders, after }: Story): void {
	const rotations = orders.filter(({ node }) => node.operation === 'rotateKey');
	for (const id of new Set(rotations.map(({ targetId }) => targetId))) {
		const last = mayBeLast(
			rotations.filter(({ targetId }) => targetId === id),
			mayHaveRotated,
		);
		for (const { outputs } of last.filter(isSuccess))
			expect(outputs[0]?.secret_key).toEqual(expect.any(String));
		if (last.length === 0 || !last.every(isSuccess)) continue;
		const stored = after.find((assistant) => assistant.id === id)?.secret_key;
		expect(last.map(({ outputs }) => outputs[0]?.secret_key)).toContain(stored);
	}
}

/** The orders that change the configuration of an assistant. */
function changersOf({ id, name }: Assistant, { orders }: Story): Order[] {
	return orders.filter(
		({ node, ...order }) =>
			(node.operation === 'update' && order.targetId === id) ||
			(node.operation === 'upsert' && order.name === name),
	);
}

/** Nothing that was not entered is lost, and of each setting that was, the last change holds. */
function expectUpdatesHold(story: Story): void {
	const { scenario, after, before, orders } = story;
	for (const assistant of after) {
		const { id, name, config } = assistant;
		const changers = changersOf(assistant, story);
		const isOld = before.some((one) => one.id === id);
		// Then nobody knows which of them was changed.
		if (
			after.filter((other) => other.name === name).length > 1 &&
			changers.some(({ node }) => node.operation === 'upsert')
		)
			continue;
		const isMerged = changers.every(({ node }) => node.configUpdate === 'merge');
		if (!isMerged && scenario.options.patchConfig === 'replace') continue;
		const first = before.find((one) => one.id === id)?.config;
		if (isOld) expect(config).toMatchObject({ custom: first?.custom, custom_list: first?.custom_list });
		for (const place of PLACES) {
			const alike = changers.filter(({ plan }) => plan.place === place);
			const last = mayBeLast(alike, (order) => writesOf(order, story).length > 0);
			if (!last.some(isSuccess)) continue;
			const creators = isOld
				? []
				: orders.filter(({ node, plan }) => node.operation === 'create' && plan.place === place);
			expect([...last, ...creators].map(({ marker }) => marker)).toContain(config?.[place]);
		}
	}
}

function expectOthersUntouched(story: Story): void {
	const { orders, before, after } = story;
	for (const assistant of before) {
		const isRotated = orders.some(
			({ node, targetId, plan }) =>
				node.operation === 'rotateKey' && targetId === assistant.id && !plan.invalid,
		);
		const isChanged = changersOf(assistant, story).some(({ plan }) => !plan.invalid);
		const now = after.find(({ id }) => id === assistant.id);
		expect(now).toEqual({
			...assistant,
			...(isRotated && { secret_key: now?.secret_key }),
			...(isChanged && { config: now?.config }),
			...((isRotated || isChanged) && { updated_at: now?.updated_at }),
		});
	}
}

function expectWholeLists({ orders, before }: Story): void {
	for (const { outputs } of orders.filter((order) => order.node.operation === 'getAll' && isSuccess(order))) {
		const ids = outputs.map(({ id }) => id);
		expect(new Set(ids).size).toBe(ids.length);
		expect(ids).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
	}
}

/** Where nothing goes wrong, nothing fails. */
function expectNoFailureWithoutFault({ scenario, orders }: Story): void {
	const mayFail = orders.some(({ plan }) => plan.invalid || plan.throwsIn.length > 0);
	if (scenario.faults.length > 0 || mayFail || (scenario.options.creationsPerHour ?? 0) > 0) return;
	const isAmbiguous = (order: Order) =>
		order.node.operation === 'upsert' &&
		orders.some(
			(other) =>
				makes(other) && other.node.operation !== 'upsert' && isNamed(other) && other.name === order.name,
		);
	if (orders.some(isAmbiguous)) return;
	for (const order of orders) expect([order.failure, isSuccess(order)]).toEqual([undefined, true]);
}

function expectNothingLeft({ listeners }: Story): void {
	expect(listeners).toBe(0);
}

export const INVARIANTS: ReadonlyArray<(story: Story) => void> = [
	expectOutputsForAll,
	expectGoodErrors,
	expectTrueCodes,
	expectNoBlindRepeat,
	expectNothingTwice,
	expectSuccessIsTrue,
	expectNewOnesAreTold,
	expectKeysInForce,
	expectUpdatesHold,
	expectOthersUntouched,
	expectWholeLists,
	expectNoFailureWithoutFault,
	expectNothingLeft,
];
