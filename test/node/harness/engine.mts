/**
 * Runs the built node as n8n does: on n8n-core's WorkflowExecute, with its own HTTP helper and with the
 * credential's own `authenticate`. Only what belongs to an n8n installation stands in: the lookup of types
 * and the store of credentials.
 */
import './console.mts';

import 'reflect-metadata';

import { getEventListeners } from 'node:events';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { runInThisContext } from 'node:vm';

import {
	CredentialTestContext,
	DirectoryLoader,
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	RoutingNode,
	SupplyDataContext,
	WorkflowExecute,
} from 'n8n-core';
import type {
	IBinaryData,
	IBinaryKeyData,
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialType,
	INodeCredentialTestResult,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
	NodeConnectionType,
	WorkflowSettingsBinaryMode,
} from 'n8n-workflow';
import { createRunExecutionData, Workflow } from 'n8n-workflow';

interface PackageEntries {
	readonly nodes: Array<{ readonly Invent: new () => INodeType }>;
	readonly credentials: Array<{ readonly InventApi: new () => ICredentialType }>;
}

const load = createRequire(resolve('package.json'));
const entries = load('./index.js') as PackageEntries;

function only<T>(list: readonly T[]): T {
	const [first] = list;
	if (first === undefined || list.length !== 1) throw new Error(`One entry was expected, not ${list.length}`);
	return first;
}

const published: INodeType = new (only(entries.nodes).Invent)();

/** The node's description as the built entry that package.json names has it. */
export const publishedDescription: INodeTypeDescription = published.description;

/** The node as n8n loads it: n8n gives 'Request Options' (timeout, proxy, batching) to every declarative node. */
export const nodeType: INodeType = {
	...published,
	description: { ...publishedDescription, properties: [...publishedDescription.properties] },
};
DirectoryLoader.applyDeclarativeNodeOptionParameters({ description: nodeType.description });

// A declarative node has no `execute`: n8n gives it this one (n8n, node-types.js).
nodeType.execute = async function () {
	return (await new RoutingNode(contextOf(this), nodeType).runNode()) ?? [];
};

/** What the engine gives a node to work with: in a workflow, or as an agent's tool (which n8n's own code casts too). */
function contextOf(functions: IExecuteFunctions): ExecuteContext {
	if (functions instanceof ExecuteContext) return functions;
	if (functions instanceof SupplyDataContext) return functions as unknown as ExecuteContext;
	throw new Error('n8n runs nodes in an ExecuteContext');
}

/** A fresh instance of the credential, likewise. */
export const credentialType: ICredentialType = new (only(entries.credentials).InventApi)();

/** Where an input item has its files; a copy of the item has them, too. */
const FILES = Symbol('files');

/** Gives an input item a file, in the field `data` unless it is called otherwise. */
export function withFile<Item extends IDataObject>(
	item: Item,
	file: Partial<IBinaryData> = {},
	field = 'data',
): Item {
	const content = Buffer.from('a picture').toString('base64');
	const binary = { data: content, mimeType: 'image/png', fileExtension: 'png', ...file };
	return Object.assign(item, { [FILES]: { ...filesOf(item), [field]: binary } });
}

function filesOf(item: IDataObject): IBinaryKeyData | undefined {
	return Reflect.get(item, FILES) as IBinaryKeyData | undefined;
}

/** The files of an input item, as n8n has them beside its fields. */
export function binaryOf(item: IDataObject): { binary?: IBinaryKeyData } {
	const binary = filesOf(item);
	return binary === undefined ? {} : { binary };
}

/** What a workflow gives the node: its parameters, settings, input, and the credential's fields. */
export interface Setup {
	readonly parameters: INodeParameters;
	readonly items?: readonly IDataObject[];
	readonly credential: ICredentialDataDecryptedObject;
	readonly settings?: Partial<
		Pick<
			INode,
			'executeOnce' | 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'type' | 'typeVersion'
		>
	>;
	readonly signal?: AbortSignal;
	/** Where the workflow has its files: beside the fields of an item, or `combined` with them. */
	readonly binaryMode?: WorkflowSettingsBinaryMode;
	/** Another node in place of the Invent node, to run with its credential; `settings` can name its type. */
	readonly nodeType?: INodeType;
}

/** What came out of the node. */
export interface Outcome {
	/** The node's items; with the error output in use, those of the success branch. */
	readonly items: INodeExecutionData[];
	/** The items of the error branch. */
	readonly refused: INodeExecutionData[];
	/** The error that ended the execution, as n8n keeps it. */
	readonly error: NodeFault | undefined;
	readonly run: IRun;
}

export interface NodeFault {
	readonly name: string;
	readonly message: string;
	readonly description: string;
	readonly itemIndex: number | undefined;
}

/** Runs a workflow of two nodes, a source of items and the Invent node, to its end. */
export async function execute(setup: Setup): Promise<Outcome> {
	const nodes = [sourceNode(), inventNode(setup)];
	const connections: IConnections = { Source: { main: [[to('Invent')]] } };
	const nodeTypes = typesWith(setup.items ?? [{}], setup.nodeType ?? nodeType);
	return outcomeOf(await runToEnd(setup, nodes, connections, nodeTypes));
}

async function runToEnd(
	setup: Pick<Setup, 'credential' | 'signal' | 'binaryMode'>,
	nodes: INode[],
	connections: IConnections,
	nodeTypes: INodeTypes,
): Promise<IRun> {
	const settings = setup.binaryMode === undefined ? {} : { binaryMode: setup.binaryMode };
	const workflow = new Workflow({ id: 'test', nodes, connections, active: false, nodeTypes, settings });
	const additionalData = additionalDataFor(setup);
	const running = new WorkflowExecute(additionalData, 'trigger', createRunExecutionData({})).run({
		workflow,
		startNode: nodes[0],
	});
	setup.signal?.addEventListener('abort', () => running.cancel());
	return await running;
}

function to(node: string, type: NodeConnectionType = 'main') {
	return { node, type, index: 0 };
}

/**
 * Runs the Invent node again and again in one execution, with one of the items each time: Source, Loop, Invent and
 * back, as with n8n's Loop Over Items.
 *
 * @returns what came out of the node in each round
 */
export async function executeLoop(
	setup: Setup,
): Promise<Outcome & { readonly rounds: INodeExecutionData[][] }> {
	const items = setup.items ?? [{}];
	const nodes = [sourceNode(), plainNode('Loop', 'loop'), inventNode(setup)];
	const connections: IConnections = {
		Source: { main: [[to('Loop')]] },
		Loop: { main: [[], [to('Invent')]] },
		Invent: { main: [[to('Loop')]] },
	};
	let next = 0;
	const loop = nodeLike(['main'], ['main', 'main'], async () => {
		const json = items[next++];
		return json === undefined ? [[{ json: {} }], []] : [[], [{ json }]];
	});
	const nodeTypes = typesWith([{}], setup.nodeType ?? nodeType, { loop });
	const run = await runToEnd(setup, nodes, connections, nodeTypes);
	const rounds = (run.data.resultData.runData.Invent ?? []).map(({ data }) => data?.main?.[0] ?? []);
	return { ...outcomeOf(run), rounds };
}

/** An agent and its tools, each of them an Invent node. */
export interface AgentSetup extends Pick<Setup, 'credential' | 'signal' | 'items' | 'nodeType'> {
	/** The tools by the names of their nodes. */
	readonly tools: Readonly<Record<string, Pick<Setup, 'parameters' | 'settings'>>>;
	/** What the agent does: it calls tools with the arguments that `$fromAI` gives to their parameters. */
	readonly work: (call: (tool: string, given?: IDataObject) => Promise<IDataObject[]>) => Promise<void>;
}

/**
 * Runs an agent whose tools are Invent nodes, as n8n does: n8n-core makes the tools out of the connected nodes, repeats
 * a call that fails as the tool's Retry On Fail says, and gives all calls the agent's execute data.
 */
export async function executeTool({ tools, work, ...setup }: AgentSetup): Promise<IRun> {
	const toolNodes = Object.entries(tools).map(([name, { parameters, settings }]) => ({
		...inventNode({ parameters, credential: setup.credential }),
		...settings,
		id: name,
		name,
		type: 'n8n-nodes-invent.inventTool',
	}));
	const nodes = [sourceNode(), plainNode('Agent', 'agent'), ...toolNodes];
	const connections: IConnections = {
		Source: { main: [[to('Agent')]] },
		...Object.fromEntries(toolNodes.map(({ name }) => [name, { ai_tool: [[to('Agent', 'ai_tool')]] }])),
	};
	const agent = nodeLike(['main', { type: 'ai_tool' }], ['main'], async function () {
		const connected = (await this.getInputConnectionData('ai_tool', 0)) as Array<{
			readonly metadata: { readonly sourceNodeName: string };
			readonly invoke: (given: IDataObject) => Promise<string>;
		}>;
		await work(async (name, given = {}) => {
			const tool = connected.find(({ metadata }) => metadata.sourceNodeName === name);
			if (tool === undefined) throw new Error(`The agent has no tool ${name}`);
			return JSON.parse(await tool.invoke(given)) as IDataObject[];
		});
		return [[{ json: {} }]];
	});
	const main = setup.nodeType ?? nodeType;
	const { usableAsTool, ...description } = main.description;
	if (usableAsTool === undefined) throw new Error('The node is no tool');
	const tool = { ...main, description: { ...description, inputs: [], outputs: ['ai_tool' as const] } };
	const nodeTypes = typesWith(setup.items ?? [{}], main, { agent, 'n8n-nodes-invent.inventTool': tool });
	const run = await runToEnd(setup, nodes, connections, nodeTypes);
	if (run.data.resultData.error !== undefined) throw run.data.resultData.error;
	return run;
}

/** The Invent node, and what a test may see of its work. */
export interface WatchedNode {
	readonly nodeType: INodeType;
	/** How often the engine has run the node. */
	readonly tries: number;
	/** The cancel signal of the execution that runs it. */
	readonly signal: AbortSignal;
	/** What it gave the engine each time; an error, if it threw. */
	readonly given: Array<INodeExecutionData[] | Error>;
	/** How many listened to the cancel signal each time the node had ended. */
	readonly listeners: number[];
	/** Settles when the node is run for the first time. */
	readonly started: Promise<void>;
	/** Settles when the node has ended for the first time; n8n itself waits for nothing once it is cancelled. */
	readonly ended: Promise<void>;
}

/** The node, watched; give its `nodeType` to a setup. */
export function watchedNode(): WatchedNode {
	const { promise: started, resolve: start } = Promise.withResolvers<void>();
	const { promise: ended, resolve: end } = Promise.withResolvers<void>();
	const listeners: number[] = [];
	const given: WatchedNode['given'] = [];
	let tries = 0;
	let signal: AbortSignal | undefined;
	const run: INodeType['execute'] = async function (response) {
		tries += 1;
		signal = this.getExecutionCancelSignal();
		start();
		const [outcome] = await Promise.allSettled([nodeType.execute?.call(this, response)]);
		listeners.push(signal === undefined ? 0 : getEventListeners(signal, 'abort').length);
		end();
		if (outcome.status === 'rejected') {
			given.push(outcome.reason instanceof Error ? outcome.reason : new Error(String(outcome.reason)));
			throw outcome.reason;
		}
		const output = Array.isArray(outcome.value) ? outcome.value : [];
		// The engine takes the items of the error output out of the list.
		given.push([...(output[0] ?? [])]);
		return output;
	};
	return {
		nodeType: { ...nodeType, execute: run },
		get tries() {
			return tries;
		},
		get signal() {
			if (signal === undefined) throw new Error('The node was not run');
			return signal;
		},
		given,
		listeners,
		started,
		ended,
	};
}

/** Collects rejections that nobody handles, which end a process that does not expect them, until `stop` is called. */
export function collectRejections(): { readonly reasons: unknown[]; stop(): void } {
	const reasons: unknown[] = [];
	// A test has a copy of the process, which hears of nothing.
	const process = runInThisContext('process') as NodeJS.Process;
	const others = process.listeners('unhandledRejection');
	const collect = (reason: unknown) => reasons.push(reason);
	process.removeAllListeners('unhandledRejection');
	process.on('unhandledRejection', collect);
	return {
		reasons,
		stop() {
			process.off('unhandledRejection', collect);
			for (const other of others) process.on('unhandledRejection', other);
		},
	};
}

/** What the editor gives a drop-down: the parameters as the panel shows them, and what the user typed or scrolled to. */
export interface Panel extends Pick<Setup, 'parameters' | 'credential'> {
	/** The list, as the parameter's `searchListMethod` names it. */
	readonly method: string;
	readonly filter?: string;
	readonly paginationToken?: string;
}

/** Loads a list of a drop-down as n8n does for its editor (n8n, dynamic-node-parameters.service.js). */
export async function loadList(panel: Panel): Promise<INodeListSearchResult> {
	const load = nodeType.methods?.listSearch?.[panel.method];
	if (load === undefined) throw new Error(`The node has no list ${panel.method}`);
	const node = inventNode(panel);
	const nodeTypes = typesWith([], nodeType);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const additionalData = { ...additionalDataFor(panel), currentNodeParameters: node.parameters };
	const context = new LoadOptionsContext(workflow, node, additionalData, 'parameters');
	return await load.call(context, panel.filter, panel.paginationToken);
}

/** Tests a credential as n8n does when it is saved (n8n, credentials-tester.service.js). */
export async function testCredential(
	credential: ICredentialDataDecryptedObject,
): Promise<INodeCredentialTestResult> {
	if (credentialType.test !== undefined)
		throw new Error('n8n would prefer the test of the credential itself');
	const use = nodeType.description.credentials?.find(({ name }) => name === credentialType.name);
	const method = typeof use?.testedBy === 'string' ? use.testedBy : '';
	const test = nodeType.methods?.credentialTest?.[method];
	if (test === undefined) throw new Error('The node tests the credential');
	const stored = { id: '1', name: 'Invent', type: credentialType.name, data: { ...credential } };
	return await test.call(new CredentialTestContext(), stored);
}

function outcomeOf(run: IRun): Outcome {
	const { runData, error } = run.data.resultData;
	const [items, refused] = runData.Invent?.at(-1)?.data?.main ?? [];
	return { items: items ?? [], refused: refused ?? [], error: error && faultOf(error), run };
}

function faultOf(error: NonNullable<IRun['data']['resultData']['error']>): NodeFault {
	const index: unknown = 'context' in error ? error.context.itemIndex : undefined;
	return {
		name: error.name,
		message: error.message,
		description: String(error.description ?? ''),
		itemIndex: typeof index === 'number' ? index : undefined,
	};
}

function sourceNode(): INode {
	return plainNode('Source', 'source');
}

function plainNode(name: string, type: string): INode {
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters: {} };
}

function inventNode({ parameters, settings }: Setup): INode {
	return {
		id: 'i',
		name: 'Invent',
		type: 'n8n-nodes-invent.invent',
		typeVersion: 1,
		position: [200, 0],
		parameters: { resource: 'assistant', ...parameters },
		credentials: { inventApi: { id: '1', name: 'Invent' } },
		...settings,
	};
}

function nodeLike(
	inputs: INodeTypeDescription['inputs'],
	outputs: INodeTypeDescription['outputs'],
	execute: NonNullable<INodeType['execute']>,
): INodeType {
	const description: INodeTypeDescription = {
		displayName: 'Test',
		name: 'test',
		group: ['transform'],
		version: 1,
		description: 'Does what the test needs around the node',
		defaults: {},
		inputs,
		outputs,
		properties: [],
	};
	return { description, execute };
}

function typesWith(
	items: readonly IDataObject[],
	main: INodeType,
	others: Readonly<Record<string, INodeType>> = {},
): INodeTypes {
	const source = nodeLike([], ['main'], async () => [
		items.map((json, item) => ({ ...binaryOf(json), json, pairedItem: { item } })),
	]);
	const byName = (name: string) => (name === 'source' ? source : (others[name] ?? main));
	return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
}

function additionalDataFor({ credential }: Pick<Setup, 'credential'>): IWorkflowExecuteAdditionalData {
	const workflowData: IWorkflowBase = {
		id: 'test',
		name: 'test',
		active: false,
		isArchived: false,
		createdAt: new Date(0),
		updatedAt: new Date(0),
		activeVersionId: null,
		nodes: [],
		connections: {},
	};
	const credentialsHelper = {
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,
		preAuthentication: async () => undefined,
		getDecrypted: async () => ({ ...credential }),
		authenticate: async (
			data: ICredentialDataDecryptedObject,
			_type: string,
			request: IHttpRequestOptions,
		) => {
			if (typeof credentialType.authenticate !== 'function') throw new Error('authenticate is a function');
			return await credentialType.authenticate(data, request);
		},
	};
	return {
		executionId: '1',
		credentialsHelper,
		hooks: new ExecutionLifecycleHooks('trigger', '1', workflowData),
		setExecutionStatus: () => undefined,
		webhookWaitingBaseUrl: 'http://127.0.0.1/waiting',
		formWaitingBaseUrl: 'http://127.0.0.1/form',
		restApiUrl: 'http://127.0.0.1/rest',
		instanceBaseUrl: 'http://127.0.0.1',
		variables: {},
	} as unknown as IWorkflowExecuteAdditionalData;
}
