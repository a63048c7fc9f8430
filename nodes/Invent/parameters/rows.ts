import type {
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import type { AssistantCreate, AssistantDuplicate, AssistantUpdate } from '../../../contract/invent';
import { isObject, type Item, itemOf, Refusal } from '../transport';
import { isLeftOut } from './fromModel';
import { drop, put, take } from './places';
import type { Rule } from './rules';
import { segmentOf } from './segment';

/** The members that the contract names, with dots between the levels; members it leaves open do not count. */
type PlaceIn<T> =
	T extends Record<string, unknown>
		? {
				[K in keyof T as string extends K ? never : K]: K extends string
					? K | `${K}.${PlaceIn<NonNullable<T[K]>>}`
					: never;
			} extends infer M
			? M[keyof M] & string
			: never
		: never;

/** Every place in a request body that the API documents. */
export type BodyPlace = PlaceIn<AssistantCreate> | PlaceIn<AssistantUpdate> | PlaceIn<AssistantDuplicate>;

/**
 * A parameter of the node and where its value goes: one row of a table. `property` is the parameter as n8n
 * shows it; `rule` turns its value into what is sent, or refuses it.
 */
export interface Row<T = unknown> {
	readonly property: INodeProperties;
	readonly to: { readonly type: 'body' | 'query'; readonly place: string } | undefined;
	readonly rule: Rule<T>;
	/** For a value that tells how to send: gives it to the item. */
	keep?(item: Item, value: T): void;
}

/** A row whose value goes into the request's body. */
export function body<T>(place: BodyPlace, rule: Rule<T>, property: INodeProperties): Row<T> {
	return { property, rule, to: { type: 'body', place } };
}

/** A row whose value goes into the request's query. */
export function query<T>(place: string, rule: Rule<T>, property: INodeProperties): Row<T> {
	return { property, rule, to: { type: 'query', place } };
}

/** A row whose value stays in the node: it tells how to send or what to put out. */
export function setting<T>(rule: Rule<T>, property: INodeProperties, keep?: Row<T>['keep']): Row<T> {
	return { property, rule, to: undefined, ...(keep && { keep }) };
}

/**
 * The n8n parameter of a row that stands by itself.
 *
 * @param then what else happens to the request when the value is in it
 */
export function single<T>(row: Row<T>, ...then: PreSendAction[]): INodeProperties {
	return withRouting(row, row.property.name, then);
}

/**
 * What tells that an expression stands in place of a whole collection. Before any node runs, n8n reads the
 * collection's members off the expression's text as if it were an object (n8n-workflow, node-helpers.js,
 * getNodeParameters), and so it drops all of it: nothing would be sent, and nobody would know. The one member
 * that a text has is its length. No collection has that by hand, so the panel never shows this member.
 */
const EXPRESSION: INodeProperties = {
	displayName: 'Expression',
	name: 'length',
	type: 'number',
	displayOptions: { show: { length: [{ _cnd: { exists: true } }] } },
	default: 0,
};

/** The n8n parameter that groups rows: the user adds the ones that are wanted, and the others are not sent. */
export function collection(property: INodeProperties, rows: readonly Row[]): INodeProperties {
	const { name, displayName } = property;
	const byHand = inspecting(displayName, (context) => {
		const members = context.getNodeParameter(name, {}, { rawExpressions: true });
		if (isObject(members) && !Object.hasOwn(members, EXPRESSION.name)) return;
		throw new Refusal(
			'is an expression as a whole, which n8n drops',
			'Add the fields by hand and give each its own expression.',
		);
	});
	return {
		...property,
		options: [...rows.map((row) => withRouting(row, `${name}.${row.property.name}`)), EXPRESSION],
		routing: { send: { preSend: [byHand] } },
	};
}

/** A parameter whose value is an id in the path. */
export interface PathRow {
	readonly property: INodeProperties;
	/**
	 * Puts the id into the path. Operations whose path has it name this among their `preSend`: routing at the
	 * parameter itself would have the engine evaluate an expression there twice more for each item.
	 */
	readonly inPath: PreSendAction;
}

/**
 * A row whose value is an id in the path.
 *
 * @param placeholder name between braces in the operation's URL, as in the API's documentation
 */
export function path(placeholder: string, rule: Rule<string>, property: INodeProperties): PathRow {
	const { name, displayName } = property;
	const inPath = inspecting(displayName, (context, request) => {
		itemOf(context).addressedBy.push(displayName);
		const given: unknown = context.getNodeParameter(name, '');
		const segment = segmentOf(rule(isLeftOut(context, name, given) ? property.default : given));
		request.url = request.url.replace(`{${placeholder}}`, () => segment);
	});
	return { property, inPath };
}

/**
 * Reads a row that stays in the node.
 *
 * @param group name of the collection that the row stands in, if any
 * @returns the value, or `undefined` when the user did not add it
 */
export function valueOf<T>(context: IExecuteSingleFunctions, row: Row<T>, group?: string): T | undefined {
	const { name, default: usual } = row.property;
	const given: unknown =
		group === undefined
			? context.getNodeParameter(name, usual)
			: take(context.getNodeParameter(group, {}), name);
	if (given === undefined) return undefined;
	const parameter = group === undefined ? name : `${group}.${name}`;
	if (!isLeftOut(context, parameter, given)) return row.rule(given);
	return group === undefined ? row.rule(usual) : undefined;
}

function withRouting<T>(
	{ property, rule, to, keep }: Row<T>,
	parameter: string,
	then: PreSendAction[] = [],
): INodeProperties {
	const isMember = parameter !== property.name;
	const look = inspecting(property.displayName, (context, request) => {
		const given: unknown =
			to === undefined || property.type === 'json'
				? context.getNodeParameter(parameter, undefined)
				: take(partOf(request, to), to.place);
		const leftOut = isLeftOut(context, parameter, given, rule);
		if (leftOut && isMember) {
			if (to !== undefined) drop(partOf(request, to), to.place);
			return;
		}
		const value = rule(leftOut ? property.default : given);
		if (to !== undefined) put(partOf(request, to), to.place, value);
		const item = itemOf(context);
		item.values.set(property.name, value);
		keep?.(item, value);
	});
	const send = to === undefined ? {} : { type: to.type, property: to.place };
	return { ...property, routing: { send: { ...send, preSend: [look, ...then] } } };
}

function partOf(request: IHttpRequestOptions, to: NonNullable<Row['to']>): unknown {
	return to.type === 'body' ? request.body : request.qs;
}

/** A look at a parameter that refuses it, if it must, by its name. */
export function inspecting(
	displayName: string,
	look: (context: IExecuteSingleFunctions, request: IHttpRequestOptions) => void,
): PreSendAction {
	return async function (request) {
		itemOf(this).inspect(displayName, () => look(this, request));
		return request;
	};
}
