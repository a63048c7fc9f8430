/**
 * Runs the built node as n8n does: on n8n-core's WorkflowExecute, with its own HTTP helper and with the
 * credential's own `authenticate`. Only what belongs to an n8n installation stands in: the lookup of types
 * and the store of credentials.
 */
import 'reflect-metadata';

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import {
	ExecuteContext,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	RoutingNode,
	WorkflowExecute,
} from 'n8n-core';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IExecuteFunctions,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	IRun,
	IWorkflowBase,
	IWorkflowExecuteAdditionalData,
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

/** A fresh instance of the node, from the built entry that package.json names. */
export const nodeType: INodeType = new (only(entries.nodes).Invent)();

// A declarative node has no `execute`: n8n gives it this one (n8n, node-types.js).
nodeType.execute = async function () {
	if (!(this instanceof ExecuteContext)) throw new Error('n8n runs nodes in an ExecuteContext');
	return (await new RoutingNode(this, nodeType).runNode()) ?? [];
};

/** A fresh instance of the credential, likewise. */
export const credentialType: ICredentialType = new (only(entries.credentials).InventApi)();

/** What a workflow gives the node: its parameters, settings, input, and the credential's fields. */
export interface Setup {
	readonly parameters: INodeParameters;
	readonly items?: readonly IDataObject[];
	readonly credential: ICredentialDataDecryptedObject;
	readonly settings?: Partial<
		Pick<INode, 'onError' | 'retryOnFail' | 'maxTries' | 'waitBetweenTries' | 'type' | 'typeVersion'>
	>;
	readonly signal?: AbortSignal;
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
	const connections: IConnections = {
		Source: { main: [[{ node: 'Invent', type: 'main', index: 0 }]] },
	};
	const workflow = new Workflow({
		id: 'test',
		nodes,
		connections,
		active: false,
		nodeTypes: typesWith(setup.items ?? [{}], setup.nodeType ?? nodeType),
	});
	const additionalData = additionalDataFor(setup);
	const running = new WorkflowExecute(additionalData, 'trigger', createRunExecutionData({})).run({
		workflow,
		startNode: nodes[0],
	});
	setup.signal?.addEventListener('abort', () => running.cancel());
	return outcomeOf(await running);
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
	return { id: 's', name: 'Source', type: 'source', typeVersion: 1, position: [0, 0], parameters: {} };
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

function typesWith(items: readonly IDataObject[], main: INodeType) {
	const source: INodeType = {
		description: {
			displayName: 'Source',
			name: 'source',
			group: ['trigger'],
			version: 1,
			description: 'Gives the items of the test',
			defaults: {},
			inputs: [],
			outputs: ['main'],
			properties: [],
		},
		async execute(this: IExecuteFunctions) {
			return [items.map((json, item) => ({ json, pairedItem: { item } }))];
		},
	};
	const byName = (name: string) => (name === 'source' ? source : main);
	return { getByName: byName, getByNameAndVersion: byName, getKnownTypes: () => ({}) };
}

function additionalDataFor({ credential }: Setup): IWorkflowExecuteAdditionalData {
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
