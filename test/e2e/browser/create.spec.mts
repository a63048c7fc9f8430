import { CONFIGURATION, enterConfiguration, putInUse } from './configuration.mts';
import { expect, organizationOf, test } from './fixtures.mts';

test('Create sends every field as it was entered or picked', async ({ openPanel, sandbox }) => {
	putInUse(sandbox);
	const panel = await openPanel();
	await panel.choose('resource', 'Assistant');
	await panel.choose('operation', 'Create');
	await panel.locator('organizationId').pick("API Key's Organization");
	await panel.enter('name', 'Winter Support');
	await panel.add('additionalFields', 'Avatar ID');
	await panel.enter('additionalFields.avatarId', 'img_7Fk2');
	await panel.add('additionalFields', 'Enabled');
	await panel.turn('additionalFields.enabled', 'off');
	await panel.add('additionalFields', 'Generate Secret Key');
	await panel.turn('additionalFields.generateSecretKey', 'on');
	await panel.expectAllAdded('additionalFields');
	await enterConfiguration(panel, 'From list');

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: '/orgs/c/assistants',
			query: {},
			body: {
				name: 'Winter Support',
				avatar_id: 'img_7Fk2',
				enabled: false,
				generate_secret_key: true,
				config: CONFIGURATION,
			},
		},
	]);
	await expect(panel.output.success).toBeVisible();
});

test('Create sends the JSON of Configuration (JSON) as it was written', async ({ openPanel, sandbox }) => {
	const organization = organizationOf(sandbox, 'Fjordlight Rentals');
	const panel = await openPanel();
	await panel.choose('operation', 'Create');
	await panel.locator('organizationId').type('By ID', organization);
	await panel.enter('name', 'Rental Nights');
	await panel.choose('configMode', 'Using JSON');
	await expect(panel.collection('config')).toHaveCount(0);
	await expect(panel.collection('conversation')).toHaveCount(0);
	await panel.enterCode('configJson', '{ "language": "nb", "conversation": { "enable_memories": false } }');

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: `/orgs/${organization}/assistants`,
			query: {},
			body: {
				name: 'Rental Nights',
				config: { language: 'nb', conversation: { enable_memories: false } },
			},
		},
	]);
	await expect(panel.output.success).toBeVisible();
	expect(await panel.output.rows()).toMatchObject([{ name: 'Rental Nights', language: 'nb' }]);
});

test('Create sends the name alone when nothing else is added', async ({ openPanel }) => {
	const panel = await openPanel();
	await panel.choose('operation', 'Create');
	await panel.enter('name', 'Plain');

	expect(await panel.execute()).toEqual([
		{ method: 'POST', path: '/orgs/c/assistants', query: {}, body: { name: 'Plain' } },
	]);
});
