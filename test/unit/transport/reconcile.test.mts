import { ResponseError } from '../../../nodes/Invent/transport/errors.ts';
import { isInDoubt, mayTakeEffectUntil, outcomeUnknown } from '../../../nodes/Invent/transport/reconcile.ts';
import type { WriteAttempt } from '../../../nodes/Invent/transport/writeMemory.ts';
import { SEEN } from './networkFixtures.mts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

function attemptOf(name: string | undefined, more: Partial<WriteAttempt> = {}): WriteAttempt {
	const members = name === undefined ? undefined : { name };
	const lookup = { resource: 'assistant', listPath: '/a', name, members };
	return { pending: { lookup, processedUntil: Infinity }, lookup, lastSentAt: 0, ...more };
}

describe('A write that failed may still take effect', () => {
	test('for twice as long as it took to fail, and two seconds at least', () => {
		vi.advanceTimersByTime(60_000);
		const now = performance.now();
		expect(mayTakeEffectUntil(SEEN.reset, now)).toBe(now + 2000);
		expect(mayTakeEffectUntil(SEEN.reset, now - 999)).toBe(now + 2000);
		expect(mayTakeEffectUntil(SEEN.timeout, now - 5000)).toBe(now + 10_000);
		expect(mayTakeEffectUntil(new ResponseError(504, '', {}), now - 30_000)).toBe(now + 60_000);
	});

	test('not at all when it was refused, or has failed before it was sent', () => {
		for (const error of [new ResponseError(400, '', {}), new ResponseError(500, '', {}), SEEN.refused]) {
			expect(mayTakeEffectUntil(error, 0)).toBe(0);
		}
	});
});

test('A write is in doubt when it ended with an error that does not tell its outcome', () => {
	expect(isInDoubt(undefined)).toBe(false);
	expect(isInDoubt(attemptOf('A'))).toBe(false);
	expect(isInDoubt(attemptOf('A', { output: [] }))).toBe(false);
	expect(isInDoubt(attemptOf('A', { ambiguousError: undefined }))).toBe(true);
});

test('The error of a write in doubt tells what to look for, as far as that is known', () => {
	const attempt = attemptOf('One', { ambiguousError: SEEN.reset });
	const known = outcomeUnknown(attempt, Date.UTC(2026, 10, 24, 12));
	expect(known.message).toContain('assistant');
	expect(known.description).toContain('One');
	expect(known.description).toContain('2026-11-24T12:00:00.000Z');
	expect(known.cause).toBe(SEEN.reset);
	const { description } = outcomeUnknown(attemptOf(undefined, { ambiguousError: SEEN.reset }));
	expect(description).not.toMatch(/undefined|'|named/);
	expect(description).toContain('assistant.');
});
