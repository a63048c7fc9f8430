import { styleText } from 'node:util';
import type { SignIn } from '../n8n/client.mts';
import { isGreen, type Verdict } from './verdict.mts';

const GAP = '   ';
const HEADINGS = ['Workflow', 'Run', 'Result', 'Requests', 'What came of it'];

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

function table(verdicts: readonly Verdict[]): string[] {
	const rows = verdicts.map((verdict, index) => [
		verdicts[index - 1]?.workflow === verdict.workflow ? '' : verdict.workflow,
		verdict.run,
		isGreen(verdict) ? 'ok' : 'failed',
		String(verdict.requests),
		verdict.effect,
	]);
	const widths = HEADINGS.map((_, column) =>
		Math.max(...[HEADINGS, ...rows].map((row) => row[column]?.length ?? 0)),
	);
	const line = (row: string[]) =>
		row
			.map((cell, column) => cell.padEnd(widths[column] ?? 0))
			.join(GAP)
			.trimEnd();
	return [styleText('bold', line(HEADINGS)), ...rows.map(line)];
}

function complaints({ workflow, run, problems }: Verdict): string[] {
	return problems.map((problem) => `${workflow}, ${run}: ${problem}`);
}

/** Where the editor is, and how to get in and out. */
export function invitation(url: string, { email, password }: SignIn, sandboxUrl: string): string {
	return [
		'',
		`${styleText('bold', 'Editor')}     ${url}`,
		`E-mail     ${email}`,
		`Password   ${password}`,
		`Sandbox    ${sandboxUrl}`,
		'',
		'Ctrl-C ends n8n and all that it talks to, and removes their data.',
	].join('\n');
}
