import { CredentialDialog } from './credentialDialog.mts';
import { expect, test } from './fixtures.mts';
import { NodeCreator } from './nodeCreator.mts';
import { Panel } from './panel.mts';

test('The credential is made beside the panel: a wrong key fails, the right one passes and is used', async ({
	n8n,
	page,
	sandbox,
}) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('invent');
	await creator.invent.click();
	await creator.entry('Get many assistants').click();
	const dialog = await CredentialDialog.openFromPanel(page);
	await expect(dialog.baseUrl).toHaveValue('https://api.useinvent.com');
	await expect(dialog.apiKey).toHaveAttribute('type', 'password');

	await dialog.baseUrl.fill(sandbox.url);
	await dialog.apiKey.fill('a wrong one');
	await dialog.save();
	await dialog.openDetails();
	await expect(dialog.box).toContainText('Invent does not accept this API key');
	expect(sandbox.requests.at(-1)).toMatchObject({ status: 401, query: { take: '1' } });

	await dialog.apiKey.fill(sandbox.apiKey);
	await dialog.save();
	await expect(dialog.box).toBeHidden();
	expect(sandbox.requests.at(-1)).toMatchObject({ status: 200, query: { take: '1' } });

	const panel = new Panel(page, { n8n, sandbox });
	await panel.enter('limit', '1');
	expect(await panel.execute()).toMatchObject([{ path: '/orgs/c/assistants', query: { take: '1' } }]);
	await expect(panel.output.success).toBeVisible();
});

test('The test of the credential tells what is wrong with the Base URL', async ({ page, sandbox }) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('invent');
	await creator.invent.click();
	await creator.entry('Get an assistant').click();
	const dialog = await CredentialDialog.openFromPanel(page);
	await dialog.apiKey.fill(sandbox.apiKey);

	sandbox.faults.set([{ effect: { answer: { status: 404 } } }]);
	await dialog.baseUrl.fill(sandbox.url);
	await dialog.save();
	await dialog.openDetails();
	await expect(dialog.box).toContainText("it is not Invent's API. Check the Base URL");

	await dialog.baseUrl.fill('http://api.example.com');
	await dialog.save();
	await expect(dialog.box).toContainText(
		"The 'Base URL' of the credential would send the API key unencrypted",
	);
});
