import { expect, test } from './fixtures.mts';
import { workflowOf } from './workflows.mts';

const FIELDS: Readonly<Record<string, readonly string[]>> = {
	getAll: [
		'id',
		'name',
		'enabled',
		'deleted',
		'avatar_url',
		'language',
		'model',
		'instructions',
		'created_at',
		'updated_at',
	],
	rotateKey: ['id', 'name', 'secret_key', 'updated_at'],
};

for (const [operation, fields] of Object.entries(FIELDS)) {
	test(`The next node shows the fields of ${operation} before anything has run`, async ({
		n8n,
		page,
		sandbox,
	}) => {
		const credential = await n8n.addInventCredential(sandbox);
		const workflow = workflowOf(credential, { operation }, { withNext: true });
		await page.goto(`/workflow/${(await n8n.addWorkflow(workflow)).id}`);
		await page.getByTestId('canvas-node').filter({ hasText: 'Next' }).dblclick();
		const items = page.getByTestId('ndv-input-panel').getByTestId('run-data-schema-item');
		await expect(items).toContainText([...fields]);
		expect(sandbox.requests).toEqual([]);
	});
}
