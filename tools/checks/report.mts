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
	console.log(problems.length === 0 ? `${check}: ok` : `${check}: ${problems.length} found`);
	if (problems.length > 0) process.exitCode = 1;
}
