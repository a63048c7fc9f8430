/** One figure that the node aims at. */
export interface Verdict {
	readonly what: string;
	readonly value: string;
	readonly target: string;
	readonly met: boolean;
}

/** What a measure found out. */
export interface Finding {
	readonly title: string;
	/** How it was measured. */
	readonly how: string;
	readonly head: readonly string[];
	readonly rows: ReadonlyArray<readonly string[]>;
	readonly verdicts: readonly Verdict[];
}

/** Something to measure; `say` tells how far it is. */
export type Measure = (say: (text: string) => void) => Promise<Finding>;

/** How the contenders are called in the results. */
export const TITLES = {
	invent: 'Invent node',
	inventRaw: 'Invent node, Simplify off',
	httpRequest: 'HTTP Request node',
	httpRequestBatched: 'HTTP Request node, batches of 8 every second',
	floor: 'bare HTTP',
} as const;
