import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../transport';

/**
 * Reads a place in a request, such as `config.stt.model`.
 *
 * @returns what stands there, or `undefined`
 */
export function take(target: unknown, place: string): unknown {
	return isObject(target) ? taken(target, place.split('.')) : undefined;
}

/** The same with the names on the way, for places that are read often. */
export function taken(target: IDataObject, names: readonly string[]): IDataObject[string] | undefined {
	let at: IDataObject[string] | undefined = target;
	for (const name of names) {
		if (!isObject(at) || !Object.hasOwn(at, name)) return undefined;
		at = at[name];
	}
	return at;
}

/**
 * Lays an object over another one: objects are merged member by member, everything else replaces.
 *
 * @param base what there is; anything but an object counts as an empty one
 * @returns a new object
 */
export function merged(base: unknown, over: IDataObject): IDataObject {
	const result: IDataObject = isObject(base) ? { ...base } : {};
	for (const [name, value] of Object.entries(over)) {
		const own = Object.hasOwn(result, name) ? result[name] : undefined;
		setOwn(result, name, isObject(value) ? merged(own, value) : value);
	}
	return result;
}

/** Whether two JSON values are the same, whatever the order of members. */
export function sameJson(one: unknown, other: unknown): boolean {
	if (Array.isArray(one) && Array.isArray(other)) {
		return one.length === other.length && one.every((member, at) => sameJson(member, other[at]));
	}
	if (!isObject(one) || !isObject(other)) return one === other;
	const names = Object.keys(one);
	return (
		names.length === Object.keys(other).length &&
		names.every((name) => Object.hasOwn(other, name) && sameJson(one[name], other[name]))
	);
}

/** A copy of an object that lacks some of its members. */
export function without(object: IDataObject, ...names: string[]): IDataObject {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** Writes to a place in a request, such as `config.stt.model`, and makes the objects on the way. */
export function put(target: unknown, place: string, value: unknown): void {
	const names = place.split('.');
	const last = names.pop() ?? place;
	let at = target;
	for (const name of names) {
		if (!isObject(at)) return;
		at = at[name] ??= {};
	}
	if (isObject(at)) setOwn(at, last, value);
}

/** Takes a place out of a request, with the objects on the way that hold nothing else. */
export function drop(target: unknown, place: string): void {
	const [name = place, ...rest] = place.split('.');
	if (!isObject(target)) return;
	const inner = target[name];
	if (rest.length > 0) drop(inner, rest.join('.'));
	if (rest.length === 0 || (isObject(inner) && Object.keys(inner).length === 0)) delete target[name];
}

/** Sets a member whatever its name: assigning to `__proto__` would change the object's prototype instead. */
function setOwn(target: IDataObject, name: string, value: unknown): void {
	Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
}
