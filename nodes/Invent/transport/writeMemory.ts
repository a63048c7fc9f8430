import type { INodeExecutionData } from 'n8n-workflow';

import { mayBeSamePath } from '../shared/organization';
import type { PendingCreation } from './pendingCreations';
import type { CreatedLookup } from './policy';

/** A POST that must not be sent twice, and what is known of it. */
export interface WriteAttempt {
	readonly pending: PendingCreation;
	readonly lookup: CreatedLookup;
	/** When it was sent last, by `performance.now()`. */
	lastSentAt: number;
	/** Why its outcome is unknown, as long as it is. */
	readonly ambiguousError?: unknown;
	/** The items that the node returns for it, once it is known to be done. */
	readonly output?: readonly INodeExecutionData[];
}

/**
 * What the writes of one execution of the node have done, by item index: Retry On Fail executes the node again
 * with the same items, and an item must not create again what it has created before. The index is what stays:
 * the engine drops items whose expressions throw, so positions among the others change from try to try.
 *
 * Everything is looked up by key; nothing is scanned.
 */
export class WriteMemory {
	private readonly attempts = new Map<number, WriteAttempt>();

	private readonly inDoubt = new Map<string, Set<WriteAttempt>>();

	/** What the item has sent before, in this try or an earlier one. */
	get(index: number): WriteAttempt | undefined {
		return this.attempts.get(index);
	}

	/** Notes that the item is about to send a write; whatever it sent before is known not to have been carried out. */
	begin(index: number, pending: PendingCreation): WriteAttempt {
		const attempt: WriteAttempt = { pending, lookup: pending.lookup, lastSentAt: performance.now() };
		this.forget(index);
		this.attempts.set(index, attempt);
		return attempt;
	}

	/** Notes that nobody knows whether the write was carried out. */
	markInDoubt(index: number, attempt: WriteAttempt, ambiguousError: unknown): WriteAttempt {
		return this.replace(index, attempt, { ...attempt, ambiguousError });
	}

	/** Notes that the write is done. */
	complete(index: number, attempt: WriteAttempt, output: readonly INodeExecutionData[]): WriteAttempt {
		const { pending, lookup, lastSentAt } = attempt;
		return this.replace(index, attempt, { pending, lookup, lastSentAt, output });
	}

	/** Forgets a write that is known not to have been carried out. */
	forget(index: number): void {
		const attempt = this.attempts.get(index);
		if (attempt === undefined) return;
		this.attempts.delete(index);
		this.inDoubt.get(nameKey(attempt.lookup))?.delete(attempt);
	}

	/** A write in doubt that may have created something of the same name in the same list; the given one aside. */
	findInDoubt(lookup: CreatedLookup, own: WriteAttempt | undefined): WriteAttempt | undefined {
		return [...(this.inDoubt.get(nameKey(lookup)) ?? [])].find(
			(write) => write !== own && mayBeSamePath(write.lookup.listPath, lookup.listPath),
		);
	}

	private replace(index: number, before: WriteAttempt, after: WriteAttempt): WriteAttempt {
		const key = nameKey(before.lookup);
		const writes = this.inDoubt.get(key) ?? new Set();
		writes.delete(before);
		if ('ambiguousError' in after) this.inDoubt.set(key, writes.add(after));
		this.attempts.set(index, after);
		return after;
	}
}

function nameKey({ resource, members }: CreatedLookup): string {
	return JSON.stringify([resource, members]);
}
