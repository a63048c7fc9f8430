// Packs the package, installs the tarball into an empty folder as n8n does, and looks at what arrived.

import { execFileSync } from 'node:child_process';
import {
	existsSync,
	globSync,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { z } from 'zod';
import { packPackage, type Tarball } from './npmPack.mts';
import { conclude, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

/** Small enough to be read in full by whoever reviews it. */
const MAX_PACKED_BYTES = 56 * 1024;

/** Besides what is built. */
const OTHERS = ['LICENSE', 'README.md', 'index.js', 'package.json'];

const manifestOf = (folder: string) =>
	z
		.object({
			name: z.literal('n8n-nodes-invent'),
			peerDependencies: z.object({ 'n8n-workflow': z.string() }).strict(),
			n8n: z.object({ nodes: z.array(z.string()).length(1), credentials: z.array(z.string()).length(1) }),
			dependencies: z.undefined(),
			optionalDependencies: z.undefined(),
			bundleDependencies: z.undefined(),
			bundledDependencies: z.undefined(),
		})
		.parse(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));

/**
 * n8n installs without scripts, without bins, and after it took the peer dependencies out of package.json; the
 * peer comes from n8n's own tree. `--offline` proves on top that the package needs nothing else.
 */
function install({ path }: Tarball, folder: string): string {
	mkdirSync(folder);
	writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
	const asN8nDoes = ['--ignore-scripts', '--bin-links=false', '--install-strategy=shallow'];
	const options = ['--silent', '--offline', '--legacy-peer-deps', ...asN8nDoes];
	execFileSync('npm', ['install', ...options, path], { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
	symlinkSync(join(root, 'node_modules/n8n-workflow'), join(folder, 'node_modules/n8n-workflow'));
	return join(folder, 'node_modules', 'n8n-nodes-invent');
}

/** Just what comes of the source belongs in the package: the node and the credential, each with all that it imports, and what is copied. */
function checkFiles({ files, packedBytes }: Tarball, problems: Problems): void {
	const sources = globSync('{nodes,credentials}/**/*.{node.ts,credentials.ts,svg,json}', { cwd: root });
	const built = sources.map((file) => `dist/${file.split(sep).join('/').replace(/\.ts$/, '.js')}`);
	const expected = new Set([...built, ...OTHERS]);
	for (const file of expected.difference(new Set(files))) problems.push(`${file} would not be published`);
	for (const file of new Set(files).difference(expected)) problems.push(`${file} would be published`);
	if (packedBytes > MAX_PACKED_BYTES) {
		problems.push(`${packedBytes} bytes packed are more than ${MAX_PACKED_BYTES}`);
	}
}

const icon = z.union([
	z.string(),
	z.object({ light: z.string(), dark: z.string() }).transform(Object.values<string>),
]);
const described = z.object({ name: z.string(), icon });

/** Loads a class as n8n does, named like the file up to the first point, with all that it imports; answers with its name. */
function load(path: string): string {
	const loaded = z.record(z.unknown()).parse(createRequire(path)(path));
	const exported = loaded[basename(path).split('.')[0] ?? ''];
	if (typeof exported !== 'function') throw new Error(`${path} exports no class of its name`);
	const instance: unknown = Reflect.construct(exported, []);
	const { name, icon: icons } = z
		.union([z.object({ description: described }).transform(({ description }) => description), described])
		.parse(instance);
	for (const reference of [icons].flat()) {
		// n8n resolves it relative to the folder of the file that names the icon.
		const file = resolve(dirname(path), reference.replace(/^file:/, ''));
		if (!existsSync(file)) throw new Error(`${reference}, the icon of ${name}, is not in the package`);
	}
	return name;
}

/** Saved workflows hold these names; they never change. */
function checkEntries(installed: string, problems: Problems): void {
	const [node = '', credential = ''] = Object.values(manifestOf(installed).n8n).flat();
	const names = [node, credential].map((entry) => load(join(installed, entry)));
	if (names.join() !== 'invent,inventApi') problems.push(`the node and the credential are ${names.join()}`);
	const codex: unknown = JSON.parse(readFileSync(join(installed, `${node}on`), 'utf8'));
	z.object({ node: z.literal('n8n-nodes-invent.invent') }).parse(codex);
}

const problems: Problems = [];
const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-'));
try {
	const tarball = packPackage(root, temporary);
	checkFiles(tarball, problems);
	checkEntries(install(tarball, join(temporary, 'installed')), problems);
	printTable([
		['files', tarball.files.length],
		['packed bytes', `${tarball.packedBytes} of at most ${MAX_PACKED_BYTES}`],
		['unpacked bytes', tarball.unpackedBytes],
	]);
} catch (error) {
	problems.push(error instanceof Error ? error.message : String(error));
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
conclude('pack', problems);
