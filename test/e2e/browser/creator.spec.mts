import { expect, test } from './fixtures.mts';
import { NodeCreator } from './nodeCreator.mts';
import { Panel } from './panel.mts';

const WORDS = [
	'invent',
	'useinvent',
	'chatbot',
	'AI assistant',
	'support bot',
	'agent',
	'customer service',
	'live chat',
	'knowledge',
	'voice',
	'rotate key',
	'customer support',
	'helpdesk',
	'create assistant',
	'gpt',
	'bot',
];

const ACTIONS = [
	'Create an assistant',
	'Create or update an assistant',
	'Duplicate an assistant',
	'Get an assistant',
	'Get many assistants',
	'Rotate the secret key of an assistant',
	'Update an assistant',
];

test('The node is found by the words that people look for it with', async ({ page }) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	for (const words of WORDS) {
		await creator.search.fill(words);
		await expect(creator.search).toHaveValue(words);
		await expect(creator.invent, words).toBeVisible();
	}
	await creator.search.fill('invent');
	await expect(page.getByTestId('item-iterator-item').first()).toContainText('Invent');
});

test('The node offers its actions; the one that is picked is on the canvas, with its name below', async ({
	n8n,
	page,
	sandbox,
}) => {
	await n8n.addInventCredential(sandbox);
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('invent');
	await creator.invent.click();
	for (const action of ACTIONS) await expect(creator.entry(action)).toBeVisible();
	await creator.entry('Get many assistants').click();

	const panel = new Panel(page, { n8n, sandbox });
	await expect(panel.field('operation').getByRole('combobox')).toHaveValue('Get Many');
	await panel.enter('limit', '3');
	expect(await panel.execute()).toMatchObject([{ path: '/orgs/c/assistants', query: { take: '3' } }]);
	await expect(panel.output.success).toBeVisible();
	await page.getByTestId('ndv-close-button').click();
	await expect(page.getByTestId('canvas-node').filter({ hasText: 'Get many assistants' })).toContainText(
		'Get Many: Assistant',
	);
});

test('Docs in the panel opens the guide of the node', async ({ openPanel }) => {
	const panel = await openPanel({ operation: 'getAll' });
	const docs = panel.page.getByTestId('ndv').getByRole('link', { name: 'Docs' });
	await expect(docs).toHaveAttribute('href', /n8n-nodes-invent\/blob\/main\/README\.md/);
});
