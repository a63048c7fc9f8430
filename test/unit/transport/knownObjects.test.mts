import { KnownObjects, knownObjectsOf, timestampsOf } from '../../../nodes/Invent/transport/knownObjects.ts';

beforeEach(() => vi.useFakeTimers({ now: Date.parse('2026-01-01T00:00:00Z') }));
afterEach(() => vi.useRealTimers());

function at(ms: number): string {
	return new Date(Date.now() + ms).toISOString();
}

describe('An object', () => {
	test('was there before a moment only if it was seen before it', () => {
		const known = new KnownObjects();
		vi.advanceTimersByTime(10);
		known.recordSeen([{ id: 'old' }]);
		expect(known.wasSeenBefore('old', performance.now())).toBe(false);
		vi.advanceTimersByTime(10);
		const moment = performance.now();
		vi.advanceTimersByTime(10);
		known.recordSeen([{ id: 'old' }, { id: 'new' }]);
		expect(known.wasSeenBefore('old', moment)).toBe(true);
		expect(known.wasSeenBefore('new', moment)).toBe(false);
		expect(known.wasSeenBefore('never seen', moment)).toBe(false);
	});

	test('is known as created only when this process has created it', () => {
		const known = new KnownObjects();
		known.recordSeen([{ id: 'seen' }]);
		known.recordCreated([{ id: 'created' }]);
		expect(known.isKnownCreated('created')).toBe(true);
		expect(known.isKnownCreated('seen')).toBe(false);
	});

	test('counts as created by this process when it was, or when it may have been', () => {
		const known = new KnownObjects();
		known.recordSeen([{ id: 'seen' }]);
		expect(known.createdCount).toBe(0);
		known.recordMaybeCreated();
		expect(known.createdCount).toBe(1);
		known.recordCreated([{ id: 'a' }, { id: 'b' }]);
		expect(known.createdCount).toBe(3);
	});

	test('is forgotten when ten thousand newer ones were seen and created', () => {
		const known = new KnownObjects();
		const many = Array.from({ length: 10_001 }, (_, id) => ({ id }));
		known.recordSeen(many);
		known.recordCreated(many);
		vi.advanceTimersByTime(1);
		expect([0, 1, 10_000].map((id) => known.wasSeenBefore(id, performance.now()))).toEqual([
			false,
			true,
			true,
		]);
		expect([0, 1, 10_000].map((id) => known.isKnownCreated(id))).toEqual([false, true, true]);
	});
});

describe("The API's clock", () => {
	test('is unknown before a write has told it', () => {
		const known = new KnownObjects();
		known.recordSeen([{ id: 'a', created_at: at(0) }]);
		expect(known.apiTimeAt(performance.now())).toBeUndefined();
	});

	test('goes on from what the latest write has told, a second less because times may be whole seconds', () => {
		const known = new KnownObjects();
		vi.advanceTimersByTime(500);
		known.recordCreated([{ id: 'a', created_at: at(3_600_000), updated_at: at(3_600_000) }]);
		vi.advanceTimersByTime(500);
		expect(known.apiTimeAt(performance.now())).toBe(Date.now() + 3_600_000 - 1000);
	});

	test('is not set back by an object that was created long before it was changed', () => {
		const known = new KnownObjects();
		known.recordWritten({ id: 'a', created_at: at(-86_400_000), updated_at: at(0) });
		known.recordWritten({ id: 'b', created_at: at(-86_400_000), updated_at: null });
		expect(known.apiTimeAt(performance.now())).toBe(Date.now() - 1000);
	});
});

test('Times that are absent, null or no times are left out', () => {
	expect(timestampsOf({ created_at: null, updated_at: 'soon' })).toEqual([]);
	expect(timestampsOf({ created_at: 2026, updated_at: 2026 })).toEqual([]);
	expect(timestampsOf({})).toEqual([]);
	expect(timestampsOf({ created_at: '1970-01-01T00:00:01Z', updated_at: '1970-01-01T00:00:02Z' })).toEqual([
		1000, 2000,
	]);
});

test('Each API has its own knowledge, and keeps it', () => {
	const one = knownObjectsOf('https://one.example');
	one.recordCreated([{ id: 'a' }]);
	expect(knownObjectsOf('https://one.example').isKnownCreated('a')).toBe(true);
	expect(knownObjectsOf('https://two.example').isKnownCreated('a')).toBe(false);
});
