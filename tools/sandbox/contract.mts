import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject } from 'ajv';
import { parse } from 'yaml';

import type { operations } from '../../contract/invent.d.ts';

/** The name of an operation in the contract. */
export type OperationId = keyof operations;

interface JsonContent<Body> {
	content: { 'application/json': Body };
}

type BodyOf<Op extends OperationId> = operations[Op] extends { requestBody: JsonContent<infer Body> }
	? Body
	: operations[Op] extends { requestBody?: never }
		? undefined
		: operations[Op] extends { requestBody?: JsonContent<infer Body> }
			? Body | undefined
			: undefined;

type QueryOf<Op extends OperationId> = [NonNullable<operations[Op]['parameters']['query']>] extends [never]
	? Record<string, never>
	: NonNullable<operations[Op]['parameters']['query']>;

interface Parameters<Op extends OperationId> {
	path: operations[Op]['parameters']['path'];
	query: QueryOf<Op>;
}

interface Payload<Op extends OperationId> {
	body?: BodyOf<Op>;
}

/** A request that obeys the contract. */
export type Input<Op extends OperationId> = Parameters<Op> & Payload<Op>;

/** A request as it came in: decoded path segments, query text, and the parsed body (undefined: none was sent). */
export interface RawInput {
	path: unknown;
	query: unknown;
	body: unknown;
}

/** What a look at a request gives: the request, now with types, or the reason why the contract forbids it. */
export type Checked<Op extends OperationId> = { input: Input<Op> } | { violation: string };

/** One operation of the contract. */
export interface Operation<Op extends OperationId> {
	id: Op;
	/** In capitals, as on the wire. */
	method: string;
	/** With the parameters in braces, e.g. `/orgs/{org_id}/assistants`. */
	path: string;
	/** Holds a request against the contract; numbers in the query become numbers, defaults are filled in. */
	check: (raw: RawInput) => Checked<Op>;
}

/** All operations, by name. */
export type Contract = { [Op in OperationId]: Operation<Op> };

type Json = Record<string, unknown>;

function isObject(value: unknown): value is Json {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objects(value: unknown): Json[] {
	return Array.isArray(value) ? value.filter(isObject) : [];
}

const CONTRACT_FILE = join('contract', 'invent.openapi.yaml');

/**
 * Looks for the contract in the folders above the running script, then above the working folder. (A module cannot ask for its
 * own place here: these modules are run as ES modules and, in the tests, as CommonJS.)
 */
function contractFile(): string {
	for (const start of [dirname(resolve(process.argv[1] ?? '.')), process.cwd()]) {
		for (let folder = start; ; folder = dirname(folder)) {
			const file = join(folder, CONTRACT_FILE);
			if (existsSync(file)) return file;
			if (folder === dirname(folder)) break;
		}
	}
	throw new Error(`${CONTRACT_FILE} was not found in any folder above ${process.cwd()}`);
}

const coercing = new Ajv2020({
	strict: false,
	allErrors: true,
	coerceTypes: true,
	useDefaults: true,
	validateFormats: false,
});
const exact = new Ajv2020({ strict: false, allErrors: true, validateFormats: false });

function explain(errors: ErrorObject[] | null | undefined): string {
	return (errors ?? [])
		.map(({ instancePath, message, params }) => {
			const unknownMember = isObject(params) ? params['additionalProperty'] : undefined;
			const where = instancePath.slice(1).replaceAll('/', '.') || 'request';
			return `${where} ${message}${typeof unknownMember === 'string' ? ` (${unknownMember})` : ''}`;
		})
		.join('; ');
}

function resolveReference(document: Json, value: Json): Json {
	const reference = value['$ref'];
	if (typeof reference !== 'string') return value;
	let target: unknown = document;
	for (const step of reference.split('/').slice(1)) target = isObject(target) ? target[step] : undefined;
	if (!isObject(target)) throw new Error(`The contract has no ${reference}`);
	return target;
}

function parametersSchema(document: Json, parameters: Json[]): Json {
	const part = (place: string) => {
		const here = parameters.filter((parameter) => parameter['in'] === place);
		return {
			type: 'object',
			additionalProperties: false,
			required: here.filter(({ required }) => required === true).map(({ name }) => name),
			properties: Object.fromEntries(here.map(({ name, schema }) => [String(name), schema])),
		};
	};
	return {
		components: document['components'],
		type: 'object',
		properties: { path: part('path'), query: part('query') },
	};
}

function payloadSchema(document: Json, requestBody: unknown): Json {
	const nothing = { type: 'object', additionalProperties: false, properties: {} };
	if (!isObject(requestBody)) return nothing;
	const content = requestBody['content'];
	const json = isObject(content) ? content['application/json'] : undefined;
	return {
		...nothing,
		components: document['components'],
		properties: { body: isObject(json) ? json['schema'] : true },
		required: requestBody['required'] === true ? ['body'] : [],
	};
}

interface Found {
	method: string;
	path: string;
	operation: Json;
	parameters: Json[];
}

function findOperation(document: Json, id: string): Found {
	const paths = document['paths'];
	for (const [path, item] of Object.entries(isObject(paths) ? paths : {})) {
		if (!isObject(item)) continue;
		for (const [method, operation] of Object.entries(item)) {
			if (!isObject(operation) || operation['operationId'] !== id) continue;
			const parameters = [...objects(item['parameters']), ...objects(operation['parameters'])];
			return {
				method: method.toUpperCase(),
				path,
				operation,
				parameters: parameters.map((parameter) => resolveReference(document, parameter)),
			};
		}
	}
	throw new Error(`The contract has no operation ${id}`);
}

function readOperation<Op extends OperationId>(document: Json, id: Op): Operation<Op> {
	const { method, path, operation, parameters } = findOperation(document, id);
	const areParameters = coercing.compile<Parameters<Op>>(parametersSchema(document, parameters));
	const isPayload = exact.compile<Payload<Op>>(payloadSchema(document, operation['requestBody']));
	const check = (raw: RawInput): Checked<Op> => {
		const given: unknown = { path: raw.path, query: raw.query };
		if (!areParameters(given)) return { violation: explain(areParameters.errors) };
		const payload: unknown = raw.body === undefined ? {} : { body: raw.body };
		if (!isPayload(payload)) return { violation: explain(isPayload.errors) };
		return { input: { ...given, ...payload } };
	};
	return { id, method, path, check };
}

function readContract(): Contract {
	const document: unknown = parse(readFileSync(contractFile(), 'utf8'));
	if (!isObject(document)) throw new Error(`${CONTRACT_FILE} is not an OpenAPI document`);
	return {
		createAssistant: readOperation(document, 'createAssistant'),
		listAssistants: readOperation(document, 'listAssistants'),
		getAssistant: readOperation(document, 'getAssistant'),
		updateAssistant: readOperation(document, 'updateAssistant'),
		duplicateAssistant: readOperation(document, 'duplicateAssistant'),
		rotateSecretKey: readOperation(document, 'rotateSecretKey'),
		listAssistantActions: readOperation(document, 'listAssistantActions'),
		createAssistantAction: readOperation(document, 'createAssistantAction'),
		getAssistantAction: readOperation(document, 'getAssistantAction'),
		updateAssistantAction: readOperation(document, 'updateAssistantAction'),
		reorderAssistantActions: readOperation(document, 'reorderAssistantActions'),
		listFiles: readOperation(document, 'listFiles'),
		uploadFile: readOperation(document, 'uploadFile'),
		listSubOrganizations: readOperation(document, 'listSubOrganizations'),
		listSegments: readOperation(document, 'listSegments'),
	};
}

let contract: Contract | undefined;

/**
 * The contract of this repository, `contract/invent.openapi.yaml`, ready to hold requests against. It is read once.
 * Throws when the file is missing or lacks an operation.
 */
export function loadContract(): Contract {
	contract ??= readContract();
	return contract;
}
