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
	private readonly creations = new Set<PendingCreation>();

	/** Notes a creation that is about to be sent. */
	begin(lookup: CreatedLookup): PendingCreation {
		this.forgetOld();
		const creation: PendingCreation = { lookup, processedUntil: Infinity };
		this.creations.add(creation);
		return creation;
	}

	/** Notes that the outcome of a creation is known. */
	end(creation: PendingCreation): void {
		this.creations.delete(creation);
	}

	/**
	 * Whether another creation that can't be told from this one may have been processed after this one was sent.
	 *
	 * @param sentAt by `performance.now()`
	 */
	hasOther(creation: PendingCreation, sentAt: number): boolean {
		return [...this.creations].some(
			(other) =>
				other !== creation &&
				other.processedUntil >= sentAt - CLOCK_TOLERANCE_MS &&
				mayBeSame(other.lookup, creation.lookup),
		);
	}

	private forgetOld(): void {
		const oldest = performance.now() - MAX_AGE_MS;
		for (const creation of this.creations) {
			if (creation.processedUntil < oldest) this.end(creation);
		}
	}
}

/** Whether two creations may make objects with the same members: what one of them left out may be filled in. */
function mayBeSame(one: CreatedLookup, other: CreatedLookup): boolean {
	if (one.resource !== other.resource || !mayBeSamePath(one.listPath, other.listPath)) return false;
	const members = Object.entries(one.members ?? {});
	return members.every(([name, value]) => {
		const otherValue = other.members?.[name] ?? null;
		return value === null || otherValue === null || value === otherValue;
	});
}

const apis = new Map<string, PendingCreations>();

/** The pending creations of this process in the API at a Base URL. */
export function pendingCreationsOf(baseUrl: string): PendingCreations {
	let pending = apis.get(baseUrl);
	if (pending === undefined) apis.set(baseUrl, (pending = new PendingCreations()));
	return pending;
}
