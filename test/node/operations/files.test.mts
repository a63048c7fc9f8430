import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { BINARY_IN_JSON_PROPERTY, BINARY_MODE_COMBINED } from 'n8n-workflow';

import { fileRecord } from '../../../tools/sandbox/files.mts';
import { withFile } from '../harness/engine.mts';
import {
	bodiesOf,
	expectClear,
	expectRefusal,
	faultOf,
	fieldsOf,
	lineOf,
	locator,
	OWN_VALUE,
	sourcesOf,
	subOrganization,
	textOf,
	useSandbox,
} from '../harness/support.mts';

const api = useSandbox();

const CONTENT = Buffer.from('a picture');
const DATA = CONTENT.toString('base64');
const UPLOAD = { resource: 'file', operation: 'upload' };
const FROM_URL = { ...UPLOAD, source: 'url', fileUrl: 'https://example.com/files/document.pdf' };
const LIST = { resource: 'file', operation: 'getAll' };
const CONTINUE = { onError: 'continueRegularOutput' } as const;

function addFiles(count: number, orgId = api.sandbox.orgId): string[] {
	const at = new Date(Date.now() - 3_600_000).toISOString();
	return Array.from({ length: count }, (_, index) => {
		const record = fileRecord(orgId, { name: `${index}.png`, type: 'image/png', content: DATA }, at);
		api.sandbox.store.addFile(record);
		return record.file.id;
	});
}

describe('Upload from binary data', () => {
	test('sends content, name and type, and the API has the same bytes', async () => {
		const bytes = Buffer.from(Array.from({ length: 100_003 }, (_, at) => (at * 7919) % 256));
		const file = { data: bytes.toString('base64'), fileName: 'ü "a" \\.png', mimeType: 'image/png' };
		const { error, items } = await api.run(UPLOAD, { items: [withFile({}, file)] });
		expect(error).toBeUndefined();
		expect(api.sandbox.requests.map(lineOf)).toEqual(['POST /orgs/c/files']);
		expect(bodiesOf(api)).toEqual([{ file: { data: file.data, name: file.fileName, type: 'image/png' } }]);
		expect(api.sandbox.requests[0]?.headers['content-type']).toBe('application/json');
		const served = await fetch(JSON.stringify(items[0]?.json.file_url).slice(1, -1));
		expect(Buffer.from(await served.arrayBuffer()).equals(bytes)).toBe(true);
	});

	test.each([0, 1, 2, 3, 4, 49_151, 49_152, 49_153])('a file of %i bytes arrives whole', async (size) => {
		const data = Buffer.alloc(size, 'xyz').toString('base64');
		await api.run(UPLOAD, { items: [withFile({}, { data })] });
		expect(bodiesOf(api)).toEqual([{ file: { data, name: 'file.png', type: 'image/png' } }]);
	});

	test('sends every documented member', async () => {
		const additionalFields = {
			allowedTypes: ['image/*', 'application/pdf'],
			fileName: 'mine "".png',
			visibility: 'PRIVATE',
		};
		const { error } = await api.run({ ...UPLOAD, additionalFields }, { items: [withFile({})] });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([
			{
				file: { data: DATA, name: 'mine "".png', type: 'image/png' },
				allowed_types: ['image/*', 'application/pdf'],
				visibility: 'PRIVATE',
			},
		]);
	});

	test('sends the content alone in the other form', async () => {
		api.sandbox.reset({ fileForms: 'base64', data: 'empty' });
		const parameters = {
			...UPLOAD,
			additionalFields: { visibility: 'PUBLIC' },
			options: { fileFormat: 'base64' },
		};
		const { error } = await api.run(parameters, { items: [withFile({})] });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([{ file: DATA, visibility: 'PUBLIC' }]);
	});

	test('a form that the API refuses is an error, and the other one is not tried', async () => {
		api.sandbox.reset({ fileForms: 'base64', data: 'empty' });
		const { items } = await api.run(UPLOAD, { items: [withFile({})], settings: CONTINUE });
		expect(items[0]?.json).toMatchObject({ errorCode: 'rejected', httpStatus: 400 });
		expect(api.sandbox.requests).toHaveLength(1);
		api.sandbox.requests.length = 0;
	});

	test.each([
		[{ fileName: 'a.jpg', mimeType: 'image/jpeg' }, 'a.jpg', 'image/jpeg'],
		[{ mimeType: 'image/jpeg', fileExtension: 'jpg' }, 'file.jpg', 'image/jpeg'],
		[{ mimeType: 'image/svg+xml', fileExtension: '' }, 'file.svg', 'image/svg+xml'],
		[{ mimeType: 'image/webp', fileExtension: '', fileName: '' }, 'file.webp', 'image/webp'],
		[{ mimeType: 'image/webp', fileExtension: '', fileName: '  ' }, 'file.webp', 'image/webp'],
		[{ mimeType: 'application/octet-stream', fileExtension: '' }, 'file', 'application/octet-stream'],
		[{ mimeType: '', fileExtension: '' }, 'file', 'application/octet-stream'],
	])('a file %j is called %s and is of type %s', async (file, name, type) => {
		await api.run(UPLOAD, { items: [withFile({}, file)] });
		expect(bodiesOf(api)).toEqual([{ file: { data: DATA, name, type } }]);
	});

	test('each item uploads its own file from its own field, in their order', async () => {
		const one = withFile({ value: 'logo' }, { fileName: 'one.png' }, 'logo');
		const two = withFile({ value: 'data' }, { fileName: 'two.png' });
		const outcome = await api.run({ ...UPLOAD, binaryPropertyName: OWN_VALUE }, { items: [one, two] });
		expect(fieldsOf(outcome).map((file) => file.file_filename)).toEqual(['one.png', 'two.png']);
		expect(sourcesOf(outcome)).toEqual([0, 1]);
		expect(api.sandbox.inFlight.peak).toBe(1);
	});

	test('a missing field is an error that names it and lists those of the item, and nothing is sent', async () => {
		const item = withFile(withFile({}, {}, 'logo'), {}, 'photo');
		const fault = faultOf(await api.run(UPLOAD, { items: [withFile({}), item] }));
		expectClear(fault);
		expect(fault.message).toMatch(/'Input Binary Field'.*'data'.*\[item 1\]/);
		expect(fault.description).toContain('logo, photo');
		expect(fault.itemIndex).toBe(1);
		expect(api.sandbox.requests).toEqual([]);
	});

	test.each(['data', 'constructor', '__proto__', 'json'])(
		'an item without files has none in %j',
		async (field) => {
			const { items } = await api.run(
				{ ...UPLOAD, binaryPropertyName: field },
				{ items: [{ data: 'text' }, withFile({}, {}, 'other')], settings: CONTINUE },
			);
			expect(items.map(({ json }) => json.errorCode)).toEqual(['invalid_input', 'invalid_input']);
			expect(items[0]?.json.error).toMatch(/has no files/);
			expect(api.sandbox.requests).toEqual([]);
		},
	);

	test.each<[string, INodeParameters, unknown, unknown, string]>([
		['a blank name', { fileName: OWN_VALUE }, 'a.png', '  ', 'File Name'],
		['a long name', { fileName: OWN_VALUE }, 'x'.repeat(255), 'x'.repeat(256), 'File Name'],
		['another visibility', { visibility: OWN_VALUE }, 'PUBLIC', 'public', 'Visibility'],
		['types that are no list', { allowedTypes: OWN_VALUE }, ['image/*'], { a: 1 }, 'Allowed Types'],
	])('refuses %s', async (_, additionalFields, good, bad, label) => {
		for (const index of [0, 1]) {
			const items = [good, good].map((value, at) =>
				withFile({ value: at === index ? bad : value } as IDataObject),
			);
			const fault = faultOf(await api.run({ ...UPLOAD, additionalFields }, { items }));
			expectClear(fault);
			expect(fault.message).toContain(`'${label}'`);
			expect(fault.itemIndex).toBe(index);
		}
		expect(api.sandbox.requests).toEqual([]);
	});

	test('a file that is too large is an error with the status', async () => {
		api.sandbox.reset({ maxFileBytes: 8, data: 'empty' });
		const { items } = await api.run(UPLOAD, { items: [withFile({})], settings: CONTINUE });
		expect(items[0]?.json).toMatchObject({ errorCode: 'rejected', httpStatus: 413 });
		expect(api.sandbox.requests).toHaveLength(1);
	});

	test('an agent uploads nothing without a file, and is told so', async () => {
		const binaryPropertyName = "={{ $fromAI('field') }}";
		const { items } = await api.run(
			{ ...UPLOAD, binaryPropertyName },
			{ items: [{ field: '' }], settings: CONTINUE },
		);
		expect(items[0]?.json.error).toMatch(/'data'.*no files/);
	});
});

describe('Upload in a workflow that has its files combined with the fields', () => {
	const COMBINED = { binaryMode: BINARY_MODE_COMBINED } as const;
	const file = (fileName: string) => ({ data: DATA, mimeType: 'image/png', fileName });

	test("each item uploads the file at its own path, such as that of n8n's own field for files", async () => {
		const items = [
			{ value: `${BINARY_IN_JSON_PROPERTY}.data`, [BINARY_IN_JSON_PROPERTY]: { data: file('one.png') } },
			{ value: 'logo', logo: file('two.png') },
			{ value: 'photos[1]', photos: [file('none.png'), file('three.png')] },
		];
		const outcome = await api.run({ ...UPLOAD, binaryPropertyName: OWN_VALUE }, { ...COMBINED, items });
		expect(outcome.error).toBeUndefined();
		expect(bodiesOf(api)).toEqual(
			['one.png', 'two.png', 'three.png'].map((name) => ({ file: { data: DATA, name, type: 'image/png' } })),
		);
		expect(sourcesOf(outcome)).toEqual([0, 1, 2]);
	});

	test('a missing field is an error that names it and lists those of the item, and nothing is sent', async () => {
		const items = [
			{ data: file('one.png') },
			{ logo: file('two.png'), text: 'a', [BINARY_IN_JSON_PROPERTY]: { photo: file('three.png') } },
		];
		const fault = faultOf(await api.run(UPLOAD, { ...COMBINED, items }));
		expectClear(fault);
		expect(fault.message).toMatch(/'Input Binary Field'.*'data'.*\[item 1\]/);
		expect(fault.description).toContain('logo, _files.photo.');
		expect(fault.itemIndex).toBe(1);
		expect(api.sandbox.requests).toEqual([]);
	});
});

describe('Upload from a URL', () => {
	test('sends the address', async () => {
		const fileUrl = ' https://example.com/files/document.pdf?size=2 ';
		const { error } = await api.run({ ...FROM_URL, fileUrl });
		expect(error).toBeUndefined();
		expect(bodiesOf(api)).toEqual(Array(2).fill({ file_url: fileUrl.trim() }));
	});

	test('sends every documented member, but no name', async () => {
		const additionalFields = { allowedTypes: ['image/gif'], fileName: 'a.png', visibility: 'PRIVATE' };
		await api.run({ ...FROM_URL, additionalFields }, { items: [{}] });
		expect(bodiesOf(api)).toEqual([
			{ file_url: FROM_URL.fileUrl, allowed_types: ['image/gif'], visibility: 'PRIVATE' },
		]);
	});

	test.each(['', 'example.com/a.png', 'ftp://example.com/a', 'file:///a', 'https://', 'data:,a', null, {}])(
		'refuses the address %j',
		async (bad) => {
			const parameters = { ...FROM_URL, fileUrl: OWN_VALUE };
			await expectRefusal(api, { parameters, good: 'https://example.com/a', bad, label: 'File URL' });
		},
	);

	test('a lost answer is not sent again, and its error says that the file may exist', async () => {
		api.sandbox.faults.set([{ match: { method: 'POST' }, effect: { dropAfter: true } }]);
		const { items } = await api.run(FROM_URL, { items: [{}], settings: CONTINUE });
		expect(items[0]?.json.errorCode).toBe('outcome_unknown');
		expect(items[0]?.json.error).toMatch(/file may (exist|have been created)/);
		expect(api.sandbox.store.files()).toHaveLength(1);
	});
});

describe('Lost answers', () => {
	const LOST = [{ match: { method: 'POST', nth: 1 }, effect: { dropAfter: true } }] as const;

	test('an upload whose answer got lost is found by its name', async () => {
		addFiles(1);
		api.sandbox.faults.set([...LOST]);
		const outcome = await api.run(UPLOAD, { items: [withFile({}, { fileName: '0.png' }), withFile({})] });
		expect(outcome.error).toBeUndefined();
		const [, lost, other] = api.sandbox.store.files();
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual([lost?.file.id, other?.file.id]);
		expect(api.sandbox.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
		for (const { query } of api.sandbox.requests) expect(query).not.toHaveProperty('search');
	});

	test('Retry On Fail does not upload again what was uploaded', async () => {
		api.sandbox.faults.set([
			{ match: { method: 'POST', nth: 2, times: 1 }, effect: { answer: { status: 400 } } },
		]);
		const outcome = await api.run(UPLOAD, {
			items: [withFile({}, { fileName: 'a.png' }), withFile({}, { fileName: 'b.png' })],
			settings: { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 },
		});
		expect(outcome.error).toBeUndefined();
		expect(api.sandbox.store.files().map(({ file }) => file.file_filename)).toEqual(['a.png', 'b.png']);
	});

	test('an upload is not taken for one from a URL that nobody knows the outcome of, whatever that is called', async () => {
		api.sandbox.faults.set([...LOST, { match: { method: 'POST', nth: 1 }, effect: { dropBefore: true } }]);
		const fileUrl = 'https://example.com/files/a.png';
		await api.run({ ...FROM_URL, fileUrl }, { items: [{}], settings: CONTINUE });
		const own = { items: [withFile({}, { fileName: 'a.png' })], settings: CONTINUE };
		const { items } = await api.run(UPLOAD, own);
		expect(api.sandbox.store.files().map(({ file }) => file.file_filename)).toEqual(['a.png']);
		expect(items.map(({ json }) => json.errorCode)).toEqual(['outcome_unknown']);
	});

	test('a content without a name cannot be found again', async () => {
		api.sandbox.faults.set([...LOST]);
		const parameters = { ...UPLOAD, options: { fileFormat: 'base64' } };
		const { items } = await api.run(parameters, { items: [withFile({})], settings: CONTINUE });
		expect(items[0]?.json.errorCode).toBe('outcome_unknown');
		expect(api.sandbox.requests).toHaveLength(1);
	});

	test('429 is waited for, and the file arrives whole', async () => {
		api.sandbox.faults.set([
			{ match: { method: 'POST', nth: 1 }, effect: { answer: { status: 429, retryAfter: { seconds: 1 } } } },
		]);
		const { error } = await api.run(UPLOAD, { items: [withFile({})] });
		expect(error).toBeUndefined();
		expect(api.sandbox.store.files()[0]?.content).toBe(DATA);
	});
});

describe('Get Many', () => {
	test.each([
		[{ returnAll: true }, 0, 0],
		[{ returnAll: true }, 250, 250],
		[{}, 60, 50],
		[{ limit: 3 }, 60, 3],
	])('with %j of %i files it returns %i', async (own, count, expected) => {
		const ids = addFiles(count);
		const outcome = await api.run({ ...LIST, ...own }, { items: [{}] });
		expect(outcome.error).toBeUndefined();
		expect(fieldsOf(outcome).map(({ id }) => id)).toEqual(ids.slice(0, expected));
		expect(new Set(api.sandbox.requests.map(lineOf))).toEqual(new Set(['GET /orgs/c/files']));
	});

	test('returns the seven members of the API, of the organization that is picked', async () => {
		const org = subOrganization(api);
		addFiles(1, org);
		const outcome = await api.run({ ...LIST, organizationId: locator(org) }, { items: [{}] });
		expect(fieldsOf(outcome).map((file) => Object.keys(file))).toEqual([
			['id', 'file_path', 'file_filename', 'file_size', 'file_mimetype', 'file_url', 'created_at'],
		]);
	});

	test('what is no list is an error', async () => {
		api.sandbox.faults.set([{ effect: { answer: { status: 200, body: '{}' } } }]);
		const fault = faultOf(await api.run(LIST));
		expect(textOf(fault)).toMatch(/list/);
	});
});

test('an uploaded file becomes the avatar of an assistant by its id', async () => {
	const { id } = api.sandbox.store.add({});
	const [file] = (await api.run(UPLOAD, { items: [withFile({})] })).items;
	const updateFields = { avatarId: '={{ $json.id }}' };
	const update = { operation: 'update', assistantId: locator(id), updateFields };
	await api.run(update, { items: [file?.json ?? {}] });
	expect(api.sandbox.store.find(id)?.avatar_url).toBe(file?.json.file_url);
});
