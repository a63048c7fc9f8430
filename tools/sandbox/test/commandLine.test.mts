import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../../test/node/harness/gateways.mts';
import { helpText, readArguments } from '../commandLine.mts';
import { withSandbox } from './client.mts';

interface Ended {
	code: number | null;
	out: string;
	err: string;
}

/** Runs `tools/sandbox/main.mts`; `seen` may end it, once it has shown something. */
async function run(
	args: string[],
	seen: (out: string, interrupt: () => void) => void = () => {},
): Promise<Ended> {
	const child = spawn(process.execPath, ['tools/sandbox/main.mts', ...args], {
		env: { ...process.env, NO_COLOR: '1' },
	});
	let out = '';
	let err = '';
	child.stdout.on('data', (part: Buffer) => {
		out += part.toString();
		seen(out, () => child.kill('SIGINT'));
	});
	child.stderr.on('data', (part: Buffer) => (err += part.toString()));
	const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
	return { code, out, err };
}

const oneLine: unknown = expect.stringMatching(/^[^\n]+\n$/);

test('arguments become options', () => {
	const args = ['--port', '0', '--patch-config', 'replace', '--hide-deleted', '--retry-after=none'];
	expect(readArguments(args)).toEqual({
		help: false,
		options: { port: 0, patchConfig: 'replace', includeDeleted: false, retryAfter: 'none' },
	});
	expect(readArguments([])).toEqual({ help: false, options: { port: 4010 } });
});

test.each([
	['--port', 'x'],
	['--port', '65536'],
	['--assistants', '-1'],
	['--patch-config', 'merge'],
	['--unknown', 'x'],
	['x'],
])('%s %s is refused', (...args) => {
	expect(() => readArguments(args)).toThrow();
});

test('the help names every option once', () => {
	const options = helpText().match(/^ {2}--[\w-]+/gm) ?? [];
	expect(new Set(options).size).toBe(options.length);
	expect(options.length).toBeGreaterThan(15);
});

test('the start screen shows how to use it, and Ctrl-C ends it cleanly', async () => {
	const { code, out, err } = await run(['--port', '0', '--api-key', 'my-key'], (text, interrupt) => {
		if (text.includes('Requests:')) interrupt();
	});
	expect({ code, err }).toEqual({ code: 0, err: '' });
	expect(out).toMatch(/Base URL +http:\/\/127\.0\.0\.1:\d+\n/);
	expect(out).toMatch(/API key +my-key\n/);
	expect(out).toMatch(/org_\w{22} {2}Fjordlight Outdoor/);
	expect(out).toContain("curl -H 'Authorization: Bearer my-key'");
});

test('the start screen says how to keep the data and the key, or where they are kept', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'invent-sandbox-'));
	const file = join(folder, 'data.json');
	try {
		const shown = async (...args: string[]) => {
			const { out } = await run(['--port', '0', ...args], (text, interrupt) => {
				if (text.includes('Requests:')) interrupt();
			});
			return out;
		};
		expect(await shown()).toContain('npm run sandbox -- --file sandbox.json');
		expect(await shown('--file', file)).toContain(`kept in ${file}`);
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('another machine can reach it only by HTTPS', async () => {
	const ended = await run(['--port', '0', '--host', '0.0.0.0']);
	expect(ended).toEqual({ code: 1, out: '', err: oneLine });
	expect(ended.err).toContain('--cert and --key');
	const folder = mkdtempSync(join(tmpdir(), 'invent-sandbox-'));
	const { cert, key } = selfSigned();
	const files = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
	writeFileSync(files.cert, cert);
	writeFileSync(files.key, key);
	try {
		await withSandbox({ host: '0.0.0.0', ...files }, async ({ url, apiKey }) => {
			const headers = { authorization: `Bearer ${apiKey}` };
			const [response]: IncomingMessage[] = await once(
				get(`${url}/orgs/c/assistants?take=1`, { ca: cert, headers }),
				'response',
			);
			response?.resume();
			expect({ url, status: response?.statusCode }).toEqual({
				url: expect.stringMatching(/^https:\/\/127\.0\.0\.1:\d+$/),
				status: 200,
			});
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test('a request is shown as one line', async () => {
	let asked = false;
	const { out } = await run(['--port', '0'], (text, interrupt) => {
		const url = /http:\/\/127\.0\.0\.1:\d+/.exec(text)?.[0];
		if (url !== undefined && text.includes('Requests:') && !asked) {
			asked = true;
			void fetch(`${url}/orgs/c/assistants?take=1`);
		}
		if (/401 GET +\/orgs\/c\/assistants\?take=1\n/.test(text)) interrupt();
	});
	expect(out.trimEnd().split('\n').at(-1)).toMatch(/^[\d:.]{12} 401 GET {3}\/orgs\/c\/assistants\?take=1$/);
});

test('a taken port ends it with one line', async () => {
	await withSandbox({}, async ({ url }) => {
		const ended = await run(['--port', new URL(url).port]);
		expect(ended).toEqual({ code: 1, out: '', err: oneLine });
		expect(ended.err).toContain('taken');
	});
});

test('a bad option ends it with one line', async () => {
	expect(await run(['--latency', 'long'])).toEqual({ code: 1, out: '', err: oneLine });
	expect(await run(['--port', '-5'])).toEqual({ code: 1, out: '', err: oneLine });
});

test('an unreadable file ends it with one line', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'invent-sandbox-'));
	const file = join(folder, 'data.json');
	writeFileSync(file, 'hello');
	try {
		expect(await run(['--port', '0', '--file', file])).toEqual({ code: 1, out: '', err: oneLine });
		expect(await run(['--port', '0', '--file', folder])).toEqual({ code: 1, out: '', err: oneLine });
	} finally {
		rmSync(folder, { recursive: true });
	}
});
