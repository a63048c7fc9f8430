import { expect, idOf, test } from './fixtures.mts';

test('Rotate Key warns of the key in the output, asks for a new one and shows it', async ({
	openPanel,
	sandbox,
}) => {
	const id = idOf(sandbox, 'Customer Support');
	const before = sandbox.store.find(id)?.secret_key;
	const panel = await openPanel();
	await panel.choose('operation', 'Rotate Key');
	await panel.locator('assistantId').pick('Customer Support');
	await expect(panel.output.hints).toContainText('Secret keys in the output are saved with the execution');

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: `/orgs/c/assistants/${id}/rotate-secret-key`,
			query: {},
			body: undefined,
		},
	]);
	await expect(panel.output.success).toBeVisible();
	const [row] = await panel.output.rows();
	expect(Object.keys(row ?? {}).sort()).toEqual(['id', 'name', 'secret_key', 'updated_at']);
	const after = sandbox.store.find(id)?.secret_key;
	// Compared here, so that no report of a failure shows a key.
	expect(after !== before && row?.['secret_key'] === after).toBe(true);
});
