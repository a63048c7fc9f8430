import type { IDataObject } from 'n8n-workflow';

import { isObject } from './typeGuards';

/**
 * Reads a path such as `config.stt.model`. Only an object's own members count.
 *
 * @returns what is there, or `undefined`
 */
export function get(target: unknown, path: string): unknown {
	return isObject(target) ? getPath(target, path.split('.')) : undefined;
}

/** The same with the path already split, for paths that are read often. */
export function getPath(target: IDataObject, names: readonly string[]): IDataObject[string] | undefined {
	let value: IDataObject[string] | undefined = target;
	for (const name of names) {
		if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
		value = value[name];
	}
	return value;
}

/** Writes to a path such as `config.stt.model`; makes the objects on the way that are missing or `null`. */
export function set(target: unknown, path: string, value: unknown): void {
	const [name = path, ...rest] = path.split('.');
	if (!isObject(target)) return;
	if (rest.length === 0) return setOwn(target, name, value);
	set((target[name] ??= {}), rest.join('.'), value);
}

/** Removes a path, along with the objects on the way that hold nothing else. */
export function unset(target: unknown, path: string): void {
	const [name = path, ...rest] = path.split('.');
	if (!isObject(target)) return;
	const inner = target[name];
	if (rest.length > 0) unset(inner, rest.join('.'));
	if (rest.length === 0 || (isObject(inner) && Object.keys(inner).length === 0)) delete target[name];
}

/** A copy of an object without some of its members. */
export function omit(object: IDataObject, ...names: string[]): IDataObject {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Names, each with a path that is already split. */
export type Paths = ReadonlyArray<readonly [name: string, path: readonly string[]]>;

export function toPaths(paths: Readonly<Record<string, string>>): Paths {
	return Object.entries(paths).map(([name, path]) => [name, path.split('.')]);
}

/** A flat object of what is at the paths of another one; `null` where there is nothing. */
export function pick(object: IDataObject, paths: Paths): IDataObject {
	return Object.fromEntries(paths.map(([name, path]) => [name, getPath(object, path) ?? null]));
}

/**
 * Merges an object into another one: objects member by member; everything else replaces.
 *
 * @param base anything but an object counts as an empty one
 * @returns a new object
 */
export function deepMerge(base: unknown, changes: IDataObject): IDataObject {
	const result: IDataObject = isObject(base) ? { ...base } : {};
	for (const [name, value] of Object.entries(changes)) {
		const own = Object.hasOwn(result, name) ? result[name] : undefined;
		setOwn(result, name, isObject(value) ? deepMerge(own, value) : value);
	}
	return result;
}

/** Whether two JSON values are equal; the order of an object's members doesn't matter. */
export function isDeepEqual(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		return one.length === other.length && one.every((member, index) => isDeepEqual(member, other[index]));
	}
	if (!isObject(one) || !isObject(other)) return one === other;
	const names = Object.keys(one);
	return (
		names.length === Object.keys(other).length &&
		names.every((name) => Object.hasOwn(other, name) && isDeepEqual(one[name], other[name]))
	);
}

/** Sets a member whatever its name: assigning to `__proto__` would change the object's prototype instead. */
function setOwn(target: IDataObject, name: string, value: unknown): void {
	Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
