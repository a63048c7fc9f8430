import { setImmediate as aTurn } from 'node:timers/promises';
import { getHeapStatistics } from 'node:v8';

const SAMPLE_MS = 5;
/** How much longer than a look the rest is until the next one. */
const REST = 5;

/** Bytes. */
interface Memory {
	readonly rss: number;
	readonly heap: number;
}

/** Collects the garbage, also what is let go only when the event loop has turned. */
export async function collectGarbage(): Promise<void> {
	for (let round = 0; round < 3; round++) {
		await aTurn();
		collect();
	}
}

/** The thorough way: an ordinary collection leaves buffers and caches for later. */
function collect(): void {
	if (globalThis.gc === undefined) throw new Error('Start with --expose-gc');
	globalThis.gc({ type: 'major', execution: 'sync', flavor: 'last-resort' });
}

/** What the process takes now: of its heap, V8's and what JavaScript holds outside of it, such as buffers. */
export function memoryNow(): Memory {
	const { used_heap_size: used, external_memory: external } = getHeapStatistics();
	return { rss: process.memoryUsage.rss(), heap: used + external };
}

/**
 * Looks at the heap often, until the end; the peak of RSS is known to the operating system.
 *
 * @param live whether the garbage is collected before each look
 */
export function watchMemory(live: boolean): { end(): Memory } {
	let heap = 0;
	const look = () => {
		const start = performance.now();
		if (live) collect();
		heap = Math.max(heap, memoryNow().heap);
		// A large heap takes long to clean: the looks may not become all that happens.
		timer = setTimeout(look, Math.max(SAMPLE_MS, (performance.now() - start) * REST));
	};
	let timer = setTimeout(look, SAMPLE_MS);
	return {
		end() {
			clearTimeout(timer);
			look();
			clearTimeout(timer);
			return { heap, rss: process.resourceUsage().maxRSS * 1024 };
		},
	};
}
