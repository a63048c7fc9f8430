import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { NodeHelpers } from 'n8n-workflow';

import { fileRecord } from '../../../../tools/sandbox/files.mts';
import { startSandbox } from '../../../../tools/sandbox/server.mts';
import type { RecordedRequest, Sandbox } from '../../../../tools/sandbox/server.mts';
import { execute, nodeType, withFile } from '../../harness/engine.mts';
import type { NodeFault } from '../../harness/engine.mts';
import { inventNodeOf } from './fixtures.mts';
import type { Recording, SavedWorkflow, SentRequest } from './fixtures.mts';

/** The items that the editor has pinned to the node before the Invent node. */
export function itemsOf({ pinData }: SavedWorkflow): IDataObject[] {
	return Object.values(pinData)
		.flat()
		.map(({ json, binary = {} }) =>
			Object.entries(binary).reduce((item, [field, file]) => withFile(item, file, field), json),
		);
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
export interface Rerun extends Pick<Recording, 'requests' | 'output'> {
	readonly error: NodeFault | undefined;
	readonly violations: readonly string[];
}

/** Runs the Invent node of a saved workflow on its pinned items, against a sandbox of its own. */
export async function rerun(
	workflow: SavedWorkflow,
	{ before, files = [] }: Pick<Recording, 'before' | 'files'>,
): Promise<Rerun> {
	const sandbox = await startSandbox({ data: 'empty', requestsPerMinute: 0, creationsPerHour: 0 });
	try {
		for (const assistant of before) sandbox.store.add(assistant);
		for (const file of files) {
			sandbox.store.addFile(fileRecord(sandbox.orgId, file, new Date(0).toISOString()));
		}
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
