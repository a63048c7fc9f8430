import {
	Editor,
	type NewCredential,
	type SignIn,
	type StoredExecution,
} from '../../../tools/demo/editor.mts';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import type { Client, StoredWorkflow, Workflow } from '../../../tools/n8n/client.mts';

/**
 * The demo's editor for every version of n8n, so that the demo's runs of the examples can be had in each: before n8n
 * 2.40 a workflow that is imported gets another id, and one that is executed by hand is sent along.
 */
export class OlderEditor extends Editor {
	readonly #client: Client;
	readonly #workflows = new Map<string, StoredWorkflow>();

	constructor(url: string, client: Client) {
		super(url);
		this.#client = client;
	}

	override async createOwner(): Promise<SignIn> {
		return await this.#client.signUp();
	}

	override async addCredential({ hasTest = true, ...credential }: NewCredential): Promise<string> {
		const id = await this.#client.addCredential(credential);
		const problem = hasTest ? await this.#client.testCredential(id, credential) : undefined;
		if (problem !== undefined) throw new DemoFailure(`The test of the credential failed: ${problem}`);
		return id;
	}

	/** Imports a workflow under the id that it has in its file. */
	override async addWorkflow(workflow: Workflow): Promise<string> {
		const stored = await this.#client.addWorkflow(workflow);
		const id = workflow.id ?? stored.id;
		this.#workflows.set(id, stored);
		return id;
	}

	override async execute(workflowId: string, trigger: string): Promise<string> {
		return await this.#client.execute(this.#stored(workflowId), trigger);
	}

	override async chat(workflowId: string, trigger: string, chatInput: string): Promise<string> {
		return await this.#client.chat(this.#stored(workflowId), trigger, chatInput);
	}

	override async execution(id: string): Promise<StoredExecution> {
		return await this.#client.stored(id);
	}

	#stored(workflowId: string): StoredWorkflow {
		const stored = this.#workflows.get(workflowId);
		if (stored === undefined) throw new DemoFailure(`No workflow ${workflowId} was imported.`);
		return stored;
	}
}
