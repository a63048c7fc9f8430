import { mayBeSamePath } from '../shared/organization';
import type { CreatedLookup } from './policy';

/** Timestamps have whole seconds, on both sides. */
const CLOCK_TOLERANCE_MS = 2000;

/** For how long a creation with an unknown outcome is kept in mind; no search goes back further. */
const MAX_AGE_MS = 10 * 60_000;

/** A creation of this process whose outcome is not known yet, or never will be. */
export interface PendingCreation {
	readonly lookup: CreatedLookup;
	/** Until when it may have been processed, by `performance.now()`. */
	processedUntil: number;
}

/**
 * The creations of this process whose outcome is not known, for the whole life of the process: when the response
 * to one is lost, what it created can't be told from what another one of the same name created meanwhile,
 * whichever execution or tool call that belongs to.
 */
export class PendingCreations {
	private readonly byName = new Map<string, Set<PendingCreation>>();

	/** Notes a creation that is about to be sent. */
	begin(lookup: CreatedLookup): PendingCreation {
		this.forgetOld();
		const creation: PendingCreation = { lookup, processedUntil: Infinity };
		const key = nameKey(lookup);
		const creations = this.byName.get(key) ?? new Set();
		this.byName.set(key, creations.add(creation));
		return creation;
	}

	/** Notes that the outcome of a creation is known. */
	end(creation: PendingCreation): void {
		const key = nameKey(creation.lookup);
		const creations = this.byName.get(key);
		creations?.delete(creation);
		if (creations?.size === 0) this.byName.delete(key);
	}

	/**
	 * Whether another creation of the same name may have been processed after this one was sent.
	 *
	 * @param sentAt by `performance.now()`
	 */
	hasOther(creation: PendingCreation, sentAt: number): boolean {
		const { lookup } = creation;
		return [...(this.byName.get(nameKey(lookup)) ?? [])].some(
			(other) =>
				other !== creation &&
				other.processedUntil >= sentAt - CLOCK_TOLERANCE_MS &&
				mayBeSamePath(other.lookup.listPath, lookup.listPath),
		);
	}

	private forgetOld(): void {
		const oldest = performance.now() - MAX_AGE_MS;
		for (const creations of this.byName.values()) {
			for (const creation of creations) {
				if (creation.processedUntil < oldest) this.end(creation);
			}
		}
	}
}

function nameKey({ resource, members }: CreatedLookup): string {
	return JSON.stringify([resource, members]);
}

const apis = new Map<string, PendingCreations>();

/** The pending creations of this process in the API at a Base URL. */
export function pendingCreationsOf(baseUrl: string): PendingCreations {
	let pending = apis.get(baseUrl);
	if (pending === undefined) apis.set(baseUrl, (pending = new PendingCreations()));
	return pending;
}
