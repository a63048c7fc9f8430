/** One figure: with a target that it meets or not, or only to be known. */
export interface Verdict {
	readonly what: string;
	readonly value: string;
	readonly target?: string;
	readonly met?: boolean;
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

/** The middle of some numbers; the number of runs is odd. */
export function median(numbers: readonly number[]): number {
	return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;
}

/** A number for people, with so many digits after the point. */
export function shown(value: number, digits = 0): string {
	return value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** Milliseconds as seconds. */
export function seconds(ms: number): string {
	return `${shown(ms / 1000, 2)} s`;
}

/** Bytes as megabytes. */
export function megabytes(bytes: number): string {
	return `${shown(bytes / 1e6)} MB`;
}

/** A share in percent. */
export function percent(share: number): string {
	return `${shown(share * 100, 1)} %`;
}

/** The findings as Markdown. */
export function resultsText(findings: readonly Finding[], facts: string): string {
	const verdicts = findings.flatMap((finding) => finding.verdicts);
	return [
		'# Benchmark',
		'The Invent node beside n8n’s own HTTP Request node and bare HTTP requests, all against the [sandbox](../../tools/sandbox/README.md). Made by `npm run bench`.',
		facts,
		table(['', 'measured', 'target', ''], verdicts.map(verdictRow)),
		...findings.flatMap(({ title, how, head, rows }) => [`## ${title}`, how, table(head, rows)]),
	].join('\n\n');
}

function verdictRow({ what, value, target = '', met }: Verdict): string[] {
	return [what, value, target, met === undefined ? '' : met ? '✓' : 'missed'];
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const isNumeric = (column: number) => rows.every((cells) => /^[\d–]/.test(cells[column] ?? ''));
	const rule = head.map((_, column) => (isNumeric(column) ? '--:' : '---'));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}
