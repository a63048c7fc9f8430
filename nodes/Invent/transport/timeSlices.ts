import { sleep } from 'n8n-workflow';

import { LinkedQueue } from './linkedQueue';

/** How long the items of a run may keep the event loop busy at a time, in milliseconds. */
const SLICE_MS = 20;

/**
 * Lets the event loop do other things in between. The engine starts all items at once, and whatever they do
 * without waiting for the network would otherwise run in one go: for 20,000 items that takes seconds.
 */
export class TimeSlices {
	private sliceEnd: number | undefined;

	private isServing = false;

	private readonly waiting = new LinkedQueue<() => void>();

	/** Goes on at once while the slice lasts, otherwise in a later one, in the order of asking. */
	async next(): Promise<void> {
		const now = performance.now();
		this.sliceEnd ??= now + SLICE_MS;
		if (!this.isServing && now < this.sliceEnd) return;
		await new Promise<void>((resolve) => {
			this.waiting.enqueue(resolve);
			if (!this.isServing) void this.serve();
		});
	}

	private async serve(): Promise<void> {
		this.isServing = true;
		while (this.waiting.size > 0) {
			await sleep(0);
			this.sliceEnd = performance.now() + SLICE_MS;
			while (this.waiting.size > 0 && performance.now() < this.sliceEnd) {
				this.waiting.dequeue()?.();
				// Lets it do some of its work, which is what the slice is for.
				await Promise.resolve();
			}
		}
		this.isServing = false;
	}
}
