import type { INodeParameters } from 'n8n-workflow';

import { fileRecord } from '../../../tools/sandbox/files.mts';
import { faultOf, fieldsOf, locator, OWN_VALUE, sourcesOf, useSandbox, valued } from '../harness/support.mts';

const api = useSandbox();

const COUNTS = [0, 1, 99, 100, 101, 250] as const;
const LIMITS = [1, 50, 99, 100, 101, 250, 1000] as const;
const HEADERS = ['total', 'absent', 'wrong', 'page'] as const;

type Header = (typeof HEADERS)[number];

/**
 * The pages that a list needs at least when only a short page tells its end: as many as hold what is wanted, and one
 * more when all are wanted and the last page is full.
 */
const PAGES: Record<(typeof COUNTS)[number], Record<string, number>> = {
	0: { all: 1, 1: 1, 50: 1, 99: 1, 100: 1, 101: 1, 250: 1, 1000: 1 },
	1: { all: 1, 1: 1, 50: 1, 99: 1, 100: 1, 101: 1, 250: 1, 1000: 1 },
	99: { all: 1, 1: 1, 50: 1, 99: 1, 100: 1, 101: 1, 250: 1, 1000: 1 },
	100: { all: 2, 1: 1, 50: 1, 99: 1, 100: 1, 101: 2, 250: 2, 1000: 2 },
	101: { all: 2, 1: 1, 50: 1, 99: 1, 100: 1, 101: 2, 250: 2, 1000: 2 },
	250: { all: 3, 1: 1, 50: 1, 99: 1, 100: 1, 101: 2, 250: 3, 1000: 3 },
};

const ALL: INodeParameters = { operation: 'getAll', returnAll: true };

function wanting(limit: number): INodeParameters {
	return { operation: 'getAll', limit };
}

/** Page and take of each request, of one input item. */
function pagesAsked(): string[] {
	return api.sandbox.requests.map(({ query }) => `${query.page} of ${query.take}`);
}

function pages(count: number, take: number): string[] {
	return Array.from({ length: count }, (_, index) => `${index + 1} of ${take}`);
}

async function expectList(parameters: INodeParameters, wanted: number, requests: string[]): Promise<void> {
	const outcome = await api.run(parameters);
	expect(outcome.error).toBeUndefined();
	const ids = api.sandbox.store
		.assistants()
		.slice(0, wanted)
		.map(({ id }) => id);
	expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([...ids, ...ids]);
	expect(sourcesOf(outcome)).toEqual([...ids.map(() => 0), ...ids.map(() => 1)]);
	expect(pagesAsked().sort()).toEqual([...requests, ...requests].sort());
}

describe.each(HEADERS)('With a count header that is %s', (countHeader: Header) => {
	test.each(COUNTS)('Return All of %i takes no request too many', async (count) => {
		api.sandbox.reset({ assistants: count, countHeader });
		await expectList(ALL, Infinity, pages(PAGES[count].all ?? 0, 100));
	});

	test.each(COUNTS.flatMap((count) => LIMITS.map((limit) => [count, limit] as const)))(
		'of %i assistants the first %i take no request too many',
		async (count, limit) => {
			api.sandbox.reset({ assistants: count, countHeader });
			await expectList(wanting(limit), limit, pages(PAGES[count][limit] ?? 0, Math.min(limit, 100)));
		},
	);
});

test.each([
	['Return All', ALL],
	['a limit', wanting(1000)],
])(
	'An API that ignores the page is an error, with %s, and no part of the list is returned',
	async (_, parameters) => {
		const page = Array.from({ length: 100 }, (_member, index) => ({ id: `ast_${index}`, name: 'Same' }));
		const answer = { body: JSON.stringify(page), headers: { 'content-type': 'application/json' } };
		api.sandbox.faults.set([{ effect: { answer } }]);
		const outcome = await api.run(parameters, { items: [{}] });
		expect(faultOf(outcome).message).toMatch(/Incomplete list: pages repeat.*\[item 0\]/);
		expect(outcome.items).toEqual([]);
		// Read once more, because many may have been added at the front just then.
		expect(pagesAsked()).toEqual(['1', '2', '1', '2'].map((asked) => `${asked} of 100`));
	},
);

test('An assistant that slides onto the next page while the list is read is returned once', async () => {
	api.sandbox.reset({ assistants: 150 });
	api.sandbox.faults.set([{ match: { nth: 1 }, effect: { afterList: { insert: 1 } } }]);
	const outcome = await api.run(ALL, { items: [{}] });
	const ids = fieldsOf(outcome).map(({ id }) => id);
	expect(ids).toHaveLength(150);
	expect(new Set(ids).size).toBe(150);
});

test('The search is kept on every page', async () => {
	api.sandbox.reset({ assistants: 0 });
	for (let index = 0; index < 130; index++) {
		api.sandbox.store.add({ name: index % 13 === 12 ? 'Other' : `Shop ${index}` });
	}
	const parameters = { ...ALL, filters: { search: OWN_VALUE } };
	const outcome = await api.run(parameters, { items: valued(['shop', 'other']) });
	expect(outcome.items).toHaveLength(130);
	const asked = api.sandbox.requests.map(({ query }) => `${query.search} ${query.page}`);
	expect(asked.sort()).toEqual(['other 1', 'shop 1', 'shop 2']);
	expect(sourcesOf(outcome).filter((item) => item === 1)).toHaveLength(10);
});

test('Each input item gets its own list', async () => {
	api.sandbox.reset({ assistants: 120 });
	const parameters = { operation: 'getAll', limit: OWN_VALUE };
	const outcome = await api.run(parameters, { items: valued([110, 3]) });
	expect(sourcesOf(outcome)).toEqual([...Array<number>(110).fill(0), ...Array<number>(3).fill(1)]);
	const ids = api.sandbox.store.assistants().map(({ id }) => id);
	expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([...ids.slice(0, 110), ...ids.slice(0, 3)]);
});

test.each([true, false])(
	'Soft-deleted assistants are returned if the API lists them: %s',
	async (includeDeleted) => {
		api.sandbox.reset({ includeDeleted, assistants: 5 });
		for (const { id } of api.sandbox.store.assistants().slice(1, 3))
			api.sandbox.store.update(id, { deleted: true });
		const outcome = await api.run(ALL);
		const listed = api.sandbox.store.assistants().filter(({ deleted }) => includeDeleted || !deleted);
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([...listed, ...listed].map(({ id }) => id));
		expect(fieldsOf(outcome).some(({ deleted }) => deleted === true)).toBe(includeDeleted);
	},
);

/** Adds something to the sandbox; gives its id. */
type Add = (index: number) => string;

const OTHER_LISTS: ReadonlyArray<readonly [of: string, setUp: () => { own: INodeParameters; add: Add }]> = [
	[
		'actions',
		() => {
			const { id } = api.sandbox.store.add({});
			const add: Add = (index) => api.sandbox.store.addAction(id, { name: `Action ${index}` }).id;
			return { own: { resource: 'assistantAction', assistantId: locator(id) }, add };
		},
	],
	[
		'files',
		() => {
			const add: Add = (index) => {
				const file = { name: `${index}.png`, type: 'image/png', content: '' };
				const record = fileRecord(api.sandbox.orgId, file, '2026-01-01T00:00:00.000Z');
				api.sandbox.store.addFile(record);
				return record.file.id;
			};
			return { own: { resource: 'file' }, add };
		},
	],
	[
		'organizations',
		() => {
			for (const { id, parent_id } of api.sandbox.store.organizations()) {
				if (parent_id !== null) api.sandbox.store.removeOrganization(id);
			}
			const add: Add = (index) => {
				const id = `org_${index}`;
				const made = { id, name: id, plan: 'free', created_at: '2026-01-01T00:00:00.000Z' } as const;
				api.sandbox.store.addOrganization({ ...made, parent_id: null, segments: [] });
				return id;
			};
			return { own: { resource: 'organization' }, add };
		},
	],
];

describe.each(OTHER_LISTS)('A list of %s', (_, setUp) => {
	test.each(HEADERS.flatMap((countHeader) => COUNTS.map((count) => [count, countHeader] as const)))(
		'of %i with a count header that is %s: each of two input items gets all, in order, with no request too many',
		async (count, countHeader) => {
			api.sandbox.reset({ assistants: 0, countHeader });
			const { own, add } = setUp();
			const ids = Array.from({ length: count }, (_member, index) => add(index));
			const outcome = await api.run({ ...own, ...ALL });
			expect(outcome.error).toBeUndefined();
			expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([...ids, ...ids]);
			expect(sourcesOf(outcome)).toEqual([...ids.map(() => 0), ...ids.map(() => 1)]);
			const needed = pages(PAGES[count].all ?? 0, 100);
			expect(pagesAsked().sort()).toEqual([...needed, ...needed].sort());
		},
	);

	test('is an error when the API ignores the page, and no part of it is returned', async () => {
		const { own } = setUp();
		const page = Array.from({ length: 100 }, (_member, index) => ({ id: `it_${index}`, name: 'Same' }));
		const answer = { body: JSON.stringify(page), headers: { 'content-type': 'application/json' } };
		api.sandbox.faults.set([{ effect: { answer } }]);
		const outcome = await api.run({ ...own, ...ALL }, { items: [{}] });
		expect(faultOf(outcome).message).toMatch(/Incomplete list: pages repeat.*\[item 0\]/);
		expect(outcome.items).toEqual([]);
	});
});
