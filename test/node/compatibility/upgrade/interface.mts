import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	NodePropertyTypes,
} from 'n8n-workflow';

/** What a saved workflow holds of one parameter, or leaves out because it is the default. */
interface Parameter {
	readonly type: NodePropertyTypes;
	readonly default: unknown;
	/** All that holds besides: choices, modes, limits, conditions of being shown. Absent where there is nothing to tell. */
	readonly [attribute: string]: unknown;
}

/** Parameters by their places, with dots between a collection and its fields: `config.language`. */
export type Parameters = Readonly<Record<string, Parameter>>;

type Picked = Readonly<Record<string, unknown>>;
type Conditions = Readonly<Record<string, unknown>>;

/** Every operation with its parameters: `assistant create`. */
export function operationsOf(properties: readonly INodeProperties[]): Readonly<Record<string, Parameters>> {
	const values = (name: string, picked: Picked): string[] =>
		properties
			.filter((property) => property.name === name && isShown(property, picked))
			.flatMap((property) => (choicesOf(property) ?? []).map(String));
	const pairs = values('resource', {}).flatMap((resource) =>
		values('operation', { resource }).map((operation) => ({ resource, operation })),
	);
	const others = properties.filter(({ name }) => name !== 'resource' && name !== 'operation');
	return Object.fromEntries(
		pairs.map((picked) => [`${picked.resource} ${picked.operation}`, parametersOf(others, picked)]),
	);
}

/** The parameters that are shown with what is picked already, those of collections too. */
export function parametersOf(
	properties: readonly INodeProperties[],
	picked: Picked = {},
	prefix = '',
): Parameters {
	const entries = properties
		.filter((property) => isValue(property) && isShown(property, picked))
		.flatMap((property): Array<[string, Parameter]> => {
			const place = prefix + property.name;
			const groups = property.type === 'fixedCollection' ? groupsIn(property.options ?? []) : [];
			const fields = property.type === 'collection' ? fieldsIn(property.options ?? []) : [];
			return [
				[place, parameterOf(property, picked)],
				...Object.entries(parametersOf(fields, picked, `${place}.`)),
				...groups.flatMap(({ name, values }) =>
					Object.entries(parametersOf(values, picked, `${place}.${name}.`)),
				),
			];
		});
	if (new Set(entries.map(([place]) => place)).size < entries.length)
		throw new Error('A place is there twice');
	return Object.fromEntries(entries);
}

function parameterOf(property: INodeProperties, picked: Picked): Parameter {
	const { type, required, noDataExpression, typeOptions = {}, modes, displayOptions } = property;
	const { multipleValues, minValue, maxValue, password } = typeOptions;
	const found = {
		type,
		default: withoutLabel(property.default),
		required,
		noDataExpression,
		...{ multipleValues, minValue, maxValue, password },
		values: choicesOf(property),
		modes: modes?.map(({ name }) => name),
		when: others(displayOptions?.show, picked),
		unless: others(displayOptions?.hide, picked),
	};
	return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as typeof found;
}

/** The name that the panel shows for a value is a label, not a part of the value. */
function withoutLabel(value: unknown): unknown {
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'cachedResultName'));
}

/** Conditions name a parameter beside them, or from the top with a slash before it. */
function topName(condition: string): string {
	return condition.replace(/^\//, '');
}

function others(conditions: Conditions = {}, picked: Picked): Conditions | undefined {
	const left = Object.entries(conditions).filter(([name]) => !(topName(name) in picked));
	return left.length === 0 ? undefined : Object.fromEntries(left);
}

function isShown(
	{ displayOptions: { show = {}, hide = {} } = {} }: INodeProperties,
	picked: Picked,
): boolean {
	const meets = ([name, values]: [string, unknown]) => {
		const value = picked[topName(name)];
		return value === undefined || !Array.isArray(values) ? undefined : values.includes(value);
	};
	return (
		Object.entries(show).every((condition) => meets(condition) !== false) &&
		!Object.entries(hide).some((condition) => meets(condition) === true)
	);
}

/** A notice is text in the panel; what is shown only when a member of its own name exists, the panel never offers. */
function isValue({ name, type, displayOptions }: INodeProperties): boolean {
	return type !== 'notice' && !(name in (displayOptions?.show ?? {}));
}

type Option = INodePropertyOptions | INodeProperties | INodePropertyCollection;

function choicesOf({ type, options = [] }: INodeProperties): unknown[] | undefined {
	if (type !== 'options' && type !== 'multiOptions') return undefined;
	return options.flatMap((option) => ('value' in option ? [option.value] : []));
}

function fieldsIn(options: readonly Option[]): INodeProperties[] {
	return options.flatMap((option) => ('type' in option ? [option] : []));
}

function groupsIn(options: readonly Option[]): INodePropertyCollection[] {
	return options.flatMap((option) => ('values' in option ? [option] : []));
}
