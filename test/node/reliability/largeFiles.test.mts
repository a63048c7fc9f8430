/** A large file takes little more memory than itself and the request that holds it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { startSandbox } from '../../../tools/sandbox/server.mts';
import type { Measured } from './largeFile.mts';

const run = promisify(execFile);

const BYTES = 20 * 1024 * 1024;
const PROGRAM = ['--expose-gc', '--import', './test/bench/hook.mts', 'test/node/reliability/largeFile.mts'];

test.each(['default', 'filesystem'])(
	'A file of 20 MB, kept by n8n in its mode %s, is uploaded whole, and takes three times its size at most',
	async (mode) => {
		const sandbox = await startSandbox({ data: 'empty' });
		try {
			const { stdout } = await run(process.execPath, [...PROGRAM, sandbox.url, String(BYTES), mode], {
				env: { ...process.env, API_KEY: sandbox.apiKey },
			});
			const { idle, peak, hash, fields } = JSON.parse(
				stdout.slice(stdout.lastIndexOf('{"idle"')),
			) as Measured;
			const served = await fetch(JSON.stringify(fields?.file_url).slice(1, -1));
			expect(fields?.file_size).toBe(BYTES);
			expect(await hashOf(await served.arrayBuffer())).toBe(hash);
			expect(peak - idle).toBeLessThanOrEqual(3 * BYTES);
		} finally {
			await sandbox.close();
		}
	},
);

async function hashOf(content: ArrayBuffer): Promise<string> {
	return Buffer.from(await crypto.subtle.digest('SHA-256', content)).toString('hex');
}
