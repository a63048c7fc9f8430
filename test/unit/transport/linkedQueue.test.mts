import fc from 'fast-check';

import { LinkedQueue } from '../../../nodes/Invent/transport/linkedQueue.ts';
import type { QueueEntry } from '../../../nodes/Invent/transport/linkedQueue.ts';

/** A queue beside a list that does the same. */
class Compared {
	readonly queue = new LinkedQueue<number>();

	readonly #entries: Array<QueueEntry<number>> = [];

	expected: number[] = [];

	enqueue(): void {
		this.expected.push(this.#entries.length);
		this.#entries.push(this.queue.enqueue(this.#entries.length));
	}

	dequeue(): [actual: number | undefined, expected: number | undefined] {
		return [this.queue.dequeue(), this.expected.shift()];
	}

	/** Also one that has left the queue already. */
	remove(which: number): void {
		const entry = this.#entries[which];
		if (entry !== undefined) this.queue.remove(entry);
		this.expected = this.expected.filter((value) => value !== which);
	}
}

const step = fc.oneof(fc.constantFrom('enqueue', 'dequeue'), fc.nat(20));

test('Whatever is added, taken and removed, it comes in the order in which it was added', () => {
	fc.assert(
		fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
			const compared = new Compared();
			const taken: Array<[actual: number | undefined, expected: number | undefined]> = [];
			for (const action of steps) {
				if (typeof action === 'number') compared.remove(action);
				else if (action === 'enqueue') compared.enqueue();
				else taken.push(compared.dequeue());
				expect(compared.queue.size).toBe(compared.expected.length);
			}
			while (compared.expected.length > 0) taken.push(compared.dequeue());
			expect(taken.map(([actual]) => actual)).toEqual(taken.map(([, expected]) => expected));
			expect(compared.queue.size).toBe(0);
			expect(compared.queue.dequeue()).toBeUndefined();
		}),
		{ seed: 9, numRuns: 300 },
	);
});
