/**
 * Every path of the API starts with an organization; `c` is the API key's own
 * (docs: api-reference/getting-started/introduction).
 */
export const OWN_ORGANIZATION = { name: "API Key's Organization", value: 'c' } as const;

const OWN_PATH = `/orgs/${OWN_ORGANIZATION.value}/`;

/** Whether two paths may lead to the same organization: `c` and the ID of the API key's own one are the same. */
export function mayBeSameOrganization(one: string, other: string): boolean {
	return one === other || one.startsWith(OWN_PATH) || other.startsWith(OWN_PATH);
}
