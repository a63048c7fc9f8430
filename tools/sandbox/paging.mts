import { ok } from './answers.mts';
import type { Answer } from './answers.mts';
import type { Settings } from './options.mts';

const FULL_PAGE = 100; // docs: api-reference/getting-started/pagination-and-filtering

/** The part of a query that chooses a page. */
export interface PageQuery {
	/** From 1 on. */
	page?: number;
	/** 1 to 100. */
	take?: number;
}

function count(form: Settings['countHeader'], total: number, onPage: number): Record<string, string> {
	switch (form) {
		case 'absent':
			return {};
		case 'page':
			return { 'pagination-count': String(onPage) };
		case 'wrong':
			return { 'pagination-count': String(Math.floor(total / 2)) };
		case 'total':
			return { 'pagination-count': String(total) };
	}
}

/**
 * Answers one page of `items` as a bare JSON array, with the `pagination-…` headers (docs:
 * api-reference/getting-started/cookbook). `serialise` gives an item as JSON text.
 */
export function pageOf<Item>(
	items: readonly Item[],
	serialise: (item: Item) => string,
	query: PageQuery,
	countHeader: Settings['countHeader'],
): Answer {
	const page = query.page ?? 1;
	const take = query.take ?? FULL_PAGE;
	const slice = items.slice((page - 1) * take, page * take);
	return ok(`[${slice.map(serialise).join(',')}]`, {
		...count(countHeader, items.length, slice.length),
		'pagination-page': String(page),
		'pagination-take': String(take),
	});
}
