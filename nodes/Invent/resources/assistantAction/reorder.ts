import type { INodeProperties, INodePropertyOptions, PreSendAction } from 'n8n-workflow';

import type { ActionPosition } from '../../../../contract/invent';
import { InvalidParameterError, withParameterName } from '../../shared/errors';
import { toProperty } from '../../shared/fields';
import { getItemParameters } from '../../shared/itemParameters';
import { fromLocator, integerFrom, type Parser, typeError } from '../../shared/parsers';
import { isObject } from '../../shared/typeGuards';
import { withPolicy } from '../../transport';
import { assistantId, organization } from '../assistant/locators';
import { assistantLockKey } from '../assistant/update';
import { bodyField } from './fields';
import { ACTION_LOCATOR } from './locators';

/** Docs: api-reference/orgs-assistants/reorder-assistant-actions */
const MAX_POSITIONS = 25;

/** An action that is not there is one of the positions; nothing of the path may be wrong then. */
const namePositions: PreSendAction = async function (request) {
	getItemParameters(this).pathParameters.push('Positions');
	return request;
};

export const reorder: INodePropertyOptions = {
	name: 'Reorder',
	value: 'reorder',
	action: 'Reorder assistant actions',
	description: 'Set the positions of up to 25 actions of an assistant',
	routing: {
		request: { method: 'PATCH', url: '/orgs/{org_id}/assistants/{assistant_id}/actions/reorder' },
		send: {
			preSend: [
				organization.substitute,
				assistantId.substitute,
				namePositions,
				withPolicy({ responseType: 'list', ordering: 'parallel', lockKey: assistantLockKey }),
			],
		},
	},
};

/** Positions as the fixed collection has them: `{ position: [{ actionId, position }] }`. */
const positionList: Parser<ActionPosition[]> = (value) => {
	const list: unknown = isObject(value) ? value.position : value;
	if (!Array.isArray(list) || list.length === 0) {
		throw new InvalidParameterError('has no positions', 'Add a position for each action to move.');
	}
	if (list.length <= MAX_POSITIONS) return list.map(toPosition);
	throw new InvalidParameterError(
		`has ${list.length} positions`,
		`Set up to ${MAX_POSITIONS} positions at once. Use further items for more.`,
	);
};

function toPosition(row: unknown, index: number): ActionPosition {
	if (!isObject(row)) throw typeError('an action and a position in each row', row);
	return {
		id: readMember(index, 'Action', fromLocator(), row.actionId),
		position: readMember(index, 'Position', integerFrom(0), row.position),
	};
}

/** @throws InvalidParameterError that tells which row it is, and which parameter in it */
function readMember<T>(index: number, displayName: string, parse: Parser<T>, value: unknown): T {
	let reason: unknown;
	try {
		return parse(value);
	} catch (error) {
		reason = error;
	}
	const { message, description } = withParameterName(displayName, reason);
	throw new InvalidParameterError(`row ${index + 1}: ${message}`, description, { cause: reason });
}

export const reorderProperties: INodeProperties[] = [
	toProperty(
		bodyField('positions', positionList, {
			displayName: 'Positions',
			name: 'positions',
			type: 'fixedCollection',
			typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Position' },
			displayOptions: { show: { operation: ['reorder'] } },
			required: true,
			default: {},
			placeholder: 'Add Position',
			description: 'New positions of the actions, up to 25',
			options: [
				{
					displayName: 'Position',
					name: 'position',
					values: [
						{ ...ACTION_LOCATOR, description: 'Action to move' },
						{
							displayName: 'Position',
							name: 'position',
							type: 'number',
							typeOptions: { minValue: 0, numberPrecision: 0 },
							default: 100,
							description: 'Lower positions come first. Invent uses multiples of 100.',
						},
					],
				},
			],
		}),
	),
];
