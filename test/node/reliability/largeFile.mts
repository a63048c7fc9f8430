/**
 * Uploads of a large file in a process of its own, whose memory is measured:
 * `API_KEY=… node --expose-gc --import ./test/bench/hook.mts test/node/reliability/largeFile.mts <Base URL> <bytes> <mode>`.
 * The process keeps the file as n8n does in its mode for binary data: in memory, as part of the items, or in a folder.
 */
import { createHash, randomFillSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BinaryDataConfig, BinaryDataService } from 'n8n-core';
import type { IBinaryData, IDataObject } from 'n8n-workflow';

import { execute, withFile } from '../harness/engine.mts';

/** What the process prints at its end, as JSON. */
export interface Measured {
	/** The process with the file but before its upload, and at its peak; bytes. */
	readonly idle: number;
	readonly peak: number;
	/** SHA-256 of the file. */
	readonly hash: string;
	/** What the node returned. */
	readonly fields: IDataObject | undefined;
}

const [baseUrl = '', bytes = '0', mode = 'default'] = process.argv.slice(2);
const credential = { apiKey: process.env.API_KEY ?? '', baseUrl };
const folder = mkdtempSync(join(tmpdir(), 'files-'));
let hash = '';

// n8n-core's own container of services; another copy of the package would have other ones.
const require = createRequire(createRequire(import.meta.url).resolve('n8n-core'));
const { Container } = require('@n8n/di') as { Container: { get<T>(type: new (...given: never[]) => T): T } };

const config = Container.get(BinaryDataConfig);
Object.assign(config, { mode, localStoragePath: folder });
const service = Container.get(BinaryDataService);
await service.init();

/** Puts a file where n8n keeps it. */
async function keep(size: number): Promise<IBinaryData> {
	const content = randomFillSync(Buffer.alloc(size));
	hash = createHash('sha256').update(content).digest('hex');
	const data = { data: '', mimeType: 'image/png', fileName: 'large.png' };
	const location = { type: 'execution', workflowId: 'test', executionId: '1' } as const;
	return await service.store(location, content, data);
}

async function upload(file: IBinaryData): Promise<IDataObject | undefined> {
	const parameters = { resource: 'file', operation: 'upload' };
	const { items } = await execute({ parameters, items: [withFile({}, file)], credential });
	return items[0]?.json;
}

await upload(await keep(10));
const file = await keep(Number(bytes));
globalThis.gc?.();
const idle = process.memoryUsage().rss;
const fields = await upload(file);
// That of the whole life of the process, so it is the peak of the upload or higher.
const peak = process.resourceUsage().maxRSS * 1024;
rmSync(folder, { recursive: true });
process.stdout.write(JSON.stringify({ idle, peak, hash, fields } satisfies Measured));
