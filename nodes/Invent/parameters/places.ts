import { isObject } from '../transport';

/**
 * Reads a place in a request, such as `config.stt.model`.
 *
 * @returns what stands there, or `undefined`
 */
export function take(target: unknown, place: string): unknown {
	return place
		.split('.')
		.reduce<unknown>((at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined), target);
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
	if (isObject(at))
		Object.defineProperty(at, last, { value, enumerable: true, configurable: true, writable: true });
}
