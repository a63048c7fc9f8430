import type { Request } from './manner';

/** The most that one page may hold (docs: api-reference/getting-started/cookbook). */
const PAGE_SIZE = 100;

/** Pages that one list has under way at the same time; how many really leave is a matter of the pace. */
const SIDE_BY_SIDE = 8;

interface Page<T> {
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

	/** Fetches the next page; when that fails, the list is lost, and no other page is fetched for it. */
	const fetchNext = async () => {
		const page = next++;
		let isLast = true;
		try {
			const { members, count } = await fetchPage({ ...request, qs: { ...request.qs, page, take } });
			pages[page - 1] = members;
			const known = ids.size;
			for (const member of members) ids.add(idOf(member));
			isLast = members.length < take || ids.size === known;
			return count ?? 0;
		} finally {
			if (isLast) last = Math.min(last, page);
		}
	};

	// One page more than counted shows that the count was right.
	const counted = Math.floor((await fetchNext()) / take) + 1;
	const fetchCounted = async () => {
		while (next <= Math.min(counted, last)) await fetchNext();
	};
	await Promise.all(Array.from({ length: SIDE_BY_SIDE }, fetchCounted));
	while (next <= last) await fetchNext();
	return withoutRepeats(pages.flat(), idOf).slice(0, wanted);
}

function withoutRepeats<T>(members: readonly T[], idOf: (member: T) => unknown): T[] {
	const ids = new Set<unknown>();
	return members.filter((member) => ids.size < ids.add(idOf(member)).size);
}
