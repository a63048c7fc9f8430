// Makes what a release consists of, in tools/release/out: the tarball, its bills of materials, the checksums, the notes.
//
//   node tools/release/pack.mts             what the changelog says about the version becomes the notes
//   node tools/release/pack.mts --no-notes  for a commit that is no release, which the changelog has no section for

import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { packPackage } from '../checks/npmPack.mts';
import { printTable } from '../checks/report.mts';
import { notesOf } from './changelog.mts';
import { OUT, readManifest, ROOT } from './package.mts';
import { buildBill, packageBill } from './sbom.mts';

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
const { path } = packPackage(ROOT, OUT);
const tarball = readFileSync(path);
writeJson(`${name}-${version}.cdx.json`, packageBill(tarball));
writeJson(`${name}-${version}.build.cdx.json`, buildBill(tarball));

const assets = readdirSync(OUT).sort();
const sums = assets.map((asset) => [asset, sha256(asset)] as const);
writeFileSync(join(OUT, 'SHA256SUMS'), sums.map(([asset, sum]) => `${sum}  ${asset}\n`).join(''));
if (notes !== undefined) writeFileSync(join(OUT, 'notes.md'), notes);

printTable(sums);
console.log(`${basename(path)} is in tools/release/out`);
