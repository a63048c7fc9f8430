import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { LIST, member, send, withSandbox } from './client.mts';

const FILES = '/orgs/c/files';
const CONTENT = Buffer.from('picture');
const DATA = CONTENT.toString('base64');

async function served(answer: unknown): Promise<{ status: number; type: string | null; content: Buffer }> {
	const response = await fetch(String(member(answer, 'file_url')));
	const content = Buffer.from(await response.arrayBuffer());
	return { status: response.status, type: response.headers.get('content-type'), content };
}

test('an upload is kept, listed and served back', async () => {
	await withSandbox({ data: 'empty' }, async (sandbox) => {
		const file = { data: DATA, name: 'a b/ü.png', type: 'image/png' };
		const { status, json } = await send(sandbox, 'POST', FILES, { body: { file } });
		expect(status).toBe(200);
		expect(json).toMatchObject({ file_filename: file.name, file_mimetype: file.type, file_size: 7 });
		expect(await served(json)).toEqual({ status: 200, type: 'image/png', content: CONTENT });
		expect((await send(sandbox, 'GET', FILES)).json).toEqual([json]);
		expect(sandbox.requests).toHaveLength(2);
	});
});

test('an upload survives a restart with a data file', async () => {
	const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
	const options = { file: join(folder, 'data.json'), data: 'empty' } as const;
	await withSandbox(options, async (sandbox) => {
		await send(sandbox, 'POST', FILES, { body: { file: DATA } });
	});
	await withSandbox(options, async (sandbox) => {
		const { json } = await send(sandbox, 'GET', FILES);
		expect((await served(Array.isArray(json) ? json[0] : undefined)).content).toEqual(CONTENT);
	});
	rmSync(folder, { recursive: true });
});

test('a private file is served only at its signed address', async () => {
	await withSandbox({ data: 'empty' }, async (sandbox) => {
		const body = { file: DATA, visibility: 'PRIVATE' };
		const { json } = await send(sandbox, 'POST', FILES, { body });
		expect((await served(json)).status).toBe(200);
		const unsigned = String(member(json, 'file_url')).replace(/\?.*/, '');
		expect((await fetch(unsigned)).status).toBe(403);
		expect((await fetch(`${unsigned}?token=other`)).status).toBe(403);
	});
});

test('a file that the sandbox serves can be uploaded again by its address', async () => {
	await withSandbox({}, async (sandbox) => {
		const { json: list } = await send(sandbox, 'GET', FILES);
		const picture: unknown = Array.isArray(list) ? list[0] : undefined;
		const body = { file_url: member(picture, 'file_url') };
		const { json } = await send(sandbox, 'POST', FILES, { body });
		expect(member(json, 'id')).not.toBe(member(picture, 'id'));
		expect((await served(json)).content).toEqual((await served(picture)).content);
	});
});

test('of another address only the name is taken, because nothing leaves this machine', async () => {
	await withSandbox({}, async (sandbox) => {
		const body = { file_url: 'https://pictures.example/logo%20new.png?size=2' };
		const { json } = await send(sandbox, 'POST', FILES, { body });
		expect(json).toMatchObject({ file_filename: 'logo new.png', file_mimetype: 'image/gif' });
	});
});

test.each([
	['both', 200, 200],
	['object', 200, 400],
	['base64', 400, 200],
] as const)('the forms of file that are taken can be %s', async (fileForms, object, text) => {
	await withSandbox({ fileForms }, async (sandbox) => {
		const reply = await send(sandbox, 'POST', FILES, { body: { file: { data: DATA } } });
		expect(reply.status).toBe(object);
		expect((await send(sandbox, 'POST', FILES, { body: { file: DATA } })).status).toBe(text);
	});
});

test('a file that is too large is answered with 413', async () => {
	await withSandbox({ maxFileBytes: CONTENT.length - 1 }, async (sandbox) => {
		expect((await send(sandbox, 'POST', FILES, { body: { file: DATA } })).status).toBe(413);
		expect(sandbox.store.files()).toHaveLength(2);
	});
});

test.each([
	[['image/*'], 200],
	[['image/png'], 200],
	[['image/jpeg', 'text/*'], 400],
])('allowed_types %j is answered with %i for a PNG', async (allowed_types, status) => {
	await withSandbox({}, async (sandbox) => {
		const body = { file: { data: DATA, type: 'image/png' }, allowed_types };
		expect((await send(sandbox, 'POST', FILES, { body })).status).toBe(status);
	});
});

test('an assistant whose avatar is an uploaded file shows its address', async () => {
	await withSandbox({}, async (sandbox) => {
		const { json } = await send(sandbox, 'POST', FILES, { body: { file: DATA } });
		const body = { name: 'New', avatar_id: member(json, 'id') };
		const created = await send(sandbox, 'POST', LIST, { body });
		expect(member(created.json, 'avatar_url')).toBe(member(json, 'file_url'));
	});
});

test('the avatars of the example data are served', async () => {
	await withSandbox({ basePath: '/proxy' }, async (sandbox) => {
		const urls = sandbox.store.assistants().flatMap(({ avatar_url: url }) => url ?? []);
		expect(urls).toHaveLength(2);
		for (const file_url of urls) {
			const { status, type, content } = await served({ file_url });
			expect([status, type]).toEqual([200, 'image/svg+xml']);
			expect(content.toString()).toMatch(/^<svg /);
		}
	});
});

test('what is not there is answered with 404', async () => {
	await withSandbox({}, async (sandbox) => {
		expect((await fetch(`${sandbox.url}/storage/fil_x/a.png`)).status).toBe(404);
	});
});

test('each of the sub-organizations has assistants of its own', async () => {
	await withSandbox({}, async (sandbox) => {
		const below = sandbox.store.organizations().filter(({ parent_id }) => parent_id === sandbox.orgId);
		expect(below).toHaveLength(3);
		for (const { id } of below) expect(sandbox.store.assistants(id)).not.toEqual([]);
	});
});

test.each(['files', 'orgs'])('a list of %s can change while it is read', async (list) => {
	await withSandbox({}, async (sandbox) => {
		sandbox.faults.set([{ match: { nth: 1 }, effect: { afterList: { delete: 1 } } }]);
		const before = await send(sandbox, 'GET', `/orgs/c/${list}`);
		sandbox.faults.set([{ match: { nth: 1 }, effect: { afterList: { insert: 2 } } }]);
		const between = await send(sandbox, 'GET', `/orgs/c/${list}`);
		const after = await send(sandbox, 'GET', `/orgs/c/${list}`);
		const [first, ...others] = Array.isArray(before.json) ? before.json : [];
		expect(first).toBeDefined();
		expect(between.json).toEqual(others);
		expect(Array.isArray(after.json) && after.json.slice(2)).toEqual(others);
	});
});
