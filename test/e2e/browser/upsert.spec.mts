import { CONFIGURATION, enterConfiguration, putInUse } from './configuration.mts';
import { expect, idOf, test } from './fixtures.mts';

test('Create or Update creates with every field as it was entered or picked', async ({
	openPanel,
	sandbox,
}) => {
	putInUse(sandbox);
	const panel = await openPanel();
	await panel.choose('operation', 'Create or Update');
	await panel.enter('name', 'Winter Support');
	await panel.add('additionalFields', 'Avatar ID');
	await panel.enter('additionalFields.avatarId', 'img_7Fk2');
	await panel.add('additionalFields', 'Enabled');
	await panel.turn('additionalFields.enabled', 'off');
	await panel.expectAllAdded('additionalFields');
	await enterConfiguration(panel, 'From list');

	expect(await panel.execute()).toEqual([
		{ method: 'GET', path: '/orgs/c/assistants', query: { page: '1', take: '100' }, body: undefined },
		{
			method: 'POST',
			path: '/orgs/c/assistants',
			query: {},
			body: { name: 'Winter Support', avatar_id: 'img_7Fk2', enabled: false, config: CONFIGURATION },
		},
	]);
	await expect(panel.output.success).toBeVisible();
	await expect(panel.output.hints).toHaveCount(0);
	expect(await panel.output.rows()).toMatchObject([{ outcome: 'created' }]);
});

test('Create or Update changes the assistant of that name, as entered', async ({ openPanel, sandbox }) => {
	const id = idOf(sandbox, 'Sales Advisor');
	const panel = await openPanel();
	await panel.choose('operation', 'Create or Update');
	await panel.enter('name', 'Sales Advisor');
	await panel.choose('configMode', 'Using JSON');
	await panel.enterCode('configJson', '{ "timezone": "Europe/Oslo" }');
	await panel.add('options', 'Configuration Update');
	await panel.choose('options.configUpdate', 'As Entered');

	const path = `/orgs/c/assistants/${id}`;
	expect(await panel.execute()).toEqual([
		{ method: 'GET', path: '/orgs/c/assistants', query: { page: '1', take: '100' }, body: undefined },
		{ method: 'GET', path, query: {}, body: undefined },
		{ method: 'PATCH', path, query: {}, body: { config: { timezone: 'Europe/Oslo' } } },
	]);
	await expect(panel.output.success).toBeVisible();
	expect(await panel.output.rows()).toMatchObject([{ id, name: 'Sales Advisor' }]);
});
