import { getEventListeners } from 'node:events';

import { onAbort } from '../../../nodes/Invent/transport/onAbort.ts';
import { workedMs } from '../cpuTime.mts';

function listenersOf(signal: AbortSignal): number {
	return getEventListeners(signal, 'abort').length;
}

test('Everybody who waits for a signal is called with its reason, in order, and once', () => {
	const controller = new AbortController();
	const calls: unknown[] = [];
	onAbort(controller.signal, (reason) => calls.push(['first', reason]));
	onAbort(controller.signal, (reason) => calls.push(['second', reason]));
	controller.abort('stop');
	controller.abort('again');
	expect(calls).toEqual([
		['first', 'stop'],
		['second', 'stop'],
	]);
	expect(listenersOf(controller.signal)).toBe(0);
});

test('A signal has one listener, however many wait for it, and none when nobody does', () => {
	const { signal } = new AbortController();
	const stops = Array.from({ length: 100 }, () => onAbort(signal, () => undefined));
	expect(listenersOf(signal)).toBe(1);
	for (const stop of stops.slice(1)) stop();
	expect(listenersOf(signal)).toBe(1);
	stops[0]?.();
	expect(listenersOf(signal)).toBe(0);
});

test('Who has stopped listening is not called, and stopping twice takes nothing from others', () => {
	const controller = new AbortController();
	const callback = vi.fn();
	const stop = onAbort(controller.signal, callback);
	stop();
	onAbort(controller.signal, callback);
	stop();
	controller.abort();
	expect(callback).toHaveBeenCalledTimes(1);
});

test('The same callback can wait twice, and each can stop for itself', () => {
	const controller = new AbortController();
	const callback = vi.fn();
	onAbort(controller.signal, callback);
	const stop = onAbort(controller.signal, callback);
	stop();
	controller.abort();
	expect(callback).toHaveBeenCalledTimes(1);
});

test('Who is stopped by another callback of the same abort is not called any more', () => {
	const controller = new AbortController();
	const callback = vi.fn();
	onAbort(controller.signal, () => stop());
	const stop = onAbort(controller.signal, callback);
	controller.abort();
	expect(callback).not.toHaveBeenCalled();
});

test('20,000 can wait for one signal and stop in less than a tenth of a second of work', () => {
	const { signal } = new AbortController();
	const start = workedMs();
	const stops = Array.from({ length: 20_000 }, () => onAbort(signal, () => undefined));
	for (const stop of stops.reverse()) stop();
	expect(workedMs() - start).toBeLessThan(100);
});
