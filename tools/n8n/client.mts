import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse as parseFlatted } from 'flatted';
import { z } from 'zod';
import { Failure } from './failure.mts';

const Named = z.object({ id: z.string(), name: z.string() });
const Created = z.object({ id: z.string(), versionId: z.string().optional() });
const Started = z.object({ executionId: z.string() });
const Tested = z.object({ status: z.string(), message: z.string() });
const Stored = z.object({ status: z.string(), data: z.string() });
const Page = z.object({ results: z.array(z.object({ id: z.string(), status: z.string() })) });
const NodeRun = z.object({
	executionStatus: z.string().optional(),
	error: z.object({ message: z.string() }).passthrough().optional(),
	// By the kind of the connection: "main", or one of those between an AI Agent and what it uses.
	data: z
		.record(z.string(), z.array(z.array(z.object({ json: z.record(z.string(), z.unknown()) })).nullable()))
		.optional(),
});
const Result = z.object({
	resultData: z.object({
		error: z.object({ message: z.string() }).passthrough().optional(),
		runData: z.record(z.string(), z.array(NodeRun)).default({}),
	}),
});
const Choices = z.object({ results: z.array(z.object({ name: z.string(), value: z.string() })) });

// Every status that n8n has. A list that is filtered by status can be read page by page, any other not.
const STATUSES = ['new', 'running', 'waiting', 'success', 'error', 'crashed', 'canceled', 'unknown'];
const UNFINISHED = new Set(['new', 'running', 'waiting']);
const PAGE = 100; // n8n gives no more at once
const POLL_MS = 100;
const PATIENCE_MS = 120_000; // an example takes a second; the node itself waits a minute at most for the API's limits

/** What a person signs in with. */
export interface SignIn {
	readonly email: string;
	readonly password: string;
}

/** A credential of n8n with its secrets. */
export interface NewCredential {
	readonly name: string;
	readonly type: string;
	readonly data: object;
}

/** A stored credential, as a node of a workflow refers to it. */
export type CredentialReference = z.infer<typeof Named>;

/** A workflow as it is imported. */
export interface Workflow {
	readonly name: string;
	readonly [member: string]: unknown;
}

/** A workflow that n8n has stored: before n8n 2.40 under another id than it was imported with. */
export interface StoredWorkflow {
	readonly id: string;
	readonly versionId: string | undefined;
	readonly workflow: Workflow;
}

/** An execution in n8n's list. */
export type Listed = z.infer<typeof Page>['results'][number];

/** The JSON of an item. */
export type Json = Record<string, unknown>;

/** What n8n has stored about one execution. */
export interface Report {
	/** n8n's word: new, running, waiting, success, error, crashed or canceled. */
	readonly status: string;
	/** Why it ended early, if it did. */
	readonly error: string | undefined;
	/** The names of the nodes that ran without an error. */
	readonly green: ReadonlySet<string>;
	/** The names of the nodes that ran, and not without an error. */
	readonly red: ReadonlySet<string>;
	/** What came out of a node, over all its outputs and runs; nothing when it did not run. */
	outputOf(node: string): Json[];
	/** What a node says went wrong in it, if anything did. */
	errorOf(node: string): string | undefined;
}

/** Whether an execution has ended. */
export function hasEnded({ status }: { readonly status: string }): boolean {
	return !UNFINISHED.has(status);
}

/**
 * The owner of an n8n, of any version from 1.123 on, who does by requests what people do in the editor: these are the
 * routes that n8n's own editor calls (packages/cli: owner, auth, credentials, workflows, executions controller).
 * "n8n execute" would be documented, but does not start at a Schedule Trigger.
 */
export class Client {
	readonly url: string;
	/** Name and value of the cookie of whoever is signed in. */
	cookie = '';

	constructor(url: string) {
		this.url = url;
	}

	/** Makes the owner of a new n8n with a new password, and signs in with it. */
	async signUp(): Promise<SignIn> {
		// n8n asks for eight characters, a capital and a digit among them.
		const password = `Demo-${randomInt(10)}${randomBytes(6).toString('hex')}`;
		const email = 'owner@example.com';
		await this.#ask('POST', '/owner/setup', { email, password, firstName: 'Demo', lastName: 'Owner' });
		await this.#ask('POST', '/login', { emailOrLdapLoginId: email, password });
		return { email, password };
	}

	/** Stores a credential. */
	async addCredential(credential: NewCredential): Promise<CredentialReference> {
		return Named.parse(await this.#ask('POST', '/credentials', credential));
	}

	/** Stores a credential of the node's type. */
	async addInventCredential({ apiKey, url }: { apiKey: string; url: string }): Promise<CredentialReference> {
		const data = { apiKey, baseUrl: url };
		return await this.addCredential({ name: 'Invent account', type: 'inventApi', data });
	}

	/** Tests a credential as the editor does when it is saved; answers with what is wrong, if anything is. */
	async testCredential({ id }: CredentialReference, credential: NewCredential): Promise<string | undefined> {
		const answer = await this.#ask('POST', '/credentials/test', { credentials: { id, ...credential } });
		const { status, message } = Tested.parse(answer);
		return status === 'OK' ? undefined : message;
	}

	/** Removes every credential: n8n gives a new node the one that there is. */
	async removeCredentials(): Promise<void> {
		const all = z.array(Named).parse(await this.#ask('GET', '/credentials'));
		for (const { id } of all) await this.#ask('DELETE', `/credentials/${id}`);
	}

	/** Imports a workflow. */
	async addWorkflow(workflow: Workflow): Promise<StoredWorkflow> {
		const answer = await this.#ask('POST', '/workflows', { active: false, ...workflow });
		const { id, versionId } = Created.parse(answer);
		return { id, versionId, workflow };
	}

	/** Removes a workflow with its executions. */
	async removeWorkflow({ id }: StoredWorkflow): Promise<void> {
		await this.#ask('POST', `/workflows/${id}/archive`, {});
		await this.#ask('DELETE', `/workflows/${id}`);
	}

	/** Lets a workflow start by its own trigger from now on: n8n 2 calls it publishing, n8n 1 activating. */
	async publish({ id, versionId }: StoredWorkflow, major: number): Promise<void> {
		if (major >= 2) await this.#ask('POST', `/workflows/${id}/activate`, { versionId });
		else await this.#ask('PATCH', `/workflows/${id}`, { active: true, versionId });
	}

	/** Takes that back, in n8n 2. */
	async unpublish({ id }: StoredWorkflow): Promise<void> {
		await this.#ask('POST', `/workflows/${id}/deactivate`, {});
	}

	/** Executes a workflow by hand, from one of its triggers; answers with the id of the execution. */
	async execute(stored: StoredWorkflow, trigger: string): Promise<string> {
		return await this.#run(stored, { name: trigger });
	}

	/** Executes a workflow from its chat, with one message; answers with the id of the execution. */
	async chat(stored: StoredWorkflow, trigger: string, chatInput: string): Promise<string> {
		// What the trigger would output, as the chat beside n8n 1's canvas sends it. n8n 2 has a route for it besides.
		const json = { sessionId: randomUUID(), action: 'sendMessage', chatInput };
		const data = {
			startTime: Date.now(),
			executionTime: 0,
			executionStatus: 'success',
			data: { main: [[{ json }]] },
			source: [null],
		};
		return await this.#run(stored, { name: trigger, data });
	}

	async #run({ id, workflow }: StoredWorkflow, triggerToStartFrom: object): Promise<string> {
		// n8n 1 runs the workflow that it is given here, n8n 2 the one that it has stored.
		const body = { workflowData: { ...workflow, id }, triggerToStartFrom };
		return Started.parse(await this.#ask('POST', `/workflows/${id}/run`, body)).executionId;
	}

	/** All executions of a workflow, oldest first. */
	async executions({ id }: StoredWorkflow): Promise<Listed[]> {
		const filter = JSON.stringify({ workflowId: id, status: STATUSES });
		const all: Listed[] = [];
		for (let page: Listed[] = []; ;) {
			const before = page.at(-1)?.id;
			const query = new URLSearchParams({ filter, limit: String(PAGE), ...(before && { lastId: before }) });
			page = Page.parse(await this.#ask('GET', `/executions?${query.toString()}`)).results;
			all.push(...page);
			if (page.length < PAGE) return all.sort((a, b) => Number(a.id) - Number(b.id));
		}
	}

	/** What n8n has stored about an execution so far. */
	async execution(id: string): Promise<Report> {
		const { status, data: text } = Stored.parse(await this.#ask('GET', `/executions/${id}`));
		const data: unknown = parseFlatted(text);
		// n8n 1 stores the status first and the data a moment later.
		if (data === undefined) return reportOf('running', { resultData: {} });
		return reportOf(status, data);
	}

	/** Waits for the end of an execution. */
	async ended(id: string): Promise<Report> {
		for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
			const report = await this.execution(id);
			if (hasEnded(report)) return report;
		}
		throw new Failure(`A workflow was still running after ${PATIENCE_MS / 1000} seconds.`);
	}

	/** What a drop-down of a node lists. */
	async choices(request: object): Promise<z.infer<typeof Choices>['results']> {
		const path = '/dynamic-node-parameters/resource-locator-results';
		return Choices.parse(await this.#ask('POST', path, request)).results;
	}

	async #ask(method: string, path: string, body?: object): Promise<unknown> {
		const response = await fetch(`${this.url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.cookie },
			body: body === undefined ? null : JSON.stringify(body),
		}).catch(() => {
			throw new Failure(`n8n did not answer ${method} ${path}: has it ended?`);
		});
		if (!response.ok) {
			const text = await response.text();
			throw new Failure(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		}
		const [cookie] = response.headers.getSetCookie();
		if (cookie !== undefined) this.cookie = cookie.split(';', 1).join('');
		return z.object({ data: z.unknown() }).parse(await response.json()).data;
	}
}

function reportOf(status: string, data: unknown): Report {
	const { error, runData } = Result.parse(data).resultData;
	const runsOf = (node: string) => runData[node] ?? [];
	const ran = Object.keys(runData);
	const isGreen = (node: string) =>
		runsOf(node).every(({ executionStatus }) => executionStatus === 'success');
	return {
		status,
		error: status === 'success' ? undefined : (error?.message ?? status),
		green: new Set(ran.filter(isGreen)),
		red: new Set(ran.filter((node) => !isGreen(node))),
		outputOf: (node) =>
			runsOf(node)
				.flatMap((run) => Object.values(run.data ?? {}).flat())
				.flatMap((items) => items ?? [])
				.map(({ json }) => json),
		errorOf: (node) => runsOf(node).find((run) => run.error !== undefined)?.error?.message,
	};
}
