import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { isRecord } from './report.mts';

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
	const where = folder === undefined ? ['--dry-run'] : ['--pack-destination', folder];
	const text = execFileSync('npm', ['pack', '--silent', '--json', '--ignore-scripts', ...where], {
		cwd: root,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const output: unknown = JSON.parse(text);
	const [result] = toList(output);
	if (!isRecord(result)) throw new Error('npm pack listed nothing');
	return {
		path: join(folder ?? root, String(result['filename'])),
		files: toList(result['files']).map((file) => (isRecord(file) ? String(file['path']) : '')),
		packedBytes: Number(result['size']),
		unpackedBytes: Number(result['unpackedSize']),
	};
}

function toList(value: unknown): unknown[] {
	return Array.isArray(value) ? value : [];
}
