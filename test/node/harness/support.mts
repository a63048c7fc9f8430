import { takePrinted } from './console.mts';

import { randomBytes } from 'node:crypto';

import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeParameters,
	INodeProperties,
} from 'n8n-workflow';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type {
	FaultMatch,
	FaultRule,
	RecordedRequest,
	Sandbox,
	SandboxOptions,
} from '../../../tools/sandbox/server.mts';
import { execute, nodeType } from './engine.mts';
import type { NodeFault, Outcome, Setup } from './engine.mts';

/** The operations of the node that act on one assistant, and the others. */
export const ON_ONE = ['duplicate', 'get', 'rotateKey', 'update'] as const;
export const OPERATIONS = ['create', 'getAll', ...ON_ONE] as const;
export type OperationName = (typeof OPERATIONS)[number];

/** The local API of a test file, and how to run the node on it. */
export interface Api {
	readonly sandbox: Sandbox;
	readonly credential: ICredentialDataDecryptedObject;
	/** Runs the node on two items, unless other ones are given. */
	run(parameters: INodeParameters, setup?: Partial<Setup>): Promise<Outcome>;
}

const CALM = {
	data: 'empty',
	generation: 'newest',
	countHeader: 'total',
	search: 'works',
	basePath: '',
	latencyMs: 0,
	includeDeleted: true,
	requestsPerMinute: 0,
	creationsPerHour: 0,
} as const satisfies SandboxOptions;

/**
 * Gives each test of a file an empty sandbox without limits, at an address of its own: the node keeps a pace for each
 * address. After each test, no request may have come that the contract forbids, and the key may not have been printed.
 */
export function useSandbox(options: SandboxOptions = {}): Api {
	let running: Sandbox | undefined;
	const sandbox = (): Sandbox => {
		if (running === undefined) throw new Error('The sandbox runs while tests do');
		return running;
	};
	const credential = () => ({ apiKey: sandbox().apiKey, baseUrl: sandbox().url });
	beforeEach(async () => {
		running = await startSandbox({ ...CALM, ...options });
	});
	afterEach(async () => {
		await sandbox().close();
		expect(sandbox().requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
		expect(takePrinted()).not.toContain(sandbox().apiKey);
	});
	return {
		get sandbox() {
			return sandbox();
		},
		get credential() {
			return credential();
		},
		run: async (parameters, setup = {}) =>
			await execute({ parameters, items: [{}, {}], credential: credential(), ...setup }),
	};
}

/** A resource locator as the panel stores it. */
export function locator(value: string, mode = 'id'): INodeParameters {
	return { __rl: true, mode, value };
}

/** Parameters with one of them set, its place given with dots: `config.language`. */
export function at(place: string, value: INodeParameters[string]): INodeParameters {
	const [first = place, ...rest] = place.split('.');
	return { [first]: rest.length === 0 ? value : at(rest.join('.'), value) };
}

/** What an operation is about: an assistant of the id, or a name. */
export function about(operation: OperationName, id: string): INodeParameters {
	if (operation === 'getAll') return { operation };
	return operation === 'create' ? { operation, name: 'Given' } : { operation, assistantId: locator(id) };
}

/** What an operation needs at least; an update needs something to change. */
export function least(operation: OperationName, id: string): INodeParameters {
	const change = operation === 'update' ? { updateFields: { enabled: true } } : {};
	return { ...about(operation, id), ...change };
}

/** `count` new assistants, in list order. */
export function assistants({ sandbox }: Api, count = 2): string[] {
	return Array.from({ length: count }, (_, index) => sandbox.store.add({ name: `Assistant ${index}` }).id);
}

/** A sub-organization of the key's organization. */
export function subOrganization({ sandbox }: Api): string {
	const found = sandbox.store.organizations().find(({ parent_id }) => parent_id === sandbox.orgId);
	if (found === undefined) throw new Error('The sandbox has a sub-organization');
	return found.id;
}

/** Items whose only field is `value`, for parameters that are expressions. */
export function valued(values: readonly unknown[]): IDataObject[] {
	return values.map((value) => ({ value }) as IDataObject);
}

/** The parameters' common expression: each item's own value. */
export const OWN_VALUE = '={{ $json.value }}';

/** Method and path, as in the API's reference. */
export function lineOf({ method, path }: RecordedRequest): string {
	return `${method} ${path}`;
}

/** The bodies of requests, an absent one as undefined. */
export function bodiesOf({ sandbox }: Api): unknown[] {
	return sandbox.requests.map(({ body }) => body);
}

/** The error that ended an execution. */
export function faultOf({ error }: Outcome): NodeFault {
	if (error === undefined) throw new Error('The execution should have ended with an error');
	return error;
}

/** The fields of the items, without what n8n keeps beside them. */
export function fieldsOf({ items }: Outcome): IDataObject[] {
	return items.map(({ json }) => json);
}

/** The input items that the output items point to. */
export function sourcesOf({ items }: Outcome): unknown[] {
	return items.map(({ pairedItem }) =>
		typeof pairedItem === 'object' && !Array.isArray(pairedItem) ? pairedItem.item : pairedItem,
	);
}

/** Words of a program in an error, which tell a person on call nothing. */
const TECHNICAL =
	/TypeError|ReferenceError|RangeError|undefined is not|is not a function|Cannot read|\bat \S+ \(|node_modules|\[object /;

/** An error that a person on call can work with: words, and none of a program. */
export function expectClear({ message, description }: NodeFault): void {
	expect(message).toMatch(/\w+ \w+/);
	expect(description).toMatch(/\w+ \w+/);
	expect(`${message} ${description}`).not.toMatch(TECHNICAL);
}

function isShownFor({ displayOptions }: INodeProperties, operation: OperationName): boolean {
	const shown = displayOptions?.show?.operation;
	return shown === undefined || shown.includes(operation);
}

/** The name that the panel shows for a parameter, its place given with dots: `config.language`. */
export function labelOf(operation: OperationName, place: string): string {
	const [first, ...rest] = place.split('.');
	let found = nodeType.description.properties.find(
		(property) => property.name === first && isShownFor(property, operation),
	);
	for (const name of rest) {
		found = found?.options?.find(
			(option): option is INodeProperties => 'type' in option && option.name === name,
		);
	}
	if (found === undefined) throw new Error(`${operation} has no parameter ${place}`);
	return found.displayName;
}

/** What one of two items gives, beside an item that gives what is fine. */
export interface Misfit {
	readonly parameters: INodeParameters;
	readonly good: unknown;
	readonly bad: unknown;
	/** The parameter's name in the panel. */
	readonly label: string;
}

/**
 * Runs the node with the bad value in either of two items and expects that nothing is sent and that the error says
 * which parameter of which item is wrong, but not the value.
 */
export async function expectRefusal(api: Api, { parameters, good, bad, label }: Misfit): Promise<void> {
	for (const index of [0, 1]) {
		const values = index === 0 ? [bad, good] : [good, bad];
		const fault = faultOf(await api.run(parameters, { items: valued(values) }));
		expect(fault.message).toContain(`'${label}'`);
		expect(fault.message).toContain(`[item ${index}]`);
		expect(fault.itemIndex).toBe(index);
		expectClear(fault);
		if (typeof bad === 'string' && bad.length > 8) {
			expect(`${fault.message} ${fault.description}`).not.toContain(bad);
		}
	}
	expect(api.sandbox.requests).toEqual([]);
}

/** A text that nobody should find in an error: it looks like a key, and is a new one each time. */
export function secretText(): string {
	return `sk_${randomBytes(6).toString('hex')}`;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const HTML_TYPE = { 'content-type': 'text/html; charset=utf-8' };

/** A fault plan that answers requests with this status and body instead of the true answer. */
export function answering(status: number, body: unknown, match: FaultMatch = {}): FaultRule[] {
	const text = typeof body === 'string' ? body : JSON.stringify(body);
	const headers = text.startsWith('<') ? HTML_TYPE : JSON_TYPE;
	return [{ match, effect: { answer: { status, body: text, headers } } }];
}

/** Meets creations, and not the reading that may follow. */
export const POST: FaultMatch = { method: 'POST' };

/** Leaves no time for waiting when the API asks for a pause. */
export const NO_WAIT: INodeParameters = { options: { maxWait: 0 } };

/** Message and description together, where it does not matter which of them tells. */
export function textOf({ message, description }: NodeFault): string {
	return `${message}. ${description}`;
}
