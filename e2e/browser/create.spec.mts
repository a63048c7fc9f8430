import { expect, test } from './fixtures.mts';

test('Create sends every field as it was entered', async ({ openPanel }) => {
	const panel = await openPanel();
	await panel.choose('operation', 'Create');
	await panel.enter('name', 'Winter Support');
	await panel.add('additionalFields', 'Avatar ID');
	await panel.enter('additionalFields.avatarId', 'img_7Fk2');
	await panel.add('additionalFields', 'Enabled');
	await panel.turn('additionalFields.enabled', 'off');
	await panel.add('additionalFields', 'Generate Secret Key');
	await panel.turn('additionalFields.generateSecretKey', 'on');
	expect(await panel.offered('additionalFields')).toEqual([]);

	expect(await panel.execute()).toEqual([
		{
			method: 'POST',
			path: '/orgs/c/assistants',
			query: {},
			body: { name: 'Winter Support', avatar_id: 'img_7Fk2', enabled: false, generate_secret_key: true },
		},
	]);
	await expect(panel.output.success).toBeVisible();
});
