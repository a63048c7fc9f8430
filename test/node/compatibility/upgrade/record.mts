// Keeps workflows as this version saves them, and what they do, so that every later version can be held to it:
//
//   npm run upgrade:record -- 0.2.0
//
// Before the release of a version that has new parameters. What a version has recorded is never recorded again: when
// it gets more parameters before it is released, only the new cases are added.

import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

import { format, resolveConfig } from 'prettier';

import { startSandbox } from '../../../../tools/sandbox/server.mts';
import { binaryOf, publishedDescription } from '../../harness/engine.mts';
import { casesFor } from './cases.mts';
import type { Case } from './cases.mts';
import { FIXTURES, RECORDING_ENDING, unheldIn, WORKFLOW_ENDING } from './fixtures.mts';
import type { Recording, SavedWorkflow } from './fixtures.mts';
import { asSaved, rerun } from './saved.mts';

const TRIGGER = 'When clicking ‘Execute workflow’';
const TYPE_VERSION = 1;

function workflowOf({ name, parameters, items }: Case) {
	return {
		name,
		nodes: [
			{
				parameters: {},
				type: 'n8n-nodes-base.manualTrigger',
				typeVersion: 1,
				position: [0, 0] as [number, number],
				id: randomUUID(),
				name: TRIGGER,
			},
			{
				parameters: asSaved(parameters, TYPE_VERSION),
				type: 'n8n-nodes-invent.invent',
				typeVersion: TYPE_VERSION,
				position: [208, 0] as [number, number],
				id: randomUUID(),
				name: 'Invent',
				credentials: { inventApi: { id: 'upgradeFixture00', name: 'Invent account' } },
			},
		],
		pinData: { [TRIGGER]: items.map((json) => ({ json, ...binaryOf(json) })) },
		connections: { [TRIGGER]: { main: [[{ node: 'Invent', type: 'main', index: 0 }]] } },
		active: false,
		settings: { executionOrder: 'v1' },
		tags: [],
	} satisfies SavedWorkflow & Record<string, unknown>;
}

async function write(file: string, value: unknown): Promise<void> {
	const options = await resolveConfig(file);
	writeFileSync(file, await format(JSON.stringify(value), { ...options, filepath: file }));
}

async function ownOrganization(): Promise<string> {
	const sandbox = await startSandbox({ data: 'empty' });
	await sandbox.close();
	return sandbox.orgId;
}

const [version = ''] = process.argv.slice(2);
if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error('Which version is it going to be? Such as 0.2.0');
const folder = join(FIXTURES, version);

const cases = casesFor(await ownOrganization()).map((one) => ({ ...one, workflow: workflowOf(one) }));
const workflows = cases.map(({ workflow }) => workflow);
const missing = unheldIn(publishedDescription.properties, workflows);
if (missing.length > 0) throw new Error(`No case in cases.mts enters\n  ${missing.join('\n  ')}`);

const added = cases.filter(({ name }) => !existsSync(join(folder, name + WORKFLOW_ENDING)));
if (added.length === 0) throw new Error(`${relative('.', folder)} has every case already`);
const recorded: Array<[name: string, workflow: SavedWorkflow, recording: Recording]> = [];
for (const { workflow, before, files } of added) {
	const there = { before, ...(files && { files }) };
	const { error, violations, ...did } = await rerun(workflow, there);
	if (error !== undefined) throw new Error(`${workflow.name}: ${error.message}`);
	if (violations.length > 0) throw new Error(`${workflow.name}: ${violations.join('; ')}`);
	recorded.push([workflow.name, workflow, { ...there, ...did }]);
}

mkdirSync(folder, { recursive: true });
for (const [name, workflow, recording] of recorded) {
	await write(join(folder, name + WORKFLOW_ENDING), workflow);
	await write(join(folder, name + RECORDING_ENDING), recording);
}
console.log(`${recorded.length} workflows were added to ${relative('.', folder)}`);
