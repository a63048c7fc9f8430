/** Every operation, so that what holds for all of them is proved for all of them. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { fileRecord } from '../../../tools/sandbox/files.mts';
import type { FullAssistant } from '../../../tools/sandbox/data.mts';

import { nodeType, withFile } from './engine.mts';
import type { Outcome, Setup } from './engine.mts';
import { locator } from './support.mts';
import type { Gateway, Manners } from './gateways.mts';
import { throughGateway } from './gateways.mts';
import { addOld, CONTINUE, errorOf, proveSideBySide } from './scene.mts';
import type { Case, Scene } from './scene.mts';

const OWN_ID = locator('={{ $json.id }}');
const OWN_NAME = '={{ $json.name }}';
const OWN_ACTION = locator('={{ $json.actionId }}');

/** What each operation is given: each item holds an `id`, an `actionId` and a `name` of its own. */
const PARAMETERS: Readonly<Record<string, INodeParameters>> = {
	create: { operation: 'create', name: OWN_NAME },
	duplicate: { operation: 'duplicate', assistantId: OWN_ID, additionalFields: { name: OWN_NAME } },
	get: { operation: 'get', assistantId: OWN_ID },
	getAll: { operation: 'getAll', returnAll: true },
	rotateKey: { operation: 'rotateKey', assistantId: OWN_ID },
	update: { operation: 'update', assistantId: OWN_ID, updateFields: { name: OWN_NAME } },
	upsert: { operation: 'upsert', name: OWN_NAME },
	'assistantAction.create': {
		...onAction('create'),
		actionType: locator('TOOLS:WEB_SEARCH'),
		additionalFields: { name: OWN_NAME },
	},
	'assistantAction.get': { ...onAction('get'), actionId: OWN_ACTION },
	'assistantAction.getAll': { ...onAction('getAll'), returnAll: true },
	'assistantAction.reorder': {
		...onAction('reorder'),
		positions: { position: [{ actionId: OWN_ACTION, position: 300 }] },
	},
	'assistantAction.update': {
		...onAction('update'),
		actionId: OWN_ACTION,
		updateFields: { name: OWN_NAME },
	},
	'file.getAll': { resource: 'file', operation: 'getAll', returnAll: true },
	'file.upload': { resource: 'file', operation: 'upload', additionalFields: { fileName: OWN_NAME } },
	'organization.getAll': { resource: 'organization', operation: 'getAll', returnAll: true },
};

function onAction(operation: string): INodeParameters {
	return { resource: 'assistantAction', operation, assistantId: OWN_ID };
}

function operationNames(): string[] {
	return nodeType.description.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options = [], displayOptions }) => {
			const resource = displayOptions?.show?.resource?.find((one) => typeof one === 'string') ?? '';
			const prefix = resource === 'assistant' ? '' : `${resource}.`;
			return options.flatMap((option) => ('value' in option ? `${prefix}${String(option.value)}` : []));
		});
}

/**
 * All operations that the node offers, with parameters for the items of `twoItems`. Those on assistants have their own
 * names, the others that of their resource before it.
 */
export const OPERATIONS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> =
	operationNames().map((operation) => {
		const parameters = PARAMETERS[operation];
		if (parameters === undefined) throw new Error(`${operation} has no parameters here`);
		return [operation, parameters];
	});

export function parametersOf(operation: string): INodeParameters {
	const found = OPERATIONS.find(([name]) => name === operation)?.[1];
	if (found === undefined) throw new Error(`The node has no operation ${operation}`);
	return found;
}

/** Those that send a POST, with what the node calls them for people. */
export const POSTING = ['create', 'duplicate', 'rotateKey', 'upsert'] as const;
/** Those that send no POST, with the method of their own request. */
export const REPEATABLE = [
	['get', 'GET'],
	['getAll', 'GET'],
	['update', 'PATCH'],
] as const;

/** An old file, two old assistants with an action each, and for each an item with both ids, a name that nobody has, and a file. */
export function twoItems(scene: Scene) {
	const file = { name: 'old.png', type: 'image/png', content: '' };
	scene.sandbox.store.addFile(fileRecord(scene.sandbox.orgId, file, new Date(0).toISOString()));
	return ['One', 'Two'].map((name) => {
		const { id } = addOld(scene, { name: `Old ${name}` });
		const { id: actionId } = scene.sandbox.store.addAction(id, { name: `Old ${name}` });
		return withFile({ id, actionId, name });
	});
}

/** What the node has made in the key's own organization: all but those that `twoItems` put there. */
export function madeIn({ sandbox }: Scene): FullAssistant[] {
	return sandbox.store.assistants().filter(({ name }) => !name.startsWith('Old'));
}

export function madeIds(scene: Scene): string[] {
	return madeIn(scene).map(({ id }) => id);
}

export function madeNames(scene: Scene): string[] {
	return madeIn(scene).map(({ name }) => name);
}

/** What the node has made of a name. */
export function madeNamed(scene: Scene, wanted: string): FullAssistant[] {
	return madeIn(scene).filter(({ name }) => name === wanted);
}

/** An item for each name, all on one assistant. */
export function renaming(id: string, ...names: string[]): IDataObject[] {
	return names.map((name) => ({ id, name }));
}

/** The paths of all requests that came, in order. */
export function pathsOf({ sandbox }: Scene): string[] {
	return sandbox.requests.map(({ path }) => path);
}

/** The code of an error item; undefined when the item is none. */
export function codeOf({ json }: INodeExecutionData): unknown {
	return json.errorCode;
}

export function errorsOf({ items }: Outcome): Array<string | undefined> {
	return items.map(errorOf);
}

/** Words that say that a write may have been carried out. */
export const MAY_EXIST =
	/may (already )?(exist|have (been )?(created|copied|duplicated|changed|rotated|made))/i;

/** Words that say that something between the node and Invent may have answered. */
export const IN_BETWEEN = /proxy|gateway|in between|between n8n and|login page/i;

/** Advice that helps only against what passes by itself. */
export const AGAIN_LATER = /(again|retry|try).{0,20}later/i;

/** Runs the node through a gateway before the sandbox, errors continuing, on two items unless others are given. */
export async function runThrough(
	scene: Scene,
	manners: Manners,
	parameters: INodeParameters,
	setup: Partial<Setup> = {},
): Promise<{ outcome: Outcome; gateway: Gateway }> {
	return await throughGateway(scene.sandbox.url, manners, async (gateway) => {
		const outcome = await scene.run(parameters, {
			credential: { ...scene.credential, baseUrl: gateway.url },
			settings: CONTINUE,
			...setup,
		});
		return { outcome, gateway };
	});
}

/** The longest that a case may take; a node that waits for longer has lost its way. */
const LIMIT_MS = 45_000;

function inTime([sentence, prove, options]: Case, limitMs: number): Case {
	const timed: Case[1] = async (scene) => {
		const { promise: late, reject } = Promise.withResolvers<never>();
		const timer = setTimeout(() => reject(new Error(`Not at its end after ${limitMs / 1000} s`)), limitMs);
		await Promise.race([prove(scene), late]).finally(() => clearTimeout(timer));
	};
	return options === undefined ? [sentence, timed] : [sentence, timed, options];
}

/**
 * Proves the cases of a table side by side. A case that does not come to its end fails alone, and takes none of the
 * others with it.
 */
export function proveInTime(cases: readonly Case[], limitMs = LIMIT_MS): void {
	proveSideBySide(cases.map((one) => inTime(one, limitMs)));
}
