import { mayBeSamePath } from '../../../nodes/Invent/shared/organization.ts';

test.each([
	['/orgs/org_1/assistants', '/orgs/org_1/assistants'],
	['/orgs/c/assistants', '/orgs/org_1/assistants'],
	['/orgs/org_1/assistants', '/orgs/c/assistants'],
	['/orgs/c/assistants', '/orgs/c/assistants'],
	['/orgs/c/assistants/ast_1/actions', '/orgs/org_1/assistants/ast_1/actions'],
])('%s and %s may be one path', (one, other) => {
	expect(mayBeSamePath(one, other)).toBe(true);
});

test.each([
	['/orgs/org_1/assistants', '/orgs/org_2/assistants'],
	['/orgs/c1/assistants', '/orgs/org_1/assistants'],
	['/orgs/c/assistants/ast_1/actions', '/orgs/org_1/assistants/ast_2/actions'],
	['/orgs/org_1/assistants', '/orgs/c1/assistants'],
	['/orgs/org_1/orgs/c/', '/orgs/org_2/orgs/c/'],
])('%s and %s are two paths', (one, other) => {
	expect(mayBeSamePath(one, other)).toBe(false);
});
