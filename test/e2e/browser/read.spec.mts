import { expect, idOf, organizationOf, test } from './fixtures.mts';

test('Get reads the assistant that was picked, named by its ID or by its address', async ({
	openPanel,
	sandbox,
}) => {
	const [picked, typed, linked] = ['Customer Support', 'Sales Advisor', 'Voice Line'].map((name) =>
		idOf(sandbox, name),
	);
	const panel = await openPanel();
	await panel.choose('operation', 'Get');
	const get = (id: string | undefined) => [
		{ method: 'GET', path: `/orgs/c/assistants/${id}`, query: {}, body: undefined },
	];

	await panel.locator('assistantId').pick('Customer Support');
	expect(await panel.execute()).toEqual(get(picked));
	await expect.poll(async () => await panel.output.rows()).toMatchObject([{ id: picked, enabled: 'true' }]);

	await panel.locator('assistantId').type('By ID', String(typed));
	expect(await panel.execute()).toEqual(get(typed));
	await expect.poll(async () => await panel.output.rows()).toMatchObject([{ id: typed }]);

	await panel.locator('assistantId').type('By URL', `https://useinvent.com/o/assistants/${linked}?tab=voice`);
	expect(await panel.execute()).toEqual(get(linked));
	await expect.poll(async () => await panel.output.rows()).toMatchObject([{ id: linked }]);
});

test('Get gives the whole object without Simplify, and the key only with Include Secret Key', async ({
	openPanel,
	sandbox,
}) => {
	const id = idOf(sandbox, 'Customer Support');
	const columns = async () => Object.keys((await panel.output.rows())[0] ?? {}).sort();
	const panel = await openPanel();
	await panel.choose('operation', 'Get');
	await panel.locator('assistantId').type('By ID', id);
	await panel.turn('simplify', 'off');
	await panel.add('options', 'Max Wait');
	await panel.enter('options.maxWait', '5');
	await panel.execute();
	const { secret_key, ...whole } = sandbox.store.find(id) ?? { secret_key: null };
	await expect.poll(columns).toEqual(Object.keys(whole).sort());
	await expect(panel.output.hints).toHaveCount(0);

	await panel.add('options', 'Include Secret Key');
	await panel.turn('options.includeSecretKey', 'on');
	await panel.expectAllAdded('options');
	await panel.execute();
	await expect.poll(columns).toContain('secret_key');
	const shown = (await panel.output.rows())[0]?.['secret_key'] === secret_key;
	expect(shown).toBe(true);
});

test('Max Wait ends the run when Invent asks for a longer pause', async ({ openPanel, sandbox }) => {
	sandbox.faults.set([{ effect: { answer: { status: 429, retryAfter: { seconds: 30 } } } }]);
	const panel = await openPanel();
	await panel.choose('operation', 'Get Many');
	await panel.add('options', 'Max Wait');
	await panel.enter('options.maxWait', '5');

	expect(await panel.execute()).toHaveLength(1);
	await expect(panel.output.error).toContainText('Rate limit reached: try again in 30 seconds');
	await expect(panel.output.errorDescription).toContainText("increase 'Max Wait' in Options");
});

test('Get Many sends what it is limited and filtered by', async ({ openPanel, sandbox }) => {
	const organization = organizationOf(sandbox, 'Fjordlight Rentals');
	const panel = await openPanel();
	await panel.choose('operation', 'Get Many');
	await panel.enter('limit', '2');
	await panel.add('filters', 'Search');
	await panel.enter('filters.search', 'support & sales');
	await panel.expectAllAdded('filters');
	expect(await panel.execute()).toEqual([
		{
			method: 'GET',
			path: '/orgs/c/assistants',
			query: { page: '1', take: '2', search: 'support & sales' },
			body: undefined,
		},
	]);

	await panel.enter('filters.search', 'e');
	await panel.locator('organizationId').pick('Fjordlight Rentals');
	await panel.turn('returnAll', 'on');
	await expect(panel.field('limit')).toHaveCount(0);
	expect(await panel.execute()).toEqual([
		{
			method: 'GET',
			path: `/orgs/${organization}/assistants`,
			query: { page: '1', take: '100', search: 'e' },
			body: undefined,
		},
	]);
	await expect
		.poll(async () => (await panel.output.rows()).map(({ name }) => name))
		.toEqual(['Rental Desk', 'Late Return Reminder']);
});
