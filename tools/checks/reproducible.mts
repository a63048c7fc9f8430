// Two builds of the same commit are the same, byte for byte, wherever and by whomever they are made: in folders with
// other names, with another umask, time zone and language.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

/** Where and how the two builds are made. */
const BUILDERS = [
	{ folder: 'a', umask: '022', env: { TZ: 'UTC', LC_ALL: 'C', HOSTNAME: 'one' } },
	{
		folder: 'another folder/with a longer name',
		umask: '077',
		env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'C.UTF-8', HOSTNAME: 'two' },
	},
];

/** A clean clone of HEAD with the installed tools, built and packed. Answers with the checksums of what came of it. */
async function build(where: string, { folder, umask, env }: (typeof BUILDERS)[number]) {
	const cwd = join(where, folder);
	mkdirSync(cwd, { recursive: true });
	const inClone = async (command: string) =>
		await execa('sh', ['-c', `umask ${umask}; ${command}`], { cwd, env });
	await inClone(`git clone --quiet --no-local --no-tags '${root}' .`);
	symlinkSync(join(root, 'node_modules'), join(cwd, 'node_modules'));
	await inClone('npm run --silent release:pack -- --no-notes');
	const out = join(cwd, 'tools/release/out');
	return readdirSync(out).map((file): [string, string] => [
		file,
		createHash('sha256')
			.update(readFileSync(join(out, file)))
			.digest('hex'),
	]);
}

const problems: Problems = [];
const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-reproducible-'));
try {
	const [one = [], other = []] = await Promise.all(
		BUILDERS.map(async (builder) => await build(temporary, builder)),
	);
	if (!one.some(([file]) => file.endsWith('.tgz'))) problems.push('nothing was packed');
	for (const [index, [file, sum]] of one.entries()) {
		if (other[index]?.[1] !== sum) problems.push(`${file} is another file in the other build`);
	}
	if (one.length !== other.length) problems.push('the builds have not the same files');
	printTable(one);
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
conclude('reproducible', problems);
