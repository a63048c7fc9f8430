import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { IDataObject, INode, INodeParameters, IPinData } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import type { Assistant } from '../../contract/invent.d.ts';
import { startSandbox } from '../../sandbox/server.mts';
import type { RecordedRequest, Sandbox } from '../../sandbox/server.mts';
import { execute, nodeType } from '../engine.mts';
import type { NodeFault } from '../engine.mts';

/** A workflow as n8n's editor saves it. */
export interface SavedWorkflow {
	readonly name: string;
	readonly nodes: readonly INode[];
	readonly pinData: IPinData;
}

/** What a request says, apart from the key, the address of the sandbox and the time. */
export type SentRequest = Pick<RecordedRequest, 'method' | 'path' | 'query' | 'body'> & {
	readonly accept: unknown;
	readonly contentType: unknown;
};

/** What a workflow did with the version that saved it. */
export interface Recording {
	/** The assistants that were there before. */
	readonly before: ReadonlyArray<Partial<Assistant>>;
	/** In no order that counts: reads overlap. */
	readonly requests: readonly SentRequest[];
	/** The names of the fields of each item that came out. */
	readonly output: ReadonlyArray<readonly string[]>;
}

/** A recorded workflow and the version of the package that it was saved with. */
export interface Fixture {
	readonly version: string;
	readonly name: string;
	readonly workflow: SavedWorkflow;
	readonly recording: Recording;
}

/** Where the fixtures are: a folder for each version, in it two files for each workflow. */
export const FIXTURES = import.meta.dirname;
export const WORKFLOW_ENDING = '.workflow.json';
export const RECORDING_ENDING = '.recording.json';

/** The versions that have fixtures. */
export function recordedVersions(): string[] {
	return readdirSync(FIXTURES, { withFileTypes: true })
		.filter((entry) => entry.isDirectory())
		.map(({ name }) => name);
}

/** Every workflow that any version has saved. */
export function allFixtures(): Fixture[] {
	return recordedVersions().flatMap((version) => {
		const folder = join(FIXTURES, version);
		const names = readdirSync(folder)
			.filter((file) => file.endsWith(WORKFLOW_ENDING))
			.map((file) => file.slice(0, -WORKFLOW_ENDING.length));
		return names.map((name) => ({
			version,
			name,
			workflow: JSON.parse(readFileSync(join(folder, name + WORKFLOW_ENDING), 'utf8')) as SavedWorkflow,
			recording: JSON.parse(readFileSync(join(folder, name + RECORDING_ENDING), 'utf8')) as Recording,
		}));
	});
}

/** The Invent node of a workflow. */
export function inventNodeOf({ name, nodes }: SavedWorkflow): INode {
	const found = nodes.find(({ type }) => type === 'n8n-nodes-invent.invent');
	if (found === undefined) throw new Error(`${name} has no Invent node`);
	return found;
}

/** The operation that a workflow runs; the one that is so by default is not saved. */
export function operationOf(workflow: SavedWorkflow): string {
	const { operation = 'getAll' } = inventNodeOf(workflow).parameters;
	if (typeof operation !== 'string') throw new Error(`${workflow.name} has no operation`);
	return operation;
}

/** The items that the editor has pinned to the node before the Invent node. */
export function itemsOf({ pinData }: SavedWorkflow): IDataObject[] {
	return Object.values(pinData).flatMap((items) => items.map(({ json }) => json));
}

/** The parameters as the editor writes them when it saves: those shown, without the ones that are as by default. */
export function asSaved(parameters: INodeParameters, typeVersion: number): INodeParameters {
	const { description } = nodeType;
	const saved = NodeHelpers.getNodeParameters(
		description.properties,
		parameters,
		false,
		false,
		{ typeVersion },
		description,
	);
	if (saved === null) throw new Error('The editor would save nothing');
	return saved;
}

/** What happened when a workflow ran. */
export interface Rerun extends Omit<Recording, 'before'> {
	readonly error: NodeFault | undefined;
	readonly violations: readonly string[];
}

/** Runs the Invent node of a saved workflow on its pinned items, against a sandbox of its own. */
export async function rerun(workflow: SavedWorkflow, before: Recording['before']): Promise<Rerun> {
	const sandbox = await startSandbox({ data: 'empty', requestsPerMinute: 0, creationsPerHour: 0 });
	try {
		for (const assistant of before) sandbox.store.add(assistant);
		return await runOn(sandbox, workflow);
	} finally {
		await sandbox.close();
	}
}

async function runOn(sandbox: Sandbox, workflow: SavedWorkflow): Promise<Rerun> {
	const { parameters, type, typeVersion } = inventNodeOf(workflow);
	const { items, error } = await execute({
		// The engine of the tests names the resource; a saved workflow leaves it to the default.
		parameters: { resource: undefined, ...parameters },
		settings: { type, typeVersion },
		items: itemsOf(workflow),
		credential: { apiKey: sandbox.apiKey, baseUrl: sandbox.url },
	});
	return {
		requests: sandbox.requests.map(sentRequest).sort(byText),
		output: items.map(({ json }) => Object.keys(json).sort()),
		error,
		violations: sandbox.requests.flatMap(({ violation }) => violation ?? []),
	};
}

function sentRequest({ method, path, query, body, headers }: RecordedRequest): SentRequest {
	return { method, path, query, body, accept: headers['accept'], contentType: headers['content-type'] };
}

function byText(one: SentRequest, other: SentRequest): number {
	return JSON.stringify(one).localeCompare(JSON.stringify(other), 'en');
}
