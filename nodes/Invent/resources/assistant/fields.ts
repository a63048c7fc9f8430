import type { AssistantCreate, AssistantDuplicate, AssistantUpdate } from '../../../../contract/invent';
import { bodyFieldOf } from '../../shared/fields';
import { boolean } from '../../shared/parsers';

/** A field of a request body, at a path that the API documents for assistants. */
export const bodyField = bodyFieldOf<AssistantCreate | AssistantUpdate | AssistantDuplicate>();

export const enabled = bodyField('enabled', boolean, {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description: 'Whether the assistant responds to customers',
});
