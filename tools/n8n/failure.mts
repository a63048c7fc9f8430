const LONGEST_LINE = 400;

/** What a person can act on: shown as one line, never as a stack. */
export class DemoFailure extends Error {
	/** Lines worth showing below the message, such as the end of a log. */
	readonly details: readonly string[];

	constructor(message: string, details: readonly string[] = []) {
		super(message);
		this.name = 'DemoFailure';
		this.details = details;
	}
}

/** Thrown by what a signal cut short: nothing is wrong, there is just nothing more to do. */
export class Interrupted extends Error {
	constructor() {
		super('interrupted');
		this.name = 'Interrupted';
	}
}

/** The one line that says what went wrong, whatever was thrown. */
export function oneLine(error: unknown): string {
	const text = error instanceof Error ? error.message : String(error);
	return text.replaceAll(/\s+/g, ' ').slice(0, LONGEST_LINE);
}
