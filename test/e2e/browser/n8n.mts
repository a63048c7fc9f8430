import type { APIRequestContext } from '@playwright/test';
import { z } from 'zod';

// The routes that n8n's own editor calls (n8n 2.40, packages/cli).
const LOGIN = '/rest/login';
const CREDENTIALS = '/rest/credentials';
const WORKFLOWS = '/rest/workflows';
const EXECUTIONS = '/rest/executions';

/** n8n closes a connection that was idle, at times in the moment in which the next request goes out. */
const RETRIES = 3;

const Made = z.object({ id: z.string(), name: z.string() });
const Execution = z.object({ status: z.string() });
const UNFINISHED = new Set(['new', 'running', 'waiting']);

/** Where n8n is and who may sign in, as ../browser.mts tells it. */
export const place = z
	.object({ E2E_N8N_URL: z.string().url(), E2E_EMAIL: z.string(), E2E_PASSWORD: z.string() })
	.transform((env) => ({ url: env.E2E_N8N_URL, email: env.E2E_EMAIL, password: env.E2E_PASSWORD }))
	.parse(process.env);

/** The node's credential type. */
const CREDENTIAL_TYPE = 'inventApi';
const INVENT = 'n8n-nodes-invent.invent';

/** A stored credential, as a node of a workflow refers to it. */
export type CredentialReference = z.infer<typeof Made>;

/** What a test prepares or looks up in n8n without the browser. */
export class N8n {
	readonly #api: APIRequestContext;

	constructor(api: APIRequestContext) {
		this.#api = api;
	}

	/** Signs the owner in. */
	async signIn(): Promise<void> {
		await this.#call('POST', LOGIN, { emailOrLdapLoginId: place.email, password: place.password });
	}

	/** What a browser needs to be signed in too. */
	async state() {
		return await this.#api.storageState();
	}

	/** Stores a credential of the node's type. */
	async addCredential(data: { apiKey: string; baseUrl: string }): Promise<CredentialReference> {
		const body = { name: 'Invent account', type: CREDENTIAL_TYPE, data };
		return Made.parse(await this.#call('POST', CREDENTIALS, body));
	}

	/** Removes every credential: n8n gives a new node the one that there is. */
	async removeCredentials(): Promise<void> {
		const all = z.array(Made).parse(await this.#call('GET', CREDENTIALS));
		for (const { id } of all) await this.#call('DELETE', `${CREDENTIALS}/${id}`);
	}

	/** Stores a workflow; answers with its id. */
	async addWorkflow(workflow: object): Promise<string> {
		return Made.parse(await this.#call('POST', WORKFLOWS, workflow)).id;
	}

	/** Whether an execution has come to an end. */
	async hasEnded(executionId: string): Promise<boolean> {
		const { status } = Execution.parse(await this.#call('GET', `${EXECUTIONS}/${executionId}`));
		return !UNFINISHED.has(status);
	}

	async #call(method: string, path: string, data?: object): Promise<unknown> {
		const response = await this.#api.fetch(path, { method, maxRetries: RETRIES, ...(data && { data }) });
		if (!response.ok()) throw new Error(`n8n answered ${response.status()} to ${method} ${path}`);
		return z.object({ data: z.unknown() }).parse(await response.json()).data;
	}
}

/** A workflow of one Invent node, and of one after it if there is to be one. */
export function workflowOf(
	credential: CredentialReference,
	parameters: object,
	{ withNext = false } = {},
): object {
	const node = {
		parameters,
		id: crypto.randomUUID(),
		name: 'Invent',
		type: INVENT,
		typeVersion: 1,
		position: [0, 0],
		credentials: { [CREDENTIAL_TYPE]: credential },
	};
	const next = {
		parameters: {},
		id: crypto.randomUUID(),
		name: 'Next',
		type: 'n8n-nodes-base.set',
		typeVersion: 3.4,
		position: [220, 0],
	};
	return {
		name: 'Assistants',
		nodes: withNext ? [node, next] : [node],
		connections: withNext ? { Invent: { main: [[{ node: 'Next', type: 'main', index: 0 }]] } } : {},
		settings: { executionOrder: 'v1' },
	};
}

const Example = z
	.object({
		name: z.string(),
		nodes: z.array(z.object({ type: z.string() }).passthrough()),
		connections: z.object({}).passthrough(),
	})
	.passthrough();

/** An exported workflow, under an id of its own, whose Invent nodes have a credential. */
export function boundTo(credential: CredentialReference, exported: string): object {
	const { id, nodes, ...rest } = Example.parse(JSON.parse(exported));
	return {
		...rest,
		nodes: nodes.map((node) =>
			node.type === INVENT ? { ...node, credentials: { [CREDENTIAL_TYPE]: credential } } : node,
		),
	};
}
