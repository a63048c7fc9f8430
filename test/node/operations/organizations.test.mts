import { fieldsOf, lineOf, locator, sourcesOf, useSandbox } from '../harness/support.mts';

const api = useSandbox();

const LIST = { resource: 'organization', operation: 'getAll' };

function addOrganizations(count: number): void {
	for (let index = 0; index < count; index++) {
		api.sandbox.store.addOrganization({
			id: `org_${index}`,
			name: `Shop ${index}`,
			parent_id: null,
			plan: 'free',
			created_at: '2026-01-01T00:00:00.000Z',
			segments: [],
		});
	}
}

test('Get Many returns the sub-organizations, simplified to eight flat fields', async () => {
	const outcome = await api.run(LIST);
	expect(api.sandbox.requests.map(lineOf)).toEqual(Array(2).fill('GET /orgs/c/orgs'));
	expect(fieldsOf(outcome).map(({ name }) => name)).toEqual([
		...['Fjordlight Rentals', 'Fjordlight Business', 'Fjordlight Repairs'],
		...['Fjordlight Rentals', 'Fjordlight Business', 'Fjordlight Repairs'],
	]);
	expect(sourcesOf(outcome)).toEqual([0, 0, 0, 1, 1, 1]);
	for (const fields of fieldsOf(outcome)) {
		expect(Object.keys(fields)).toEqual([
			'id',
			'name',
			'plan',
			'balance',
			'promo_balance',
			'spending_cap_used',
			'logo_url',
			'created_at',
		]);
	}
});

test("Get Many returns the API's objects without Simplify", async () => {
	const outcome = await api.run({ ...LIST, simplify: false }, { items: [{}] });
	const answered = await fetch(`${api.sandbox.url}/orgs/c/orgs`, {
		headers: { authorization: `Bearer ${api.sandbox.apiKey}` },
	});
	expect(fieldsOf(outcome)).toEqual(await answered.json());
});

test.each([
	[{ returnAll: true }, 253],
	[{}, 50],
	[{ limit: '101' }, 101],
])('with %j of 253 sub-organizations it returns %i', async (own, expected) => {
	addOrganizations(250);
	const outcome = await api.run({ ...LIST, ...own }, { items: [{}] });
	expect(new Set(fieldsOf(outcome).map(({ id }) => id)).size).toBe(expected);
	expect(outcome.items).toHaveLength(expected);
});

test('an organization without sub-organizations has no items, and an unknown one is an error', async () => {
	const { id = '' } = api.sandbox.store.organizations()[1] ?? {};
	const outcome = await api.run(
		{ ...LIST, organizationId: locator('={{ $json.id }}') },
		{ items: [{ id }, { id: 'org_unknown' }], settings: { onError: 'continueRegularOutput' } },
	);
	expect(fieldsOf(outcome)).toMatchObject([{ errorCode: 'not_found', httpStatus: 404 }]);
	expect(sourcesOf(outcome)).toEqual([1]);
	expect(api.sandbox.requests.map(lineOf).sort()).toEqual(
		[`GET /orgs/${id}/orgs`, 'GET /orgs/org_unknown/orgs'].sort(),
	);
});
