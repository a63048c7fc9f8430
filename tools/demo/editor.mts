import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { parse as parseFlatted } from 'flatted';
import { z } from 'zod';
import { DemoFailure } from '../n8n/failure.mts';

// The routes that n8n's own editor calls (n8n 2.40, packages/cli: owner, auth, credentials, workflows, executions controller).
// "n8n execute" would be documented, but does not start at a Schedule Trigger.
const SETUP = '/rest/owner/setup';
const LOGIN = '/rest/login';
const CREDENTIALS = '/rest/credentials';
const WORKFLOWS = '/rest/workflows';
const EXECUTIONS = '/rest/executions';

const CHAT = '/webhook-test';

const Created = z.object({ id: z.string() });
const Started = z.object({ executionId: z.string() });
const Listening = z.object({ waitingForWebhook: z.literal(true) });
const Found = z.object({ results: z.array(z.object({ id: z.string() })) });
const Tested = z.object({ status: z.string(), message: z.string() });
const Stored = z.object({ status: z.string(), data: z.string() });

/** What a person signs in with. */
export interface SignIn {
	readonly email: string;
	readonly password: string;
}

/** A stored execution. */
export interface StoredExecution {
	/** n8n's word: new, running, waiting, success, error, crashed or canceled. */
	readonly status: string;
	readonly data: unknown;
}

/** A credential of n8n with its secrets. */
export interface NewCredential {
	readonly name: string;
	readonly type: string;
	readonly data: object;
	/** Whether the credential's type has a test; true unless given. */
	readonly hasTest?: boolean;
}

/** n8n as its owner uses it in the editor, only by requests. */
export class Editor {
	readonly #url: string;
	#cookie = '';

	constructor(url: string) {
		this.#url = url;
	}

	/** Makes the owner of a new n8n with a new password, and signs in with it. */
	async createOwner(): Promise<SignIn> {
		const signIn = { email: 'owner@example.com', password: newPassword() };
		await this.#request('POST', SETUP, { ...signIn, firstName: 'Demo', lastName: 'Owner' });
		await this.#request('POST', LOGIN, { emailOrLdapLoginId: signIn.email, password: signIn.password });
		return signIn;
	}

	/** Stores a credential and tests it if its type has a test, as the editor does when it is saved; answers with its id. */
	async addCredential({ hasTest = true, ...credential }: NewCredential): Promise<string> {
		const { id } = Created.parse(await this.#request('POST', CREDENTIALS, credential));
		if (!hasTest) return id;
		const tested = await this.#request('POST', `${CREDENTIALS}/test`, { credentials: { id, ...credential } });
		const { status, message } = Tested.parse(tested);
		if (status !== 'OK') throw new DemoFailure(`The test of the credential failed: ${message}`);
		return id;
	}

	/** Imports a workflow; answers with its id. */
	async addWorkflow(workflow: object): Promise<string> {
		return Created.parse(await this.#request('POST', WORKFLOWS, workflow)).id;
	}

	/** Executes a workflow from one of its triggers; answers with the id of the execution. */
	async execute(workflowId: string, trigger: string): Promise<string> {
		const body = { triggerToStartFrom: { name: trigger } };
		return Started.parse(await this.#request('POST', `${WORKFLOWS}/${workflowId}/run`, body)).executionId;
	}

	/** Executes a workflow from its chat, with one message; answers with the id of the execution once there is a reply. */
	async chat(workflowId: string, trigger: string, chatInput: string): Promise<string> {
		const sessionId = randomUUID();
		const body = { triggerToStartFrom: { name: trigger }, chatSessionId: sessionId };
		Listening.parse(await this.#request('POST', `${WORKFLOWS}/${workflowId}/run`, body));
		const message = { action: 'sendMessage', sessionId, chatInput };
		await this.#send('POST', `${CHAT}/${workflowId}/${sessionId}`, message); // 500 when it fails; the execution says why
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const found = await this.#request('GET', `${EXECUTIONS}?filter=${filter}&limit=1`);
		const [newest] = Found.parse(found).results;
		if (newest === undefined) throw new DemoFailure('n8n has no execution of the chat.');
		return newest.id;
	}

	/** What n8n has stored about an execution so far. */
	async execution(id: string): Promise<StoredExecution> {
		const { status, data } = Stored.parse(await this.#request('GET', `${EXECUTIONS}/${id}`));
		return { status, data: parseFlatted(data) };
	}

	async #request(method: string, path: string, body?: object): Promise<unknown> {
		const response = await this.#send(method, path, body);
		if (!response.ok) throw new DemoFailure(`n8n answered ${response.status} to ${method} ${path}.`);
		return z.object({ data: z.unknown() }).parse(await response.json()).data;
	}

	async #send(method: string, path: string, body?: object): Promise<Response> {
		const response = await fetch(this.#url + path, {
			method,
			headers: { 'content-type': 'application/json', cookie: this.#cookie },
			body: body === undefined ? null : JSON.stringify(body),
		}).catch(() => {
			throw new DemoFailure(`n8n did not answer ${method} ${path}: has it ended?`);
		});
		const [cookie] = response.headers.getSetCookie();
		if (cookie !== undefined) this.#cookie = cookie.split(';', 1).join('');
		return response;
	}
}

/** n8n asks for eight characters, a capital and a digit among them. */
function newPassword(): string {
	return `Demo-${randomInt(10)}${randomBytes(6).toString('hex')}`;
}
