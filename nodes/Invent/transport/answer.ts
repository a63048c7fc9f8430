import type { IDataObject, IN8nHttpFullResponse, INodeExecutionData, PostReceiveAction } from 'n8n-workflow';

import { itemOf, type Item } from './run';

/** The API answered, and not with what was asked for. */
export class Unfit extends Error {
	/**
	 * @param status HTTP status of the answer
	 * @param body the answer's body, as parsed or as text
	 */
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: IDataObject,
	) {
		super(`HTTP ${status}`);
	}
}

/**
 * Turns the answer of a route into items, or throws `Unfit` when it is not what the route promises.
 * Runs first of all `postReceive` actions: with one present, the engine no longer splits lists itself.
 */
export const itemsOfAnswer: PostReceiveAction = async function (_items, response) {
	const item = itemOf(this);
	if (response.statusCode < 200 || response.statusCode > 299) throw unfit(response);
	if (item.manner.answers === 'one') return [outputOf(item, response.body, response)];
	if (!Array.isArray(response.body)) throw unfit(response);
	return response.body.map((member: unknown) => outputOf(item, member, response));
};

function outputOf(item: Item, value: unknown, response: IN8nHttpFullResponse): INodeExecutionData {
	if (!isObject(value) || !isId(value.id)) throw unfit(response);
	return { json: value, pairedItem: { item: item.index } };
}

function unfit(response: IN8nHttpFullResponse): Unfit {
	return new Unfit(response.statusCode, response.body, response.headers);
}

/** Whether a value is a JSON object: no list, no text, not null. */
export function isObject(value: unknown): value is IDataObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isId(value: unknown): boolean {
	return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
