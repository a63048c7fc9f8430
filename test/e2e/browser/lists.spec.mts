import { putInUse } from './configuration.mts';
import { expect, idOf, organizationOf, test } from './fixtures.mts';

/** No ID has the letters of its first word by chance. */
const NEWCOMER = 'Åsane Hotline';

for (const search of ['works', 'ignored'] as const) {
	test.describe(`With 2,500 assistants and an API whose search ${search === 'works' ? 'works' : 'is ignored'}`, () => {
		test.use({ sandboxOptions: { assistants: 2499, latencyMs: 50, search } });

		test('a word of its name finds the one on the last page', async ({ openPanel, sandbox }) => {
			sandbox.store.add({ name: NEWCOMER });
			const panel = await openPanel({ operation: 'get' });
			const assistant = panel.locator('assistantId');
			await assistant.openList();
			await expect(assistant.entries.first()).toHaveText('Bergen Support 1');
			const before = sandbox.requests.length;

			const since = Date.now();
			await assistant.search(search === 'works' ? 'åsane' : 'asane');
			await expect(assistant.entries).toHaveText([NEWCOMER]);
			const took = Date.now() - since;
			const requests = sandbox.requests.length - before;

			console.log(`     found after ${took} ms with ${requests} requests`);
			expect(requests).toBe(search === 'works' ? 1 : 26);
			await assistant.choose(NEWCOMER);
		});
	});
}

test('The list goes on when it is scrolled to its end', async ({ openPanel, sandbox }) => {
	for (let number = 1; number <= 150; number += 1) sandbox.store.add({ name: `Branch ${number}` });
	const panel = await openPanel({ operation: 'get' });
	const assistant = panel.locator('assistantId');
	await assistant.openList();
	await assistant.entries.last().scrollIntoViewIfNeeded();
	await expect(assistant.entries).toHaveCount(161);
	await assistant.choose('Branch 150');
});

test('The list of assistants is that of the organization that is picked, without the deleted ones', async ({
	openPanel,
	sandbox,
}) => {
	const panel = await openPanel({ operation: 'update' });
	const assistant = panel.locator('assistantId');
	await assistant.openList();
	await expect(assistant.entries).toContainText(['Customer Support', 'Winter Campaign 2024']);
	await expect(assistant.entries.filter({ hasText: 'Old FAQ Bot' })).toHaveCount(0);
	await panel.page.keyboard.press('Escape');

	await panel.locator('organizationId').pick('Fjordlight Rentals');
	await assistant.openList();
	await expect(assistant.entries).toHaveText(['Rental Desk', 'Late Return Reminder']);
	expect(sandbox.requests.at(-1)?.path).toBe(
		`/orgs/${organizationOf(sandbox, 'Fjordlight Rentals')}/assistants`,
	);
});

test('Another organization empties the assistant that was picked', async ({ openPanel, sandbox }) => {
	const panel = await openPanel({ operation: 'get' });
	const assistant = panel.locator('assistantId');
	await assistant.pick('Customer Support');
	await panel.locator('organizationId').pick('Fjordlight Rentals');
	await expect(assistant.input).toHaveValue('');
	await assistant.pick('Rental Desk');
	const org = organizationOf(sandbox, 'Fjordlight Rentals');
	expect(await panel.execute()).toMatchObject([
		{ path: `/orgs/${org}/assistants/${idOf(sandbox, 'Rental Desk')}` },
	]);
});

test("An organization that nobody picked is the key's own; an empty ID is refused", async ({ openPanel }) => {
	const panel = await openPanel({
		operation: 'getAll',
		organizationId: { __rl: true, mode: 'list', value: '' },
	});
	expect(await panel.execute()).toMatchObject([{ path: '/orgs/c/assistants' }]);
	await expect(panel.output.success).toBeVisible();

	const organization = panel.locator('organizationId');
	await organization.mode('By ID');
	expect(await panel.execute()).toEqual([]);
	await expect(panel.output.error).toContainText("'Organization' is empty");
});

test('The list of organizations has the own one and those below it, and finds what is typed', async ({
	openPanel,
}) => {
	const panel = await openPanel({ operation: 'getAll' });
	const organization = panel.locator('organizationId');
	await organization.openList();
	await expect(organization.entries).toHaveText([
		"API Key's Organization",
		'Fjordlight Rentals',
		'Fjordlight Business',
		'Fjordlight Repairs',
	]);
	await organization.search('busi');
	// The editor keeps what is chosen at the top.
	await expect(organization.entries).toHaveText(["API Key's Organization", 'Fjordlight Business']);
	await organization.choose('Fjordlight Business');
});

test("The list of organizations has the key's own one when the route for the others is closed", async ({
	openPanel,
	sandbox,
}) => {
	sandbox.faults.set([{ match: { path: '/orgs$' }, effect: { answer: { status: 403 } } }]);
	const panel = await openPanel({ operation: 'getAll' });
	const organization = panel.locator('organizationId');
	await organization.openList();
	await expect(organization.entries).toHaveCount(1);
	await organization.choose("API Key's Organization");
});

test('The lists of values have the documented ones first, and typing costs no further listing', async ({
	openPanel,
	sandbox,
}) => {
	putInUse(sandbox);
	const empty = { __rl: true, mode: 'list', value: '' };
	const panel = await openPanel({ operation: 'create', config: { language: empty, model: empty } });
	const language = panel.locator('config.language');
	await language.openList();
	await expect(language.entries.first()).toHaveText('auto');
	const requests = sandbox.requests.length;
	await language.search(' NB');
	await expect(language.entries).toHaveText(['nb']);
	await language.choose('nb');
	await panel.locator('config.model').pick('quick-2');
	expect(sandbox.requests).toHaveLength(requests);
});

test('The list of time zones finds a place by its name', async ({ openPanel }) => {
	const panel = await openPanel({
		operation: 'create',
		config: { timezone: { __rl: true, mode: 'list', value: '' } },
	});
	const zone = panel.locator('config.timezone');
	await zone.openList();
	await zone.search('new york');
	await expect(zone.entries).toHaveText(['America/New York']);
	await zone.choose('America/New York');
	await zone.openList();
	await zone.search('kyiv');
	await zone.choose('Europe/Kyiv');
});

test('A list that cannot be loaded tells why', async ({ openPanel, sandbox }) => {
	sandbox.faults.set([{ effect: { answer: { status: 401 } } }]);
	const panel = await openPanel({ operation: 'get' });
	const assistant = panel.locator('assistantId');
	await assistant.openList();
	await expect(assistant.failure).toContainText('401 - Invent rejected the API key');
	await expect(assistant.failure).toContainText('The key in the credential may be wrong or deleted');
});
