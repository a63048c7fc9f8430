// Makes what a release consists of, in tools/release/out: the tarball, its bills of materials, the checksums, the notes.
//
//   node tools/release/pack.mts             what the changelog says about the version becomes the notes
//   node tools/release/pack.mts --no-notes  for a commit that is no release, which the changelog has no section for

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import identifiers from 'spdx-license-ids/index.json' with { type: 'json' };
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };
import { z } from 'zod';
import { packPackage } from '../checks/npmPack.mts';
import { printTable } from '../checks/report.mts';
import { notesOf } from './changelog.mts';
import { OUT, readManifest, ROOT } from './package.mts';

/** The licenses that SPDX has an identifier for. */
const SPDX = new Set([...identifiers, ...deprecated]);

/** npm calls every license an SPDX identifier; CycloneDX wants others by their name. */
const license = z
	.object({ id: z.string() })
	.passthrough()
	.transform(({ id, ...others }) => (SPDX.has(id) ? { id, ...others } : { name: id, ...others }));

const component = z
	.object({
		licenses: z.array(z.union([z.object({ license }), z.object({ expression: z.string() })])).optional(),
	})
	.passthrough();

const document = z
	.object({
		metadata: z.object({ component: z.object({ 'bom-ref': z.string() }).passthrough() }).passthrough(),
		components: z.array(component),
	})
	.passthrough();

/** npm's bill of materials (CycloneDX) without what differs from one run to the next, and from one folder to another. */
function billOf(...options: string[]): z.output<typeof document> {
	const args = ['sbom', '--silent', '--sbom-format=cyclonedx', '--package-lock-only', ...options];
	const text = execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
	const { serialNumber: _, ...bill } = document.parse(JSON.parse(text));
	const { timestamp: __, ...metadata } = bill.metadata;
	return {
		...bill,
		metadata: { ...metadata, component: { ...metadata.component, name: readManifest().name } },
	};
}

function writeJson(name: string, value: unknown): void {
	writeFileSync(join(OUT, name), `${JSON.stringify(value, undefined, '\t')}\n`);
}

function sha256(name: string): string {
	return createHash('sha256')
		.update(readFileSync(join(OUT, name)))
		.digest('hex');
}

const { name, version } = readManifest();
const notes = process.argv.includes('--no-notes') ? undefined : notesOf(version);

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT);
packPackage(ROOT, OUT);
const ofPackage = billOf('--omit=dev', '--omit=peer', '--omit=optional');
if (ofPackage.components.length > 0) throw new Error('The package has dependencies at run time');
writeJson(`${name}-${version}.cdx.json`, ofPackage);
// Everything that is installed to build and test the package, with n8n's engine, as the lock file has it.
writeJson(`${name}-${version}.build.cdx.json`, billOf());

const sums = readdirSync(OUT)
	.sort()
	.map((asset) => [asset, sha256(asset)] as const);
writeFileSync(join(OUT, 'SHA256SUMS'), sums.map(([asset, sum]) => `${sum}  ${asset}\n`).join(''));
if (notes !== undefined) writeFileSync(join(OUT, 'notes.md'), notes);
printTable(sums);
