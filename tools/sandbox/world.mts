import type { SandboxData } from './data.mts';
import { writeDataFile } from './dataFile.mts';
import type { DataFile } from './dataFile.mts';
import { demoData, emptyData, generatedData } from './demoData.mts';
import type { ListChange } from './faults.mts';
import { newSecret } from './ids.mts';
import { createLimits } from './limits.mts';
import type { Context } from './operations.mts';
import type { Settings } from './options.mts';
import { assistantWriter } from './presentation.mts';
import { LiveStore } from './store.mts';

/** All the state of a sandbox that a reset replaces. */
export interface World extends Context {
	apiKey: string;
}

function firstData(settings: Settings): SandboxData {
	if (settings.assistants !== undefined) return generatedData(settings.assistants, settings.generation);
	return settings.data === 'empty' ? emptyData() : demoData(settings.generation);
}

/** A world to start with: from a data file's content, or, without one, from the example data. Writes the data file, if any. */
export function createWorld(settings: Settings, saved: DataFile | undefined): World {
	const apiKey = settings.apiKey ?? saved?.api_key ?? `inv_${newSecret()}`;
	const save = (data: () => SandboxData) => {
		if (settings.file !== undefined) writeDataFile(settings.file, { format: 1, api_key: apiKey, ...data() });
	};
	const store = new LiveStore(saved ?? firstData(settings), settings.now, save);
	save(() => store.data());
	return {
		settings,
		apiKey,
		store,
		limits: createLimits(settings.requestsPerMinute, settings.creationsPerHour),
		write: assistantWriter(settings.generation),
	};
}

/** Puts assistants into an organization's list, or takes some out, at one end of it. */
export function changeList(store: LiveStore, orgId: string, change: ListChange): void {
	const end = change.at ?? 'start';
	if ('insert' in change) {
		for (let count = 0; count < change.insert; count++) store.add({ name: 'Newcomer' }, orgId, end);
		return;
	}
	const all = store.assistants(orgId);
	const leaving = end === 'start' ? all.slice(0, change.delete) : all.slice(-change.delete);
	for (const { id } of leaving) store.remove(id);
}
