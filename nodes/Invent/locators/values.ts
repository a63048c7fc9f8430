import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { take } from '../parameters/places';
import { assistantsOf } from './assistants';

/**
 * Makes a search of the values that the organization's own assistants have at a place of their configuration.
 * No route lists models, languages or voices, so what is in use is what can be offered.
 *
 * @param place such as `config.tts.voice_id`
 */
export function searchInUse(place: string) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const uses = new Map<string, number>();
		for (const assistant of await assistantsOf(this)) {
			const value = take(assistant, place);
			if (typeof value === 'string' && value !== '') uses.set(value, (uses.get(value) ?? 0) + 1);
		}
		const results = [...uses].map(([value, count]) => ({
			name: `${value} (used by ${count} ${count === 1 ? 'assistant' : 'assistants'})`,
			value,
		}));
		return { results: results.filter(({ value }) => value.toLowerCase().includes(filter.toLowerCase())) };
	};
}

/** The time zones that this platform knows, by their IANA names. */
export async function searchTimeZones(
	this: ILoadOptionsFunctions,
	filter = '',
): Promise<INodeListSearchResult> {
	const wanted = filter.toLowerCase().replace(/ /g, '_');
	const zones = ['UTC', ...Intl.supportedValuesOf('timeZone')];
	return {
		results: zones
			.filter((zone) => zone.toLowerCase().includes(wanted))
			.map((zone) => ({ name: zone.replace(/_/g, ' '), value: zone })),
	};
}
