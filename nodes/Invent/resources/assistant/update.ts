import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import type { BoardAssignment } from '../../../../contract/invent';
import { InvalidParameterError } from '../../shared/errors';
import { toCollection } from '../../shared/fields';
import { deepMerge, get, omit } from '../../shared/objectPath';
import { id, type Parser, string, stringOfLength, typeError } from '../../shared/parsers';
import { isObject } from '../../shared/typeGuards';
import { type RequestOptions, type RequestPolicy, withPolicy } from '../../transport';
import { avatarId, bodyField, enabled } from './fields';
import { assistantId, organization } from './locators';
import { mergesConfig } from './options';

/** Writes to one assistant take turns, also where one names its organization `c` and one its ID. */
export function assistantLockKey({ url = '' }: RequestOptions): string {
	return /assistants\/[^/]+/.exec(url)?.[0] ?? url;
}

/** An update of nothing is a mistake; nothing is sent. */
export function requireChanges({ body }: RequestOptions): InvalidParameterError | undefined {
	const isNothing = ([name, value]: [string, unknown]) =>
		name === 'config' && isObject(value) && Object.keys(value).length === 0;
	if (isObject(body) && !Object.entries(body).every(isNothing)) return undefined;
	return new InvalidParameterError(
		'No fields to update',
		"Add a field to 'Update Fields' or a setting to the configuration.",
	);
}

/** Sends the assistant's own settings along with those entered, because PATCH is not documented to keep them. */
export const mergeConfig: NonNullable<RequestPolicy['beforeRequest']> = async (request, { read }, values) => {
	const { body } = request;
	const config = get(body, 'config');
	if (!mergesConfig(values) || !isObject(body) || !isObject(config)) return request;
	if (Object.keys(config).length === 0) return { ...request, body: omit(body, 'config') };
	const assistant = await read(request.url ?? '');
	return { ...request, body: { ...body, config: deepMerge(assistant.config, config) } };
};

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update an assistant',
	description: 'Update the name, avatar, boards, or configuration of an assistant, or turn it on or off',
	routing: {
		request: { method: 'PATCH', url: '/orgs/{org_id}/assistants/{assistant_id}' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				withPolicy({
					responseType: 'object',
					ordering: 'parallel',
					lockKey: assistantLockKey,
					validate: requireChanges,
					beforeRequest: mergeConfig,
				}),
			],
		},
	},
};

/**
 * Boards as the fixed collection has them: `{ board: [{ boardId, initialSegmentId }] }`. An empty list is a value;
 * no list, which is what n8n makes of an expression in place of the whole collection, is not.
 */
const boardList: Parser<BoardAssignment[]> = (value) => {
	const list: unknown = isObject(value) ? value.board : value;
	if (Array.isArray(list)) return list.map(toBoard);
	throw new InvalidParameterError(
		'has no boards',
		'Add a board, or remove the field to keep the current ones.',
	);
};

/** An empty segment is not sent: it names nothing. */
function toBoard(row: unknown): BoardAssignment {
	if (!isObject(row)) throw typeError('a board ID and a segment ID in each row', row);
	const { boardId = '', initialSegmentId = '' } = row;
	if (typeof boardId === 'string' && boardId.trim() === '') {
		throw new InvalidParameterError('has a board without an ID', "Enter a 'Board ID' for each board.");
	}
	const segmentId = string(initialSegmentId).trim();
	return { board_id: id(boardId), ...(segmentId !== '' && { initial_segment_id: segmentId }) };
}

export const updateProperties: INodeProperties[] = [
	toCollection(
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			displayOptions: { show: { operation: ['update'] } },
			placeholder: 'Add Field',
			default: {},
			description: "Fields to update. Fields you don't add stay unchanged.",
		},
		[
			avatarId,
			// Documented by an example only (docs, api-reference/orgs-assistants/update-assistant)
			bodyField('boards', boardList, {
				displayName: 'Boards',
				name: 'boards',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Board' },
				default: {},
				placeholder: 'Add Board',
				description: 'Boards to add contacts to. Replaces the current ones.',
				options: [
					{
						displayName: 'Board',
						name: 'board',
						values: [
							{
								displayName: 'Board ID',
								name: 'boardId',
								type: 'string',
								default: '',
								description: 'ID of the board',
							},
							{
								displayName: 'Initial Segment ID',
								name: 'initialSegmentId',
								type: 'string',
								default: '',
								description: 'ID of the segment (board column) for new contacts',
							},
						],
					},
				],
			}),
			enabled,
			// Length: docs, api-reference/update-assistant
			bodyField('name', stringOfLength(1, 1024), {
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Support',
				description: 'Name of the assistant, up to 1024 characters',
			}),
		],
	),
];
