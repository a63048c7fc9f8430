import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

import { forbidden, refusal, retryAfterHeader } from './answers.mts';
import type { Answer } from './answers.mts';
import type { Checked, Operation, OperationId } from './contract.mts';
import { deliver, deliveryUnder } from './deliveries.mts';
import type { Delivery } from './deliveries.mts';
import type { FaultPlan, FaultRule, ListChange } from './faults.mts';
import { OPERATIONS } from './operations.mts';
import type { RecordedRequest } from './options.mts';
import { bearerToken, readBody } from './requests.mts';
import { changeList } from './world.mts';
import type { ReadList, World } from './world.mts';

/** A request that was read completely. */
export interface Incoming {
	record: RecordedRequest;
	contentType: string | undefined;
	authorization: string | undefined;
	/** Decoded path segments, by the contract's names. */
	path: unknown;
	/** The decoded query, not yet checked. */
	query: unknown;
}

/** What every exchange works with. */
export interface Surroundings {
	world: () => World;
	faults: FaultPlan;
	/** Ends all waiting when the sandbox closes. */
	closing: AbortSignal;
	/** Requests that were answered and are yet to be carried out. */
	late: Set<Promise<unknown>>;
}

interface Work {
	violation: string | undefined;
	/** A path that does not exist is told to anyone. */
	needsKey: boolean;
	/** Does what the request asks for. */
	act: (world: World) => Answer;
	/** What is read or changed, by the ids in its path. */
	list: ReadList | undefined;
}

function refused(violation: string): Work {
	return { violation, needsKey: true, act: () => forbidden(violation), list: undefined };
}

function checkedWork<Op extends OperationId>(operation: Operation<Op>, checked: Checked<Op>): Work {
	if ('violation' in checked) return refused(checked.violation);
	const { input } = checked;
	const act = (world: World) => OPERATIONS[operation.id](world, input);
	const { org_id: orgId } = input.path;
	const assistantId = 'assistant_id' in input.path ? input.path.assistant_id : '';
	return {
		violation: undefined,
		needsKey: true,
		act,
		list: { operationId: operation.id, orgId, assistantId },
	};
}

function workFor<Op extends OperationId>(
	operation: Operation<Op>,
	{ record, contentType, path, query }: Incoming,
): Work {
	const body = readBody(record.rawBody, contentType);
	if (body !== undefined && 'violation' in body) return refused(body.violation);
	record.body = body?.json;
	return checkedWork(operation, operation.check({ path, query, body: body?.json }));
}

function unknownRoute({ record, contentType }: Incoming): Work {
	const body = readBody(record.rawBody, contentType);
	if (body !== undefined && 'json' in body) record.body = body.json;
	const violation = `${record.method} ${record.path} is not in the contract`;
	return { violation, needsKey: false, act: () => refusal(404, violation), list: undefined };
}

/** Refuses what comes too often and what comes without the right key; undefined lets the request pass. */
function refuseAtTheDoor(world: World, { authorization }: Incoming, { needsKey }: Work): Answer | undefined {
	const { settings, limits } = world;
	const now = settings.now();
	const wait = limits.requests.wait(now);
	if (wait > 0) {
		const message = `More than ${settings.requestsPerMinute} requests a minute`;
		return refusal(429, message, retryAfterHeader(settings.retryAfter, wait, now));
	}
	limits.requests.add(now);
	return !needsKey || bearerToken(authorization) === world.apiKey
		? undefined
		: refusal(401, 'The API key is missing or not valid');
}

function changeListOf(world: World, list: ReadList | undefined, change: ListChange): void {
	const organization = list === undefined ? undefined : world.store.reach(list.orgId);
	if (list === undefined || organization === undefined) return;
	changeList(world.store, { ...list, orgId: organization.id }, change);
}

function decide(
	{ closing, late, ...surroundings }: Surroundings,
	incoming: Incoming,
	work: Work,
	effect: FaultRule['effect'] | undefined,
): Delivery {
	const { record } = incoming;
	const world = surroundings.world();
	const process = () => {
		const answer = refuseAtTheDoor(world, incoming, work) ?? work.act(world);
		record.violation ??= answer.violation;
		return answer;
	};
	const processLater = (afterMs: number) => {
		const landing = pause(afterMs, undefined, { signal: closing })
			.then(process)
			.catch(() => undefined)
			.finally(() => late.delete(landing));
		late.add(landing);
	};
	return deliveryUnder(effect, {
		process,
		processLater,
		changeList: (change) => changeListOf(world, work.list, change),
		now: world.settings.now(),
	});
}

async function exchange<Op extends OperationId>(
	surroundings: Surroundings,
	operation: Operation<Op> | undefined,
	incoming: Incoming,
): Promise<Delivery> {
	const { world, faults, closing } = surroundings;
	const { record } = incoming;
	record.operationId = operation?.id;
	const work = operation === undefined ? unknownRoute(incoming) : workFor(operation, incoming);
	record.violation = work.violation;
	const effect = faults.take(record);
	const wait = world().settings.latencyMs + (effect?.delayMs ?? 0);
	if (wait > 0) await pause(wait, undefined, { signal: closing });
	return decide(surroundings, incoming, work, effect);
}

/**
 * Answers one request: checks it against the contract, lets the fault plan have its way, else carries it out. `operation` is
 * undefined for a path or method outside the contract. A mistake of the sandbox itself is answered with 500.
 */
export async function answerRequest<Op extends OperationId>(
	surroundings: Surroundings,
	operation: Operation<Op> | undefined,
	incoming: Incoming,
	response: ServerResponse,
): Promise<void> {
	const delivery = await exchange(surroundings, operation, incoming).catch((error: unknown): Delivery => {
		if (surroundings.closing.aborted) return 'cut';
		return { answer: refusal(500, `The sandbox failed: ${String(error)}`) };
	});
	if (typeof delivery === 'object') incoming.record.status = delivery.answer.status;
	deliver(response, delivery, surroundings.world().settings.now());
}
