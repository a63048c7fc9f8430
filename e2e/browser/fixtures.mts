import { expect, test as base } from '@playwright/test';

import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/server.mts';
import { N8n, place, workflowOf } from './n8n.mts';
import { Panel } from './panel.mts';

type StorageState = Awaited<ReturnType<N8n['signIn']>>;

interface ForWorker {
	readonly owner: { readonly n8n: N8n; readonly state: StorageState };
}

interface ForTest {
	/** How the test's sandbox is to be. */
	readonly sandboxOptions: SandboxOptions;
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
			await use({ n8n, state: await n8n.signIn() });
			await api.dispose();
		},
		{ scope: 'worker' },
	],
	storageState: async ({ owner }, use) => await use(owner.state),
	n8n: async ({ owner: { n8n } }, use) => {
		await use(n8n);
		await n8n.removeCredentials();
	},
	sandboxOptions: [{}, { option: true }],
	sandbox: async ({ sandboxOptions }, use) => {
		const sandbox = await startSandbox({ data: 'demo', ...sandboxOptions });
		await use(sandbox);
		await sandbox.close();
		expect(sandbox.requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
	},
	openPanel: async ({ n8n, page, sandbox }, use) => {
		await use(async (parameters) => {
			const credential = await n8n.addCredential({ apiKey: sandbox.apiKey, baseUrl: sandbox.url });
			await page.goto(`/workflow/${await n8n.addWorkflow(workflowOf(credential, parameters))}`);
			return await Panel.open(page, { n8n, sandbox });
		});
	},
});

export { expect };
