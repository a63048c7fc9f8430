import type { AssistantConfig } from '../../contract/invent.d.ts';
import type { PatchConfig } from './options.mts';

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Spreading defines members instead of assigning them, so a member named `__proto__` stays a mere member.
function mergedMembers(base: Json, change: Json): Json {
	const merged = Object.entries(change).map(([key, value]): [string, unknown] => {
		const before = Object.hasOwn(base, key) ? base[key] : undefined;
		return [key, isObject(before) && isObject(value) ? mergedMembers(before, value) : value];
	});
	return { ...base, ...Object.fromEntries(merged) };
}

/**
 * The `config` after a change. Lists and null replace what was there, in every mode.
 *
 * - deepMerge: objects inside are merged member by member
 * - shallowMerge: the members of the first level replace
 * - replace: only what was sent remains
 */
export function patchedConfig(
	stored: AssistantConfig | null,
	change: AssistantConfig,
	mode: PatchConfig,
): AssistantConfig {
	if (mode === 'replace' || stored === null) return change;
	if (mode === 'shallowMerge') return { ...stored, ...change };
	return { ...stored, ...mergedMembers(stored, change) };
}
