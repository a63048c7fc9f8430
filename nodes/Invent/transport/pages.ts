import type { Request } from './manner';
import { HalfList } from './reasons';

/** The most that one page may hold (docs: api-reference/getting-started/cookbook). */
const PAGE_SIZE = 100;

/** Pages that one list has under way at the same time; how many really leave is a matter of the pace. */
const SIDE_BY_SIDE = 8;

/**
 * Full pages without a new member, one after the other, that show that the list does not go on. One may come
 * when many members were added at the front while the list was read.
 */
const STALE_PAGES = 2;

/** One page of a list. */
export interface Page<T> {
	readonly members: readonly T[];
	/** How many members the whole list has, as far as the API tells. */
	readonly count: number | undefined;
}

/**
 * Fetches a list in pages until the wanted number is there or a page is short.
 *
 * The first page tells how long the list is; if it does, the others are fetched side by side. That count is a
 * hint only: the list goes on until a page is short, and ends there whatever was counted.
 *
 * @param request its query's `take` is the number wanted in all, absent when all are
 * @param fetchPage fetches one page; what it returns is all that is kept of the page
 * @param idOf tells members apart
 * @returns the members in list order, none twice even if the list changed while it was read
 * @throws HalfList when the pages repeat themselves although the API says that there is more
 */
export async function allPages<T>(
	request: Request,
	fetchPage: (request: Request) => Promise<Page<T>>,
	idOf: (member: T) => unknown,
): Promise<T[]> {
	const wanted = typeof request.qs?.take === 'number' ? request.qs.take : Infinity;
	const take = Math.min(wanted, PAGE_SIZE);
	const pages: Array<readonly T[]> = [];
	const ids = new Set<unknown>();
	let last = Math.ceil(wanted / take);
	let next = 1;
	let stale = 0;
	let count = 0;

	/** Fetches a page; when that fails, the list is lost, and no other page is fetched for it. */
	const fetch = async (page: number) => {
		let isLast = true;
		try {
			const fetched = await fetchPage({ ...request, qs: { ...request.qs, page, take } });
			const { members } = fetched;
			pages[page - 1] = members;
			count = fetched.count ?? count;
			const known = ids.size;
			for (const member of members) ids.add(idOf(member));
			stale = members.length === take && ids.size === known ? stale + 1 : 0;
			isLast = members.length !== take || stale >= STALE_PAGES;
		} finally {
			if (isLast) last = Math.min(last, page);
		}
	};
	const fetchUpTo = async (page: number) => {
		while (next <= Math.min(page, last)) await fetch(next++);
	};

	await fetchUpTo(1);
	// One page more than counted shows that the count was right.
	const counted = Math.floor(count / take) + 1;
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, async () => await fetchUpTo(counted)));
	await fetchUpTo(Infinity);
	const gap = pages.findIndex((page, at) => page.length < take && (pages[at + 1]?.length ?? 0) > 0);
	if (gap >= 0) {
		// The list changed under the reading, or a page came incomplete: it shows when it is read once more.
		await fetch(gap + 1);
		last = pages.at(-1)?.length === take ? Math.ceil(wanted / take) : pages.length;
		await fetchUpTo(Infinity);
	}
	const found = withoutRepeats(pages.flat(), idOf).slice(0, wanted);
	if (stale >= STALE_PAGES && found.length < Math.min(count, wanted)) throw new HalfList(found.length, count);
	return found;
}

function withoutRepeats<T>(members: readonly T[], idOf: (member: T) => unknown): T[] {
	const ids = new Set<unknown>();
	return members.filter((member) => ids.size < ids.add(idOf(member)).size);
}
