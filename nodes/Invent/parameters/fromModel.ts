import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { isObject } from '../transport';
import { reference, type Rule, text } from './rules';

/** What an AI agent fills in stands in such a call (n8n docs, "Let AI specify the tool parameters"); n8n takes each of these spellings. */
const FROM_AI = /\$from(AI|Ai|ai)\(/;

/**
 * Whether an AI agent was asked for the value of a parameter and has left it out. Models fill in every argument
 * of a tool, the ones that they have no value for with an empty text or null.
 *
 * @param parameter where the parameter stands, such as `updateFields.name`
 * @param given its value
 * @param rule tells whether an empty text is a value too, because it clears the field
 */
export function isLeftOut(
	context: IExecuteSingleFunctions,
	parameter: string,
	given: unknown,
	rule?: Rule<unknown>,
): boolean {
	if (!isEmpty(given) || (given === '' && (rule === text || rule === reference))) return false;
	const entered: unknown = context.getNodeParameter(parameter, undefined, { rawExpressions: true });
	return FROM_AI.test(JSON.stringify(entered) ?? '');
}

/** Nothing, an empty text, or a list, a locator or a group of nothing else. */
function isEmpty(value: unknown): boolean {
	if (value === undefined || value === null || value === '') return true;
	if (isObject(value) && 'mode' in value) return isEmpty(value.value);
	const members = typeof value === 'object' ? Object.values(value) : [];
	return members.length > 0 && members.every(isEmpty);
}
