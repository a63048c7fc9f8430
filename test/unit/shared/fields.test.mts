import type {
	IDataObject,
	IExecuteSingleFunctions,
	IHttpRequestOptions,
	INodeProperties,
	PreSendAction,
} from 'n8n-workflow';

import {
	bodyFieldOf,
	type Field,
	localField,
	pathField,
	queryField,
	toCollection,
	toProperty,
	validating,
} from '../../../nodes/Invent/shared/fields.ts';
import { getItemParameters } from '../../../nodes/Invent/shared/itemParameters.ts';
import {
	fromLocator,
	integerFrom,
	jsonObject,
	string,
	stringOfLength,
} from '../../../nodes/Invent/shared/parsers.ts';
import { contextOf } from './context.mts';

interface Body {
	readonly [member: string]: unknown;
	readonly name?: string;
	readonly config?: { readonly [member: string]: unknown; readonly stt?: { model: string } | null };
}

const bodyField = bodyFieldOf<{ name: string; config: { stt: { model: string } | null } }>();

const PROPERTY: INodeProperties = { displayName: 'The Name', name: 'name', type: 'string', default: 'usual' };
const ASKED = "={{ $fromAI('a') }}";

/** The hooks of a parameter, which the engine calls one after the other. */
function hooksOf({ routing }: INodeProperties): PreSendAction[] {
	return routing?.send?.preSend ?? [];
}

async function run(
	hooks: readonly PreSendAction[],
	context: IExecuteSingleFunctions,
	request: Partial<IHttpRequestOptions> = {},
): Promise<IHttpRequestOptions> {
	let options: IHttpRequestOptions = { url: '/', body: {}, qs: {}, ...request };
	for (const hook of hooks) options = await hook.call(context, options);
	return options;
}

function memberOf(collection: INodeProperties, name: string): INodeProperties {
	const found = collection.options?.find(
		(option): option is INodeProperties => 'type' in option && option.name === name,
	);
	if (found === undefined) throw new Error(`The collection has no ${name}`);
	return found;
}

const GROUP: INodeProperties = { displayName: 'The Group', name: 'group', type: 'collection', default: {} };

describe('Where a value goes', () => {
	test('is told to the engine: the body', () => {
		const { routing, ...property } = toProperty(bodyField('config.stt.model', string, PROPERTY));
		expect(property).toEqual(PROPERTY);
		expect(routing).toEqual({
			send: { type: 'body', property: 'config.stt.model', preSend: [expect.any(Function)] },
		});
	});

	test('is told to the engine: the query', () => {
		expect(toProperty(queryField('take', integerFrom(1), PROPERTY)).routing?.send).toMatchObject({
			type: 'query',
			property: 'take',
		});
	});

	test('is nowhere for what stays in the node', () => {
		expect(Object.keys(toProperty(localField(string, PROPERTY)).routing?.send ?? {})).toEqual(['preSend']);
	});
});

describe('A parameter outside of collections', () => {
	test('is parsed in the body, where the engine has put it, and its value is known by its name', async () => {
		const context = contextOf({ values: {} });
		const field = bodyField('config.stt.model', string, PROPERTY);
		const { body } = await run(hooksOf(toProperty(field)), context, {
			body: { config: { stt: { model: 7 } } },
		});
		expect(body).toEqual({ config: { stt: { model: '7' } } });
		expect([...getItemParameters(context).values]).toEqual([['name', '7']]);
	});

	test('is parsed in the query', async () => {
		const context = contextOf({ values: { name: '7' } });
		const field = queryField('take', integerFrom(1), PROPERTY);
		const { qs, body } = await run(hooksOf(toProperty(field)), context, { qs: { take: '7' } });
		expect([qs, body]).toEqual([{ take: 7 }, {}]);
	});

	test('is only noted when it stays in the node', async () => {
		const context = contextOf({ values: { name: 'x' } });
		const request = await run(hooksOf(toProperty(localField(string, PROPERTY))), context);
		expect(request).toEqual({ url: '/', body: {}, qs: {} });
		expect(getItemParameters(context).values.get('name')).toBe('x');
	});

	test('is read anew if it is JSON, because the engine has lost members such as __proto__', async () => {
		const values = JSON.parse('{"name":{"__proto__":{"a":1}}}') as IDataObject;
		const field: Field = { ...bodyField('config', jsonObject, { ...PROPERTY, type: 'json' }) };
		const { body } = await run(hooksOf(toProperty(field)), contextOf({ values }), { body: { config: {} } });
		expect(JSON.stringify(body)).toBe('{"config":{"__proto__":{"a":1}}}');
	});

	test('that is refused ends the item, not the hook, and nothing is noted', async () => {
		const context = contextOf({ values: { name: [] } });
		await run(hooksOf(toProperty(localField(string, PROPERTY))), context);
		const { inputError, values } = getItemParameters(context);
		expect(inputError?.message).toBe("'The Name' must be a string, but got a list");
		expect(values.size).toBe(0);
	});

	test('that is undefined is refused', async () => {
		const context = contextOf({ values: {} });
		await run(hooksOf(toProperty(bodyField('name', string, PROPERTY))), context);
		expect(getItemParameters(context).inputError?.message).toBe(
			"'The Name' must be a string, but got no value",
		);
	});

	test('that an agent leaves out has its default', async () => {
		const context = contextOf({ values: { name: null }, entered: { name: ASKED } });
		const { body } = await run(hooksOf(toProperty(bodyField('name', string, PROPERTY))), context, {
			body: { name: null },
		});
		expect(body).toEqual({ name: 'usual' });
		expect(getItemParameters(context).values.get('name')).toBe('usual');
	});

	test.each(['', ' ', '{}', ' { } ', null, {}])(
		'that is JSON is not sent when an agent leaves it empty, as %j',
		async (value) => {
			const property: INodeProperties = { ...PROPERTY, type: 'json', default: '{}' };
			const context = contextOf({ values: { name: value }, entered: { name: ASKED } });
			const field = bodyField('config', jsonObject, property);
			const { body } = await run(hooksOf(toProperty(field)), context, { body: { config: value } });
			expect(body).toEqual({});
			expect(getItemParameters(context).values.size).toBe(0);
		},
	);

	test('that is JSON is sent as an agent gives it', async () => {
		const property: INodeProperties = { ...PROPERTY, type: 'json', default: '{}' };
		const context = contextOf({ values: { name: '{"a":{}}' }, entered: { name: ASKED } });
		const { body } = await run(hooksOf(toProperty(bodyField('config', jsonObject, property))), context);
		expect(body).toEqual({ config: { a: {} } });
	});

	test('that is JSON with a default has that when an agent leaves it empty', async () => {
		const property: INodeProperties = { ...PROPERTY, type: 'json', default: '{"a":1}' };
		const context = contextOf({ values: { name: '{}' }, entered: { name: ASKED } });
		const { body } = await run(hooksOf(toProperty(bodyField('config', jsonObject, property))), context);
		expect(body).toEqual({ config: { a: 1 } });
	});

	test('has other hooks after it', async () => {
		const seen: unknown[] = [];
		const after: PreSendAction = async function (request) {
			seen.push(getItemParameters(this).values.get('name'));
			return request;
		};
		await run(hooksOf(toProperty(localField(string, PROPERTY), after)), contextOf({ values: { name: 'x' } }));
		expect(seen).toEqual(['x']);
	});
});

describe('A collection', () => {
	const collection = toCollection(GROUP, [
		bodyField('config.stt.model', string, { ...PROPERTY, name: 'model' }),
		bodyField('name', stringOfLength(1, 9), PROPERTY),
		localField(integerFrom(0), { ...PROPERTY, name: 'wait', displayName: 'Wait' }),
	]);

	async function fill(group: IDataObject, body: Body, entered = group) {
		const context = contextOf({ values: { group }, entered: { group: entered } });
		const hooks = Object.keys(group).flatMap((name) => hooksOf(memberOf(collection, name)));
		const request = await run([...hooksOf(collection), ...hooks], context, { body: { ...body } });
		const { values, inputError } = getItemParameters(context);
		return { body: request.body as Body, values, inputError };
	}

	test('offers its fields in their order, and the marker of an expression, which is never shown', () => {
		const names = collection.options?.map(({ name }) => name);
		expect(names).toEqual(['model', 'name', 'wait', 'length']);
		const marker = memberOf(collection, 'length');
		expect(marker).toEqual({
			displayName: 'Expression',
			name: 'length',
			type: 'number',
			default: 0,
			displayOptions: { show: { length: [{ _cnd: { exists: true } }] } },
		});
	});

	test('parses the fields that were added', async () => {
		const { body, values, inputError } = await fill(
			{ model: 1, name: 'x', wait: '5' },
			{ name: 'x', config: { stt: { model: '1' } } },
		);
		expect(inputError).toBeUndefined();
		expect(body).toEqual({ name: 'x', config: { stt: { model: '1' } } });
		expect(values.get('wait')).toBe(5);
	});

	test('leaves out a field whose expression gives nothing, with the groups that it leaves empty', async () => {
		const undefinedModel = { config: { stt: { model: undefined } } } as unknown as Body;
		const { body, values, inputError } = await fill({ model: undefined, wait: undefined }, undefinedModel);
		expect(inputError).toBeUndefined();
		expect(body).toEqual({});
		expect(values.size).toBe(0);
	});

	test('leaves out a field that an agent leaves out', async () => {
		const { body, values } = await fill({ name: '', wait: null }, { name: '' }, { name: ASKED, wait: ASKED });
		expect(body).toEqual({});
		expect(values.size).toBe(0);
	});

	test('sends an empty text of an agent where that clears the field', async () => {
		const { body } = await fill({ model: '' }, { config: { stt: { model: '' } } }, { model: ASKED });
		expect(body).toEqual({ config: { stt: { model: '' } } });
	});

	test('advises to remove a field that is refused, and no field outside of a collection', async () => {
		const { inputError } = await fill({ wait: 'x' }, {});
		expect(inputError?.description).toBe('Correct the value or its expression. Or remove the field.');
		const context = contextOf({ values: { name: [] } });
		await run(hooksOf(toProperty(localField(string, PROPERTY))), context);
		expect(getItemParameters(context).inputError?.description).toBe('Correct the value or its expression.');
	});

	test.each(['list', 'name'])('refuses a locator in mode %s in which nothing was picked', async (mode) => {
		const entered = { model: { __rl: true, mode, value: '' } };
		const { inputError } = await fill({ model: '' }, { config: { stt: { model: '' } } }, entered);
		expect(inputError?.message).toBe("'The Name' is empty");
		expect(inputError?.description).toBe('Select or enter a value. Or remove the field.');
	});

	test('sends the empty text of an expression in place of a locator', async () => {
		const entered = { model: '={{ "" }}' };
		const { body } = await fill({ model: '' }, { config: { stt: { model: '' } } }, entered);
		expect(body).toEqual({ config: { stt: { model: '' } } });
	});

	test('refuses null', async () => {
		const { inputError } = await fill({ wait: null }, {});
		expect(inputError?.message).toBe("'Wait' must be a whole number of at least 0, but got null");
	});

	test.each([
		['an expression, off whose text n8n has read', { length: 18 }],
		['an expression', '={{ $json.group }}'],
		['a list', []],
	])('refuses %s', async (_, entered) => {
		const context = contextOf({ values: {}, entered: { group: entered } });
		await run(hooksOf(collection), context);
		const { inputError } = getItemParameters(context);
		expect(inputError?.message).toBe("'The Group' can't be set by one expression");
		expect(inputError?.description).toBe('Set expressions on individual fields.');
	});

	test('is fine when nothing was added to it', async () => {
		const context = contextOf({ values: {} });
		await run(hooksOf(collection), context);
		expect(getItemParameters(context).inputError).toBeUndefined();
	});
});

describe('An ID in the path', () => {
	const usual = { mode: 'list', value: 'c' };
	const field = pathField('org_id', fromLocator(), { ...PROPERTY, type: 'resourceLocator', default: usual });

	async function urlFor(value: unknown, entered: unknown = value) {
		const context = contextOf({
			values: { name: value } as IDataObject,
			entered: { name: entered } as IDataObject,
		});
		const { url } = await run([field.substitute], context, { url: '/orgs/{org_id}/assistants' });
		const { inputError, pathParameters } = getItemParameters(context);
		return { url, inputError, pathParameters };
	}

	test('takes the place of its name in braces, encoded once, and the parameter is noted', async () => {
		const { url, pathParameters } = await urlFor({ mode: 'id', value: ' a/$&b ' });
		expect(url).toBe('/orgs/a%2F%24%26b/assistants');
		expect(pathParameters).toEqual(['The Name']);
	});

	test('is the default when the locator was left unpicked', async () => {
		expect((await urlFor({ mode: 'list', value: '' })).url).toBe('/orgs/c/assistants');
	});

	test('is the default when an agent left it out', async () => {
		const { url } = await urlFor({ mode: 'id', value: '' }, { mode: 'id', value: ASKED });
		expect(url).toBe('/orgs/c/assistants');
	});

	test.each([
		['By ID', { mode: 'id', value: '' }, undefined],
		['an expression', { mode: 'list', value: '' }, { mode: 'list', value: '={{ $json.id }}' }],
		['a whole expression', '', '={{ $json.id }}'],
	])('that is empty in %s is refused', async (_, value, entered) => {
		const { url, inputError, pathParameters } = await urlFor(value, entered ?? value);
		expect(url).toBe('/orgs/{org_id}/assistants');
		expect(inputError?.message).toBe("'The Name' is empty");
		expect(pathParameters).toEqual(['The Name']);
	});
});

test('A hook passes on the request that it was given', async () => {
	const request: IHttpRequestOptions = { url: '/' };
	const context = contextOf({ values: {} });
	const seen: unknown[] = [];
	const hook = validating('Name', (...given) => seen.push(given));
	expect(await hook.call(context, request)).toBe(request);
	expect(seen).toEqual([[context, request]]);
});
