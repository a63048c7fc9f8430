import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isRecord } from './report.mts';

/** What everybody may read and nobody may run, whatever the umask was when the file was written. */
const PACKED_MODE = 0o644;

/** What npm would publish. */
export interface Tarball {
	/** Where the tarball is, when it was written. */
	path: string;
	/** The packed files, relative to the package, with forward slashes. */
	files: string[];
	packedBytes: number;
	unpackedBytes: number;
}

/** Packs the package into a folder, or only finds out what would be packed when no folder is given. */
export function packPackage(root: string, folder?: string): Tarball {
	const listed = npmPack(root, ['--dry-run']);
	if (folder === undefined) return { ...listed, path: join(root, listed.path) };
	const stage = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-pack-'));
	try {
		for (const file of listed.files) stageFile(join(root, file), join(stage, file));
		const packed = npmPack(stage, ['--pack-destination', folder]);
		return { ...packed, path: join(folder, packed.path) };
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}

/** npm gives every file the same date, but takes the mode as it is: with another umask, the tarball would differ. */
function stageFile(from: string, to: string): void {
	mkdirSync(dirname(to), { recursive: true });
	copyFileSync(from, to);
	chmodSync(to, PACKED_MODE);
}

function npmPack(folder: string, options: readonly string[]): Tarball {
	const text = execFileSync('npm', ['pack', '--silent', '--json', '--ignore-scripts', ...options], {
		cwd: folder,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const output: unknown = JSON.parse(text);
	const [result] = toList(output);
	if (!isRecord(result)) throw new Error('npm pack listed nothing');
	return {
		path: String(result['filename']),
		files: toList(result['files']).map((file) => (isRecord(file) ? String(file['path']) : '')),
		packedBytes: Number(result['size']),
		unpackedBytes: Number(result['unpackedSize']),
	};
}

function toList(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
