import type { AssistantCreate, AssistantDuplicate, AssistantUpdate } from '../../../../contract/invent';
import { bodyFieldOf } from '../../shared/fields';
import { boolean, nullableId } from '../../shared/parsers';

/** A field of a request body, at a path that the API documents for assistants. */
export const bodyField = bodyFieldOf<AssistantCreate | AssistantUpdate | AssistantDuplicate>();

export const avatarId = bodyField('avatar_id', nullableId, {
	displayName: 'Avatar ID',
	name: 'avatarId',
	type: 'string',
	default: '',
	description: 'ID of an image. To get one, upload the image with File > Upload. Leave empty for no avatar.',
});

export const enabled = bodyField('enabled', boolean, {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description: 'Whether the assistant responds to customers',
});
