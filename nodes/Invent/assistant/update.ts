import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

import { merged, take, without } from '../parameters/places';
import { body, collection } from '../parameters/rows';
import { boardList, reference, textOf } from '../parameters/rules';
import { isObject, type Manner, Refusal, type Request } from '../transport';
import { enabled } from './create';
import { assistant, organization } from './locators';
import { asConfigured } from './options';

/** An update of nothing is a slip; nothing is sent. */
function refuseNothing({ body: changes }: Request): Refusal | undefined {
	const isNothing = ([name, value]: [string, unknown]) =>
		name === 'config' && isObject(value) && Object.keys(value).length === 0;
	if (isObject(changes) && !Object.entries(changes).every(isNothing)) return undefined;
	return new Refusal(
		"'Update Fields' hold nothing to change",
		'Add a field there, or a setting of the configuration.',
	);
}

const UPDATE: Manner = { answers: 'one', order: 'address', check: refuseNothing };

/** Lays the entered settings over the assistant's own, because nobody knows what PATCH does with the others. */
const MERGING: Manner = {
	...UPDATE,
	prepare: async (request, { read }) => {
		const entered = take(request.body, 'config');
		if (!isObject(request.body) || !isObject(entered)) return request;
		if (Object.keys(entered).length === 0) return { ...request, body: without(request.body, 'config') };
		const { config } = await read(request.url ?? '');
		return { ...request, body: { ...request.body, config: merged(config, entered) } };
	},
};

export const update: INodePropertyOptions = {
	name: 'Update',
	value: 'update',
	action: 'Update an assistant by ID',
	description: 'Change the name, the avatar, the boards or settings of an assistant, or switch it on or off',
	routing: {
		request: { method: 'PATCH', url: '/orgs/{org_id}/assistants/{assistant_id}' },
		send: { preSend: [organization.inPath, assistant.inPath, asConfigured(MERGING, UPDATE)] },
	},
};

export const updateFields: INodeProperties[] = [
	collection(
		{
			displayName: 'Update Fields',
			name: 'updateFields',
			type: 'collection',
			displayOptions: { show: { operation: ['update'] } },
			placeholder: 'Add Field',
			default: {},
			description: 'What to change. Fields that are not added stay as they are.',
		},
		[
			body('avatar_id', reference, {
				displayName: 'Avatar ID',
				name: 'avatarId',
				type: 'string',
				default: '',
				description:
					'ID of the image file that Invent has stored as the avatar. Leave it empty to remove the avatar.',
			}),
			// Documented by an example only (docs, api-reference/orgs-assistants/update-assistant)
			body('boards', boardList, {
				displayName: 'Boards',
				name: 'boards',
				type: 'fixedCollection',
				typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Board' },
				default: {},
				placeholder: 'Add Board',
				description: 'The boards that contacts of this assistant are put on, and the segment they start in',
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
								description: 'ID of the segment, a column of the board, that new contacts start in',
							},
						],
					},
				],
			}),
			enabled,
			// Length: docs, api-reference/update-assistant
			body('name', textOf(1, 1024), {
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. Support',
				description: 'What the assistant is called, up to 1024 characters',
			}),
		],
	),
];
