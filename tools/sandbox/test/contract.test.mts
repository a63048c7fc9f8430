import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import { anyText, LIST, member, send, withSandbox } from './client.mts';

const document: unknown = parse(readFileSync(join('contract', 'invent.openapi.yaml'), 'utf8'));

function problems(schemaName: string, value: unknown): string[] {
	const ajv = new Ajv2020({ strict: false, allErrors: true });
	addFormats.default(ajv);
	const validate = ajv.compile({
		components: member(document, 'components'),
		$ref: `#/components/schemas/${schemaName}`,
	});
	validate(value);
	return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe('What the contract does not allow is answered with 400 and noted', () => {
	const id = 'ast_x';
	const ACTIONS = `${LIST}/${id}/actions`;
	const FILES = '/orgs/c/files';
	const cases: Array<[string, string, string, unknown]> = [
		['a page before the first', 'GET', `${LIST}?page=0`, undefined],
		['a page that is no whole number', 'GET', `${LIST}?page=1.5`, undefined],
		['an empty page', 'GET', `${LIST}?page=`, undefined],
		['a page given twice', 'GET', `${LIST}?page=1&page=2`, undefined],
		['more than 100 at once', 'GET', `${LIST}?take=101`, undefined],
		['an unknown query parameter', 'GET', `${LIST}?limit=5`, undefined],
		['an empty assistant id', 'GET', `${LIST}/`, undefined],
		['an empty organization', 'GET', '/orgs//assistants', undefined],
		['a creation without a body', 'POST', LIST, undefined],
		['a creation without a name', 'POST', LIST, { enabled: true }],
		['an empty name', 'POST', LIST, { name: '' }],
		['a name of 1025 characters', 'POST', LIST, { name: 'x'.repeat(1025) }],
		['a name that is a number', 'POST', LIST, { name: 7 }],
		['a boolean as text', 'POST', LIST, { name: 'x', enabled: 'true' }],
		['an unknown member in a creation', 'POST', LIST, { name: 'x', boards: [] }],
		['a config that is null', 'POST', LIST, { name: 'x', config: null }],
		['a list as body', 'POST', LIST, []],
		['broken JSON', 'POST', LIST, '{"name":'],
		['generate_secret_key in an update', 'PATCH', `${LIST}/${id}`, { generate_secret_key: true }],
		['a board without an id', 'PATCH', `${LIST}/${id}`, { boards: [{ initial_segment_id: 'seg' }] }],
		['an unknown member in a duplication', 'POST', `${LIST}/${id}/duplicate`, { enabled: true }],
		['a copy’s name of 256 characters', 'POST', `${LIST}/${id}/duplicate`, { name: 'x'.repeat(256) }],
		['an action without config', 'POST', ACTIONS, { enabled: true, action_id: 'TOOLS:WEB_SEARCH' }],
		['an action without a type', 'POST', ACTIONS, { enabled: true, config: {} }],
		['an action’s name of 65 characters', 'PATCH', `${ACTIONS}/act_x`, { name: 'x'.repeat(65) }],
		['instructions of 2049 characters', 'PATCH', `${ACTIONS}/act_x`, { instructions: 'x'.repeat(2049) }],
		['an action’s type in an update', 'PATCH', `${ACTIONS}/act_x`, { action_id: 'TOOLS:WEB_SEARCH' }],
		['an update of an action called reorder', 'PATCH', `${ACTIONS}/reorder`, { name: 'x' }],
		['26 positions', 'PATCH', `${ACTIONS}/reorder`, { positions: Array(26).fill({ id: 'a', position: 1 }) }],
		[
			'a position that is no whole number',
			'PATCH',
			`${ACTIONS}/reorder`,
			{ positions: [{ id: 'a', position: 1.5 }] },
		],
		['a file without data', 'POST', FILES, { file: { name: 'a.txt', type: 'text/plain' } }],
		['a file that is not base64', 'POST', FILES, { file: 'data:text/plain;base64,eA==' }],
		['neither a file nor an address', 'POST', FILES, { visibility: 'PUBLIC' }],
		['a file and an address', 'POST', FILES, { file: 'eA==', file_url: 'https://example.com/x.png' }],
		['another visibility', 'POST', FILES, { file: 'eA==', visibility: 'public' }],
		['a search of files', 'GET', `${FILES}?search=a`, undefined],
		['any body for a rotation', 'POST', `${LIST}/${id}/rotate-secret-key`, {}],
	];
	test.each(cases)('%s', async (_, method, path, body) => {
		await withSandbox({}, async (sandbox) => {
			const reply = await send(sandbox, method, path, { body });
			expect(reply.status).toBe(400);
			expect(member(reply.json, 'message')).toEqual(anyText);
			expect(sandbox.requests[0]?.violation).toEqual(anyText);
			expect(sandbox.store.assistants()).toHaveLength(12);
		});
	});

	test('a body for a GET', async () => {
		await withSandbox({}, async (sandbox) => {
			const headers = {
				authorization: `Bearer ${sandbox.apiKey}`,
				'content-type': 'application/json',
				'content-length': '2', // Node announces no body of a GET by itself
			};
			const status = await new Promise((resolve, reject) => {
				const sending = request(`${sandbox.url}${LIST}`, { method: 'GET', headers });
				sending.once('error', reject).once('response', (response) => {
					response.resume().once('end', () => resolve(response.statusCode));
				});
				sending.end('{}');
			});
			expect(status).toBe(400);
			expect(sandbox.requests).toMatchObject([{ rawBody: '{}', violation: anyText }]);
		});
	});

	test('a body that is not declared as JSON', async () => {
		await withSandbox({}, async (sandbox) => {
			const headers = { 'content-type': 'text/plain' };
			const reply = await send(sandbox, 'POST', LIST, { body: { name: 'x' }, headers });
			expect(reply.status).toBe(400);
			expect(sandbox.requests[0]?.rawBody).toBe('{"name":"x"}');
		});
	});
});

describe('What the contract allows is taken', () => {
	const cases: Array<[string, unknown]> = [
		['a name of 1024 characters', { name: 'x'.repeat(1024) }],
		['1024 characters that take two units each', { name: '🦊'.repeat(1024) }],
		['an avatar_id of null', { name: 'x', avatar_id: null }],
		['unknown members inside config', { name: 'x', config: { new_member: [1], conversation: { other: 1 } } }],
	];
	test.each(cases)('%s', async (_, body) => {
		await withSandbox({}, async (sandbox) => {
			const reply = await send(sandbox, 'POST', LIST, { body });
			expect(reply.status).toBe(200);
			expect(sandbox.requests[0]?.violation).toBeUndefined();
		});
	});
});

describe('Answers are what the contract promises', () => {
	test.each(['newest', 'older'] as const)('assistants of the %s generation', async (generation) => {
		await withSandbox({ generation }, async (sandbox) => {
			const { json } = await send(sandbox, 'GET', LIST);
			expect(Array.isArray(json)).toBe(true);
			for (const assistant of Array.isArray(json) ? json : []) {
				expect(problems('Assistant', assistant)).toEqual([]);
			}
		});
	});

	test.each([
		['SubOrganization', '/orgs/c/orgs', 3],
		['OrganizationFile', '/orgs/c/files', 2],
		['Segment', '/orgs/c/segments', 6],
	])('%s', async (schema, path, count) => {
		await withSandbox({}, async (sandbox) => {
			const { json } = await send(sandbox, 'GET', path);
			expect(json).toHaveLength(count);
			for (const item of Array.isArray(json) ? json : []) expect(problems(schema, item)).toEqual([]);
		});
	});
});

describe('Actions are what the contract promises', () => {
	test.each(['newest', 'older'] as const)('of the %s generation', async (generation) => {
		await withSandbox({ generation }, async (sandbox) => {
			const [support] = sandbox.store.assistants();
			const { json } = await send(sandbox, 'GET', `${LIST}/${support?.id}/actions`);
			expect(json).toHaveLength(2);
			for (const action of Array.isArray(json) ? json : []) {
				expect(problems('AssistantAction', action)).toEqual([]);
				expect(member(action, 'position') === undefined).toBe(generation === 'older');
			}
		});
	});
});

describe('What lies outside the contract is answered with 404 and noted', () => {
	test.each([
		['DELETE', `${LIST}/ast_x`],
		['GET', '/'],
		['GET', '/assistants'],
		['GET', `${LIST}/a/b`],
		['GET', `${LIST}/%zz`],
		['PUT', LIST],
	])('%s %s', async (method, path) => {
		await withSandbox({}, async (sandbox) => {
			expect((await send(sandbox, method, path)).status).toBe(404);
			expect(sandbox.requests).toMatchObject([
				{ method, path, status: 404, operationId: undefined, violation: anyText },
			]);
		});
	});
});
