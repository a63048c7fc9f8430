import type { IDataObject, IN8nHttpFullResponse, PostReceiveAction } from 'n8n-workflow';

import { countOf } from './headers';
import { Unfit } from './reasons';
import { itemOf } from './run';

/**
 * Turns the answer of a route into items, or throws `Unfit` when it is not what the route promises.
 * Runs first of all `postReceive` actions: with one present, the engine no longer splits lists itself.
 */
export const itemsOfAnswer: PostReceiveAction = async function (_items, response) {
	const item = itemOf(this);
	item.count = countOf(response.headers);
	return membersOf(response, item.manner.answers).map((json) => ({ json, pairedItem: { item: item.index } }));
};

/**
 * The objects in an answer.
 *
 * @param promised what the route answers with: one object, or a list of them
 * @throws Unfit when it is anything else, also when only one member of the list is
 */
export function membersOf(response: IN8nHttpFullResponse, promised: 'one' | 'list'): IDataObject[] {
	const { statusCode, body, headers } = response;
	const members: unknown = promised === 'one' ? [body] : body;
	const isFit = statusCode >= 200 && statusCode < 300 && Array.isArray(members) && members.every(hasId);
	if (!isFit) throw new Unfit(statusCode, body, headers);
	return members;
}

/** Whether a value is a JSON object: no list, no text, not null. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function hasId(value: unknown): value is IDataObject {
	if (!isObject(value)) return false;
	return (typeof value.id === 'string' && value.id !== '') || typeof value.id === 'number';
}
