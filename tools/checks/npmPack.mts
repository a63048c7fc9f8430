import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';

/** What everybody may read and nobody may run, whatever the umask was when the file was written. */
const PACKED_MODE = 0o644;

const Listed = z.array(
	z.object({
		filename: z.string(),
		size: z.number(),
		unpackedSize: z.number(),
		files: z.array(z.object({ path: z.string() })),
	}),
);

/** What npm would publish. */
export interface Tarball {
	readonly path: string;
	/** The packed files, relative to the package, with forward slashes. */
	readonly files: readonly string[];
	readonly packedBytes: number;
	readonly unpackedBytes: number;
}

/** Packs the package into a folder. */
export function packPackage(root: string, folder: string): Tarball {
	const stage = mkdtempSync(join(tmpdir(), 'n8n-nodes-invent-pack-'));
	try {
		// npm gives every file the same date, but takes the mode as it is: with another umask, the tarball would differ.
		for (const file of npmPack(root, ['--dry-run']).files) {
			cpSync(join(root, file), join(stage, file));
			chmodSync(join(stage, file), PACKED_MODE);
		}
		const packed = npmPack(stage, ['--pack-destination', folder]);
		return { ...packed, path: join(folder, packed.path) };
	} finally {
		rmSync(stage, { recursive: true, force: true });
	}
}

function npmPack(cwd: string, options: readonly string[]): Tarball {
	const args = ['pack', '--silent', '--json', '--ignore-scripts', ...options];
	const text = execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
	const [result] = Listed.parse(JSON.parse(text));
	if (result === undefined) throw new Error('npm pack listed nothing');
	const { filename, size, unpackedSize, files } = result;
	const paths = files.map(({ path }) => path);
	return { path: filename, files: paths, packedBytes: size, unpackedBytes: unpackedSize };
}
