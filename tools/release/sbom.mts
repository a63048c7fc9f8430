// Bills of materials in CycloneDX: npm knows the packages, this adds what a release knows besides.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { z } from 'zod';
import { readManifest, ROOT } from './package.mts';

const require = createRequire(import.meta.url);

/** The licences that SPDX has an identifier for. */
const SPDX = new Set(
	['spdx-license-ids', 'spdx-license-ids/deprecated'].flatMap((list) =>
		z.array(z.string()).parse(require(list)),
	),
);

/** npm calls everything an SPDX identifier; CycloneDX wants others by their name. */
const license = z
	.object({ id: z.string() })
	.passthrough()
	.transform(({ id, ...others }) => (SPDX.has(id) ? { id, ...others } : { name: id, ...others }));

const licenses = z.array(z.union([z.object({ license }), z.object({ expression: z.string() })]));

/** What is relied on of npm's document; everything else is passed on as it is. */
const document = z
	.object({
		bomFormat: z.literal('CycloneDX'),
		specVersion: z.string(),
		metadata: z
			.object({
				lifecycles: z.array(z.object({ phase: z.string() })),
				component: z.object({ 'bom-ref': z.string(), name: z.string(), purl: z.string() }).passthrough(),
			})
			.passthrough(),
		components: z.array(z.object({ 'bom-ref': z.string(), licenses: licenses.optional() }).passthrough()),
		dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
	})
	.passthrough();

type Document = z.output<typeof document>;

/**
 * The package that is published: the tarball by its checksums, and that it depends on nothing. n8n-workflow is no
 * part of it, because it is n8n's own.
 */
export function packageBill(tarball: Buffer): Document {
	const bill = npmSbom(['--omit=dev', '--omit=peer', '--omit=optional']);
	if (bill.components.length > 0) throw new Error('The package has dependencies at run time');
	const hashes = (['SHA-256', 'SHA-512'] as const).map((alg) => ({ alg, content: digest(alg, tarball) }));
	const { component } = bill.metadata;
	const complete = { aggregate: 'complete', dependencies: [component['bom-ref']] };
	return released(
		{
			...bill,
			metadata: { ...bill.metadata, component: { ...component, hashes } },
			compositions: [complete],
		},
		tarball,
	);
}

/** Everything that is installed to build and test the package, with n8n's engine, as the lock file has it. */
export function buildBill(tarball: Buffer): Document {
	const bill = npmSbom([]);
	if (bill.components.length === 0) throw new Error('The lock file names no package');
	return released(bill, tarball);
}

function npmSbom(options: readonly string[]): Document {
	const command = ['sbom', '--silent', '--sbom-format=cyclonedx', '--package-lock-only', ...options];
	const text = execFileSync('npm', command, { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
	return document.parse(JSON.parse(text));
}

/**
 * The same commit gives the same bytes: the date is the commit's and the number is made from the tarball. npm calls
 * the package what its folder is called.
 */
function released(bill: Document, tarball: Buffer): Document {
	const { lifecycles: _, ...metadata } = bill.metadata;
	return {
		...bill,
		serialNumber: `urn:uuid:${uuidOf(tarball, String(bill.components.length))}`,
		metadata: {
			...metadata,
			timestamp: commitDate(),
			lifecycles: [{ phase: 'build' }],
			component: { ...metadata.component, name: readManifest().name },
		},
	};
}

function digest(algorithm: 'SHA-256' | 'SHA-512', data: Buffer): string {
	return createHash(algorithm.replace('-', '')).update(data).digest('hex');
}

/** A UUID of version 8, the one for values of one's own making (RFC 9562, 5.8). */
function uuidOf(tarball: Buffer, purpose: string): string {
	const bytes = createHash('sha256').update(tarball).update(purpose).digest().subarray(0, 16);
	bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
	bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
	return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function commitDate(): string {
	const seconds = execFileSync('git', ['log', '-1', '--format=%ct'], { cwd: ROOT, encoding: 'utf8' });
	return new Date(Number(seconds) * 1000).toISOString();
}
