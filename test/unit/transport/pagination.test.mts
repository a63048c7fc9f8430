import fc from 'fast-check';

import { IncompleteListError } from '../../../nodes/Invent/transport/errors.ts';
import { PAGE_CONCURRENCY, PAGE_SIZE, paginate } from '../../../nodes/Invent/transport/pagination.ts';
import type { Page, PaginateOptions } from '../../../nodes/Invent/transport/pagination.ts';
import { workedMs } from '../cpuTime.mts';

interface Item {
	readonly id: number;
}

function itemsFrom(first: number, count: number): Item[] {
	return Array.from({ length: count }, (_, index) => ({ id: first + index }));
}

/** What is asked of the fake API: which page, of how many, and the how many-th request it is. */
interface Asked {
	readonly page: number;
	readonly take: number;
	readonly nth: number;
}

/** A list that an API has, and how it answers. */
class FakeApi {
	items: Item[];

	readonly requests: Asked[] = [];

	/** What the API says that the whole list has. */
	countOf: (page: readonly Item[], asked: Asked) => number | undefined = () => this.items.length;

	/** Changes what the page holds. */
	alter: (items: readonly Item[], asked: Asked) => readonly Item[] = (items) => items;

	/** Happens after a page is made. */
	after: (asked: Asked) => void = () => undefined;

	cap = Infinity;

	constructor(length: number) {
		this.items = itemsFrom(0, length);
	}

	readonly fetchPage = async (page: number, take: number): Promise<Page<Item>> => {
		const asked: Asked = { page, take, nth: this.requests.length + 1 };
		this.requests.push(asked);
		await Promise.resolve();
		return this.answer(asked);
	};

	answer(asked: Asked): Page<Item> {
		const size = Math.min(asked.take, this.cap);
		const start = (asked.page - 1) * size;
		const items = this.alter(this.items.slice(start, start + size), asked);
		const totalCount = this.countOf(items, asked);
		this.after(asked);
		return { items, totalCount };
	}

	get asked(): string[] {
		return this.requests.map(({ page, take }) => `${page} of ${take}`);
	}
}

async function read(api: FakeApi, options: Partial<PaginateOptions<Item>> = {}): Promise<number[]> {
	const items = await paginate({ fetchPage: api.fetchPage, getId: ({ id }) => id, ...options });
	return items.map(({ id }) => id);
}

/** Fetches the pages of an API. Tells how many were on their way at most, from each request of page 1 on. */
function countingActive(api: FakeApi): { peaks: number[]; fetchPage: FakeApi['fetchPage'] } {
	const peaks: number[] = [];
	let active = 0;
	const fetchPage = async (page: number, take: number) => {
		if (page === 1) peaks.push(0);
		active += 1;
		peaks.push(Math.max(peaks.pop() ?? 0, active));
		const fetched = await api.fetchPage(page, take);
		await Promise.resolve();
		active -= 1;
		return fetched;
	};
	return { peaks, fetchPage };
}

function pages(count: number, take: number): string[] {
	return Array.from({ length: count }, (_, index) => `${index + 1} of ${take}`);
}

function upTo(count: number): number[] {
	return Array.from({ length: count }, (_, index) => index);
}

const none = () => undefined;

const COUNT_FORMS: Record<string, (api: FakeApi) => FakeApi['countOf']> = {
	right: (api) => () => api.items.length,
	absent: () => none,
	'half of the truth': (api) => () => Math.floor(api.items.length / 2),
	'the number on the page': () => (page) => page.length,
};

describe.each(Object.entries(COUNT_FORMS))('With a count that is %s', (_, countFor) => {
	function apiWith(length: number): FakeApi {
		const api = new FakeApi(length);
		api.countOf = countFor(api);
		return api;
	}

	test.each([
		[0, 1],
		[1, 1],
		[99, 1],
		[100, 2],
		[101, 2],
		[200, 3],
		[250, 3],
	])('a list of %i comes whole, in order, with %i requests', async (length, requests) => {
		const api = apiWith(length);
		expect(await read(api)).toEqual(upTo(length));
		expect(api.asked).toEqual(pages(requests, 100));
	});

	test.each([
		[1, 1, 1],
		[50, 1, 50],
		[99, 1, 99],
		[100, 1, 100],
		[101, 2, 100],
		[200, 2, 100],
		[250, 3, 100],
	])('the first %i of 1,000 take %i requests of %i items', async (limit, requests, take) => {
		const api = apiWith(1000);
		expect(await read(api, { limit })).toEqual(upTo(limit));
		expect(api.asked).toEqual(pages(requests, take));
	});

	test.each([50, 100, 101, 250, 1000])('a limit of %i takes all of a list that is shorter', async (limit) => {
		for (const length of [0, 1, 49, 50, 99]) {
			const api = apiWith(length);
			expect(await read(api, { limit })).toEqual(upTo(Math.min(length, limit)));
			expect(api.asked).toEqual(pages(1, Math.min(limit, 100)));
		}
	});
});

describe('A count', () => {
	test('of 10,000 takes 101 requests, 8 at a time', async () => {
		const api = new FakeApi(10_000);
		const { peaks, fetchPage } = countingActive(api);
		expect(await read(api, { fetchPage })).toEqual(upTo(10_000));
		expect(api.requests).toHaveLength(101);
		expect(peaks).toEqual([8]);
	});

	test('has all pages but a slow one read meanwhile', async () => {
		const api = new FakeApi(2000);
		let answerSlowPage = () => {};
		const slowPage = new Promise<void>((resolve) => (answerSlowPage = resolve));
		const fetchPage = async (page: number, take: number) => {
			if (page === 2) await slowPage;
			return await api.fetchPage(page, take);
		};
		const reading = read(api, { fetchPage });
		void reading.catch(() => undefined);
		for (let turn = 0; turn < 100; turn++) await Promise.resolve();
		expect(api.requests.map(({ page }) => page)).toEqual([1, ...upTo(22).slice(3)]);
		answerSlowPage();
		expect(await reading).toEqual(upTo(2000));
	});

	test.each([0, 1, 99, 100, 200, 249, 251, 300, 400, 900, 100_000])(
		'of %i is harmless for lists of 4, 200 and 250',
		async (count) => {
			for (const length of [4, 200, 250]) {
				const api = new FakeApi(length);
				api.countOf = () => count;
				expect(await read(api)).toEqual(upTo(length));
				expect(await read(api, { limit: 150 })).toEqual(upTo(Math.min(length, 150)));
			}
		},
	);

	test('that is far too high takes no more than a few requests', async () => {
		const api = new FakeApi(4);
		api.countOf = () => 100_000;
		expect(await read(api)).toEqual(upTo(4));
		expect(api.asked).toEqual(['1 of 100', '1 of 100', '2 of 4', '2 of 4']);
		const empty = new FakeApi(0);
		empty.countOf = () => 100_000;
		expect(await read(empty)).toEqual([]);
		expect(empty.asked).toEqual(['1 of 100', '1 of 100']);
	});

	test('that is far too high takes at most 8 requests past the end, and one to be sure of it', async () => {
		const api = new FakeApi(1000);
		api.countOf = () => 100_000;
		expect(await read(api)).toEqual(upTo(1000));
		expect(api.requests.length).toBeLessThanOrEqual(10 + PAGE_CONCURRENCY + 1);
	});

	test('that comes with a later page only is used from there on', async () => {
		const api = new FakeApi(350);
		api.countOf = (_, { page }) => (page === 1 ? undefined : 350);
		api.alter = (items, { nth }) => (nth === 3 ? items.slice(0, 50) : items);
		expect(await read(api)).toEqual(upTo(350));
	});

	test('that rises while the list is read is no error', async () => {
		const api = new FakeApi(250);
		api.countOf = (_, { page }) => 249 + page;
		expect(await read(api)).toEqual(upTo(250));
		expect(api.requests).toHaveLength(3);
	});

	test('that falls while the list is read means that it is read again', async () => {
		const api = new FakeApi(950);
		api.after = ({ nth }) => {
			if (nth === 1) api.items = api.items.slice(60);
		};
		expect(await read(api)).toEqual(upTo(950).slice(60));
		// It stops early: the eight that were under way, then ten more.
		expect(api.requests).toHaveLength(1 + PAGE_CONCURRENCY + 9);
	});

	test('that falls each time the list is read is an error', async () => {
		const api = new FakeApi(350);
		api.after = ({ page }) => {
			if (page === 1) api.items = api.items.slice(1);
		};
		await expect(read(api)).rejects.toEqual(new IncompleteListError(347, 348));
		expect(api.asked.filter((asked) => asked === '1 of 100')).toHaveLength(3);
	});

	test('that falls after everything has come changes nothing', async () => {
		const api = new FakeApi(200);
		api.after = ({ page }) => {
			if (page === 2) api.items = api.items.slice(0, 100);
		};
		expect(await read(api)).toEqual(upTo(200));
		expect(api.requests).toHaveLength(3);
	});

	test('that falls means reading again also when as many as wanted have come', async () => {
		const api = new FakeApi(350);
		api.after = ({ nth }) => {
			if (nth === 1) api.items = api.items.slice(1);
		};
		expect(await read(api, { limit: 150 })).toEqual(upTo(151).slice(1));
	});
});

describe('A server that gives at most 50', () => {
	function cappedApi(length: number): FakeApi {
		const api = new FakeApi(length);
		api.cap = 50;
		return api;
	}

	test.each([50, 51, 100, 120, 250, 1000])('and counts %i has all of them read', async (length) => {
		const api = cappedApi(length);
		expect(await read(api)).toEqual(upTo(length));
		expect(await read(api, { limit: 170 })).toEqual(upTo(Math.min(170, length)));
		expect(await read(api, { limit: 60 })).toEqual(upTo(Math.min(60, length)));
	});

	test('whatever it cuts the pages by', async () => {
		const api = new FakeApi(250);
		// It cuts the list by what was asked for, and gives the first 50 of that.
		api.alter = (items) => items.slice(0, 50);
		expect(await read(api)).toEqual(upTo(250));
	});

	test('has its pages read side by side', async () => {
		const api = cappedApi(1000);
		await read(api);
		expect(api.asked).toEqual(
			['1 of 100', ...pages(20, 50), '21 of 50']
				.filter((asked) => asked !== '1 of 50')
				.toSpliced(1, 0, '1 of 100'),
		);
		const { peaks, fetchPage } = countingActive(cappedApi(1000));
		await read(api, { fetchPage });
		// Page 1 is asked for twice.
		expect(peaks).toEqual([1, PAGE_CONCURRENCY]);
	});

	test.each([50, 51, 100, 120, 250])(
		'and counts nothing has all %i read where proof of the end is required',
		async (length) => {
			const api = cappedApi(length);
			api.countOf = none;
			expect(await read(api, { requireProofOfEnd: true })).toEqual(upTo(length));
			expect(await read(api)).toEqual(upTo(50));
		},
	);
});

describe('A page that lacks items once', () => {
	const LENGTHS = [350, 950];

	test.each(LENGTHS.flatMap((length) => [1, 2, 3, 4].map((page) => [page, length] as const)))(
		'(page %i of a list of %i) is read again, and nothing is missing',
		async (page, length) => {
			for (const left of [0, 1, 49, 99]) {
				const api = new FakeApi(length);
				let isFirst = true;
				api.alter = (items, asked) => {
					if (asked.page !== page || !isFirst) return items;
					isFirst = false;
					return items.slice(0, left);
				};
				expect(await read(api)).toEqual(upTo(length));
			}
		},
	);

	test('in its middle is noticed also if it is the last that a limit needs', async () => {
		const api = new FakeApi(350);
		api.alter = (items, { nth }) => (nth === 2 ? items.slice(1) : items);
		expect(await read(api, { limit: 150 })).toEqual(upTo(150));
	});

	test('at the end of the list is noticed also if a limit is reached without it', async () => {
		const api = new FakeApi(200);
		api.alter = (items, { nth }) => (nth === 2 ? items.slice(1) : items);
		expect(await read(api, { limit: 150 })).toEqual(upTo(150));
	});

	test.each([
		['without a count', none],
		['with a count of those on the page', (page: readonly Item[]) => page.length],
	])('before others is noticed %s, when later pages are there', async (_, countOf) => {
		for (const left of [0, 1, 99]) {
			const api = new FakeApi(950);
			api.countOf = countOf;
			// Pages 4 and 5 are read side by side.
			api.alter = (items, { nth }) => (nth === 4 ? items.slice(0, left) : items);
			expect(await read(api)).toEqual(upTo(950));
		}
	});
});

describe('A list that stays incomplete', () => {
	test.each([0, 1, 99])('because page 2 holds %i each time is an error after three tries', async (left) => {
		const api = new FakeApi(350);
		api.alter = (items, { page }) => (page === 2 ? items.slice(0, left) : items);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(250 + left, 350));
		expect(api.asked.filter((asked) => asked === '2 of 100')).toHaveLength(3);
	});

	test('because the first page lacks one that is counted is an error, although the others fit a smaller page', async () => {
		const api = new FakeApi(250);
		api.alter = (items, { page }) => (page === 1 ? items.slice(1) : items);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(249, 250));
	});

	test('because an empty page comes before others is an error without a count too', async () => {
		const api = new FakeApi(950);
		api.countOf = none;
		api.alter = (items, { page }) => (page === 4 ? [] : items);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(400, undefined));
	});

	test('is fine when the API counts no more than what came', async () => {
		const api = new FakeApi(350);
		api.countOf = () => 348;
		api.alter = (items, { page }) => (page === 2 ? items.slice(2) : items);
		expect(await read(api)).toEqual(upTo(350).toSpliced(100, 2));
	});
});

describe('A server that ignores the page', () => {
	function stuckApi(length: number, count: number | undefined): FakeApi {
		const api = new FakeApi(length);
		api.countOf = () => count;
		api.alter = (_, { take }) => api.items.slice(0, take);
		return api;
	}

	test('is an error when it counts more, after the list was read twice', async () => {
		const api = stuckApi(250, 250);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(100, 250));
		expect(api.asked).toEqual([...pages(3, 100), ...pages(3, 100)]);
	});

	test('is an error when it counts nothing', async () => {
		const api = stuckApi(250, undefined);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(100, undefined));
		expect(api.asked).toEqual([...pages(2, 100), ...pages(2, 100)]);
	});

	test('is an error also for a limit, and where proof of the end is required', async () => {
		await expect(read(stuckApi(250, 250), { limit: 200 })).rejects.toThrow(IncompleteListError);
		await expect(read(stuckApi(250, undefined), { limit: 200 })).rejects.toThrow(IncompleteListError);
		await expect(read(stuckApi(250, undefined), { requireProofOfEnd: true })).rejects.toThrow(
			IncompleteListError,
		);
	});

	test('is an error when it gives at most 50 besides', async () => {
		const api = stuckApi(250, 250);
		api.alter = () => api.items.slice(0, 50);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(50, 250));
	});

	test('stops being asked soon, whatever it counts', async () => {
		const api = stuckApi(250, 100_000);
		await expect(read(api)).rejects.toEqual(new IncompleteListError(100, 100_000));
		expect(api.requests.length).toBeLessThanOrEqual(2 * (1 + PAGE_CONCURRENCY + 1));
	});

	test('does not disturb who wants one page', async () => {
		for (const limit of [1, 50, 100]) {
			const api = stuckApi(250, 250);
			expect(await read(api, { limit })).toEqual(upTo(limit));
			expect(api.requests).toHaveLength(1);
		}
	});

	test('does not disturb when all fit on one page', async () => {
		for (const length of [1, 30, 99, 100]) {
			expect(await read(stuckApi(length, length))).toEqual(upTo(length));
		}
		for (const length of [1, 30, 99]) {
			expect(await read(stuckApi(length, undefined))).toEqual(upTo(length));
			expect(await read(stuckApi(length, undefined), { requireProofOfEnd: true })).toEqual(upTo(length));
		}
	});

	test('only once is an error no more when the list is read again', async () => {
		const api = new FakeApi(350);
		api.alter = (items, { nth }) => (nth === 2 ? api.items.slice(0, 100) : items);
		expect(await read(api)).toEqual(upTo(350));
	});

	test.each([200, 350, 550, 1250])('past its end is no error for a list of %i', async (length) => {
		const lastPage = Math.ceil(length / PAGE_SIZE);
		for (const count of [length, undefined]) {
			if (length % PAGE_SIZE === 0 && count === undefined) continue;
			const api = new FakeApi(length);
			api.countOf = () => count;
			api.alter = (items, { page }) =>
				page > lastPage ? api.items.slice((lastPage - 1) * PAGE_SIZE) : items;
			expect(await read(api)).toEqual(upTo(length));
		}
	});

	test('and gives more than was asked for ends the list', async () => {
		const api = new FakeApi(150);
		api.alter = () => api.items;
		expect(await read(api)).toEqual(upTo(150));
		api.countOf = none;
		expect(await read(api)).toEqual(upTo(150));
		expect(await read(api, { requireProofOfEnd: true })).toEqual(upTo(150));
	});
});

describe('While a list is read', () => {
	const COUNTED = [true, false];

	test.each(COUNTED.flatMap((counted) => [1, 60].map((added) => [added, counted] as const)))(
		'%i added at the start take nothing from it (counted: %s)',
		async (added, counted) => {
			for (const length of [100, 200, 250, 940, 1000]) {
				for (const nth of [1, 2, 3]) {
					const api = new FakeApi(length);
					if (!counted) api.countOf = none;
					api.after = (asked) => {
						if (asked.nth === nth) api.items = [...itemsFrom(10_000, added), ...api.items];
					};
					expect((await read(api)).filter((id) => id < length)).toEqual(upTo(length));
				}
			}
		},
	);

	test.each(COUNTED.flatMap((counted) => [1, 60].map((added) => [added, counted] as const)))(
		'%i added at the end are no error (counted: %s)',
		async (added, counted) => {
			for (const length of [100, 200, 250, 940, 1000]) {
				const api = new FakeApi(length);
				if (!counted) api.countOf = none;
				api.after = (asked) => {
					if (asked.nth === 1) api.items = [...api.items, ...itemsFrom(length, added)];
				};
				expect((await read(api)).slice(0, length)).toEqual(upTo(length));
			}
		},
	);

	test.each([1, 60, 150, 250])(
		'%i that leave mean that it is read again, if there is a count',
		async (gone) => {
			for (const nth of [1, 2, 3]) {
				for (const start of [0, 250 - gone]) {
					const api = new FakeApi(250);
					api.after = (asked) => {
						if (asked.nth === nth) api.items = api.items.toSpliced(start, gone);
					};
					const ids = await read(api);
					expect(ids).toEqual(expect.arrayContaining(api.items.map(({ id }) => id)));
					expect(new Set(ids).size).toBe(ids.length);
				}
			}
		},
	);

	test('60 added at the start cost one page more, but no second reading, when the pages are made in their order', async () => {
		const api = new FakeApi(250);
		api.after = ({ nth }) => {
			if (nth === 1) api.items = [...itemsFrom(10_000, 60), ...api.items];
		};
		// Each page comes before the next one is asked for.
		expect(await read(api, { limit: 200 })).toEqual(upTo(200));
		expect(api.asked).toEqual(pages(3, 100));
	});

	test('one added at the start is noticed by what it pushes aside, also when others are added at the end', async () => {
		const reading = new Reading(250, true, undefined);
		const { api } = reading;
		await reading.answer(0);
		api.items = [...api.items, ...itemsFrom(250, 2)];
		// Page 3 is made before page 2, so the item that slides from page 2 to page 3 is on neither.
		await reading.answer(1);
		api.items = [{ id: 10_000 }, ...api.items];
		await reading.answer(0);
		expect(await reading.finish()).toEqual([10_000, ...upTo(252)]);
	});

	test('one added during each reading means that the third reads one page after the other, without a count', async () => {
		const api = new FakeApi(950);
		api.countOf = none;
		api.after = ({ page }) => {
			if (page === 6) api.items = [{ id: 10_000 + api.requests.length }, ...api.items];
		};
		const { peaks, fetchPage } = countingActive(api);
		expect((await read(api, { fetchPage })).filter((id) => id < 950)).toEqual(upTo(950));
		expect(peaks).toEqual([4, 4, 1]);
	});

	test('those that leave are no error without a count', async () => {
		for (const gone of [1, 60, 250]) {
			const api = new FakeApi(250);
			api.countOf = none;
			api.after = (asked) => {
				if (asked.nth === 1) api.items = api.items.slice(gone);
			};
			const ids = await read(api);
			expect(new Set(ids).size).toBe(ids.length);
		}
	});
});

describe('Without a count', () => {
	/** Each request takes 50 ms. Tells how long the list took. */
	async function timed(
		length: number,
		countOf: FakeApi['countOf'] = none,
	): Promise<{ api: FakeApi; ms: number }> {
		const api = new FakeApi(length);
		api.countOf = countOf;
		const fetchPage = async (page: number, take: number) => {
			await new Promise((resolve) => setTimeout(resolve, 50));
			return await api.fetchPage(page, take);
		};
		const start = performance.now();
		const reading = read(api, { fetchPage }).then((ids) => ({ ids, ms: performance.now() - start }));
		await vi.advanceTimersByTimeAsync(10_000);
		const { ids, ms } = await reading;
		expect(ids).toEqual(upTo(length));
		return { api, ms };
	}

	beforeEach(() => vi.useFakeTimers());
	afterEach(() => vi.useRealTimers());

	test('10,000 come at least four times as fast as one page after the other', async () => {
		const { ms } = await timed(10_000);
		expect(ms).toBeLessThanOrEqual((101 * 50) / 4);
	});

	test.each([300, 350, 500, 900, 1000, 1700, 2500])(
		'%i take at most 8 requests past the end',
		async (length) => {
			const { api } = await timed(length);
			expect(api.requests.length).toBeLessThanOrEqual(Math.floor(length / 100) + 8);
		},
	);

	test('the look-ahead grows: 1, 1, 2, 4, 8, 8', async () => {
		const { ms } = await timed(2450);
		// Pages 1, 2, 3, 4 and 5, 6 to 9, 10 to 17, 18 to 25.
		expect(ms).toBe(7 * 50);
	});

	test('or with one of those on the page, the look-ahead is the same', async () => {
		const { ms } = await timed(2450, (page) => page.length);
		expect(ms).toBe(7 * 50);
	});

	test('no page is asked for that a limit does not need', async () => {
		const api = new FakeApi(10_000);
		api.countOf = none;
		expect(await read(api, { limit: 1050 })).toEqual(upTo(1050));
		expect(api.requests).toHaveLength(11);
	});
});

describe('Where proof of the end is required', () => {
	async function readWithProof(api: FakeApi): Promise<number[]> {
		return await read(api, { requireProofOfEnd: true });
	}

	test('a short first page is followed by another, without a count', async () => {
		const api = new FakeApi(30);
		api.countOf = none;
		expect(await readWithProof(api)).toEqual(upTo(30));
		expect(api.asked).toEqual(['1 of 100', '2 of 30']);
	});

	test('a short page after a full one ends the list: the API has shown that it allows full pages', async () => {
		const api = new FakeApi(130);
		api.countOf = none;
		expect(await readWithProof(api)).toEqual(upTo(130));
		expect(api.asked).toEqual(pages(2, 100));
	});

	test('an empty page is proof enough', async () => {
		for (const length of [0, 100]) {
			const api = new FakeApi(length);
			api.countOf = none;
			expect(await readWithProof(api)).toEqual(upTo(length));
			expect(api.asked).toEqual(pages(length / 100 + 1, 100));
		}
	});

	test('a count is proof enough, but not one that is wrong', async () => {
		const api = new FakeApi(30);
		expect(await readWithProof(api)).toEqual(upTo(30));
		expect(api.asked).toEqual(['1 of 100']);
		api.countOf = () => 15;
		expect(await readWithProof(api)).toEqual(upTo(30));
		expect(api.asked.slice(1)).toEqual(['1 of 100', '2 of 30']);
	});

	test('a server that gives at most 50, and page 2 instead of all after it, is an error', async () => {
		const api = new FakeApi(250);
		api.cap = 50;
		api.countOf = none;
		api.alter = (items, { page }) => (page > 2 ? api.items.slice(50, 100) : items);
		await expect(readWithProof(api)).rejects.toEqual(new IncompleteListError(100, undefined));
	});

	test('a page of those that came before is proof enough', async () => {
		const api = new FakeApi(30);
		api.countOf = none;
		api.alter = () => api.items;
		expect(await readWithProof(api)).toEqual(upTo(30));
		expect(api.asked).toEqual(['1 of 100', '2 of 30']);
	});
});

describe('When a page fails', () => {
	test.each([1, 2, 3, 5])('(request %i) its error is thrown and no other page is fetched', async (nth) => {
		for (const counted of [true, false]) {
			const api = new FakeApi(10_000);
			if (!counted) api.countOf = none;
			api.after = (asked) => {
				if (asked.nth === nth) throw new Error('No page');
			};
			await expect(read(api)).rejects.toThrow('No page');
			const asked = api.requests.length;
			for (let turn = 0; turn < 50; turn++) await Promise.resolve();
			expect(api.requests).toHaveLength(asked);
			expect(asked).toBeLessThanOrEqual(nth + PAGE_CONCURRENCY - 1);
		}
	});

	test('those under way may fail as well, unnoticed', async () => {
		const api = new FakeApi(10_000);
		api.after = ({ page }) => {
			if (page > 1) throw new Error(`No page ${page}`);
		};
		await expect(read(api)).rejects.toThrow('No page 2');
		expect(api.requests).toHaveLength(1 + PAGE_CONCURRENCY);
	});
});

test('An item that a page holds twice comes once, and the list is read once', async () => {
	const api = new FakeApi(30);
	api.countOf = none;
	api.alter = (items) => [...items, ...items.slice(0, 1)];
	expect(await read(api)).toEqual(upTo(30));
	expect(api.requests).toHaveLength(1);
});

test('A list of 100,000 is read with less than a second of work, whichever count it has', async () => {
	for (const countOf of [none, () => 100_000]) {
		const api = new FakeApi(100_000);
		api.countOf = countOf;
		const start = workedMs();
		expect(await read(api)).toHaveLength(100_000);
		expect(workedMs() - start).toBeLessThan(1000);
	}
});

/** A list that changes while it is read; its pages are answered in any order. */
class Reading {
	readonly api: FakeApi;

	readonly #pending: Array<() => void> = [];

	readonly result: Promise<number[] | IncompleteListError>;

	constructor(
		readonly length: number,
		isCounted: boolean,
		limit: number | undefined,
	) {
		this.api = new FakeApi(length);
		if (!isCounted) this.api.countOf = none;
		const fetchPage = async (page: number, take: number) => {
			await new Promise<void>((resolve) => {
				this.#pending.push(resolve);
			});
			return await this.api.fetchPage(page, take);
		};
		this.result = read(this.api, { fetchPage, limit }).catch((error: unknown) => {
			if (error instanceof IncompleteListError) return error;
			throw error;
		});
	}

	async answer(which: number): Promise<boolean> {
		const [answer] = this.#pending.splice(which % Math.max(this.#pending.length, 1), 1);
		answer?.();
		for (let turn = 0; turn < 12; turn++) await Promise.resolve();
		return answer !== undefined;
	}

	async finish(): Promise<number[] | IncompleteListError> {
		while (await this.answer(0));
		return await this.result;
	}
}

interface Model {
	/** Those that were there all the time. */
	lasting: number[];
	added: number;
}

type Command = fc.AsyncCommand<Model, Reading>;

class AnswerCommand implements Command {
	constructor(readonly which: number) {}
	check = () => true;
	async run(_: Model, reading: Reading): Promise<void> {
		await reading.answer(this.which);
	}
	toString = () => `answer(${this.which})`;
}

class AddCommand implements Command {
	constructor(
		readonly count: number,
		readonly atStart: boolean,
	) {}
	// As many as a page holds make a page that repeats: then the list is read again, but only once.
	check = ({ added }: Model) => added + this.count < PAGE_SIZE;
	async run(model: Model, { api }: Reading): Promise<void> {
		const added = itemsFrom(10_000 + model.added, this.count);
		model.added += this.count;
		api.items = this.atStart ? [...added, ...api.items] : [...api.items, ...added];
	}
	toString = () => `add(${this.count}, ${this.atStart})`;
}

class RemoveCommand implements Command {
	constructor(
		readonly count: number,
		readonly start: number,
	) {}
	check = () => true;
	async run(model: Model, { api }: Reading): Promise<void> {
		const removed = api.items.splice(this.start % Math.max(api.items.length, 1), this.count);
		const ids = new Set(removed.map(({ id }) => id));
		model.lasting = model.lasting.filter((id) => !ids.has(id));
	}
	toString = () => `remove(${this.count}, ${this.start})`;
}

const answering = fc.nat(7).map((which) => new AnswerCommand(which));
const adding = fc
	.tuple(fc.integer({ min: 1, max: 60 }), fc.boolean())
	.map(([count, atStart]) => new AddCommand(count, atStart));
const removing = fc
	.tuple(fc.integer({ min: 1, max: 120 }), fc.nat(1500))
	.map(([count, start]) => new RemoveCommand(count, start));

const length = fc.oneof(
	fc.nat(12).map((hundreds) => hundreds * 100),
	fc.nat(1250),
);
const limit = fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined });
const SEEDED = { numRuns: 150, seed: 9 };

test('Whatever is added while a list is read, and in whatever order its pages come, nothing is missing', async () => {
	const commands = fc.commands([answering, answering, adding], { size: '+1', maxCommands: 40 });
	await fc.assert(
		fc.asyncProperty(length, limit, fc.boolean(), commands, async (total, wanted, isCounted, changes) => {
			const reading = new Reading(total, isCounted, wanted);
			await fc.asyncModelRun(() => ({ model: { lasting: upTo(total), added: 0 }, real: reading }), changes);
			const ids = await reading.finish();
			const found = ids instanceof Error ? [] : ids;
			const stayed = found.filter((id) => id < total);
			const addedCount = found.length - stayed.length;
			expect(stayed).toEqual(upTo(Math.min(total, (wanted ?? Infinity) - addedCount)));
			expect(new Set(found).size).toBe(found.length);
			expect(ids).toEqual(found);
		}),
		SEEDED,
	);
});

test('Whatever leaves a counted list while it is read, what stays is there, or there is an error', async () => {
	const commands = fc.commands([answering, answering, removing], { size: '+1', maxCommands: 40 });
	let errors = 0;
	await fc.assert(
		fc.asyncProperty(length, commands, async (total, changes) => {
			const model = { lasting: upTo(total), added: 0 };
			const reading = new Reading(total, true, undefined);
			await fc.asyncModelRun(() => ({ model, real: reading }), changes);
			const result = await reading.finish();
			const isError = result instanceof Error;
			if (isError) errors += 1;
			const ids = isError ? model.lasting : result;
			const found = new Set(ids);
			expect(found.size).toBe(ids.length);
			expect(model.lasting.filter((id) => !found.has(id))).toEqual([]);
		}),
		SEEDED,
	);
	expect(errors).toBeLessThan(SEEDED.numRuns / 2);
});
