// Rehearses a release without publishing anything: in a clone with a remote of its own, release-it makes the version,
// the changelog and the tag, and then the very steps of publish.yml run on that tag, `npm publish` as a dry run.
//
//   npm run release:check               all of it
//   npm run release:check -- --checked  without `npm run check` and the like, where they have just passed

import { appendFileSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa, ExecaError } from 'execa';
import { Listr } from 'listr2';
import { parse } from 'yaml';
import { z } from 'zod';
import { conclude, printTable, type Problems } from '../checks/report.mts';
import { readManifest, repositoryOf, ROOT } from './package.mts';

const workflow = z.object({
	jobs: z.record(
		z.object({
			steps: z.array(
				z.object({
					run: z.string().optional(),
					env: z.record(z.string()).default({}),
					'working-directory': z.string().default('.'),
				}),
			),
		}),
	),
});

type Step = z.output<typeof workflow>['jobs'][string]['steps'][number];

/** The jobs that need nothing of GitHub; the others act on what is published already. */
const JOBS = ['build', 'publish'];

/** The clone has the tools that are installed here. */
const INSTALLATION = 'npm install';

/** What a commit has to pass anyhow. */
const CHECKS = ['npm run check', 'npm run check:reproducible'];

/** Without a network, nothing is worth a second try. */
const ONE_TRY = { npm_config_fetch_retries: '0' };

/** As on GitHub: a step ends at its first error. */
async function bash(
	clone: string,
	command: string,
	more: { cwd?: string; env?: Record<string, string> } = {},
) {
	const { cwd = '.', env = {} } = more;
	const { stdout } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', command], {
		cwd: join(clone, cwd),
		env,
	});
	return stdout;
}

/** A clone of HEAD whose remote is a folder, so that a push goes nowhere. */
async function prepare(where: string): Promise<string> {
	const remote = join(where, 'remote.git');
	const clone = join(where, 'clone');
	await execa('git', ['clone', '--quiet', '--bare', '--no-local', '--no-tags', ROOT, remote]);
	// A checkout of a pull request or a tag is on no branch; releases are made on main.
	await bash(remote, 'git update-ref refs/heads/main HEAD && git symbolic-ref HEAD refs/heads/main');
	await execa('git', ['clone', '--quiet', remote, clone]);
	const author = ['user.name=Release check', 'user.email=release-check@users.noreply.github.com'];
	for (const setting of author) await bash(clone, `git config ${setting.replace('=', ' "')}"`);
	symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
	appendFileSync(join(clone, '.git/info/exclude'), 'node_modules\n');
	return clone;
}

/** The changelog has to have something to tell; between two releases of this folder's history it may have nothing. */
async function ensureNews(clone: string): Promise<void> {
	const file = join(clone, 'CHANGELOG.md');
	const text = readFileSync(file, 'utf8');
	const [, news = ''] = /^## \[Unreleased\]$([^]*?)^(?:## |\[)/m.exec(`${text}\n## `) ?? [];
	if (news.trim() !== '') return;
	writeFileSync(file, text.replace('## [Unreleased]', '## [Unreleased]\n\n### Fixed\n\n- Rehearsal.'));
	await bash(clone, 'git commit --quiet --all --message Rehearsal && git push --quiet');
}

/** Has release-it make the version that comes next, and tells which one that is. */
async function makeTag(clone: string, version: string): Promise<string> {
	await ensureNews(clone);
	const isReleased = readFileSync(join(clone, 'CHANGELOG.md'), 'utf8').includes(`## [${version}]`);
	const next = isReleased ? 'patch' : version;
	await bash(clone, `release-it ${next} --ci --hooks.before:init=true`, { env: ONE_TRY });
	return await bash(clone, 'git describe --exact-match --tags HEAD');
}

/** What GitHub would put in place of an expression. */
function filledIn(value: string, tag: string): string {
	const known: Record<string, string> = {
		'${{ github.ref_name }}': tag,
		'${{ github.repository }}': repositoryOf(readManifest()),
	};
	const filled = known[value] ?? value;
	if (filled.includes('${{')) throw new Error(`The rehearsal does not know ${value}`);
	return filled;
}

/** `npm publish` does everything but send. */
const DRY_RUN = { ...ONE_TRY, npm_config_dry_run: 'true' };

function environmentOf(job: string, step: Step, tag: string): Record<string, string> {
	const given = Object.entries(step.env).map(([name, value]) => [name, filledIn(value, tag)] as const);
	return { ...Object.fromEntries(given), ...(job === 'publish' && DRY_RUN) };
}

function commandsOf(clone: string, checked: boolean): Array<{ job: string; run: string; step: Step }> {
	const text = readFileSync(join(clone, '.github/workflows/publish.yml'), 'utf8');
	const { jobs } = workflow.parse(parse(text));
	const left = [INSTALLATION, ...(checked ? CHECKS : [])];
	return JOBS.flatMap((job) => {
		const commands = (jobs[job]?.steps ?? []).flatMap((step) =>
			step.run === undefined ? [] : { step, run: step.run },
		);
		if (commands.length === 0) throw new Error(`publish.yml has no job ${job}, or it runs nothing`);
		return commands.filter(({ run }) => !left.includes(run)).map((command) => ({ job, ...command }));
	});
}

/** Does the whole rehearsal in a folder, and tells what npm would publish. */
async function rehearse(folder: string, checked: boolean): Promise<string> {
	const context = { clone: '', tag: '', said: '' };
	await new Listr([
		{
			title: 'Clone the commit',
			task: async () => {
				context.clone = await prepare(folder);
			},
		},
		{
			title: 'Make the version, the changelog and the tag',
			task: async (_, task) => {
				context.tag = await makeTag(context.clone, readManifest().version);
				task.title = `Make the version, the changelog and the tag: ${context.tag}`;
			},
		},
		{
			title: 'The steps of publish.yml',
			task: (_, task) =>
				task.newListr(
					commandsOf(context.clone, checked).map(({ job, run, step }) => ({
						title: `${job}: ${run}`,
						task: async () => {
							const env = environmentOf(job, step, context.tag);
							context.said = await bash(context.clone, run, { cwd: step['working-directory'], env });
						},
					})),
				),
		},
	]).run();
	return context.said;
}

const { values } = parseArgs({ options: { checked: { type: 'boolean', default: false } } });
const problems: Problems = [];
const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-release-'));
try {
	const said = await rehearse(temporary, values.checked);
	if (said.startsWith('+ ')) printTable([['npm would publish', said.slice('+ '.length)]]);
	else problems.push(`npm would not have published: ${said}`);
} catch (error) {
	if (!(error instanceof ExecaError)) throw error;
	problems.push(`${error.shortMessage}\n${String(error.stdout)}\n${String(error.stderr)}`.trim());
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
conclude('release', problems);
