import { takePrinted } from './console.mts';

import { stringify } from 'flatted';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	INodeExecutionData,
	INodeParameters,
} from 'n8n-workflow';

import type { Assistant } from '../../../contract/invent.d.ts';
import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { RecordedRequest, Sandbox, SandboxOptions } from '../../../tools/sandbox/server.mts';
import { execute } from './engine.mts';
import type { Outcome, Setup } from './engine.mts';

/** A sandbox of its own for one case, so that cases can wait side by side. */
export interface Scene {
	readonly sandbox: Sandbox;
	readonly credential: ICredentialDataDecryptedObject;
	/** Runs the node on two items, unless other ones are given. */
	run(parameters: INodeParameters, setup?: Partial<Setup>): Promise<Outcome>;
}

const CALM = {
	data: 'empty',
	requestsPerMinute: 0,
	creationsPerHour: 0,
} as const satisfies SandboxOptions;

let printed = '';

/**
 * Does something with an empty sandbox that has no limits. The contract may forbid none of the requests that come, and
 * the API key may be in nothing that n8n keeps or prints.
 */
export async function onSandbox<T>(options: SandboxOptions, work: (scene: Scene) => Promise<T>): Promise<T> {
	const sandbox = await startSandbox({ ...CALM, ...options });
	const credential = { apiKey: sandbox.apiKey, baseUrl: sandbox.url };
	const run = async (parameters: INodeParameters, setup: Partial<Setup> = {}) => {
		const outcome = await execute({ parameters, items: [{}, {}], credential, ...setup });
		expect(stringify(outcome.run.data)).not.toContain(sandbox.apiKey);
		return outcome;
	};
	try {
		const result = await work({ sandbox, credential, run });
		expect(sandbox.requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
		printed += takePrinted();
		expect(printed).not.toContain(sandbox.apiKey);
		return result;
	} finally {
		await sandbox.close();
	}
}

/** A case of a table: what is proved, and how. */
export type Case = readonly [
	sentence: string,
	prove: (scene: Scene) => Promise<void>,
	options?: SandboxOptions,
];

/** Proves the cases of a table, each on a sandbox of its own, all at the same time because most of them wait. */
export function proveSideBySide(cases: readonly Case[]): void {
	let proofs: Array<PromiseSettledResult<void>> = [];
	beforeAll(async () => {
		proofs = await Promise.allSettled(
			cases.map(async ([, prove, options = {}]) => await onSandbox(options, prove)),
		);
	});
	for (const [index, [sentence]] of cases.entries()) {
		test(sentence, () => {
			const proof = proofs[index];
			if (proof?.status === 'rejected') throw proof.reason;
			expect(proof?.status).toBe('fulfilled');
		});
	}
}

/** The requests of a method, in order of arrival. */
export function sent({ sandbox }: Scene, method: string): RecordedRequest[] {
	return sandbox.requests.filter((request) => request.method === method);
}

/** The text of an error item, undefined when the item is none. */
export function errorOf({ json, error }: INodeExecutionData): string | undefined {
	if (error !== undefined) return `${error.message}. ${String(error.description ?? '')}`;
	return typeof json.error === 'string' ? json.error : undefined;
}

/** What the items hold under a name, in their order. */
export function valuesOf(items: readonly INodeExecutionData[], name: string): unknown[] {
	return items.map(({ json }) => json[name]);
}

/** What the sandbox's assistants hold under a name, in list order. */
export function stored<Name extends keyof Assistant>(
	{ sandbox }: Scene,
	name: Name,
	orgId?: string,
): Array<Assistant[Name]> {
	return sandbox.store.assistants(orgId).map((assistant) => assistant[name]);
}

/** The numbers from 0 on, as many as there are things. */
export function indicesOf(things: readonly unknown[]): number[] {
	return [...things.keys()];
}

/** The input item that an output item points to. */
export function sourceOf({ pairedItem }: INodeExecutionData): number {
	if (typeof pairedItem === 'object' && !Array.isArray(pairedItem)) return pairedItem.item;
	throw new Error('The output item points to no input item');
}

/** Adds an assistant that has been there for an hour. */
export function addOld({ sandbox }: Scene, members: Partial<Assistant>) {
	const at = new Date(Date.now() - 3_600_000).toISOString();
	return sandbox.store.add({ created_at: at, updated_at: at, ...members });
}

/** Input items from their fields. */
export function named(...names: string[]): IDataObject[] {
	return names.map((name) => ({ name }));
}

export const CONTINUE = { onError: 'continueRegularOutput' } as const;
export const JSON_TYPE = { 'content-type': 'application/json' };
