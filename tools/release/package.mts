import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** The checkout that is released. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Where what is released is put; not committed. */
export const OUT = join(import.meta.dirname, 'out');

const manifest = z.object({
	name: z.string(),
	version: z.string().regex(/^\d+\.\d+\.\d+$/, 'a version of three numbers'),
	repository: z.object({ url: z.string() }),
});

/** Name, version and repository of the package, as package.json has them. */
export function readManifest(): z.output<typeof manifest> {
	return manifest.parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
}

/** The repository on GitHub that package.json names: `owner/name`. */
export function repositoryOf({ repository: { url } }: ReturnType<typeof readManifest>): string {
	return url.replace(/^git\+https:\/\/github\.com\//, '').replace(/\.git$/, '');
}
