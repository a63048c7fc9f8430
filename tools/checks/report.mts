/** What a check found wrong, one sentence each; empty when all is well. */
export type Problems = string[];

/** Prints the rows as a table of two aligned columns. */
export function printTable(rows: ReadonlyArray<readonly [label: string, value: string | number]>): void {
	const width = Math.max(...rows.map(([label]) => label.length));
	for (const [label, value] of rows) console.log(`  ${label.padEnd(width)}  ${value}`);
}

/** Prints the verdict and sets the exit code; the process still ends by itself, so that output is complete. */
export function conclude(check: string, problems: Readonly<Problems>): void {
	for (const problem of problems) console.error(`  ✗ ${problem}`);
	if (problems.length > 0) {
		console.error(`${check}: ${problems.length} found`);
		process.exitCode = 1;
	} else {
		console.log(`${check}: ok`);
	}
}

/** Narrows a value that came from outside to an object whose members can be asked for. */
export function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses the text of a JSON object, such as a package.json. */
export function parseObject(text: string, name: string): Record<string, unknown> {
	const value: unknown = JSON.parse(text);
	if (!isRecord(value)) throw new Error(`${name} is no JSON object`);
	return value;
}
