import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import type { RecordedRequest, SandboxOptions } from '../../../tools/sandbox/server.mts';
import type { Setup, WatchedNode } from './engine.mts';
import { watchedNode } from './engine.mts';
import { CONTINUE, errorOf } from './scene.mts';
import type { Case, Scene } from './scene.mts';
import { locator } from './support.mts';

/** Waits until something holds; it is looked at whenever a request has come or was answered. */
export type Until = (condition: () => boolean) => Promise<void>;

/** Options with which a sandbox tells when to look, and a way to wait for it. */
function events(): { readonly options: SandboxOptions; readonly until: Until } {
	const waiting = new Set<() => void>();
	const look = () => {
		for (const wake of waiting) wake();
	};
	const now = () => {
		setImmediate(look);
		return Date.now();
	};
	const until: Until = async (condition) => {
		if (condition()) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				if (!condition()) return;
				waiting.delete(wake);
				resolve();
			};
			waiting.add(wake);
		});
	};
	return { options: { now, log: () => setImmediate(look) }, until };
}

/** A case of a table that waits for what happens on the sandbox. */
export function awaiting(
	sentence: string,
	prove: (scene: Scene, until: Until) => Promise<void>,
	options: SandboxOptions = {},
): Case {
	const { options: telling, until } = events();
	return [sentence, async (scene) => await prove(scene, until), { ...telling, ...options }];
}

/** Retry On Fail, without a wait. */
export const RETRY = { retryOnFail: true, maxTries: 3, waitBetweenTries: 1 } as const;
export const RETRY_AND_CONTINUE = { ...RETRY, ...CONTINUE } as const;

/** The item's own name; for some items there is no reading it. n8n ends a node on such an error only. */
export const NAME_OR_THROW = "={{ $json.throws ? $('Nowhere').first().json.name : $json.name }}";
export const CREATE_OR_THROW: INodeParameters = {
	operation: 'create',
	organizationId: locator("={{ $json.organization ?? 'c' }}"),
	name: NAME_OR_THROW,
};

export const CREATE: INodeParameters = { operation: 'create', name: '={{ $json.name }}' };
export const UPSERT: INodeParameters = { operation: 'upsert', name: '={{ $json.name }}' };
export const OWN_ID = locator('={{ $json.id }}');
export const GET: INodeParameters = { operation: 'get', assistantId: OWN_ID };

/** An item whose expression throws in some of the engine's tries. */
export function throwing(
	node: WatchedNode,
	tries: readonly number[],
	fields: IDataObject & { name: string },
): IDataObject {
	const get = () => tries.includes(node.tries);
	return Object.defineProperty({ ...fields }, 'throws', { enumerable: true, get });
}

/** Every try that there is. */
export const EVERY_TRY = [1, 2, 3, 4, 5];

/** A setup with a node to be watched, and items whose expressions throw in the tries that are given for their names. */
export function staged(throwsIn: Readonly<Record<string, readonly number[]>>): {
	readonly node: WatchedNode;
	readonly setup: Pick<Setup, 'items' | 'nodeType'>;
} {
	const node = watchedNode();
	const items = Object.entries(throwsIn).map(([name, tries]) => throwing(node, tries, { name }));
	return { node, setup: { items, nodeType: node.nodeType } };
}

/** The names that creations were sent with, carried out or not. */
export function postedNames({ sandbox }: Scene): unknown[] {
	return sandbox.requests.flatMap((request) => (request.method === 'POST' ? [nameIn(request)] : []));
}

/** Lets everything arrive that the node still sends after an execution has ended: a read of another one waits behind it. */
export async function settled(scene: Scene): Promise<void> {
	await scene.run({ operation: 'getAll' }, { items: [{}] });
}

export function nameIn({ body }: RecordedRequest): unknown {
	return typeof body === 'object' && body !== null && 'name' in body ? body.name : undefined;
}

/** What an item is, in a word: its name, or that it is an error. */
export function inShort(item: INodeExecutionData): unknown {
	return errorOf(item) === undefined ? item.json.name : 'error';
}

/** Numbered names. */
export function names(count: number, word = 'Wish'): string[] {
	return Array.from({ length: count }, (_, index) => `${word} ${index}`);
}

export function subOrganizationOf({ sandbox }: Scene): string {
	const found = sandbox.store.organizations().find(({ parent_id }) => parent_id === sandbox.orgId);
	if (found === undefined) throw new Error('The sandbox has a sub-organization');
	return found.id;
}

/** Settings of the panel's 'Batching', which the panel offers with 50 items and a second. */
export function batching(batchSize: number, batchInterval: number): INodeParameters {
	return { requestOptions: { batching: { batch: { batchSize, batchInterval } } } };
}
