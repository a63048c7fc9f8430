import { createHash } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const LockFile = z.object({
	packages: z.record(
		z.string(),
		z.object({ version: z.string().optional(), optional: z.boolean().optional() }),
	),
});

/** What a lock file says about an installation. */
export interface LockedTree {
	/** The folder of the lock file. */
	readonly folder: string;
	/** Changes with any change of the lock file. */
	readonly fingerprint: string;
	/** The locked version of a top-level package. */
	version(name: string): string;
	/** How many packages there will be, and how many are unpacked already. */
	unpacked(): Promise<{ done: number; total: number }>;
}

/** Reads the lock file of a folder. */
export async function readLockedTree(folder: string): Promise<LockedTree> {
	const text = await readFile(join(folder, 'package-lock.json'), 'utf8');
	const { packages } = LockFile.parse(JSON.parse(text));
	// Optional packages are left out: most are for other platforms, and never come.
	const places = Object.keys(packages).filter((place) => place !== '' && packages[place]?.optional !== true);
	return {
		folder,
		fingerprint: createHash('sha256').update(text).digest('hex'),
		version: (name) => packages[`node_modules/${name}`]?.version ?? 'unknown',
		async unpacked() {
			const present = await Promise.all(places.map(async (place) => await isPackage(join(folder, place))));
			return { done: present.filter(Boolean).length, total: places.length };
		},
	};
}

async function isPackage(folder: string): Promise<boolean> {
	return await access(join(folder, 'package.json')).then(
		() => true,
		() => false,
	);
}
