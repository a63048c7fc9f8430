import { availableParallelism } from 'node:os';

import { format, resolveConfig } from 'prettier';

import type { Finding, Verdict } from './finding.mts';

/** What the figures depend on. */
export interface Versions {
	readonly node: string;
	readonly nodesBase: string;
	readonly core: string;
}

/** The findings as Markdown, formatted like the project's other files when `file` is given. */
export async function resultsText(
	findings: readonly Finding[],
	versions: Versions,
	file: string,
): Promise<string> {
	const text = [
		'# Benchmark',
		'The Invent node beside n8n’s own HTTP Request node and bare HTTP requests, all against the [sandbox](../../tools/sandbox/README.md). Made by `npm run bench`.',
		factsOf(versions),
		table(
			['', 'measured', 'target', ''],
			findings.flatMap(({ verdicts }) => verdicts.map(verdictRow)),
		),
		...findings.flatMap(({ title, how, head, rows }) => [`## ${title}`, how, table(head, rows)]),
	].join('\n\n');
	return await format(text, { ...(await resolveConfig(file)), parser: 'markdown' });
}

function factsOf({ node, nodesBase, core }: Versions): string {
	const day = new Date().toISOString().slice(0, 10);
	return `${day}, ${availableParallelism()} cores, Node.js ${node}, n8n-core ${core}, n8n-nodes-base ${nodesBase}.`;
}

function verdictRow({ what, value, target, met }: Verdict): string[] {
	return [what, value, target, met ? '✓' : 'missed'];
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
	const rule = head.map((_, column) => (isNumeric(rows, column) ? '--:' : '---'));
	return [line(head), line(rule), ...rows.map(line)].join('\n');
}

function isNumeric(rows: ReadonlyArray<readonly string[]>, column: number): boolean {
	return rows.every((cells) => /^[\d–]/.test(cells[column] ?? ''));
}
