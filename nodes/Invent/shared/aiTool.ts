import type { IExecuteSingleFunctions } from 'n8n-workflow';

import { CLEARED_BY_EMPTY, jsonObject, type Parser } from './parsers';
import { isObject } from './typeGuards';

/**
 * A call that n8n replaces with an argument of an AI agent (n8n docs, "Let AI specify the tool parameters"). n8n takes
 * it in any capitals and with blanks before the parenthesis (n8n-workflow, from-ai-parse-utils.js). Read off
 * JSON, where a line break is an escape.
 */
const FROM_AI = /\$fromAI(?:\s|\\[nrt])*\(/i;

/**
 * Whether an AI agent was asked for the value of a parameter and left it out. Models fill in all arguments of a
 * tool: those that they have no value for with an empty text or `null`.
 *
 * @param parameter path of the parameter, such as `updateFields.name`
 * @param value its value
 */
export function isOmittedByAi(
	context: Pick<IExecuteSingleFunctions, 'getNodeParameter'>,
	parameter: string,
	value: unknown,
	parse?: Parser<unknown>,
): boolean {
	const isNothing = isEmpty(value) || (parse === jsonObject && isEmptyJson(value));
	if (!isNothing || (value === '' && CLEARED_BY_EMPTY.has(parse))) return false;
	const entered: unknown = context.getNodeParameter(parameter, undefined, { rawExpressions: true });
	return FROM_AI.test(JSON.stringify(entered) ?? '');
}

/** Models give an empty object for a configuration that they leave alone. */
function isEmptyJson(value: unknown): boolean {
	return /^\s*(\{\s*\}\s*)?$/.test(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Nothing, an empty text, or a list, a locator or a group of nothing else. */
function isEmpty(value: unknown): boolean {
	if (value === undefined || value === null || value === '') return true;
	if (isObject(value) && 'mode' in value) return isEmpty(value.value);
	const members = typeof value === 'object' ? Object.values(value) : [];
	return members.length > 0 && members.every(isEmpty);
}
