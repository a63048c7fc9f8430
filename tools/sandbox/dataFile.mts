import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { Ajv } from 'ajv';

import type { SandboxData } from './data.mts';

/** What a data file holds. The API key is kept with the data, so that a saved credential works after a restart. */
export interface DataFile extends SandboxData {
	format: 1;
	api_key: string;
}

const text = { type: 'string' };
const texts = { type: 'array', items: text };

const isDataFile = new Ajv({ strict: false, useDefaults: true }).compile<DataFile>({
	type: 'object',
	required: ['format', 'api_key', 'own_org_id', 'organizations', 'assistants', 'files'],
	properties: {
		format: { const: 1 },
		api_key: text,
		own_org_id: text,
		organizations: {
			type: 'array',
			items: {
				type: 'object',
				required: ['id', 'name', 'parent_id', 'plan', 'created_at', 'segments'],
				properties: { id: text, name: text, segments: { type: 'array' } },
			},
		},
		files: {
			type: 'array',
			default: [], // a file of an earlier version has none
			items: {
				type: 'object',
				required: ['org_id', 'visibility', 'file', 'content'],
				properties: { org_id: text, visibility: { enum: ['PUBLIC', 'PRIVATE'] }, content: text },
			},
		},
		assistants: {
			type: 'array',
			items: {
				type: 'object',
				required: ['org_id', 'agents', 'knowledge', 'assistant'],
				properties: {
					org_id: text,
					agents: texts,
					knowledge: texts,
					assistant: {
						type: 'object',
						required: ['id', 'name', 'enabled', 'deleted', 'secret_key', 'config', 'actions', 'boards'],
						properties: { id: text, name: text, enabled: { type: 'boolean' } },
					},
				},
			},
		},
	},
});

function parse(file: string, content: string): unknown {
	try {
		return JSON.parse(content);
	} catch {
		throw new Error(`${file} is not JSON`);
	}
}

/** Reads a data file. Returns undefined when there is none yet; throws when it cannot be read or is something else. */
export function readDataFile(file: string): DataFile | undefined {
	if (!existsSync(file)) return undefined;
	const data = parse(file, readFileSync(file, 'utf8'));
	if (!isDataFile(data)) throw new Error(`${file} is not a data file of this sandbox`);
	return data;
}

/** Writes a data file in one step: who reads it sees the former or the new content, never half of one. */
export function writeDataFile(file: string, data: DataFile): void {
	const temporary = `${file}.${process.pid}.tmp`;
	writeFileSync(temporary, JSON.stringify(data, null, '\t'), { mode: 0o600 }); // it holds keys
	renameSync(temporary, file);
}
