import { expect, test } from './fixtures.mts';

test('A key that Invent refuses is told in the panel', async ({ openPanel, sandbox }) => {
	sandbox.faults.set([{ effect: { answer: { status: 401 } } }]);
	const panel = await openPanel({ operation: 'getAll' });
	await panel.execute();
	await expect(panel.output.error).toContainText('Invent rejected the API key [item 0]');
	await expect(panel.output.errorDescription).toContainText('Settings > API Keys');
});

test('An assistant that is not there is told by the names of the parameters', async ({ openPanel }) => {
	const panel = await openPanel({ operation: 'get' });
	await panel.locator('assistantId').type('By ID', 'ast_NobodyIsHere');
	await panel.execute();
	await expect(panel.output.error).toContainText("'Assistant' or 'Organization' not found [item 0]");
	await expect(panel.output.errorDescription).toContainText("Check 'Assistant' or 'Organization'");
});

test('Input that cannot be right is refused, with its name, before anything is sent', async ({
	openPanel,
}) => {
	const panel = await openPanel({ operation: 'create' });
	await panel.enter('name', 'Winter Support');
	await panel.choose('configMode', 'Using JSON');
	await panel.enterCode('configJson', '["nb"]');
	expect(await panel.execute()).toEqual([]);
	await expect(panel.output.error).toContainText("'Configuration (JSON)'");
});

test('An update with nothing to change is refused before anything is sent', async ({ openPanel }) => {
	const panel = await openPanel({ operation: 'update' });
	await panel.locator('assistantId').pick('Customer Support');
	expect(await panel.execute()).toEqual([]);
	await expect(panel.output.error).toContainText('No fields to update');
});

test('A required parameter that is empty is marked, and nothing runs', async ({ openPanel, sandbox }) => {
	const panel = await openPanel({ operation: 'rotateKey' });
	await panel.page.getByTestId('node-execute-button').click();
	await expect(panel.page.getByText('Parameter "Assistant" is required.')).toBeVisible();
	expect(sandbox.requests).toEqual([]);
});

for (const [mode, text, warning] of [
	['By ID', 'https://useinvent.com/o/assistants', 'Not a valid ID'],
	['By URL', 'https://useinvent.com/o/assistants', 'This URL contains no assistant ID'],
] as const) {
	test(`A text that can not be right ${mode} is marked, and nothing runs`, async ({ openPanel, sandbox }) => {
		const panel = await openPanel({ operation: 'get' });
		await panel.locator('assistantId').type(mode, text);
		await panel.page.getByTestId('node-execute-button').click();
		await expect(panel.page.getByText(warning).first()).toBeVisible();
		expect(sandbox.requests).toEqual([]);
	});
}
