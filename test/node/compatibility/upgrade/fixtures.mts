import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { INode, INodeProperties, IPinData } from 'n8n-workflow';

import type { Assistant } from '../../../../contract/invent.d.ts';
import type { RecordedRequest } from '../../../../tools/sandbox/server.mts';
import { operationsOf } from './interface.mts';

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

/** A file of the key's own organization, its content as base64. */
export interface StoredFile {
	readonly name: string;
	readonly type: string;
	readonly content: string;
}

/** What a workflow did with the version that saved it. */
export interface Recording {
	/** The assistants that were there before. */
	readonly before: ReadonlyArray<Partial<Assistant>>;
	/** The files that were there before; most workflows have no use for any. */
	readonly files?: readonly StoredFile[];
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

/** The operation that a workflow runs, such as `assistant create`; what is so by default is not saved. */
export function operationOf(workflow: SavedWorkflow): string {
	const { resource = 'assistant', operation = 'getAll' } = inventNodeOf(workflow).parameters;
	if (typeof resource !== 'string' || typeof operation !== 'string') {
		throw new Error(`${workflow.name} has no operation`);
	}
	return `${resource} ${operation}`;
}

/** The places that hold a value, with dots between: `config.language`, `updateFields.boards.board.boardId`. */
function placesIn(value: unknown, prefix = ''): string[] {
	if (Array.isArray(value)) return value.flatMap((member) => placesIn(member, prefix));
	if (typeof value !== 'object' || value === null) return [];
	return Object.entries(value).flatMap(([name, member]) => [
		prefix + name,
		...placesIn(member, `${prefix}${name}.`),
	]);
}

/** The parameters of a node that none of the workflows holds, so that nobody would notice when they change. */
export function unheldIn(
	properties: readonly INodeProperties[],
	workflows: readonly SavedWorkflow[],
): string[] {
	const held = new Set(
		workflows.flatMap((workflow) =>
			placesIn(inventNodeOf(workflow).parameters).map((place) => `${operationOf(workflow)} ${place}`),
		),
	);
	return Object.entries(operationsOf(properties)).flatMap(([operation, parameters]) =>
		Object.keys(parameters)
			.map((place) => `${operation} ${place}`)
			.filter((place) => !held.has(place)),
	);
}
