import type { PatchConfig } from './options.mts';

function isObject(value: unknown): value is object {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Spreading defines members instead of assigning them, so a member named `__proto__` stays a mere member.
function mergedMembers(base: object, change: object): object {
	const members = new Map<string, unknown>(Object.entries(base));
	const merged = Object.entries(change).map(([key, value]): [string, unknown] => {
		const before = members.get(key);
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
export function patchedConfig<Config extends object>(
	stored: Config | null,
	change: Config,
	mode: PatchConfig,
): Config {
	if (mode === 'replace' || stored === null) return change;
	if (mode === 'shallowMerge') return { ...stored, ...change };
	return { ...stored, ...mergedMembers(stored, change) };
}
