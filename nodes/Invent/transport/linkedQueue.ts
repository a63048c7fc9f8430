/** An entry of a queue, with which it can be removed wherever it stands. */
export interface QueueEntry<T> {
	readonly value: T;
	previous: QueueEntry<T> | undefined;
	next: QueueEntry<T> | undefined;
	isQueued: boolean;
}

/** First in, first out. Adding, taking and removing need the same few steps, however long the queue is. */
export class LinkedQueue<T> {
	private head: QueueEntry<T> | undefined;

	private tail: QueueEntry<T> | undefined;

	private length = 0;

	get size(): number {
		return this.length;
	}

	enqueue(value: T): QueueEntry<T> {
		const entry: QueueEntry<T> = { value, previous: this.tail, next: undefined, isQueued: true };
		if (this.tail === undefined) this.head = entry;
		else this.tail.next = entry;
		this.tail = entry;
		this.length += 1;
		return entry;
	}

	dequeue(): T | undefined {
		const entry = this.head;
		if (entry !== undefined) this.remove(entry);
		return entry?.value;
	}

	/** Removes an entry; one that has left the queue already stays away. */
	remove(entry: QueueEntry<T>): void {
		if (!entry.isQueued) return;
		entry.isQueued = false;
		if (entry.previous === undefined) this.head = entry.next;
		else entry.previous.next = entry.next;
		if (entry.next === undefined) this.tail = entry.previous;
		else entry.next.previous = entry.previous;
		this.length -= 1;
	}
}
