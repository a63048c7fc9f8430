interface Entry<T> {
	readonly value: Promise<T>;
	readonly expiresAt: number;
}

/** Keeps what was loaded for a limited time; who asks meanwhile gets the same. What fails is not kept. */
export class ExpiringCache<T> {
	private readonly entries = new Map<string, Entry<T>>();

	constructor(private readonly lifetimeMs: number) {}

	/** How many entries are kept. Those whose time is over go when the next one is asked for. */
	get size(): number {
		return this.entries.size;
	}

	/** What is kept under a key, or else what `load` gives. */
	async get(key: string, load: () => Promise<T>): Promise<T> {
		const now = performance.now();
		for (const [old, { expiresAt }] of this.entries) {
			if (expiresAt <= now) this.entries.delete(old);
		}
		const kept = this.entries.get(key);
		if (kept !== undefined) return await kept.value;
		const entry = { value: load(), expiresAt: now + this.lifetimeMs };
		this.entries.set(key, entry);
		entry.value.catch(() => {
			if (this.entries.get(key) === entry) this.entries.delete(key);
		});
		return await entry.value;
	}
}
