import type { IN8nHttpFullResponse } from 'n8n-workflow';

import { ResponseError } from '../../../nodes/Invent/transport/errors.ts';
import { parseResponse } from '../../../nodes/Invent/transport/response.ts';

type Body = IN8nHttpFullResponse['body'] | null | undefined;
type Expected = readonly [responseType: 'object' | 'list', requiredField?: string];

function parse(body: Body, [responseType, requiredField]: Expected, statusCode = 200) {
	return parseResponse({ statusCode, body, headers: { date: 'today' } }, responseType, requiredField);
}

test.each<readonly [Body, Expected, unknown]>([
	[{ id: 'a' }, ['object'], [{ id: 'a' }]],
	[{ id: 0 }, ['object'], [{ id: 0 }]],
	[{ id: 'a', key: 'k' }, ['object', 'key'], [{ id: 'a', key: 'k' }]],
	[[], ['list'], []],
	[[{ id: 'a' }, { id: 2, more: null }], ['list'], [{ id: 'a' }, { id: 2, more: null }]],
])('%j is what %j asks for', (body, expected, objects) => {
	for (const status of [200, 201, 299]) expect(parse(body, expected, status)).toEqual(objects);
});

test.each<readonly [Body, Expected]>([
	[undefined, ['object']],
	[null, ['object']],
	['', ['object']],
	['{"id":"a"}', ['object']],
	[[{ id: 'a' }], ['object']],
	[{}, ['object']],
	[{ id: '' }, ['object']],
	[{ id: null }, ['object']],
	[{ id: { a: 1 } }, ['object']],
	[{ id: 'a' }, ['object', 'key']],
	[{ id: 'a', key: '' }, ['object', 'key']],
	[{ key: 'k' }, ['object', 'key']],
	[{ id: 'a' }, ['list']],
	[null, ['list']],
	['[]', ['list']],
	[{ data: [{ id: 'a' }] }, ['list']],
	[[{ id: 'a' }, null], ['list']],
	[[{ id: 'a' }, { name: 'no id' }], ['list']],
	[[{ id: 'a' }, [{ id: 'b' }]], ['list']],
])('%j is not what %j asks for', (body, expected) => {
	expect(() => parse(body, expected)).toThrow(new ResponseError(200, body, { date: 'today' }));
});

test.each([199, 300, 302, 400, 404, 500])('Status %i is an error, whatever comes with it', (status) => {
	const call = () => parse({ id: 'a' }, ['object'], status);
	expect(call).toThrow(ResponseError);
	expect(call).toThrow(`HTTP ${status}`);
});

test('The error keeps what came', async () => {
	const call = async () => parse('<html>', ['list'], 502);
	await expect(call()).rejects.toMatchObject({ status: 502, body: '<html>', headers: { date: 'today' } });
});
