import { mayBeSameOrganization } from '../../../nodes/Invent/shared/organization.ts';

test.each([
	['/orgs/org_1/assistants', '/orgs/org_1/assistants'],
	['/orgs/c/assistants', '/orgs/org_1/assistants'],
	['/orgs/org_1/assistants', '/orgs/c/assistants'],
	['/orgs/c/assistants', '/orgs/c/assistants'],
])('%s and %s may be in one organization', (one, other) => {
	expect(mayBeSameOrganization(one, other)).toBe(true);
});

test.each([
	['/orgs/org_1/assistants', '/orgs/org_2/assistants'],
	['/orgs/c1/assistants', '/orgs/org_1/assistants'],
	['/orgs/org_1/assistants', '/orgs/c1/assistants'],
	['/orgs/org_1/orgs/c/', '/orgs/org_2/orgs/c/'],
])('%s and %s are in two organizations', (one, other) => {
	expect(mayBeSameOrganization(one, other)).toBe(false);
});
