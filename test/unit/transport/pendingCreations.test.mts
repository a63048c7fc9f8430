import { PendingCreations, pendingCreationsOf } from '../../../nodes/Invent/transport/pendingCreations.ts';
import type { CreatedLookup } from '../../../nodes/Invent/transport/policy.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function lookup(name: string | undefined, organization = 'one', resource = 'thing'): CreatedLookup {
	const members = name === undefined ? undefined : { name };
	return { resource, listPath: `/orgs/${organization}/things`, name, members };
}

describe("A creation can't be told from another one", () => {
	test('of the same name that is still on its way', () => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup('One'));
		expect(pending.hasOther(own, performance.now())).toBe(false);
		pending.begin(lookup('One'));
		vi.advanceTimersByTime(3_600_000);
		expect(pending.hasOther(own, performance.now())).toBe(true);
	});

	test('of the same name that may have been processed after it was sent, give or take two seconds', () => {
		const pending = new PendingCreations();
		const other = pending.begin(lookup('One'));
		other.processedUntil = performance.now();
		const own = pending.begin(lookup('One'));
		vi.advanceTimersByTime(2000);
		expect(pending.hasOther(own, performance.now())).toBe(true);
		vi.advanceTimersByTime(1);
		expect(pending.hasOther(own, performance.now())).toBe(false);
	});

	test.each([
		['the same organization', 'one', 'one', true],
		['two organizations', 'one', 'two', false],
		["the key's own organization and another path", 'c', 'two', true],
		["another path and the key's own organization", 'two', 'c', true],
	])('in %s: %s and %s', (_, here, there, isAlike) => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup('One', here));
		pending.begin(lookup('One', there));
		expect(pending.hasOther(own, performance.now())).toBe(isAlike);
	});

	test.each([
		['nobody knows the name of the other one', 'One', undefined],
		['nobody knows its own name', undefined, 'One'],
	])('when %s', (_, ownName, otherName) => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup(ownName));
		pending.begin(lookup(otherName));
		expect(pending.hasOther(own, performance.now())).toBe(true);
	});

	test.each([
		['when the other one left a member out, which may be filled in', 'search', true],
		['but not when they differ in a member that both have', 'scrape', false],
	])('%s', (_, type, isAlike) => {
		const pending = new PendingCreations();
		const { members: _members, ...rest } = lookup('One');
		const own = pending.begin({ ...rest, members: { type: 'search', name: 'One' } });
		pending.begin({ ...rest, members: { type, name: null } });
		expect(pending.hasOther(own, performance.now())).toBe(isAlike);
	});
});

describe('A creation can be told from another one', () => {
	test('of another name, or of another kind', () => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup('One'));
		pending.begin(lookup('Two'));
		pending.begin(lookup('One', 'one', 'other thing'));
		expect(pending.hasOther(own, performance.now())).toBe(false);
	});

	test('whose outcome is known', () => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup('One'));
		const other = pending.begin(lookup('One'));
		pending.end(other);
		pending.end(other);
		expect(pending.hasOther(own, performance.now())).toBe(false);
	});

	test('only when the outcome of every other one is known', () => {
		const pending = new PendingCreations();
		const [own, second, third] = ['One', 'One', 'One'].map((name) => pending.begin(lookup(name)));
		if (own === undefined || second === undefined || third === undefined) throw new Error('Not begun');
		pending.end(second);
		expect(pending.hasOther(own, performance.now())).toBe(true);
		pending.end(third);
		expect(pending.hasOther(own, performance.now())).toBe(false);
	});

	test('after it has ended itself, more than once', () => {
		const pending = new PendingCreations();
		const own = pending.begin(lookup('One'));
		pending.end(own);
		pending.end(own);
		expect(pending.hasOther(pending.begin(lookup('One')), performance.now())).toBe(false);
	});
});

test('What has been in doubt for more than ten minutes is forgotten at the next creation, what is on its way is not', () => {
	const pending = new PendingCreations();
	const old = pending.begin(lookup('One'));
	pending.begin(lookup('Two'));
	const since = performance.now();
	old.processedUntil = since;
	vi.advanceTimersByTime(600_000);
	const [one, two] = [pending.begin(lookup('One')), pending.begin(lookup('Two'))];
	expect(pending.hasOther(one, since)).toBe(true);
	pending.end(one);
	vi.advanceTimersByTime(1);
	expect(pending.hasOther(pending.begin(lookup('One')), since)).toBe(false);
	expect(pending.hasOther(two, since)).toBe(true);
});

test('Each API has its own', () => {
	const one = pendingCreationsOf('https://one.example');
	one.begin(lookup('One'));
	expect(pendingCreationsOf('https://one.example')).toBe(one);
	expect(pendingCreationsOf('https://two.example')).not.toBe(one);
});
