import { machine, table } from './markdown.mts';
import { knownReason } from './limits.mts';
import type { Finding } from './operations.mts';

/** What was seen in one version. */
export interface Column {
	/** The version of n8n. */
	readonly number: string;
	/** The version of Node. */
	readonly node: string;
	readonly findings: readonly Finding[];
}

/** What was seen in all versions, as Markdown. */
export function resultsOf(columns: readonly Column[]): string[] {
	return [
		'# Compatibility',
		`The packed node, installed as n8n installs a community package, in several versions of n8n, each with its own Node. Every operation runs on two items against the [sandbox](../../../tools/sandbox/README.md), and what comes out is compared with what the sandbox holds; every [example](../../../examples) runs as in the demo. Made by \`npm run e2e -- versions\`: ${machine()}.`,
		resultTable(columns),
		...reasons(columns),
		[
			'- n8n 1.123 and 2.0 name a spreadsheet library by an address of its own; here it is taken from npm (`overrides` in their package.json).',
			'- n8n 1.123 says that it runs on Node 20.19, but its expression engine (isolated-vm 6.2) needs 22.',
		].join('\n'),
	];
}

/** The table alone, as it is printed and as the README has it. */
export function resultTable(columns: readonly Column[]): string {
	const whats = new Set(columns.flatMap(({ findings }) => findings.map(({ what }) => what)));
	return table(
		['n8n', ...columns.map(({ number }) => number)],
		[
			['Node', ...columns.map(({ node }) => node)],
			...[...whats].map((what) => [what, ...columns.map((column) => cell(column, what, reasonsIn(columns)))]),
		],
	);
}

function cell({ number, findings }: Column, what: string, all: readonly string[]): string {
	const finding = findings.find((one) => one.what === what);
	if (finding === undefined) return 'not tried';
	if (finding.problem === undefined) return '✓';
	const reason = knownReason(number, finding);
	return reason === undefined ? 'failed' : `no (${all.indexOf(reason) + 1})`;
}

function reasons(columns: readonly Column[]): string[] {
	return [
		reasonsIn(columns)
			.map((reason, index) => `${index + 1}. ${reason}`)
			.join('\n'),
	].filter(Boolean);
}

function reasonsIn(columns: readonly Column[]): string[] {
	const all = columns.flatMap(({ number, findings }) =>
		findings.flatMap((finding) => knownReason(number, finding) ?? []),
	);
	return [...new Set(all)];
}
