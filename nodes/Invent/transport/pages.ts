import type { DeclarativeRestApiSettings, INodeExecutionData } from 'n8n-workflow';

type Options = DeclarativeRestApiSettings.HttpRequestOptions;

/** The most that one page may hold (docs: api-reference/getting-started/cookbook). */
const PAGE_SIZE = 100;

/**
 * Fetches a list page by page until the wanted number is there or a page is short.
 *
 * @param options the request; its query's `take` is the number wanted in all, absent when all are
 * @param send fetches one page and returns its items
 * @returns the items in list order, none twice even if the list changed while it was read
 */
export async function allPages(
	options: Options,
	send: (options: Options) => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	const wanted = typeof options.qs?.take === 'number' ? options.qs.take : Infinity;
	const take = Math.min(wanted, PAGE_SIZE);
	const seen = new Set<unknown>();
	const found: INodeExecutionData[] = [];
	for (let page = 1; found.length < wanted; page += 1) {
		const members = await send({ ...options, qs: { ...options.qs, page, take } });
		const fresh = members.filter(({ json }) => !seen.has(json.id));
		for (const member of fresh) {
			seen.add(member.json.id);
			found.push(member);
		}
		if (members.length < take || fresh.length === 0) break;
	}
	return found.slice(0, wanted);
}
