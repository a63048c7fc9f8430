import type { SandboxData } from './data.mts';
import { writeDataFile } from './dataFile.mts';
import type { DataFile } from './dataFile.mts';
import type { OperationId } from './contract.mts';
import { demoData, emptyData, generatedData } from './demoData.mts';
import type { ListChange } from './faults.mts';
import { fileRecord } from './files.mts';
import { newId, newSecret } from './ids.mts';
import { createLimits } from './limits.mts';
import type { Context } from './context.mts';
import type { Settings } from './options.mts';
import { assistantWriter } from './presentation.mts';
import { LiveStore } from './store.mts';

/** All the state of a sandbox that a reset replaces. */
export interface World extends Context {
	apiKey: string;
}

function firstData(settings: Settings, url: string): SandboxData {
	if (settings.assistants !== undefined) return generatedData(settings.assistants, settings.generation);
	return settings.data === 'empty' ? emptyData() : demoData(settings.generation, url);
}

/**
 * A world to start with: from a data file's content, or, without one, from the example data. Writes the data file, if any.
 * `url` is where the sandbox is.
 */
export function createWorld(settings: Settings, saved: DataFile | undefined, url: string): World {
	const apiKey = settings.apiKey ?? saved?.api_key ?? `inv_${newSecret()}`;
	const save = (data: () => SandboxData) => {
		if (settings.file !== undefined) writeDataFile(settings.file, { format: 1, api_key: apiKey, ...data() });
	};
	const store = new LiveStore(saved ?? firstData(settings, url), settings.now, save);
	save(() => store.data());
	return {
		settings,
		apiKey,
		store,
		limits: createLimits(settings.requestsPerMinute, settings.creationsPerHour),
		write: assistantWriter(settings.generation),
		url,
	};
}

/** A list that was read: by which operation, and of what. */
export interface ReadList {
	operationId: OperationId;
	orgId: string;
	assistantId: string;
}

/** What the list holds, and how something new comes into it and something leaves. */
interface ListEditor {
	ids: string[];
	add: (at: 'start' | 'end') => void;
	remove: (id: string) => void;
}

function editorOf(store: LiveStore, { operationId, orgId, assistantId }: ReadList): ListEditor {
	const at = new Date().toISOString();
	switch (operationId) {
		case 'listAssistantActions':
			return {
				ids: store.actions(assistantId).map(({ id }) => id),
				add: (end) => store.addAction(assistantId, { name: 'Newcomer' }, end),
				remove: (id) => store.removeAction(assistantId, id),
			};
		case 'listFiles': {
			const file = { name: 'newcomer.txt', type: 'text/plain', content: '' };
			return {
				ids: store.files(orgId).map(({ file: { id } }) => id),
				add: (end) => store.addFile(fileRecord(orgId, file, at), end),
				remove: (id) => store.removeFile(id),
			};
		}
		case 'listSubOrganizations': {
			const organization = { name: 'Newcomer', plan: 'free', created_at: at, segments: [] } as const;
			return {
				ids: store.organizations().flatMap(({ id, parent_id }) => (parent_id === orgId ? [id] : [])),
				add: (end) =>
					store.addOrganization({ ...organization, id: newId('org'), segments: [], parent_id: orgId }, end),
				remove: (id) => store.removeOrganization(id),
			};
		}
		default:
			return {
				ids: store.assistants(orgId).map(({ id }) => id),
				add: (end) => store.add({ name: 'Newcomer' }, orgId, end),
				remove: (id) => store.remove(id),
			};
	}
}

/** Puts something into a list, or takes something out, at one end of it. */
export function changeList(store: LiveStore, list: ReadList, change: ListChange): void {
	const end = change.at ?? 'start';
	const { ids, add, remove } = editorOf(store, list);
	if ('insert' in change) {
		for (let count = 0; count < change.insert; count++) add(end);
		return;
	}
	for (const id of end === 'start' ? ids.slice(0, change.delete) : ids.slice(-change.delete)) remove(id);
}
