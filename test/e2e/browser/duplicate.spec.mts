import { expect, idOf, organizationOf, test } from './fixtures.mts';

test('Duplicate sends every field as it was entered or picked', async ({ openPanel, sandbox }) => {
	const id = idOf(sandbox, 'Customer Support');
	const panel = await openPanel();
	await panel.choose('operation', 'Duplicate');
	await panel.locator('assistantId').pick('Customer Support');
	await panel.add('additionalFields', 'Include Actions');
	await panel.turn('additionalFields.includeActions', 'off');
	await panel.add('additionalFields', 'Include Agents');
	await panel.turn('additionalFields.includeAgents', 'off');
	await panel.add('additionalFields', 'Include Integrations');
	await panel.turn('additionalFields.includeIntegrations', 'off');
	await panel.add('additionalFields', 'Include Knowledge');
	await panel.turn('additionalFields.includeKnowledge', 'on');
	await panel.add('additionalFields', 'Name');
	await panel.enter('additionalFields.name', 'Rental Support');
	await panel.add('additionalFields', 'Target Organization');
	await panel.locator('additionalFields.targetOrganizationId').pick('Fjordlight Rentals');
	await panel.expectAllAdded('additionalFields');

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: `/orgs/c/assistants/${id}/duplicate`,
			query: {},
			body: {
				name: 'Rental Support',
				target_org_id: organizationOf(sandbox, 'Fjordlight Rentals'),
				include_actions: false,
				include_agents: false,
				include_integrations: false,
				include_knowledge: true,
			},
		},
	]);
	await expect(panel.output.success).toBeVisible();
	expect(await panel.output.rows()).toMatchObject([{ name: 'Rental Support' }]);
});

test('Duplicate takes the ID of the organization that the copy goes to', async ({ openPanel, sandbox }) => {
	const target = organizationOf(sandbox, 'Fjordlight Business');
	const id = idOf(sandbox, 'Customer Support');
	const panel = await openPanel();
	await panel.choose('operation', 'Duplicate');
	await panel.locator('assistantId').type('By ID', id);
	await panel.add('additionalFields', 'Target Organization');
	await panel.locator('additionalFields.targetOrganizationId').type('By ID', target);

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: `/orgs/c/assistants/${id}/duplicate`,
			query: {},
			body: { target_org_id: target },
		},
	]);
	await expect(panel.output.success).toBeVisible();
});
