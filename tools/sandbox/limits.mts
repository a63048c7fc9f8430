/** Counts events over a sliding window of time. */
export interface SlidingWindow {
	/** Milliseconds until there is room for one more; 0 when there is room now. */
	wait: (now: number) => number;
	/** Takes a place. */
	add: (now: number) => void;
}

/**
 * A window that holds at most `limit` events within `lengthMs` milliseconds; a limit of 0 is none. That Invent's own window
 * slides is an assumption, the documentation gives only the numbers.
 */
export function slidingWindow(limit: number, lengthMs: number): SlidingWindow {
	const events: number[] = [];
	const forgetOld = (now: number) => {
		const firstCurrent = events.findIndex((at) => at > now - lengthMs);
		events.splice(0, firstCurrent === -1 ? events.length : firstCurrent);
	};
	return {
		wait(now) {
			if (limit === 0) return 0;
			forgetOld(now);
			const blocking = events[events.length - limit];
			return blocking === undefined ? 0 : blocking + lengthMs - now;
		},
		add(now) {
			if (limit !== 0) events.push(now);
		},
	};
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Both limits of the API: requests a minute, and creations an hour in each organization. */
export interface Limits {
	requests: SlidingWindow;
	creations: (orgId: string) => SlidingWindow;
}

/** New, empty limits. All requests come from one address, so the limit per IP address is one window. */
export function createLimits(requestsPerMinute: number, creationsPerHour: number): Limits {
	const creations = new Map<string, SlidingWindow>();
	return {
		requests: slidingWindow(requestsPerMinute, MINUTE_MS),
		creations(orgId) {
			const window = creations.get(orgId) ?? slidingWindow(creationsPerHour, HOUR_MS);
			creations.set(orgId, window);
			return window;
		},
	};
}
