import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { EXAMPLES } from '../../../tools/n8n/paths.mts';
import { CredentialDialog } from './credentialDialog.mts';
import { expect, idOf, test } from './fixtures.mts';
import { boundTo } from './workflows.mts';
import { NodeCreator } from './nodeCreator.mts';
import type { Panel } from './panel.mts';
import { around, Camera, type Area } from './picture.mts';

const INSTRUCTIONS =
	'You help customers of a shop for outdoor gear. Answer briefly and kindly, and never promise a day of delivery.';

/** High enough for all parameters. */
const VIEWPORT = { width: 1400, height: 1420 };

test.use({ sandboxOptions: { now: () => Date.parse('2026-01-15T09:30:00Z') } });

/** The parameters and the output, without the input at their left and the space below them. */
async function panelArea({ page }: Panel): Promise<Area> {
	const box = await around(page.getByTestId('ndv'));
	const { x } = await around(page.getByTestId('node-parameters'));
	const y = (await around(page.getByTestId('node-execute-button'))).y - 7;
	const last = await around(page.getByTestId('parameter-item').filter({ visible: true }).last());
	const bottom = Math.min(box.y + box.height, last.y + last.height + 24);
	return { x, y, width: box.x + box.width - 2 - x, height: bottom - y };
}

/** The panel after a run, with the fields of the output one below the other. */
async function shown(panel: Panel): Promise<Area> {
	await expect(panel.output.success).toBeVisible();
	await panel.output.view('Schema');
	return await panelArea(panel);
}

test.describe('Pictures of the panel', () => {
	test.beforeEach(async ({ page }) => await page.setViewportSize(VIEWPORT));

	test('Create', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Create');
		await panel.enter('name', 'Winter Support');
		await panel.add('additionalFields', 'Enabled');
		await panel.add('config', 'Instructions');
		await panel.enter('config.instructions', INSTRUCTIONS);
		await panel.add('config', 'Language');
		await panel.locator('config.language').type('By Name', 'nb');
		await panel.add('conversation', 'Welcome Banner');
		await panel.enter('conversation.welcomeBanner', 'Winter opening hours: 8 to 16');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('create', await shown(panel));
	});

	test('Create or Update', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Create or Update');
		await panel.enter('name', 'Sales Advisor');
		await panel.add('config', 'Time Zone');
		await panel.locator('config.timezone').pick('Europe/Oslo');
		await panel.add('conversation', 'Memories');
		await panel.add('conversation', 'Update Contact Tool');
		await panel.turn('conversation.enableUpdateContactTool', 'on');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('createOrUpdate', await shown(panel));
	});

	test('Duplicate', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Duplicate');
		await panel.locator('assistantId').pick('Template: Shop Assistant');
		await panel.add('additionalFields', 'Name');
		await panel.enter('additionalFields.name', 'Rental Shop Assistant');
		await panel.add('additionalFields', 'Target Organization');
		await panel.locator('additionalFields.targetOrganizationId').pick('Fjordlight Rentals');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('duplicate', await shown(panel));
	});

	test('Get', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Get');
		await panel.locator('assistantId').pick('Customer Support');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('get', await shown(panel));
	});

	test('Get Many', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Get Many');
		await panel.turn('returnAll', 'on');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('getMany', await shown(panel));
	});

	test('Rotate Key, with the key hidden', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Rotate Key');
		await panel.locator('assistantId').pick('Customer Support');
		await panel.execute();
		const area = await shown(panel);
		const key = sandbox.store.find(idOf(sandbox, 'Customer Support'))?.secret_key ?? '';
		await panel.output.panel.getByText(key).evaluateAll((elements) => {
			for (const element of elements) element.textContent = '••••••••••••••••';
		});
		await new Camera(panel.page, sandbox).take('rotateKey', area);
	});

	test('Update', async ({ openPanel, sandbox }) => {
		const panel = await openPanel();
		await panel.choose('operation', 'Update');
		await panel.locator('assistantId').pick('Winter Campaign 2024');
		await panel.add('updateFields', 'Enabled');
		await panel.add('updateFields', 'Name');
		await panel.enter('updateFields.name', 'Winter Campaign 2026');
		await panel.add('conversation', 'Suggested Messages');
		await panel.enter('conversation.suggestedMessages[0]', 'What is on sale?');
		await panel.execute();
		await new Camera(panel.page, sandbox).take('update', await shown(panel));
	});
});

test('Picture of a list', async ({ openPanel, sandbox }) => {
	const panel = await openPanel({ operation: 'get' });
	await panel.locator('assistantId').openList();
	const { x, y, width } = await around(panel.page.getByTestId('node-parameters'));
	const list = await around(panel.locator('assistantId').popover);
	const height = list.y + list.height + 24 - y;
	await new Camera(panel.page, sandbox).take('list', { x, y, width, height });
});

test('Picture of the credential', async ({ page, sandbox }) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('invent');
	await creator.invent.click();
	await creator.entry('Get many assistants').click();
	const dialog = await CredentialDialog.openFromPanel(page);
	await dialog.apiKey.fill('not a key, but as long as one');
	await dialog.box.getByTestId('connection').click();
	const { x, y, width } = await around(dialog.box);
	const last = await around(dialog.baseUrl);
	await new Camera(page, sandbox).take('credential', { x, y, width, height: last.y + last.height + 24 - y });
});

test('Picture of the node creator', async ({ page, sandbox }) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('chatbot');
	await expect(creator.invent).toBeVisible();
	await creator.search.fill('invent');
	await creator.invent.click();
	await expect(creator.entry('Create an assistant')).toBeVisible();
	await new Camera(page, sandbox).take('nodeCreator', await around(creator.box));
});

test('Picture of a workflow', async ({ n8n, page, sandbox }) => {
	const text = await readFile(join(EXAMPLES, 'assistants-for-new-customers.json'), 'utf8');
	const credential = await n8n.addInventCredential(sandbox);
	await page.setViewportSize({ width: 1500, height: 800 });
	await page.goto(`/workflow/${(await n8n.addWorkflow(boundTo(credential, text))).id}`);
	await expect(page.getByTestId('canvas-node').filter({ visible: true })).not.toHaveCount(0);
	await page.getByTestId('zoom-to-fit').click();
	const { x, y, width, height } = await around(...(await page.locator('.vue-flow__node').all()));
	await new Camera(page, sandbox).take('workflow', {
		x: x - 24,
		y: y - 24,
		width: width + 80, // and what goes on from it at its right
		height: height + 72, // a node's name stands below its box
	});
});
