import type {
	AssistantActionCreate,
	AssistantActionReorder,
	AssistantActionUpdate,
} from '../../../../contract/invent';
import { bodyFieldOf } from '../../shared/fields';
import { boolean, jsonObject, stringOfLength } from '../../shared/parsers';

/** A field of a request body, at a path that the API documents for actions. */
export const bodyField = bodyFieldOf<
	AssistantActionCreate | AssistantActionUpdate | AssistantActionReorder
>();

export const enabled = bodyField('enabled', boolean, {
	displayName: 'Enabled',
	name: 'enabled',
	type: 'boolean',
	default: true,
	description: 'Whether the assistant can use the action',
});

export const actionConfig = bodyField('config', jsonObject, {
	displayName: 'Configuration',
	name: 'actionConfig',
	type: 'json',
	default: '{ "input": {}, "definitions": [] }',
	description:
		'Inputs of the action and how to fill them. For an example, get an action with Simplify turned off.',
});

// Length: docs, api-reference/orgs-assistants/update-assistant-action; the older page on creation has 1024
export const instructions = bodyField('instructions', stringOfLength(0, 2048), {
	displayName: 'Instructions',
	name: 'instructions',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. Use it once the customer has given an order number.',
	description: 'When and how to use the action, up to 2048 characters',
});

// Length: docs, api-reference/orgs-assistants/update-assistant-action
export const name = bodyField('name', stringOfLength(0, 64), {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. Look up an order',
	description: 'Name of the action, up to 64 characters',
});
