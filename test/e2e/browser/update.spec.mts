import { CONFIGURATION, enterConfiguration } from './configuration.mts';
import { expect, idOf, organizationOf, test } from './fixtures.mts';

test('Update sends every field as it was entered or typed', async ({ openPanel, sandbox }) => {
	const id = idOf(sandbox, 'Customer Support');
	const panel = await openPanel();
	await panel.choose('operation', 'Update');
	await panel.locator('assistantId').pick('Customer Support');
	await panel.add('updateFields', 'Avatar ID');
	await panel.enter('updateFields.avatarId', 'img_7Fk2');
	await panel.add('updateFields', 'Boards');
	await panel.press('Add Board');
	await panel.enter('updateFields.boards.board[0].boardId', 'brd_Tickets');
	await panel.enter('updateFields.boards.board[0].initialSegmentId', 'seg_New');
	await panel.press('Add Board');
	await panel.enter('updateFields.boards.board[1].boardId', 'brd_Sales');
	await panel.enter('updateFields.boards.board[1].initialSegmentId', 'seg_Leads');
	await panel.add('updateFields', 'Enabled');
	await panel.turn('updateFields.enabled', 'off');
	await panel.add('updateFields', 'Name');
	await panel.enter('updateFields.name', 'Winter Support');
	await panel.expectAllAdded('updateFields');
	await enterConfiguration(panel, 'typed');
	await panel.add('options', 'Configuration Update');
	await panel.choose('options.configUpdate', 'As Entered');

	expect(await panel.execute()).toEqual([
		{
			method: 'PATCH',
			path: `/orgs/c/assistants/${id}`,
			query: {},
			body: {
				name: 'Winter Support',
				enabled: false,
				avatar_id: 'img_7Fk2',
				boards: [
					{ board_id: 'brd_Tickets', initial_segment_id: 'seg_New' },
					{ board_id: 'brd_Sales', initial_segment_id: 'seg_Leads' },
				],
				config: CONFIGURATION,
			},
		},
	]);
	await expect(panel.output.success).toBeVisible();
});

test('Update lays a setting over the configuration that there is', async ({ openPanel, sandbox }) => {
	const organization = organizationOf(sandbox, 'Fjordlight Rentals');
	const id = sandbox.store.add(
		{ name: 'Night Desk', config: { language: 'auto', model: 'auto' } },
		organization,
	).id;
	const panel = await openPanel();
	await panel.choose('operation', 'Update');
	await panel.locator('organizationId').pick('Fjordlight Rentals');
	await panel.locator('assistantId').type('By ID', id);
	await panel.choose('configMode', 'Using JSON');
	await panel.enterCode('configJson', '{ "language": "nb" }');
	await panel.add('options', 'Configuration Update');
	await panel.choose('options.configUpdate', 'Merge');

	const path = `/orgs/${organization}/assistants/${id}`;
	expect(await panel.execute()).toEqual([
		{ method: 'GET', path, query: {}, body: undefined },
		{ method: 'PATCH', path, query: {}, body: { config: { language: 'nb', model: 'auto' } } },
	]);
	await expect(panel.output.success).toBeVisible();
});

test('Update clears the avatar when Avatar ID is added and left empty', async ({ openPanel, sandbox }) => {
	const id = idOf(sandbox, 'Customer Support');
	const panel = await openPanel();
	await panel.choose('operation', 'Update');
	await panel.locator('assistantId').type('By URL', `https://useinvent.com/o/assistants/${id}/settings`);
	await panel.add('updateFields', 'Avatar ID');

	expect(await panel.execute()).toEqual([
		{ method: 'PATCH', path: `/orgs/c/assistants/${id}`, query: {}, body: { avatar_id: null } },
	]);
	await expect(panel.output.success).toBeVisible();
});
