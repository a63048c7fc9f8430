import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { get } from '../shared/objectPath';
import { fetchAssistants } from './assistants';

/**
 * Makes a search through the values that the organization's own assistants have for a setting. No route lists
 * models, languages or voices, so the values in use are what can be offered.
 *
 * @param path such as `config.tts.voice_id`
 */
export function searchValuesInUse(path: string) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const counts = new Map<string, number>();
		for (const assistant of await fetchAssistants(this)) {
			const value = get(assistant, path);
			if (typeof value === 'string' && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
		}
		const results = [...counts].map(([value, count]) => ({
			name: `${value} (used by ${count} ${count === 1 ? 'assistant' : 'assistants'})`,
			value,
		}));
		return { results: results.filter(({ value }) => value.toLowerCase().includes(filter.toLowerCase())) };
	};
}
