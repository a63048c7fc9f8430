import type { BrowserContext } from '@playwright/test';

import type { Client } from '../../../tools/n8n/client.mts';
import { startSandbox, type Sandbox, type SandboxOptions } from '../../../tools/sandbox/server.mts';
import { expect, test as base } from '../fixtures.mts';
import { Panel } from './panel.mts';
import { workflowOf } from './workflows.mts';

interface ForWorker {
	/** One for all tests, so that the editor is loaded from its cache. */
	readonly signedIn: BrowserContext;
}

interface ForTest {
	/** How the test's sandbox is to be. */
	readonly sandboxOptions: SandboxOptions;
	/** The running n8n; at the start of a test it holds no credential. */
	readonly n8n: Client;
	/** The test's own Invent API, a small company. In the end, no request may have come that the contract forbids. */
	readonly sandbox: Sandbox;
	/** Opens the panel of a node that has a credential for the sandbox, and nothing else unless it is given. */
	readonly openPanel: (parameters?: object) => Promise<Panel>;
}

/** A test in a browser that is signed in to n8n. */
export const test = base.extend<ForTest, ForWorker>({
	signedIn: [
		async ({ browser, server: { url, client } }, use) => {
			const context = await browser.newContext({
				baseURL: url,
				reducedMotion: 'reduce',
				viewport: { width: 1400, height: 1000 },
			});
			const [name = '', value = ''] = client.cookie.split('=', 2);
			await context.addCookies([{ name, value, url }]);
			await use(context);
			await context.close();
		},
		{ scope: 'worker' },
	],
	page: async ({ signedIn }, use) => {
		const page = await signedIn.newPage();
		await use(page);
		await page.close();
	},
	n8n: [
		async ({ server: { client } }, use) => {
			await client.removeCredentials();
			await use(client);
		},
		{ auto: true },
	],
	sandboxOptions: [{}, { option: true }],
	sandbox: async ({ sandboxOptions }, use) => {
		const sandbox = await startSandbox({ data: 'demo', ...sandboxOptions });
		await use(sandbox);
		await sandbox.close();
		expect(sandbox.requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
	},
	openPanel: async ({ n8n, page, sandbox }, use) => {
		await use(async (parameters = {}) => {
			const credential = await n8n.addInventCredential(sandbox);
			const { id } = await n8n.addWorkflow(workflowOf(credential, parameters));
			await page.goto(`/workflow/${id}`);
			return await Panel.open(page, { n8n, sandbox });
		});
	},
});

/** The id of the assistant that has a name. */
export function idOf({ store }: Sandbox, name: string): string {
	const found = store
		.organizations()
		.flatMap(({ id }) => store.assistants(id))
		.find((assistant) => assistant.name === name);
	if (found === undefined) throw new Error(`The sandbox has no assistant ${name}`);
	return found.id;
}

/** The id of the organization that has a name. */
export function organizationOf({ store }: Sandbox, name: string): string {
	const found = store.organizations().find((organization) => organization.name === name);
	if (found === undefined) throw new Error(`The sandbox has no organization ${name}`);
	return found.id;
}

export { expect };
