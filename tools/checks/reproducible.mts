// Two builds of the same commit are the same, byte for byte, wherever and by whomever they are made: in folders with
// other names, with another umask, time zone and language.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { Listr } from 'listr2';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

/** Where and how one of the two builds is made. */
interface Builder {
	folder: string;
	umask: string;
	environment: Record<string, string>;
}

const BUILDERS: readonly Builder[] = [
	{ folder: 'a', umask: '022', environment: { TZ: 'UTC', LC_ALL: 'C', HOSTNAME: 'one' } },
	{
		folder: 'another folder/with a longer name',
		umask: '077',
		environment: { TZ: 'Pacific/Kiritimati', LC_ALL: 'C.UTF-8', HOSTNAME: 'two' },
	},
];

/** A clean clone of HEAD with the installed tools, built and packed. Returns the folder of what came of it. */
async function build(where: string, { folder, umask, environment }: Builder): Promise<string> {
	const clone = join(where, folder);
	mkdirSync(clone, { recursive: true });
	const inClone = async (command: string, ...parameters: string[]) =>
		await execa('sh', ['-c', `umask ${umask} && exec "$@"`, 'sh', command, ...parameters], {
			cwd: clone,
			env: environment,
		});
	await inClone('git', 'clone', '--quiet', '--no-local', '--no-tags', root, '.');
	symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'));
	await inClone('npm', 'run', '--silent', 'release:pack', '--', '--no-notes');
	return join(clone, 'tools/release/out');
}

function checksums(folder: string): Map<string, string> {
	return new Map(
		readdirSync(folder).map((file) => [
			file,
			createHash('sha256')
				.update(readFileSync(join(folder, file)))
				.digest('hex'),
		]),
	);
}

function compare(one: Map<string, string>, other: Map<string, string>, problems: Problems): void {
	if (![...one.keys()].some((file) => file.endsWith('.tgz'))) problems.push('nothing was packed');
	for (const file of new Set([...one.keys(), ...other.keys()])) {
		if (one.get(file) !== other.get(file)) {
			problems.push(
				`${file} is ${one.get(file) ?? 'absent'} in one build, ${other.get(file) ?? 'absent'} in the other`,
			);
		}
	}
}

const problems: Problems = [];
const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-reproducible-'));
try {
	const built: Array<Map<string, string>> = [];
	const tasks = BUILDERS.map((builder) => ({
		title: `Build with umask ${builder.umask} in "${builder.folder}"`,
		task: async () => {
			built.push(checksums(await build(temporary, builder)));
		},
	}));
	await new Listr(tasks).run();
	const [one = new Map<string, string>(), other = new Map<string, string>()] = built;
	compare(one, other, problems);
	printTable([...one]);
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
conclude('reproducible', problems);
