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
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { findReferences } from './imports.mts';
import { packPackage, type Tarball } from './npmPack.mts';
import { conclude, isRecord, parseObject, printTable, type Problems } from './report.mts';

const root = resolve(import.meta.dirname, '../..');

/** Small enough to be read in full by whoever reviews it. */
const MAX_PACKED_BYTES = 56 * 1024;

/** Every file of the package, one a line: a new one is published because somebody wrote it down. */
const LIST = join(import.meta.dirname, 'package-files.txt');

/** Saved workflows hold these names; they never change. */
const EXPECTED = { nodes: ['invent'], credentials: ['inventApi'] } as const;

/**
 * n8n installs without scripts, without bins, and after it took the peer dependencies out of package.json; the
 * peer comes from n8n's own tree. `--offline` proves on top that the package needs nothing else.
 */
function install(tarball: Tarball, folder: string, name: string): string {
	mkdirSync(folder);
	writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
	const asN8nDoes = ['--ignore-scripts', '--bin-links=false', '--install-strategy=shallow'];
	execFileSync(
		'npm',
		['install', '--silent', '--offline', '--legacy-peer-deps', ...asN8nDoes, tarball.path],
		{ cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] },
	);
	symlinkSync(join(root, 'node_modules/n8n-workflow'), join(folder, 'node_modules/n8n-workflow'));
	return join(folder, 'node_modules', name);
}

function checkManifest(manifest: Record<string, unknown>, problems: Problems): void {
	for (const kind of ['dependencies', 'optionalDependencies', 'bundleDependencies', 'bundledDependencies']) {
		if (kind in manifest) problems.push(`package.json has ${kind}`);
	}
	const peers = isRecord(manifest['peerDependencies']) ? Object.keys(manifest['peerDependencies']) : [];
	if (peers.join() !== 'n8n-workflow') problems.push('n8n-workflow must be the only peer dependency');
}

function checkFiles(tarball: Tarball, problems: Problems): void {
	const listed = readFileSync(LIST, 'utf8').split('\n').filter(Boolean);
	for (const file of tarball.files) {
		if (!listed.includes(file)) problems.push(`${file} would be published, but ${basename(LIST)} lacks it`);
	}
	for (const file of listed) {
		if (!tarball.files.includes(file))
			problems.push(`${file} is in ${basename(LIST)}, but would not be published`);
	}
	// Icons, the codex and the output schemas are copied, not compiled: forgetting one breaks no build.
	for (const asset of globSync('{nodes,credentials}/**/*.{svg,json}', { cwd: root })) {
		if (!tarball.files.includes(`dist/${asset.split(sep).join('/')}`))
			problems.push(`dist/${asset} is missing`);
	}
	if (tarball.packedBytes > MAX_PACKED_BYTES) {
		problems.push(`${tarball.packedBytes} bytes packed are more than ${MAX_PACKED_BYTES}`);
	}
}

/** In a user's n8n there is nothing but the package itself and n8n-workflow. */
function checkImports(installed: string, tarball: Tarball, problems: Problems): void {
	for (const file of tarball.files.filter((name) => name.endsWith('.js'))) {
		const path = join(installed, file);
		for (const { specifier, line } of findReferences(file, readFileSync(path, 'utf8'))) {
			if (specifier === 'n8n-workflow') continue;
			if (!specifier?.startsWith('.')) {
				problems.push(`${file}:${line} imports ${specifier ?? 'a computed name'}`);
				continue;
			}
			const target = resolve(dirname(path), specifier);
			const exists = ['', '.js', '.json', '/index.js'].some((end) =>
				tarball.files.includes(
					relative(installed, target + end)
						.split(sep)
						.join('/'),
				),
			);
			if (!exists) problems.push(`${file}:${line} imports ${specifier}, which the package does not hold`);
		}
	}
}

/** Loads the class as n8n does: named like the file up to the first point. */
function instantiate(path: string): Record<string, unknown> {
	const loaded: unknown = createRequire(path)(path);
	const className = basename(path).split('.')[0] ?? '';
	const exported = isRecord(loaded) ? loaded[className] : undefined;
	if (typeof exported !== 'function') throw new Error(`no class ${className} is exported`);
	const instance: unknown = Reflect.construct(exported, []);
	if (!isRecord(instance)) throw new Error(`${className} makes no object`);
	return instance;
}

/** n8n resolves `file:` relative to the folder of the file that names the icon. */
function checkIcon(owner: string, icon: unknown, path: string, installed: string, problems: Problems): void {
	const references = isRecord(icon) ? [icon['light'], icon['dark']] : [icon];
	for (const reference of references) {
		const file = typeof reference === 'string' ? /^file:(.+)$/.exec(reference)?.[1] : undefined;
		const target = file === undefined ? undefined : resolve(dirname(path), file);
		if (!target?.startsWith(installed + sep) || !existsSync(target)) {
			problems.push(`the icon ${String(reference)} of ${owner} is not in the package`);
		}
	}
}

function checkCodex(path: string, type: string, problems: Problems): void {
	const file = `${path}on`;
	const codex = existsSync(file) ? parseObject(readFileSync(file, 'utf8'), file) : {};
	if (codex['node'] !== type) problems.push(`${basename(file)} is missing or not about ${type}`);
}

/** Loads every entry of the `n8n` block and compares the names with those that workflows hold. */
function checkEntries(installed: string, manifest: Record<string, unknown>, problems: Problems): string[] {
	const block = isRecord(manifest['n8n']) ? manifest['n8n'] : {};
	const described: string[] = [];
	for (const kind of ['nodes', 'credentials'] as const) {
		const entries: unknown[] = Array.isArray(block[kind]) ? block[kind] : [];
		const names: string[] = [];
		for (const entry of entries.map(String)) {
			const path = join(installed, entry);
			try {
				const instance = instantiate(path);
				const description = kind === 'nodes' ? instance['description'] : instance;
				if (!isRecord(description)) throw new Error('it has no description');
				const name = String(description['name']);
				names.push(name);
				checkIcon(name, description['icon'], path, installed, problems);
				if (kind === 'nodes') checkCodex(path, `${String(manifest['name'])}.${name}`, problems);
			} catch (error) {
				const reason = error instanceof Error ? error.message : String(error);
				problems.push(`${entry} does not load: ${reason.split('\n')[0] ?? ''}`);
			}
		}
		if (names.join() !== EXPECTED[kind].join()) {
			problems.push(`the ${kind} are "${names.join()}", not "${EXPECTED[kind].join()}"`);
		}
		described.push(...names);
	}
	return described;
}

const problems: Problems = [];
const temporary = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-'));
try {
	const tarball = packPackage(root, temporary);
	const manifest = parseObject(readFileSync(join(root, 'package.json'), 'utf8'), 'package.json');
	const installed = install(tarball, join(temporary, 'installed'), String(manifest['name']));
	const published = parseObject(readFileSync(join(installed, 'package.json'), 'utf8'), 'package.json');

	checkManifest(published, problems);
	checkFiles(tarball, problems);
	checkImports(installed, tarball, problems);
	const entries = checkEntries(installed, published, problems);
	printTable([
		['files', tarball.files.length],
		['packed bytes', `${tarball.packedBytes} of at most ${MAX_PACKED_BYTES}`],
		['unpacked bytes', tarball.unpackedBytes],
		['entries', entries.join(', ')],
	]);
} finally {
	rmSync(temporary, { recursive: true, force: true });
}
conclude('pack', problems);
