import { styleText } from 'node:util';
import type { SignIn } from '../n8n/client.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { isGreen, type Verdict } from './verdict.mts';

/** So wide is a terminal that nobody has made wider than usual. */
const COLUMNS = 100;
const GAP = '  ';
const HEADINGS = ['Run', 'Result', 'Requests', 'What came of it'];

/** The table of what happened, and below it what went wrong, if anything. */
export function report(verdicts: readonly Verdict[], log: string): string {
	const bad = verdicts.filter((verdict) => !isGreen(verdict));
	const workflows = new Set(verdicts.map(({ workflow }) => workflow));
	const failed = new Set(bad.map(({ workflow }) => workflow));
	const summary =
		failed.size === 0
			? `All ${workflows.size} workflows did what they should.`
			: `${failed.size} of ${workflows.size} workflows failed. n8n's log: ${log}`;
	return ['', ...table(verdicts), '', ...bad.flatMap(complaints), summary].join('\n');
}

/** The runs of each workflow below its name. */
function table(verdicts: readonly Verdict[]): string[] {
	const rows = verdicts.map((verdict) => [
		verdict.run,
		isGreen(verdict) ? 'ok' : 'failed',
		String(verdict.requests),
		verdict.effect,
	]);
	const widths = HEADINGS.slice(0, -1).map((_, column) =>
		Math.max(...[HEADINGS, ...rows].map((row) => row[column]?.length ?? 0)),
	);
	const indent = ' '.repeat(widths.reduce((sum, width) => sum + width + GAP.length, GAP.length));
	const linesOf = (row: string[]): string[] => {
		const cells = widths.map((width, column) => row[column]?.padEnd(width));
		const [first = '', ...others] = wrapped(row.at(-1) ?? '', COLUMNS - indent.length);
		return [[GAP + cells.join(GAP), first].join(GAP).trimEnd(), ...others.map((line) => indent + line)];
	};
	return [
		...linesOf(HEADINGS),
		...verdicts.flatMap(({ workflow }, index) => [
			...(verdicts[index - 1]?.workflow === workflow ? [] : [styleText('bold', workflow)]),
			...linesOf(rows[index] ?? []),
		]),
	];
}

/** A text in lines of a width at most, but for words that are longer. */
function wrapped(text: string, width: number): string[] {
	return text.split(' ').reduce<string[]>((lines, word) => {
		const line = [...lines.slice(-1), word].join(' ');
		return line.length > width ? [...lines, word] : [...lines.slice(0, -1), line];
	}, []);
}

function complaints({ workflow, run, problems }: Verdict): string[] {
	return problems.map((problem) => `${workflow}, ${run}: ${problem}`);
}

/** Where to begin: how to get in, what to open and press, what else is there, and how to get out. */
export function invitation(url: string, { email, password }: SignIn, sandbox: Sandbox): string {
	return [
		'',
		styleText('bold', 'Begin here'),
		`  Workflows   ${url}/home/workflows`,
		`  Email       ${email}`,
		`  Password    ${password}`,
		'',
		'  Open "Keep assistants as configuration" and press Execute workflow. Or open "An AI Agent',
		'  manages assistants", press Open chat, and ask: Which assistants do we have?',
		'',
		styleText('bold', 'Sandbox'),
		'  n8n has its credential already. For another n8n or curl on this machine:',
		`  Base URL    ${sandbox.url}`,
		`  API key     ${sandbox.apiKey}`,
		'',
		'Ctrl-C ends n8n and everything else, and removes their data.',
	].join('\n');
}
