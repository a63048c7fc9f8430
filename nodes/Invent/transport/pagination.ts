import { IncompleteListError } from './errors';

/** The most items that one page may hold (docs: api-reference/getting-started/cookbook). */
export const PAGE_SIZE = 100;

/** Pages of one list that are fetched at the same time; how many are really sent is up to the rate limiter. */
export const PAGE_CONCURRENCY = 8;

/** How often a list is read from the start when it changes, or lacks items, while it is read. */
const MAX_READS = 3;

/** How often a list is read when its pages repeat: an API that ignores the page does so each time. */
const MAX_REPEATING_READS = 2;

/** One page of a list. */
export interface Page<T> {
	readonly items: readonly T[];
	/** How many items the whole list has, if the API says so. */
	readonly totalCount: number | undefined;
}

export interface PaginateOptions<T> {
	/** @param page from 1 on */
	readonly fetchPage: (page: number, take: number) => Promise<Page<T>>;
	/** Tells items apart. */
	readonly getId: (item: T) => unknown;
	/** How many items are wanted; absent when all are. */
	readonly limit?: number | undefined;
	/** Without a count, a short first page is no proof that there is no other: the API may allow shorter pages only. */
	readonly requireProofOfEnd?: boolean | undefined;
}

/**
 * Fetches a list in pages, many at the same time.
 *
 * @returns the items in list order, none twice even if the list changed while it was read
 * @throws IncompleteListError when the list stays incomplete although it was read again
 * @throws what fetching a page throws; no other page is fetched then
 */
export async function paginate<T>(options: PaginateOptions<T>): Promise<T[]> {
	let repeatingReads = 0;
	let concurrency = PAGE_CONCURRENCY;
	for (let reads = 1; ; reads++) {
		const list = new ListReader(options, concurrency);
		if (await list.read()) return list.items.slice(0, options.limit);
		if (list.isRepeating) repeatingReads += 1;
		if (reads === MAX_READS || repeatingReads === MAX_REPEATING_READS) {
			throw new IncompleteListError(list.items.length, list.totalCount);
		}
		// When items are added all the time, only pages read one after the other miss none.
		if (reads === MAX_READS - 1 && list.hasSlid) concurrency = 1;
	}
}

/** Reads a list once, and finds out whether it got all of it. */
class ListReader<T> {
	readonly items: T[] = [];

	/** How many items the API counted at first. */
	totalCount: number | undefined;

	/** A full page held nothing new although the list was not complete. */
	isRepeating = false;

	/**
	 * Items were added at the start before a page was made, but maybe after the next one was: those that slid from
	 * the one to the other are on neither.
	 */
	hasSlid = false;

	/** A page held items that were on an earlier one: no harm as long as all that were counted come in the end. */
	private hasOverlap = false;

	private readonly ids = new Set<unknown>();

	private readonly wanted: number;

	private pageSize: number;

	/** The API gives shorter pages than it was asked for. */
	private isCapped = false;

	/** By number, from 1 on; a page is added to the items when all before it are there. */
	private readonly pages = new Map<number, FetchedPage<T>>();

	private fetchedPages = 0;

	private addedPages = 0;

	private last = { page: 0, size: 0, newItems: 0 };

	private lastFilled = this.last;

	/** The count does not fit the items. */
	private isCountWrong = false;

	private hasCountFallen = false;

	/** Something new came after a page that was not full. */
	private hasGap = false;

	private hasShortPage = false;

	/** No further page is of any use. */
	private isStopped = false;

	constructor(
		private readonly options: PaginateOptions<T>,
		private readonly concurrency: number,
	) {
		this.wanted = options.limit ?? Infinity;
		this.pageSize = Math.min(this.wanted, PAGE_SIZE);
	}

	/** @returns whether the list is complete, as far as anybody can see */
	async read(): Promise<boolean> {
		await this.readFirstPage();
		for (let count = this.pagesToRead(); count > 0; count = this.pagesToRead()) await this.readPages(count);
		if (this.isRepeating || this.lacksItems()) return false;
		return this.isComplete() || (await this.endsHere());
	}

	private get trustedCount(): number | undefined {
		return this.isCountWrong ? undefined : this.totalCount;
	}

	private get isLastFull(): boolean {
		return this.last.size === this.pageSize;
	}

	/** How many pages to read next, at the same time; 0 when nothing more is to be learned. */
	private pagesToRead(): number {
		const { trustedCount: count, last, isLastFull } = this;
		const found = this.items.length;
		if (this.isRepeating || this.lacksItems() || (found >= this.wanted && isLastFull)) return 0;
		if (count === undefined) {
			if (!isLastFull || last.newItems === 0) return 0;
			return this.atMostWanted(this.lookAhead());
		}
		// One page more than counted shows that the count was right.
		if (found >= count) return isLastFull && last.newItems > 0 ? 1 : 0;
		if (last.size === 0) return 0;
		if (this.isCapped && this.addedPages === 1) return 1;
		return this.atMostWanted(Math.floor(count / this.pageSize) + 1 - this.addedPages);
	}

	private atMostWanted(count: number): number {
		return Math.max(Math.min(count, Math.ceil(this.wanted / this.pageSize) - this.addedPages), 1);
	}

	/** Without a count: 1, 1, 2, 4, 8, 8… pages after the first. */
	private lookAhead(): number {
		return Math.min(Math.max(this.addedPages - 1, 1), this.concurrency);
	}

	/** Whether the list has to be read again. With a count, that shows in the end. */
	private lacksItems(): boolean {
		const count = this.trustedCount;
		if (count === undefined) return this.hasGap || this.hasSlid;
		return this.items.length < count && (this.hasGap || this.hasSlid || this.hasCountFallen);
	}

	/** After a full page, reading ends only when enough has come. */
	private isComplete(): boolean {
		return this.items.length >= (this.trustedCount ?? 0) || this.isLastFull;
	}

	/** The list ended before its count: either that is too high, or the end came incomplete just this once. */
	private async endsHere(): Promise<boolean> {
		const { page, size } = this.lastFilled;
		if (page === 0) return true;
		if (this.hasOverlap) return false;
		const { items } = await this.fetch(size < this.pageSize ? page : page + 1);
		return items.every((item) => this.ids.has(this.options.getId(item)));
	}

	/**
	 * A first page that is short of what is counted may lack items just this once. Otherwise the API caps the size:
	 * page 2 of that size is the right one then, whatever size the API goes by.
	 */
	private async readFirstPage(): Promise<void> {
		let first = await this.fetch(1);
		if (this.isCutShort(first)) first = await this.fetch(1);
		const size = first.items.length;
		const mayGoOn = this.isCutShort(first) || (this.options.requireProofOfEnd && !isCounted(first));
		if (mayGoOn && size > 0 && size < this.pageSize) {
			this.isCapped = true;
			this.pageSize = size;
		}
		this.fetchedPages = 1;
		this.pages.set(1, { ...first, isNextOnItsWay: false });
		this.addPages();
	}

	private isCutShort({ items, totalCount = 0 }: Page<T>): boolean {
		return items.length < this.pageSize && items.length < totalCount;
	}

	/** Reads the next pages; ends early when one of them shows that the others are of no use. */
	private async readPages(count: number): Promise<void> {
		const lastPage = this.fetchedPages + count;
		const readNext = async () => {
			while (this.fetchedPages < lastPage && !this.isStopped) {
				const page = ++this.fetchedPages;
				const fetched = await this.fetch(page);
				this.pages.set(page, { ...fetched, isNextOnItsWay: this.fetchedPages > page });
				if (fetched.items.length === 0) this.isStopped = true;
				this.addPages();
			}
		};
		await Promise.all(Array.from({ length: Math.min(count, this.concurrency) }, readNext));
		this.isStopped = false;
	}

	/** When it fails, the list is lost, and no other page is fetched for it. */
	private async fetch(page: number): Promise<Page<T>> {
		let hasFailed = true;
		try {
			const fetched = await this.options.fetchPage(page, this.pageSize);
			hasFailed = false;
			return fetched;
		} finally {
			if (hasFailed) this.isStopped = true;
		}
	}

	private addPages(): void {
		for (;;) {
			const page = this.pages.get(this.addedPages + 1);
			if (page === undefined) return;
			this.addedPages += 1;
			this.addPage(page);
		}
	}

	private addPage({ items, totalCount, isNextOnItsWay }: FetchedPage<T>): void {
		const size = items.length;
		const newItems = items.filter((item) => this.ids.size < this.ids.add(this.options.getId(item)).size);
		for (const item of newItems) this.items.push(item);
		this.last = { page: this.addedPages, size, newItems: newItems.length };
		if (size > 0) this.lastFilled = this.last;
		this.checkCount(totalCount);
		if (newItems.length === 0 && this.isLastFull) this.onRepeatedPage();
		if (newItems.length > 0) {
			this.hasGap ||= this.hasShortPage;
			this.hasOverlap ||= newItems.length < size;
			this.hasSlid ||= newItems.length < size && isNextOnItsWay;
		}
		if (size < this.pageSize) this.hasShortPage = true;
	}

	/** Once items come that were not counted, the count says nothing: it may be the number of those on the page. */
	private checkCount(totalCount = Infinity): void {
		if (totalCount < Infinity) this.totalCount ??= totalCount;
		if (this.totalCount === undefined) return;
		const hasNewItems = this.last.newItems > 0;
		if (hasNewItems && this.items.length > Math.min(totalCount, this.totalCount)) this.isCountWrong = true;
		if (totalCount >= this.totalCount) return;
		this.hasCountFallen = true;
		this.isStopped = true;
	}

	private onRepeatedPage(): void {
		const count = this.trustedCount;
		// Asked for proof that a short first page was all, the API gives the same page again.
		const isProof = this.isCapped && this.last.page === 2;
		if (count === undefined ? isProof : this.items.length >= count) return;
		this.isRepeating = true;
		this.isStopped = true;
	}
}

interface FetchedPage<T> extends Page<T> {
	/** Whether the next page was asked for before this one came. */
	readonly isNextOnItsWay: boolean;
}

/** Whether the API itself says that there is no more. */
function isCounted<T>({ items, totalCount }: Page<T>): boolean {
	return totalCount !== undefined && totalCount >= items.length;
}
