import { getEventListeners } from 'node:events';

import { delay, MAX_SLEEP_MS, raceAbort } from '../../../nodes/Invent/transport/delay.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What a promise has come to, told without waiting for it. */
function observe(promise: Promise<unknown>): { outcome: unknown } {
	const observed: { outcome: unknown } = { outcome: 'pending' };
	promise.then(
		(value) => (observed.outcome = { value }),
		(reason: unknown) => (observed.outcome = { reason }),
	);
	return observed;
}

const DONE = { value: undefined };

test.each([1, 999, 1000, 1001, 2500, 60_000])('A delay of %i ms takes just as long', async (ms) => {
	const observed = observe(delay(ms));
	await vi.advanceTimersByTimeAsync(ms - 1);
	expect(observed.outcome).toBe('pending');
	await vi.advanceTimersByTimeAsync(1);
	expect(observed.outcome).toEqual(DONE);
	expect(vi.getTimerCount()).toBe(0);
});

test.each([0, -5, -Infinity])('A delay of %i ms is none', async (ms) => {
	await delay(ms);
	await delay(ms, new AbortController().signal);
	expect(vi.getTimerCount()).toBe(0);
});

test('A delay ends at once when its signal aborts, and sleeps no longer than one slice', async () => {
	const controller = new AbortController();
	const observed = observe(delay(60_000, controller.signal));
	await vi.advanceTimersByTimeAsync(1500);
	controller.abort('cancelled');
	await vi.advanceTimersByTimeAsync(0);
	expect(observed.outcome).toEqual({ reason: 'cancelled' });
	await vi.advanceTimersByTimeAsync(MAX_SLEEP_MS);
	expect(vi.getTimerCount()).toBe(0);
});

test('A delay throws when its signal has aborted before, however short it is', async () => {
	await expect(delay(0, AbortSignal.abort('cancelled'))).rejects.toBe('cancelled');
	await expect(delay(5000, AbortSignal.abort('cancelled'))).rejects.toBe('cancelled');
	expect(vi.getTimerCount()).toBe(0);
});

test('A race is won by the promise or by the signal, and no listener stays', async () => {
	const { signal } = new AbortController();
	await expect(raceAbort(Promise.resolve(1), signal)).resolves.toBe(1);
	expect(getEventListeners(signal, 'abort')).toHaveLength(0);
	await expect(raceAbort(Promise.reject(new Error('Failed')), signal)).rejects.toThrow('Failed');
	expect(getEventListeners(signal, 'abort')).toHaveLength(0);

	const controller = new AbortController();
	const observed = observe(raceAbort(new Promise(() => undefined), controller.signal));
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
	controller.abort('cancelled');
	await vi.advanceTimersByTimeAsync(0);
	expect(observed.outcome).toEqual({ reason: 'cancelled' });
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

test('A race without a signal is the promise', async () => {
	await expect(raceAbort(Promise.resolve(1))).resolves.toBe(1);
	await expect(raceAbort(Promise.reject(new Error('Failed')))).rejects.toThrow('Failed');
});

test('A promise that fails after its race is lost goes unnoticed', async () => {
	const unhandled = vi.fn();
	process.on('unhandledRejection', unhandled);
	const controller = new AbortController();
	const racing = raceAbort(Promise.reject(new Error('Late')), AbortSignal.abort('before'));
	await expect(racing).rejects.toBe('before');
	const failing = delay(10).then(() => Promise.reject(new Error('Late')));
	const observed = observe(raceAbort(failing, controller.signal));
	controller.abort('during');
	await vi.advanceTimersByTimeAsync(10);
	expect(observed.outcome).toEqual({ reason: 'during' });
	vi.useRealTimers();
	await new Promise((resolve) => setTimeout(resolve, 5));
	process.off('unhandledRejection', unhandled);
	expect(unhandled).not.toHaveBeenCalled();
});
