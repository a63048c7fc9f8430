import { expect, test as base, type BrowserContext } from '@playwright/test';

import { startSandbox, type Sandbox, type SandboxOptions } from '../../../tools/sandbox/server.mts';
import { N8n, place, workflowOf } from './n8n.mts';
import { Panel } from './panel.mts';

interface ForWorker {
	readonly owner: N8n;
	/** One for all tests, so that the editor is loaded from its cache. */
	readonly signedIn: BrowserContext;
}

interface ForTest {
	/** How the test's sandbox is to be. */
	readonly sandboxOptions: SandboxOptions;
	/** The running n8n; at the start of a test it holds no credential. */
	readonly n8n: N8n;
	/** The test's own Invent API, a small company. In the end, no request may have come that the contract forbids. */
	readonly sandbox: Sandbox;
	/** Opens the panel of a node that has a credential for the sandbox, and nothing else unless it is given. */
	readonly openPanel: (parameters?: object) => Promise<Panel>;
}

/** A test in a browser that is signed in to n8n. */
export const test = base.extend<ForTest, ForWorker>({
	owner: [
		async ({ playwright }, use) => {
			const api = await playwright.request.newContext({ baseURL: place.url });
			const n8n = new N8n(api);
			await n8n.signIn();
			await use(n8n);
			await api.dispose();
		},
		{ scope: 'worker' },
	],
	signedIn: [
		async ({ browser, owner }, use) => {
			const context = await browser.newContext({
				baseURL: place.url,
				reducedMotion: 'reduce',
				storageState: await owner.state(),
				viewport: { width: 1400, height: 1000 },
			});
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
		async ({ owner }, use) => {
			await owner.removeCredentials();
			await use(owner);
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
			const credential = await n8n.addCredential({ apiKey: sandbox.apiKey, baseUrl: sandbox.url });
			await page.goto(`/workflow/${await n8n.addWorkflow(workflowOf(credential, parameters))}`);
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
