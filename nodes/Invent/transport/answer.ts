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
	const { answers, holds } = item.manner;
	item.count = countOf(response.headers);
	return membersOf(response, answers, holds).map((json) => ({ json, pairedItem: { item: item.index } }));
};

/**
 * The objects in an answer.
 *
 * @param promised what the route answers with: one object, or a list of them
 * @param member a text that each must hold besides its id
 * @throws Unfit when it is anything else, also when only one member of the list is
 */
export function membersOf(
	{ statusCode, body, headers }: IN8nHttpFullResponse,
	promised: 'one' | 'list',
	member?: string,
): IDataObject[] {
	const members: unknown = promised === 'one' ? [body] : body;
	const isFit = (value: unknown) =>
		isObject(value) && isGiven(value.id) && (member === undefined || isGiven(value[member]));
	if (statusCode >= 200 && statusCode < 300 && Array.isArray(members) && members.every(isFit)) return members;
	throw new Unfit(statusCode, body, headers);
}

/** Whether a value is a JSON object: no list, no text, not null. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isGiven(value: unknown): boolean {
	return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
