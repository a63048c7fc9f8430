import type { IDataObject, IN8nHttpFullResponse } from 'n8n-workflow';

import { isObject } from '../shared/typeGuards';
import { ResponseError } from './errors';
import type { ResponseType } from './policy';

/**
 * The objects in a response.
 *
 * @param responseType what the route answers with
 * @param requiredField a member that each must have besides its id
 * @throws ResponseError when it is anything else, also when only one item of the list is
 */
export function parseResponse(
	{ statusCode, body, headers }: IN8nHttpFullResponse,
	responseType: ResponseType,
	requiredField?: string,
): IDataObject[] {
	const items: unknown = responseType === 'object' ? [body] : body;
	const isValid = (value: unknown): value is IDataObject =>
		isObject(value) && isSet(value.id) && (requiredField === undefined || isSet(value[requiredField]));
	if (statusCode >= 200 && statusCode < 300 && Array.isArray(items) && items.every(isValid)) return items;
	throw new ResponseError(statusCode, body, headers);
}

function isSet(value: unknown): boolean {
	return (typeof value === 'string' && value !== '') || typeof value === 'number';
}
