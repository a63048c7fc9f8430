import type { FaultEffect } from '../../../tools/sandbox/server.mts';
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
	await dialog.expectFailure('Invent rejected the API key');
	expect(sandbox.requests.at(-1)).toMatchObject({ status: 401, query: { take: '1' } });

	// As it comes along when it is copied.
	await dialog.baseUrl.fill(` ${sandbox.url}/ `);
	await dialog.apiKey.fill(`"Bearer ${sandbox.apiKey}" `);
	await dialog.save();
	await expect(dialog.box).toBeHidden();
	expect(sandbox.requests.at(-1)).toMatchObject({ status: 200, query: { take: '1' } });

	const panel = new Panel(page, { n8n, sandbox });
	await panel.enter('limit', '1');
	expect(await panel.execute()).toMatchObject([{ path: '/orgs/c/assistants', query: { take: '1' } }]);
	await expect(panel.output.success).toBeVisible();
});

test("The test of the credential succeeds on nothing but Invent's list, and tells in a sentence what came", async ({
	page,
	sandbox,
}) => {
	const creator = await NodeCreator.openOnNewWorkflow(page);
	await creator.search.fill('invent');
	await creator.invent.click();
	await creator.entry('Get many assistants').click();
	const dialog = await CredentialDialog.openFromPanel(page);
	await dialog.apiKey.fill(sandbox.apiKey);
	await dialog.baseUrl.fill(sandbox.url);
	const answers: ReadonlyArray<readonly [FaultEffect, string]> = [
		[{ answer: { body: '<!doctype html><title>Sign in</title>' } }, 'received a web page'],
		[{ answer: { body: '{}' } }, 'received an object'],
		[{ answer: { status: 204 } }, 'received nothing'],
		[{ redirect: { to: 'https://example.com/' } }, 'Received a redirect'],
		[{ answer: { status: 404 } }, "Check the 'Base URL'"],
		[{ answer: { status: 418 } }, 'status 418'],
		[{ dropBefore: true }, 'was lost before'],
	];
	for (const [index, [effect, words]] of answers.entries()) {
		sandbox.faults.set([{ effect }]);
		await (index === 0 ? dialog.save() : dialog.retry());
		await dialog.expectFailure(words);
	}
	const addresses = [
		['http://127.0.0.1:1', 'Could not connect to 127.0.0.1:1'],
		['https://nowhere.invalid', 'nowhere.invalid'],
		['http://api.example.com', 'would send the API key unencrypted'],
		[`${sandbox.url}?key=1`, 'contains a user name, password, query, or fragment'],
	] as const;
	for (const [address, words] of addresses) {
		await dialog.baseUrl.fill(address);
		await dialog.save();
		await dialog.expectFailure(words);
	}
});
