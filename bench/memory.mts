import { setImmediate as aTurn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

import type { Memory } from './wire.mts';

const SAMPLE_MS = 5;
const LIVE_SAMPLE_MS = 25;
const KILOBYTE = 1024;

/** Collects the garbage, also what is let go only when the event loop has turned. */
export async function collectGarbage(): Promise<void> {
	if (globalThis.gc === undefined) throw new Error('Start with --expose-gc');
	for (let round = 0; round < 3; round++) {
		await aTurn();
		globalThis.gc();
	}
}

/** What the process takes now. */
export function memoryNow(): Memory {
	return { rss: process.memoryUsage.rss(), heap: heapNow() };
}

/** V8's heap, and what JavaScript holds outside of it, such as buffers. */
function heapNow(): number {
	const { used_heap_size: used, external_memory: external } = getHeapStatistics();
	return used + external;
}

/**
 * Looks at the heap often, until the end; the peak of RSS is known to the operating system.
 *
 * @param live whether the garbage is collected before each look
 */
export function watchMemory(live: boolean): { end(): Memory } {
	let heap = 0;
	const look = () => {
		if (live) globalThis.gc?.();
		heap = Math.max(heap, heapNow());
	};
	const timer = setInterval(look, live ? LIVE_SAMPLE_MS : SAMPLE_MS);
	return {
		end() {
			clearInterval(timer);
			look();
			return { heap, rss: process.resourceUsage().maxRSS * KILOBYTE };
		},
	};
}
