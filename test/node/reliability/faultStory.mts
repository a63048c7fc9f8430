/** Plays a made-up scenario on the real engine, and tells what was there before and after and what came out. */
import { takePrinted } from '../harness/console.mts';

import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';

import { stringify } from 'flatted';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
} from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';

import type { Assistant } from '../../../contract/invent.d.ts';
import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { FaultRule, RecordedRequest, Sandbox } from '../../../tools/sandbox/server.mts';
import { execute, executeTool, nodeType } from '../harness/engine.mts';
import type { NodeFault, Setup } from '../harness/engine.mts';
import { errorOf, sourceOf } from '../harness/scene.mts';
import { locator, secretText } from '../harness/support.mts';
import { API_KEY, SECRET_KEY, THERE_BEFORE } from './faultScenarios.mts';
import type { ExecutionPlan, NodePlan, OrderPlan, Scenario } from './faultScenarios.mts';

/** Why an order failed, as far as n8n tells. */
export interface Failure {
	readonly text: string;
	/** What an error item has besides its text. */
	readonly fields?: IDataObject;
}

/** What a workflow gave the node in one item, or an agent in one call, and what came of it. */
export interface Order {
	readonly plan: OrderPlan;
	readonly node: NodePlan;
	readonly kind: ExecutionPlan['kind'];
	readonly execution: number;
	readonly index: number;
	/** The name that it gives. */
	readonly name: string;
	/** What only this order writes. */
	readonly marker: string;
	/** The assistant whose id it gives. */
	readonly targetId: string;
	/** How often the engine has run it. */
	readonly tries: number;
	readonly outputs: readonly IDataObject[];
	readonly failure: Failure | undefined;
	/** Whether an expression threw in the last try: the node has no say in what becomes of it then. */
	readonly isDropped: boolean;
	/** On Error: Stop tells nothing of the items but the one that failed. */
	readonly isTold: boolean;
}

export interface Story {
	readonly scenario: Scenario;
	readonly before: readonly Assistant[];
	readonly after: readonly Assistant[];
	readonly requests: readonly RecordedRequest[];
	readonly orders: readonly Order[];
	/** The errors that ended executions, by the number of the execution. */
	readonly faults: ReadonlyMap<number, NodeFault>;
	/** Items that point to no input item, or to one that does not exist. */
	readonly strays: readonly INodeExecutionData[];
	/** All secret keys that there ever were. */
	readonly secretKeys: readonly string[];
	/** Listeners that were left on the executions' signals. */
	readonly listeners: number;
	/** Where the API key turned up. */
	readonly leaks: readonly string[];
	/** The API's name for the organization that is also called `c`. */
	readonly orgId: string;
}

/** The try of the engine in which an expression is evaluated. */
const currentTry = new AsyncLocalStorage<number>();

const NOWHERE = "$('Nowhere').first().json.name";
/** Where each value comes from: an item's field, or an argument of the agent's call. */
const SOURCES = {
	workflow: { value: (name: string) => `$json.${name}`, throws: '$json.throws' },
	agent: {
		value: (name: string) => `$fromAI('${name}')`,
		throws: "$fromAI('tries').split('/')[1].includes(String($json.try))",
	},
} as const;

function parametersOf(plan: NodePlan, kind: ExecutionPlan['kind'], timeout: number): INodeParameters {
	const { operation, named, configUpdate, simplify, maxWait, batch } = plan;
	const { value, throws } = SOURCES[kind];
	const given = (name: string) => `={{ ${value(name)} }}`;
	const config: INodeParameters = {
		configMode: 'json',
		configJson: `={{ { [${value('place')}]: ${value('marker')} } }}`,
	};
	const common: INodeParameters = {
		operation,
		simplify,
		organizationId: locator(`={{ ${throws} ? ${NOWHERE} : ${value('organization')} }}`),
		options: { maxWait, ...((operation === 'update' || operation === 'upsert') && { configUpdate }) },
		requestOptions: {
			...(timeout > 0 && { timeout }),
			...(batch !== null && {
				batching: { batch: { batchSize: batch.size, batchInterval: batch.intervalMs } },
			}),
		},
	};
	const assistantId = locator(given('id'));
	switch (operation) {
		case 'create':
		case 'upsert':
			return { ...common, ...config, name: given('name') };
		case 'duplicate':
			return { ...common, assistantId, additionalFields: named ? { name: given('name') } : {} };
		case 'getAll':
			return { ...common, returnAll: true };
		case 'update':
			return { ...common, ...config, assistantId };
		case 'get':
		case 'rotateKey':
			return { ...common, assistantId };
		default:
			throw new Error(`There is no scenario for ${operation}`);
	}
}

function settingsOf({ onError, tries }: NodePlan): NonNullable<Setup['settings']> {
	return tries === 1 ? { onError } : { onError, retryOnFail: true, maxTries: tries, waitBetweenTries: 1 };
}

/** Time-outs are short where something never answers, and long enough for a busy machine. */
function timeoutOf({ faults }: Scenario): number {
	const isSilent = ({ effect }: FaultRule) =>
		'stall' in effect || ('landLater' in effect && effect.landLater.status === undefined);
	return faults.some(isSilent) ? 700 : 0;
}

function keyOf(execution: number, index: number): string {
	return `${execution}.${index}`;
}

type Planned = Omit<Order, 'tries' | 'outputs' | 'failure' | 'isDropped' | 'isTold'>;

function planned({ executions }: Scenario, before: readonly Assistant[]): Planned[][] {
	return executions.map(({ kind, nodes, orders }, execution) =>
		orders.map((plan, index) => {
			const node = nodes[plan.tool % nodes.length];
			const target = before[plan.target];
			if (node === undefined || target === undefined) throw new Error('The scenario is no scenario');
			const marker = `Asked for by ${keyOf(execution, index)}.`;
			return { plan, node, kind, execution, index, name: nameOf(plan.name), marker, targetId: target.id };
		}),
	);
}

function nameOf(number: number): string {
	return `Made ${number}`;
}

/** What the node reads of an order. */
function valuesOf({ plan, name, marker, targetId }: Planned, orgId: string): Record<string, string> {
	const organization = plan.byId ? orgId : 'c';
	return { name, marker, id: targetId, place: plan.place, organization: plan.invalid ? ' ' : organization };
}

/** What a scenario is played with. */
interface Stage {
	readonly scenario: Scenario;
	readonly sandbox: Sandbox;
	readonly credential: ICredentialDataDecryptedObject;
	readonly timeout: number;
	readonly signals: Map<AbortSignal, number>;
	readonly leaks: string[];
}

/** The node, watched while it runs: counts the tries of the items, or of each call, and notes the cancel signal. */
function watched({ signals }: Stage): { type: INodeType; triesOf: (key: string) => number } {
	const byCall = new Map<unknown, number>();
	const byKey = new Map<string, number>();
	const run: INodeType['execute'] = async function (response) {
		const call = this.getInputData(0, NodeConnectionTypes.AiTool)[0]?.json;
		const tries = (byCall.get(call) ?? 0) + 1;
		byCall.set(call, tries);
		byKey.set(keyOfCall(call), tries);
		const signal = this.getExecutionCancelSignal();
		if (signal !== undefined && !signals.has(signal)) signals.set(signal, listenersOf(signal));
		return await currentTry.run(tries, async () => (await nodeType.execute?.call(this, response)) ?? []);
	};
	return { type: { ...nodeType, execute: run }, triesOf: (key) => byKey.get(key) ?? 0 };
}

/** An agent's call says by whom it was ordered; a workflow's node is run for all of its items. */
function keyOfCall(call: IDataObject | undefined): string {
	return typeof call?.tries === 'string' ? (call.tries.split('/')[0] ?? '') : '';
}

function listenersOf(signal: AbortSignal): number {
	return getEventListeners(signal, 'abort').length;
}

interface Played {
	readonly orders: readonly Order[];
	readonly fault?: NodeFault | undefined;
	readonly strays: readonly INodeExecutionData[];
}

function failureOf(item: INodeExecutionData): Failure | undefined {
	const text = errorOf(item);
	return text === undefined ? undefined : { text, fields: item.json };
}

async function playWorkflow(stage: Stage, plan: ExecutionPlan, orders: readonly Planned[]): Promise<Played> {
	const { sandbox, credential, timeout, leaks } = stage;
	const [node] = plan.nodes;
	if (node === undefined) throw new Error('The scenario has no node');
	const { type, triesOf } = watched(stage);
	const items = orders.map((order) => {
		const throws = () => order.plan.throwsIn.includes(currentTry.getStore() ?? 0);
		return Object.defineProperty(valuesOf(order, sandbox.orgId), 'throws', { enumerable: true, get: throws });
	});
	const { error, ...outcome } = await execute({
		parameters: parametersOf(node, 'workflow', timeout),
		items,
		credential,
		settings: settingsOf(node),
		nodeType: type,
	});
	if (stringify(outcome.run.data).includes(sandbox.apiKey)) leaks.push('run data');
	const tries = triesOf('');
	// The engine's own error items have no code, and need not know their input item.
	const all = [...outcome.items, ...outcome.refused];
	const own = all.filter((item) => errorOf(item) === undefined || item.json.errorCode !== undefined);
	const strays = own.filter((item) => orders[sourceOrNone(item)] === undefined);
	return {
		fault: error,
		strays,
		orders: orders.map((order, index) => {
			const items = own.filter((item) => sourceOrNone(item) === index);
			const failures = items.flatMap((item) => failureOf(item) ?? []);
			const isStopped = error?.itemIndex === index;
			const stopped = isStopped ? { text: `${error.message}. ${error.description}` } : undefined;
			return {
				...order,
				tries,
				outputs: items.filter((item) => errorOf(item) === undefined).map(({ json }) => json),
				failure: stopped ?? failures[0],
				isDropped: order.plan.throwsIn.includes(tries),
				isTold: error === undefined || isStopped,
			};
		}),
	};
}

function sourceOrNone(item: INodeExecutionData): number {
	return item.pairedItem === undefined ? -1 : sourceOf(item);
}

async function playAgent(stage: Stage, plan: ExecutionPlan, orders: readonly Planned[]): Promise<Played> {
	const { sandbox, credential, timeout, leaks } = stage;
	const { type, triesOf } = watched(stage);
	const toolName = (number: number) => `Tool ${number}`;
	const tools = Object.fromEntries(
		plan.nodes.map((node, number) => [
			toolName(number),
			{ parameters: parametersOf(node, 'agent', timeout), settings: settingsOf(node) },
		]),
	);
	const answers = new Map<Planned, PromiseSettledResult<IDataObject[]>>();
	const item = Object.defineProperty({}, 'try', { enumerable: true, get: () => currentTry.getStore() ?? 0 });
	const run = await executeTool({
		credential,
		tools,
		items: [item],
		nodeType: type,
		work: async (call) => {
			const make = async (order: Planned) => {
				const key = keyOf(order.execution, order.index);
				const given = { ...valuesOf(order, sandbox.orgId), tries: `${key}/${order.plan.throwsIn.join()}` };
				const calling = call(toolName(order.plan.tool % plan.nodes.length), given);
				const [answer] = await Promise.allSettled([calling]);
				answers.set(order, answer);
			};
			for (const round of new Set(orders.map((order) => order.plan.round).sort())) {
				await Promise.all(orders.filter((order) => order.plan.round === round).map(make));
			}
		},
	});
	if (stringify(run.data).includes(sandbox.apiKey)) leaks.push('run data');
	return {
		strays: [],
		orders: orders.map((order) => {
			const answer = answers.get(order);
			const outputs = answer?.status === 'fulfilled' ? answer.value : [];
			const [first] = outputs;
			const tries = triesOf(keyOf(order.execution, order.index));
			const told = typeof first?.error === 'string' ? { text: first.error, fields: first } : undefined;
			return {
				...order,
				tries,
				outputs: told ? [] : outputs.filter((json) => Object.keys(json).length > 0),
				failure: answer?.status === 'rejected' ? { text: textOf(answer.reason) } : told,
				isDropped: order.plan.throwsIn.includes(tries),
				isTold: true,
			};
		}),
	};
}

function textOf(reason: unknown): string {
	return reason instanceof Error ? reason.message : String(reason);
}

function furnish({ store }: Sandbox): Assistant[] {
	const at = new Date(Date.now() - 3_600_000).toISOString();
	for (let index = 0; index < THERE_BEFORE; index++) {
		const config = { language: 'en', custom: { deep: [index, { kept: null }] }, custom_list: ['a', 'b'] };
		const secret_key = index % 2 === 0 ? null : secretText().padEnd(40, 'x1');
		store.add({ name: nameOf(index), config, secret_key, created_at: at, updated_at: at });
	}
	return store.assistants();
}

function faultsFor({ faults }: Scenario, sandbox: Sandbox, before: readonly Assistant[]): FaultRule[] {
	const told = JSON.stringify(faults)
		.replaceAll(API_KEY, sandbox.apiKey)
		.replaceAll(SECRET_KEY, before[1]?.secret_key ?? '');
	return JSON.parse(told) as FaultRule[];
}

/** How long a node may still be busy after its execution has ended. */
const LONGEST_END_MS = 15_000;

/** Waits until nothing is on its way any more, and gives the number of listeners that are left then. */
async function settled({ sandbox, signals }: Stage): Promise<number> {
	const end = performance.now() + LONGEST_END_MS;
	const left = () => [...signals].reduce((sum, [signal, atFirst]) => sum + listenersOf(signal) - atFirst, 0);
	while ((sandbox.inFlight.now > 0 || left() > 0) && performance.now() < end) await pause(5);
	await sandbox.landed();
	return left();
}

/** The API keys of all scenarios that are being played: what is printed is nobody's in particular. */
const apiKeys = new Set<string>();
let scenarios = 0;

/** Plays a scenario on a sandbox of its own. */
export async function play(scenario: Scenario): Promise<Story> {
	const secretKeys = new Set<string>();
	const noteKeys = () => {
		for (const { secret_key } of sandbox.store.assistants()) {
			if (secret_key) secretKeys.add(secret_key);
		}
	};
	scenarios += 1;
	const sandbox = await startSandbox({
		data: 'empty',
		requestsPerMinute: 0,
		// What the node knows of an API it knows by its address.
		basePath: `/scenario-${scenarios}`,
		log: noteKeys,
		...scenario.options,
	});
	const { apiKey, url, orgId, store, requests } = sandbox;
	apiKeys.add(apiKey);
	try {
		const before = furnish(sandbox);
		noteKeys();
		sandbox.faults.set(faultsFor(scenario, sandbox, before));
		const stage: Stage = {
			scenario,
			sandbox,
			credential: { apiKey, baseUrl: url },
			timeout: timeoutOf(scenario),
			signals: new Map(),
			leaks: [],
		};
		const plans = planned(scenario, before);
		const played = await Promise.all(
			scenario.executions.map(async (plan, execution) => {
				const play = plan.kind === 'agent' ? playAgent : playWorkflow;
				return await play(stage, plan, plans[execution] ?? []);
			}),
		);
		const listeners = await settled(stage);
		noteKeys();
		const printed = takePrinted();
		if ([...apiKeys].some((key) => printed.includes(key))) stage.leaks.push('what was printed');
		return {
			scenario,
			before,
			after: store.assistants(),
			requests: [...requests],
			orders: played.flatMap(({ orders }) => orders),
			faults: new Map(played.flatMap(({ fault }, execution) => (fault ? [[execution, fault]] : []))),
			strays: played.flatMap(({ strays }) => strays),
			secretKeys: [...secretKeys],
			listeners,
			leaks: stage.leaks,
			orgId,
		};
	} finally {
		apiKeys.delete(apiKey);
		await sandbox.close();
	}
}

/** A story in a few lines, for whoever has to find out why it is not as it should be. */
export function inWords({ orders, faults, requests, before, after }: Story): string {
	const start = requests[0]?.at ?? 0;
	const known = new Map(before.map(({ id }, index) => [id, `#${index}`]));
	const shorten = (text: string) =>
		[...known].reduce((short, [id, name]) => short.replaceAll(id, name), text).slice(0, 400);
	const lines = [
		...requests.map(({ at, method, path, rawBody, status }) =>
			shorten(
				`+${at - start} ms ${method} ${path.replace(/^\/[^/]*/, '')} ${rawBody} → ${status ?? 'cut or silent'}`,
			),
		),
		...orders.map(({ execution, index, node, tries, outputs, failure, isDropped, isTold }) => {
			const outcome = failure
				? `${JSON.stringify(failure.fields?.errorCode ?? 'error')}: ${failure.text}`
				: outputs.map((json) => JSON.stringify(json)).join();
			const notes = [isDropped && 'dropped by the engine', !isTold && 'not told'].filter(Boolean).join();
			return shorten(`${keyOf(execution, index)} ${node.operation} (${tries} tries) ${notes} → ${outcome}`);
		}),
		...[...faults].map(([execution, { message, itemIndex }]) =>
			shorten(`execution ${execution} ended at item ${itemIndex}: ${message}`),
		),
		...after.map(({ id, name, config, secret_key }) =>
			shorten(`there after: ${id} ${name} ${JSON.stringify(config)} ${secret_key ?? ''}`),
		),
	];
	return lines.join('\n');
}
