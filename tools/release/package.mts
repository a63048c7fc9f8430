import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import type { INodeType } from 'n8n-workflow';
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

/** The parameters of the node that was built. */
export function nodeProperties(): INodeType['description']['properties'] {
	const { Invent } = createRequire(import.meta.url)(join(ROOT, 'dist/nodes/Invent/Invent.node.js')) as {
		readonly Invent: new () => INodeType;
	};
	return new Invent().description.properties;
}
