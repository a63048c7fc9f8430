import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import { PROJECT } from '../n8n/paths.mts';
import type { Workspace } from '../n8n/workspace.mts';

const Manifest = z.object({
	name: z.string(),
	version: z.string(),
	author: z.object({ name: z.string(), email: z.string() }),
});

/**
 * Notes in n8n's database that the node is installed, as n8n does itself for a package from npm (its
 * installed-packages.repository), so that the page Settings > Community Nodes shows it. n8n must have started once.
 */
export async function listAsInstalled({ home }: Workspace): Promise<void> {
	const text = await readFile(join(PROJECT, 'package.json'), 'utf8');
	const { name, version, author } = Manifest.parse(JSON.parse(text));
	const database = new DatabaseSync(join(home, '.n8n', 'database.sqlite'));
	try {
		database
			.prepare(
				'INSERT INTO installed_packages (packageName, installedVersion, authorName, authorEmail) VALUES (?, ?, ?, ?)',
			)
			.run(name, version, author.name, author.email);
		database
			.prepare('INSERT INTO installed_nodes (name, type, latestVersion, package) VALUES (?, ?, ?, ?)')
			.run('Invent', `${name}.invent`, 1, name);
	} finally {
		database.close();
	}
}
