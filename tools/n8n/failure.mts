const LONGEST_LINE = 400;

/** What a person can act on: shown as lines, never as a stack. */
export class Failure extends Error {
	override readonly name = 'Failure';

	/** @param details lines worth showing below the message, such as the end of a log */
	constructor(message: string, details: readonly string[] = []) {
		super([message, ...details].join('\n'));
	}
}

/** Thrown by what a signal cut short: nothing is wrong, there is just nothing more to do. */
export class Interrupted extends Error {
	override readonly name = 'Interrupted';
}

/** What went wrong, for a terminal: a failure in full, anything else in one line. */
export function explain(error: unknown): string {
	if (error instanceof Failure) return error.message;
	const text = error instanceof Error ? error.message : String(error);
	return text.replaceAll(/\s+/g, ' ').slice(0, LONGEST_LINE);
}
