/**
 * Every path of the API starts with an organization; `c` is the API key's own
 * (docs: api-reference/getting-started/introduction).
 */
export const OWN_ORGANIZATION = { name: "API Key's Organization", value: 'c' } as const;

const ORGANIZATION = /^\/orgs\/([^/]+)/;

/** Whether two paths may lead to the same: `c` and the ID of the API key's own organization are the same. */
export function mayBeSamePath(one: string, other: string): boolean {
	const isOwn = [one, other].some((path) => ORGANIZATION.exec(path)?.[1] === OWN_ORGANIZATION.value);
	return one === other || (isOwn && one.replace(ORGANIZATION, '') === other.replace(ORGANIZATION, ''));
}
