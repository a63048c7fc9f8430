import { createHash } from 'node:crypto';

import type { IDataObject, ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';

import { get } from '../shared/objectPath';
import { fetchAssistants } from './assistants';
import { ExpiringCache } from './expiringCache';
import { matcher } from './matcher';

/** The settings whose values are offered, and the values that the API's documentation names. */
const DOCUMENTED_VALUES = {
	'actions.action_id': ['TOOLS:HTTP_REQUEST', 'TOOLS:WEB_SEARCH', 'TOOLS:WEB_SCRAPING'],
	'config.conversation.thread_mode': ['new'],
	'config.knowledge_scope': ['all'],
	'config.language': ['auto'],
	'config.model': [],
	'config.stt.model': [],
	'config.tts.model': [],
	'config.tts.voice_id': [],
} as const satisfies Record<string, readonly string[]>;

/** Whoever types searches several times, and looks at several lists. */
const LIFETIME_MS = 30_000;

/** The values of each setting. */
const cache = new ExpiringCache<Record<string, string[]>>(LIFETIME_MS);

/**
 * Makes a search through the values that the organization's own assistants have for a setting. No route lists
 * models, languages, voices or types of actions, so the documented values and those in use are what can be offered.
 */
export function searchValuesInUse(setting: keyof typeof DOCUMENTED_VALUES) {
	return async function (this: ILoadOptionsFunctions, filter = ''): Promise<INodeListSearchResult> {
		const collect = async () => collectValues(await fetchAssistants(this));
		const { [setting]: values = [] } = await cache.get(await cacheKey(this), collect);
		const matches = matcher(filter);
		return { results: values.filter((value) => matches(value)).map((value) => ({ name: value, value })) };
	};
}

/** The documented values of each setting, then the others, those of most assistants first. */
function collectValues(assistants: IDataObject[]): Record<string, string[]> {
	const collected = Object.entries(DOCUMENTED_VALUES).map(([setting, documented]) => {
		const counts = new Map<string, number>();
		for (const assistant of assistants) {
			for (const value of new Set(valuesOf(assistant, setting))) {
				if (typeof value === 'string' && value !== '') counts.set(value, (counts.get(value) ?? 0) + 1);
			}
		}
		const inUse = [...counts].sort(([, one], [, other]) => other - one).map(([value]) => value);
		return [setting, [...new Set([...documented, ...inUse])]];
	});
	return Object.fromEntries(collected);
}

/** The value of a setting; of a list, those of its members. */
function valuesOf(assistant: IDataObject, setting: string): unknown[] {
	const [list = '', member = ''] = setting.split('.');
	const members = assistant[list];
	return Array.isArray(members) ? members.map((it) => get(it, member)) : [get(assistant, setting)];
}

/** Tells credentials and organizations apart without keeping the API key. */
async function cacheKey(context: ILoadOptionsFunctions): Promise<string> {
	const { apiKey, baseUrl } = await context.getCredentials('inventApi');
	const parts = [baseUrl, apiKey, context.getCurrentNodeParameter('organizationId')];
	return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
