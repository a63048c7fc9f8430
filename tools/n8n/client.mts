import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { parse as parseFlatted } from 'flatted';
import { z } from 'zod';
import { DemoFailure } from './failure.mts';

const Created = z.object({ id: z.string(), versionId: z.string().optional() });
const Started = z.object({ executionId: z.string() });
const Tested = z.object({ status: z.string(), message: z.string() });
const Stored = z.object({ status: z.string(), data: z.string() });
const Page = z.object({
	results: z.array(
		z.object({
			id: z.string(),
			status: z.string(),
			startedAt: z.string().nullish(),
			stoppedAt: z.string().nullish(),
		}),
	),
});
const NodeRun = z.object({
	executionStatus: z.string().optional(),
	error: z.object({ message: z.string(), description: z.string().nullish() }).optional(),
	data: z
		.object({
			main: z.array(z.array(z.object({ json: z.record(z.string(), z.unknown()) })).nullable()).optional(),
		})
		.optional(),
});
const Result = z.object({
	resultData: z.object({
		error: z.object({ message: z.string() }).optional(),
		runData: z.record(z.string(), z.array(NodeRun)).default({}),
	}),
});
const Choices = z.object({ results: z.array(z.object({ name: z.string(), value: z.string() })) });

// Every status that n8n has. A list that is filtered by status can be read page by page, any other not.
const STATUSES = ['new', 'running', 'waiting', 'success', 'error', 'crashed', 'canceled', 'unknown'];
const UNFINISHED = new Set(['new', 'running', 'waiting']);
const PAGE = 100; // n8n gives no more at once

const NOTHING_YET = { resultData: {} };

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
	/** What came out of a node, over all its outputs and runs; nothing when it did not run. */
	outputOf(node: string): Json[];
	/** What a node says went wrong in it, if anything did. */
	errorOf(node: string): string | undefined;
}

/** A workflow as it is imported. */
export interface Workflow {
	readonly id?: string;
	readonly name: string;
	readonly [member: string]: unknown;
}

/** A workflow that n8n has stored. */
export interface StoredWorkflow {
	readonly id: string;
	readonly versionId: string | undefined;
	readonly workflow: Workflow;
}

/** A credential of n8n with its secrets. */
export interface NewCredential {
	readonly name: string;
	readonly type: string;
	readonly data: object;
}

/** Whether an execution has ended. */
export function hasEnded({ status }: { status: string }): boolean {
	return !UNFINISHED.has(status);
}

/** The owner of an n8n, of any version from 1.123 on, who does by requests what people do in the editor. */
export class Client {
	readonly #url: string;
	#cookie = '';

	constructor(url: string) {
		this.#url = url;
	}

	/** Makes the owner of a new n8n with a new password, and signs in with it. */
	async signUp(): Promise<{ email: string; password: string }> {
		// n8n asks for eight characters, a capital and a digit among them.
		const password = `E2e-${randomInt(10)}${randomBytes(6).toString('hex')}`;
		const email = 'owner@example.com';
		await this.#ask('POST', '/owner/setup', { email, password, firstName: 'Test', lastName: 'Owner' });
		await this.#ask('POST', '/login', { emailOrLdapLoginId: email, password });
		return { email, password };
	}

	/** Stores a credential; answers with its id. */
	async addCredential(credential: NewCredential): Promise<string> {
		return Created.parse(await this.#ask('POST', '/credentials', credential)).id;
	}

	/** Tests a credential as the editor does when it is saved; answers with what is wrong, if anything is. */
	async testCredential(id: string, credential: NewCredential): Promise<string | undefined> {
		const answer = await this.#ask('POST', '/credentials/test', { credentials: { id, ...credential } });
		const { status, message } = Tested.parse(answer);
		return status === 'OK' ? undefined : message;
	}

	/** Imports a workflow. */
	async addWorkflow(workflow: Workflow): Promise<StoredWorkflow> {
		const { id, versionId } = Created.parse(
			await this.#ask('POST', '/workflows', { active: false, ...workflow }),
		);
		return { id, versionId, workflow };
	}

	/** Lets a workflow start by its own trigger from now on: n8n 2 calls it publishing, n8n 1 activating. */
	async publish({ id, versionId }: StoredWorkflow, major: number): Promise<void> {
		if (major >= 2) await this.#ask('POST', `/workflows/${id}/activate`, { versionId });
		else await this.#ask('PATCH', `/workflows/${id}`, { active: true, versionId });
	}

	/** Takes that back. */
	async unpublish({ id, versionId }: StoredWorkflow, major: number): Promise<void> {
		if (major >= 2) await this.#ask('POST', `/workflows/${id}/deactivate`, {});
		else await this.#ask('PATCH', `/workflows/${id}`, { active: false, versionId });
	}

	/** Executes a workflow by hand, from one of its triggers; answers with the id of the execution. */
	async execute(stored: StoredWorkflow, trigger: string): Promise<string> {
		return await this.#run(stored, { name: trigger });
	}

	/** Executes a workflow from its chat, with one message; answers with the id of the execution. */
	async chat(stored: StoredWorkflow, trigger: string, chatInput: string): Promise<string> {
		// What the trigger would put out, as the chat beside n8n 1's canvas sends it. n8n 2 has a route for it besides.
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

	/** What n8n has stored about an execution so far, as it has it. */
	async stored(id: string): Promise<{ status: string; data: unknown }> {
		const { status, data: text } = Stored.parse(await this.#ask('GET', `/executions/${id}`));
		const data: unknown = parseFlatted(text);
		// n8n 1 stores the status first and the data a moment later.
		return data === undefined ? { status: 'running', data: NOTHING_YET } : { status, data };
	}

	/** What n8n has stored about an execution so far. */
	async execution(id: string): Promise<Report> {
		const { status, data } = await this.stored(id);
		const { error, runData } = Result.parse(data).resultData;
		const runsOf = (node: string) => runData[node] ?? [];
		return {
			status,
			error: error?.message,
			green: new Set(Object.keys(runData).filter((node) => isGreen(runsOf(node)))),
			outputOf: (node) =>
				runsOf(node)
					.flatMap((run) => run.data?.main ?? [])
					.flatMap((items) => items ?? [])
					.map(({ json }) => json),
			errorOf: (node) => runsOf(node).find((run) => run.error !== undefined)?.error?.message,
		};
	}

	/** What a drop-down of a node lists. */
	async choices(request: object): Promise<z.infer<typeof Choices>['results']> {
		const path = '/dynamic-node-parameters/resource-locator-results';
		return Choices.parse(await this.#ask('POST', path, request)).results;
	}

	async #ask(method: string, path: string, body?: object): Promise<unknown> {
		const response = await fetch(`${this.#url}/rest${path}`, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.#cookie },
			body: body === undefined ? null : JSON.stringify(body),
		}).catch(() => {
			throw new DemoFailure(`n8n did not answer ${method} ${path}: has it ended?`);
		});
		if (!response.ok) {
			const text = await response.text();
			throw new DemoFailure(`n8n answered ${response.status} to ${method} ${path}: ${text}`);
		}
		const [cookie] = response.headers.getSetCookie();
		if (cookie !== undefined) this.#cookie = cookie.split(';', 1).join('');
		return z.object({ data: z.unknown() }).parse(await response.json()).data;
	}
}

function isGreen(runs: z.infer<typeof NodeRun>[]): boolean {
	return runs.length > 0 && runs.every(({ executionStatus }) => executionStatus === 'success');
}
