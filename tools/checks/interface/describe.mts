// Reads from the built package what saved workflows rely on.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import { parseObject } from '../report.mts';

/** What a saved workflow holds of one parameter, or leaves out because it is the default. */
export interface Parameter {
	type: string;
	default: unknown;
	required?: true;
	noDataExpression?: true;
	multipleValues?: true;
	minValue?: number;
	maxValue?: number;
	password?: true;
	/** The values of the choices. */
	values?: unknown[];
	/** The modes of a resource locator. */
	modes?: string[];
	/** Shown only with these values of other parameters. */
	when?: Record<string, unknown[]>;
	/** Not shown with these values of other parameters. */
	unless?: Record<string, unknown[]>;
}

/** A parameter by its place, with dots between a collection and its fields: `config.language`. */
export type Parameters = Record<string, Parameter>;

/** One operation of a resource: what is entered, and what comes out. */
export interface OperationInterface {
	parameters: Parameters;
	/** The fields of a simplified item and their types. */
	output: Record<string, string>;
}

/** Everything that a saved workflow relies on. */
export interface PublicInterface {
	node: { type: string; versions: number[]; credentials: string[]; inputs: string[]; outputs: string[] };
	/** The parameters that pick an operation. */
	selectors: Parameters;
	/** By resource and operation: `assistant.create`. */
	operations: Record<string, OperationInterface>;
	credentials: Record<string, { fields: Parameters }>;
}

const conditions = z.record(z.array(z.unknown())).default({});

const field = z.object({
	name: z.string(),
	type: z.string(),
	default: z.unknown(),
	required: z.boolean().optional(),
	noDataExpression: z.boolean().optional(),
	typeOptions: z
		.object({
			multipleValues: z.boolean().optional(),
			minValue: z.number().optional(),
			maxValue: z.number().optional(),
			password: z.boolean().optional(),
		})
		.default({}),
	displayOptions: z.object({ show: conditions, hide: conditions }).default({}),
	modes: z.array(z.object({ name: z.string() })).optional(),
	options: z.array(z.unknown()).default([]),
});

type Field = z.output<typeof field>;

const choice = z.object({ value: z.union([z.string(), z.number(), z.boolean()]) });
const group = z.object({ name: z.string(), values: z.array(field) });

const nodeDescription = z.object({
	name: z.string(),
	version: z.union([z.number(), z.array(z.number())]),
	credentials: z.array(z.object({ name: z.string() })),
	inputs: z.array(z.string()),
	outputs: z.array(z.string()),
	properties: z.array(field),
});

const credentialDescription = z.object({ name: z.string(), properties: z.array(field) });

const outputSchema = z.object({ properties: z.record(z.object({ type: z.string() })) });

/** `index.js` gives lists of modules that each export one class. */
const entries = z.object({
	nodes: z.array(z.record(z.unknown())),
	credentials: z.array(z.record(z.unknown())),
});

const SELECTORS = ['resource', 'operation'];

/**
 * Reads the public interface of the package that is built in `root`.
 *
 * @throws when the package does not load or has another shape than n8n's
 */
export function describeInterface(root: string): PublicInterface {
	const loaded = entries.parse(createRequire(join(root, 'package.json'))('./index.js'));
	const [node, ...others] = loaded.nodes.flatMap(instances);
	if (others.length > 0) throw new Error('The interface knows one node; describe the others too');
	const { description } = z.object({ description: nodeDescription }).parse(node);
	const credentials = loaded.credentials
		.flatMap(instances)
		.map((instance) => credentialDescription.parse(instance));
	return {
		node: {
			type: `${nameOf(root)}.${description.name}`,
			versions: [description.version].flat(),
			credentials: description.credentials.map(({ name }) => name),
			inputs: description.inputs,
			outputs: description.outputs,
		},
		selectors: Object.fromEntries(
			description.properties.filter(isSelector).map((property) => [property.name, parameterOf(property, {})]),
		),
		operations: operationsOf(root, description.properties, [description.version].flat()),
		credentials: Object.fromEntries(
			credentials.map(({ name, properties }) => [name, { fields: parametersOf(properties, {}) }]),
		),
	};
}

function nameOf(root: string): string {
	return String(parseObject(readFileSync(join(root, 'package.json'), 'utf8'), 'package.json')['name']);
}

function instances(module: Record<string, unknown>): unknown[] {
	return Object.values(module).flatMap((exported): unknown[] =>
		typeof exported === 'function' ? [Reflect.construct(exported, [])] : [],
	);
}

function isSelector({ name }: Field): boolean {
	return SELECTORS.includes(name);
}

function operationsOf(root: string, properties: Field[], versions: number[]): PublicInterface['operations'] {
	const pairs = valuesOf(properties, 'resource', {}).flatMap((resource) =>
		valuesOf(properties, 'operation', { resource }).map((operation) => ({ resource, operation })),
	);
	const others = properties.filter((property) => !isSelector(property));
	return Object.fromEntries(
		pairs.map(({ resource, operation }) => [
			`${resource}.${operation}`,
			{
				parameters: parametersOf(others, { resource, operation }),
				output: outputOf(root, resource, operation, Math.max(...versions)),
			},
		]),
	);
}

/** The choices of a selector that is shown with what is picked already. */
function valuesOf(properties: Field[], name: string, picked: Picked): string[] {
	return properties
		.filter((property) => property.name === name && isShown(property, picked))
		.flatMap((property) => choicesOf(property).map(String));
}

type Picked = Readonly<Record<string, string>>;

/** Conditions name a parameter beside them, or from the top with a slash before it. */
function topName(condition: string): string {
	return condition.replace(/^\//, '');
}

function isShown({ displayOptions: { show, hide } }: Field, picked: Picked): boolean {
	const meets = ([name, values]: [string, unknown[]]) => {
		const value = picked[topName(name)];
		return value === undefined ? undefined : values.includes(value);
	};
	return (
		Object.entries(show).every((condition) => meets(condition) !== false) &&
		!Object.entries(hide).some((condition) => meets(condition) === true)
	);
}

/** Shown only when a member of its own name exists: the panel never offers it, so no workflow holds it. */
function isInternal({ name, displayOptions: { show } }: Field): boolean {
	return name in show;
}

/** A notice is text in the panel; a workflow holds nothing of it. */
function isValue(property: Field): boolean {
	return property.type !== 'notice' && !isInternal(property);
}

function parametersOf(properties: Field[], picked: Picked, prefix = ''): Parameters {
	const found: Parameters = {};
	for (const property of properties.filter(isValue)) {
		if (!isShown(property, picked)) continue;
		const place = `${prefix}${property.name}`;
		if (place in found) throw new Error(`${place} is there twice for ${Object.values(picked).join('.')}`);
		found[place] = parameterOf(property, picked);
		Object.assign(found, parametersOf(fieldsOf(property), picked, `${place}.`));
		for (const { name, values } of groupsOf(property)) {
			Object.assign(found, parametersOf(values, picked, `${place}.${name}.`));
		}
	}
	return found;
}

function parameterOf(property: Field, picked: Picked): Parameter {
	const { typeOptions, displayOptions, modes } = property;
	const values = choicesOf(property);
	const when = withoutPicked(displayOptions.show, picked);
	const unless = withoutPicked(displayOptions.hide, picked);
	return {
		type: property.type,
		default: withoutLabel(property.default),
		...(property.required === true && { required: true }),
		...(property.noDataExpression === true && { noDataExpression: true }),
		...(typeOptions.multipleValues === true && { multipleValues: true }),
		...(typeOptions.minValue !== undefined && { minValue: typeOptions.minValue }),
		...(typeOptions.maxValue !== undefined && { maxValue: typeOptions.maxValue }),
		...(typeOptions.password === true && { password: true }),
		...(values.length > 0 && { values }),
		...(modes && { modes: modes.map(({ name }) => name) }),
		...(Object.keys(when).length > 0 && { when }),
		...(Object.keys(unless).length > 0 && { unless }),
	};
}

/** The name that the panel shows for a value is a label, not a part of the value. */
function withoutLabel(value: unknown): unknown {
	const labelled = z.object({ cachedResultName: z.string() }).passthrough().safeParse(value);
	if (!labelled.success) return value;
	const { cachedResultName: _, ...rest } = labelled.data;
	return rest;
}

function withoutPicked(shown: Record<string, unknown[]>, picked: Picked): Record<string, unknown[]> {
	return Object.fromEntries(Object.entries(shown).filter(([name]) => !(topName(name) in picked)));
}

function choicesOf({ type, options }: Field): Array<string | number | boolean> {
	if (type !== 'options' && type !== 'multiOptions') return [];
	return options.map((option) => choice.parse(option).value);
}

function fieldsOf({ type, options }: Field): Field[] {
	return type === 'collection' ? options.map((option) => field.parse(option)) : [];
}

function groupsOf({ type, options }: Field): Array<z.output<typeof group>> {
	return type === 'fixedCollection' ? options.map((option) => group.parse(option)) : [];
}

/** The schema that n8n shows before the first run; a test compares it with what really comes out. */
function outputOf(
	root: string,
	resource: string,
	operation: string,
	version: number,
): Record<string, string> {
	const folder = join(root, 'dist/nodes/Invent/__schema__', `v${version}.0.0`, resource);
	const text = readFileSync(join(folder, `${operation}.json`), 'utf8');
	const { properties } = outputSchema.parse(JSON.parse(text));
	return Object.fromEntries(Object.entries(properties).map(([name, { type }]) => [name, type]));
}
