import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import { isOmittedByAi } from './aiTool';
import { InvalidParameterError } from './errors';
import { getItemParameters } from './itemParameters';
import { get, set, unset } from './objectPath';
import { isUnpicked, type Parser } from './parsers';
import { isObject } from './typeGuards';
import { encodePathSegment } from './url';

/** The members that a type names, with dots between the levels; members that it leaves open do not count. */
type PathIn<T> =
	T extends Record<string, unknown>
		? {
				[K in keyof T as string extends K ? never : K]: K extends string
					? K | `${K}.${PathIn<NonNullable<T[K]>>}`
					: never;
			} extends infer M
			? M[keyof M] & string
			: never
		: never;

/** Where the value of a parameter goes in the request. */
interface Target {
	readonly type: 'body' | 'query';
	readonly path: string;
}

/** One row of a resource's tables: a parameter as n8n shows it, what its value becomes, and where that goes. */
export interface Field<T = unknown> {
	readonly property: INodeProperties;
	readonly parse: Parser<T>;
	readonly target?: Target;
}

/**
 * Makes the function for fields whose values go into the request's body.
 *
 * @typeParam Body the documented bodies of the resource; a path that none of them has does not compile
 */
export function bodyFieldOf<Body>() {
	return <T>(path: PathIn<Body>, parse: Parser<T>, property: INodeProperties): Field<T> => ({
		property,
		parse,
		target: { type: 'body', path },
	});
}

/** A field whose value goes into the request's query. */
export function queryField<T>(path: string, parse: Parser<T>, property: INodeProperties): Field<T> {
	return { property, parse, target: { type: 'query', path } };
}

/** A field whose value stays in the node: it tells how to send or what to output. */
export function localField<T>(parse: Parser<T>, property: INodeProperties): Field<T> {
	return { property, parse };
}

/**
 * The n8n parameter of a field outside of collections.
 *
 * @param preSend what else happens to the request once the value is in it
 */
export function toProperty(field: Field, ...preSend: PreSendAction[]): INodeProperties {
	return addRouting(field, field.property.name, preSend);
}

/**
 * Reveals an expression in place of a whole collection. Before any node runs, n8n reads the collection's members
 * off the expression's text as if it were an object (n8n-workflow, node-helpers.js, getNodeParameters), and so
 * drops all of it: nothing would be sent, and no error shown. The one member that a text has is its length. No
 * collection filled in by hand has that, so the editor never shows this member.
 */
const WHOLE_EXPRESSION_MARKER: INodeProperties = {
	displayName: 'Expression',
	name: 'length',
	type: 'number',
	displayOptions: { show: { length: [{ _cnd: { exists: true } }] } },
	default: 0,
};

/** The n8n parameter that groups fields: the user adds the ones that are wanted, and the others are not sent. */
export function toCollection(property: INodeProperties, fields: readonly Field[]): INodeProperties {
	const { name, displayName } = property;
	const refuseExpression = validating(displayName, (context) => {
		const members = context.getNodeParameter(name, {}, { rawExpressions: true });
		if (isObject(members) && !Object.hasOwn(members, WHOLE_EXPRESSION_MARKER.name)) return;
		throw new InvalidParameterError(
			"can't be set by one expression",
			'Set expressions on individual fields.',
		);
	});
	return {
		...property,
		options: [
			...fields.map((field) => addRouting(field, `${name}.${field.property.name}`)),
			WHOLE_EXPRESSION_MARKER,
		],
		routing: { send: { preSend: [refuseExpression] } },
	};
}

/** A parameter whose value is an ID in the path. */
export interface PathField {
	readonly property: INodeProperties;
	/**
	 * Puts the ID into the path. Operations whose path has it name this among their `preSend`: with routing at the
	 * parameter itself, the engine would evaluate its expression twice more for each item.
	 */
	readonly substitute: PreSendAction;
}

/**
 * A field whose value is an ID in the path.
 *
 * @param placeholder name in braces in the operation's URL, as in the API's documentation
 */
export function pathField(placeholder: string, parse: Parser<string>, property: INodeProperties): PathField {
	const { name, displayName } = property;
	const substitute = validating(displayName, (context, request) => {
		getItemParameters(context).pathParameters.push(displayName);
		const value: unknown = context.getNodeParameter(name, '');
		const isUnset =
			isOmittedByAi(context, name, value) ||
			isUnpicked(context.getNodeParameter(name, '', { rawExpressions: true }));
		const id = parse(isUnset ? property.default : value);
		request.url = request.url.replace(`{${placeholder}}`, () => encodePathSegment(id));
	});
	return { property, substitute };
}

function addRouting(
	{ property, parse, target }: Field,
	parameter: string,
	preSend: PreSendAction[] = [],
): INodeProperties {
	const isMember = parameter !== property.name;
	const readValue = (context: IExecuteSingleFunctions, request: IHttpRequestOptions) => {
		const part = target && (target.type === 'body' ? request.body : request.qs);
		const value: unknown =
			target === undefined || property.type === 'json'
				? context.getNodeParameter(parameter, undefined)
				: get(part, target.path);
		const isOmitted = isOmittedByAi(context, parameter, value, parse);
		if (isMember && (isOmitted || value === undefined)) {
			if (target) unset(part, target.path);
			return;
		}
		if (value === '' && isEmptyLocator(context, parameter)) {
			throw new InvalidParameterError('is empty', 'Select or enter a value.');
		}
		const parsed = parse(isOmitted ? property.default : value);
		// The default of a JSON parameter is an empty object, which would be a value.
		if (target && isOmitted && isObject(parsed) && Object.keys(parsed).length === 0) {
			return unset(part, target.path);
		}
		if (target) set(part, target.path, parsed);
		getItemParameters(context).values.set(property.name, parsed);
	};
	const read = validating(property.displayName, readValue, isMember);
	const send = target && { type: target.type, property: target.path };
	return { ...property, routing: { send: { ...send, preSend: [read, ...preSend] } } };
}

/** Whether nothing was picked or typed in a resource locator, of which the engine hands over the value alone. */
function isEmptyLocator(context: IExecuteSingleFunctions, parameter: string): boolean {
	const entered: unknown = context.getNodeParameter(parameter, undefined, { rawExpressions: true });
	return isObject(entered) && 'mode' in entered && entered.value === '';
}

/**
 * A hook that looks at a parameter; an error gets the parameter's name and ends the item, not the hook.
 *
 * @param isRemovable whether the user can remove the parameter, because it is a field of a collection
 */
export function validating(
	displayName: string,
	read: (context: IExecuteSingleFunctions, request: IHttpRequestOptions) => void,
	isRemovable = false,
): PreSendAction {
	return async function (request) {
		getItemParameters(this).collectError(displayName, () => read(this, request), isRemovable);
		return request;
	};
}
