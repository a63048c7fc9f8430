const callbacksBySignal = new WeakMap<AbortSignal, Set<(reason: unknown) => void>>();

/**
 * Calls back when the signal aborts. However many wait for it, the signal has one listener: adding or removing
 * one among n takes n steps, which thousands of items that wait for the same execution would feel.
 *
 * @returns stops listening; with the last callback the listener goes as well
 */
export function onAbort(signal: AbortSignal, callback: (reason: unknown) => void): () => void {
	const existing = callbacksBySignal.get(signal);
	const callbacks = existing ?? listenTo(signal);
	// An own function for each registration, so that the same callback can be registered twice.
	const registered = (reason: unknown) => callback(reason);
	callbacks.add(registered);
	return () => {
		callbacks.delete(registered);
		if (callbacks.size === 0 && callbacksBySignal.get(signal) === callbacks) stopListening(signal);
	};
}

function listenTo(signal: AbortSignal): Set<(reason: unknown) => void> {
	const callbacks = new Set<(reason: unknown) => void>();
	callbacksBySignal.set(signal, callbacks);
	signal.addEventListener('abort', callBack);
	return callbacks;
}

function stopListening(signal: AbortSignal): void {
	callbacksBySignal.delete(signal);
	signal.removeEventListener('abort', callBack);
}

function callBack(this: AbortSignal): void {
	const callbacks = callbacksBySignal.get(this);
	stopListening(this);
	callbacks?.forEach((callback) => callback(this.reason));
}
