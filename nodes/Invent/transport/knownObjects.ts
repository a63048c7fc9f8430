import type { IDataObject } from 'n8n-workflow';

/** How many ids are remembered; the oldest go first. An id takes about 100 bytes. */
const MAX_IDS = 10_000;

/** The Date header has whole seconds, and so may the times that the API stores. */
export const CLOCK_RESOLUTION_MS = 1000;

/**
 * What this process knows of the objects of one API, for the whole life of the process: which ids it has seen
 * and since when, which it has created, and how late it is by the API's own clock. When the response to a
 * creation is lost, this tells the new object from older ones of the same name.
 */
export class KnownObjects {
	private readonly firstSeen = new Map<unknown, number>();

	private readonly created = new Set<unknown>();

	private creations = 0;

	/** The API's clock minus `performance.now()`, at least: timestamps that it has just written. */
	private clockOffset: number | undefined;

	/** Notes objects of a response; ids that are known already keep their time. */
	recordSeen(objects: readonly IDataObject[]): void {
		const now = performance.now();
		for (const { id } of objects) {
			if (!this.firstSeen.has(id)) this.firstSeen.set(id, now);
		}
		removeOldest(this.firstSeen);
	}

	/** How many objects requests of this process have created, or may have. */
	get createdCount(): number {
		return this.creations;
	}

	/** Notes that a request may have created an object, which nobody knows. */
	recordMaybeCreated(): void {
		this.creations += 1;
	}

	/** Notes objects that a request of this process has created. */
	recordCreated(objects: readonly IDataObject[]): void {
		this.creations += objects.length;
		for (const object of objects) {
			this.created.add(object.id);
			this.recordWritten(object);
		}
		removeOldest(this.created);
	}

	/** Notes an object that the API has just changed: its timestamps tell the API's own clock. */
	recordWritten(object: IDataObject): void {
		for (const time of timestampsOf(object)) {
			const offset = time - performance.now();
			this.clockOffset = Math.max(this.clockOffset ?? -Infinity, offset);
		}
	}

	/** Whether a request of this process is known to have created the object. */
	isKnownCreated(id: unknown): boolean {
		return this.created.has(id);
	}

	/**
	 * Whether the object was there before a moment.
	 *
	 * @param moment by `performance.now()`
	 */
	wasSeenBefore(id: unknown, moment: number): boolean {
		return (this.firstSeen.get(id) ?? Infinity) < moment;
	}

	/**
	 * How late it was by the API's own clock at a moment.
	 *
	 * @param moment by `performance.now()`
	 * @returns milliseconds since 1970, not later than the true time; `undefined` when no write has told yet
	 */
	apiTimeAt(moment: number): number | undefined {
		return this.clockOffset === undefined ? undefined : this.clockOffset + moment - CLOCK_RESOLUTION_MS;
	}
}

/** The times at which the API has created and changed an object, in milliseconds since 1970. */
export function timestampsOf({ created_at: createdAt, updated_at: updatedAt }: IDataObject): number[] {
	return [createdAt, updatedAt].flatMap((value) => {
		const time = typeof value === 'string' ? Date.parse(value) : NaN;
		return Number.isNaN(time) ? [] : [time];
	});
}

function removeOldest(ids: Set<unknown> | Map<unknown, unknown>): void {
	for (const id of ids.keys()) {
		if (ids.size <= MAX_IDS) return;
		ids.delete(id);
	}
}

const apis = new Map<string, KnownObjects>();

/** What this process knows of the API at a Base URL. */
export function knownObjectsOf(baseUrl: string): KnownObjects {
	let known = apis.get(baseUrl);
	if (known === undefined) apis.set(baseUrl, (known = new KnownObjects()));
	return known;
}
