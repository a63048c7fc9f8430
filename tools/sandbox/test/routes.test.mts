import { anyText, LIST, member, names, send, withSandbox } from './client.mts';

describe('The key', () => {
	test.each([
		['no key', { authorization: '' }],
		['another key', { authorization: 'Bearer nonsense' }],
		['another scheme', { authorization: 'Basic nonsense' }],
	])('%s is answered with 401', async (_, headers) => {
		await withSandbox({}, async (sandbox) => {
			expect((await send(sandbox, 'GET', LIST, { headers })).status).toBe(401);
		});
	});

	test('a key of one’s own is accepted, and no other', async () => {
		await withSandbox({ apiKey: 'a-key' }, async (sandbox) => {
			expect(sandbox.apiKey).toBe('a-key');
			expect((await send(sandbox, 'GET', LIST)).status).toBe(200);
		});
	});

	test('each sandbox makes another key', async () => {
		await withSandbox({}, async (one) =>
			withSandbox({}, async (other) => expect(one.apiKey).not.toBe(other.apiKey)),
		);
	});
});

describe('Pages', () => {
	test.each([0, 1, 99, 100, 101, 250])('%i assistants are listed completely and once', async (count) => {
		await withSandbox({ assistants: count }, async (sandbox) => {
			const sizes: number[] = [];
			const seen: unknown[] = [];
			for (let page = 1; ; page++) {
				const { json, headers } = await send(sandbox, 'GET', `${LIST}?page=${page}&take=100`);
				const found = names(json);
				expect(headers.get('pagination-count')).toBe(String(count));
				expect(headers.get('pagination-page')).toBe(String(page));
				expect(headers.get('pagination-take')).toBe('100');
				sizes.push(found.length);
				seen.push(...found);
				if (found.length < 100) break;
			}
			expect(seen).toEqual(sandbox.store.assistants().map(({ name }) => name));
			expect(new Set(seen).size).toBe(count);
			expect(sizes).toHaveLength(Math.floor(count / 100) + 1);
		});
	});

	test('without parameters the first 100 come', async () => {
		await withSandbox({ assistants: 101 }, async (sandbox) => {
			expect((await send(sandbox, 'GET', LIST)).json).toHaveLength(100);
		});
	});

	test.each([
		['total', '12'],
		['page', '5'],
		['wrong', '6'],
		['absent', null],
	] as const)('the count header can be %s', async (countHeader, expected) => {
		await withSandbox({ countHeader }, async (sandbox) => {
			const { headers } = await send(sandbox, 'GET', `${LIST}?take=5`);
			expect(headers.get('pagination-count')).toBe(expected);
		});
	});

	test('the same number gives the same assistants each time', async () => {
		await withSandbox({ assistants: 20 }, async (one) =>
			withSandbox({ assistants: 20 }, async (other) => {
				const identity = ({ id, name }: { id: string; name: string }) => ({ id, name });
				expect(one.store.assistants().map(identity)).toEqual(other.store.assistants().map(identity));
			}),
		);
	});
});

describe('Lists', () => {
	test('search finds part of a name, in any capitals', async () => {
		await withSandbox({}, async (sandbox) => {
			const { json, headers } = await send(sandbox, 'GET', `${LIST}?search=SALES`);
			expect(names(json)).toEqual(['Sales Advisor']);
			expect(headers.get('pagination-count')).toBe('1');
		});
	});

	test('a search sees what was created after the last one', async () => {
		await withSandbox({}, async (sandbox) => {
			await send(sandbox, 'GET', `${LIST}?search=sales`);
			sandbox.store.add({ name: 'More sales' });
			const { json } = await send(sandbox, 'GET', `${LIST}?search=sales`);
			expect(names(json)).toEqual(['Sales Advisor', 'More sales']);
		});
	});

	test('search can be ignored', async () => {
		await withSandbox({ search: 'ignored' }, async (sandbox) => {
			expect((await send(sandbox, 'GET', `${LIST}?search=SALES`)).json).toHaveLength(12);
		});
	});

	test.each([
		[true, 12],
		[false, 11],
	])('soft-deleted ones listed: %s', async (includeDeleted, count) => {
		await withSandbox({ includeDeleted }, async (sandbox) => {
			const { json, headers } = await send(sandbox, 'GET', LIST);
			expect(json).toHaveLength(count);
			expect(names(json).includes('Old FAQ Bot')).toBe(includeDeleted);
			expect(headers.get('pagination-count')).toBe(String(count));
		});
	});

	test('a new assistant stands last', async () => {
		await withSandbox({}, async (sandbox) => {
			await send(sandbox, 'POST', LIST, { body: { name: 'Newest' } });
			expect(names((await send(sandbox, 'GET', LIST)).json).at(-1)).toBe('Newest');
		});
	});

	test('the older generation lacks the newer members', async () => {
		await withSandbox({ generation: 'older' }, async (sandbox) => {
			const { json, text } = await send(sandbox, 'GET', LIST);
			expect(text).not.toMatch(/"(boards|deleted|timezone|position|enable_auto_csat)":/);
			expect(text).toMatch(/"config":null/);
			expect(json).toHaveLength(12);
		});
	});

	test('segments can be searched, and those on boards left out', async () => {
		await withSandbox({}, async (sandbox) => {
			const searched = await send(sandbox, 'GET', '/orgs/c/segments?search=lead');
			expect(names(searched.json)).toEqual(['Leads']);
			const free = await send(sandbox, 'GET', '/orgs/c/segments?exclude_board_columns=true');
			expect(names(free.json)).toEqual(['Newsletter readers']);
		});
	});
});

describe('Organizations', () => {
	test('a sub-organization is reached by its id, with its own assistants', async () => {
		await withSandbox({}, async (sandbox) => {
			const { json } = await send(sandbox, 'GET', '/orgs/c/orgs');
			expect(names(json)).toEqual(['Fjordlight Rentals', 'Fjordlight Business', 'Fjordlight Repairs']);
			const rentals = sandbox.store.organizations()[1];
			const list = await send(sandbox, 'GET', `/orgs/${rentals?.id}/assistants`);
			expect(names(list.json)).toEqual(['Rental Desk', 'Late Return Reminder']);
		});
	});

	test('c and the real id are the same organization', async () => {
		await withSandbox({}, async (sandbox) => {
			const own = await send(sandbox, 'GET', `/orgs/${sandbox.orgId}/assistants`);
			expect(own.text).toBe((await send(sandbox, 'GET', LIST)).text);
		});
	});

	test.each(['', '/ast_x', '/../orgs'])('an unknown organization is answered with 404 (%s)', async (rest) => {
		await withSandbox({}, async (sandbox) => {
			expect((await send(sandbox, 'GET', `/orgs/org_unknown/assistants${rest}`)).status).toBe(404);
		});
	});

	test('an assistant is not found in another organization', async () => {
		await withSandbox({}, async (sandbox) => {
			const [own, rentals] = sandbox.store.organizations();
			const desk = sandbox.store.assistants(rentals?.id)[0];
			expect((await send(sandbox, 'GET', `/orgs/${rentals?.id}/assistants/${desk?.id}`)).status).toBe(200);
			expect((await send(sandbox, 'GET', `/orgs/${own?.id}/assistants/${desk?.id}`)).status).toBe(404);
		});
	});
});

describe('Unknown assistants are answered with 404', () => {
	test.each([
		['GET', '', undefined],
		['PATCH', '', {}],
		['POST', '/duplicate', {}],
		['POST', '/rotate-secret-key', undefined],
	])('%s %s', async (method, rest, body) => {
		await withSandbox({}, async (sandbox) => {
			expect((await send(sandbox, method, `${LIST}/ast_unknown${rest}`, { body })).status).toBe(404);
			expect(sandbox.requests[0]?.violation).toBeUndefined();
		});
	});

	test.each(['ast_%2e%2e', '%2e%2e%2Forgs', 'a%2Fb', 'x'.repeat(3000)])(
		'an encoded path stays one segment and is noted as it came (%s)',
		async (id) => {
			await withSandbox({}, async (sandbox) => {
				expect((await send(sandbox, 'GET', `${LIST}/${id}`)).status).toBe(404);
				expect(sandbox.requests).toMatchObject([
					{ operationId: 'getAssistant', path: `${LIST}/${id}`, violation: undefined },
				]);
			});
		},
	);
});

describe('Creating', () => {
	test('gives a complete assistant, with what was sent', async () => {
		const now = () => Date.UTC(2026, 0, 2, 3, 4, 5);
		await withSandbox({ now }, async (sandbox) => {
			const body = { name: 'A', enabled: false, avatar_id: 'file 1', config: { language: 'de', extra: 1 } };
			const { json } = await send(sandbox, 'POST', LIST, { body });
			expect(json).toMatchObject({
				id: anyText,
				name: 'A',
				enabled: false,
				deleted: false,
				secret_key: null,
				avatar_url: 'https://files.invent.example/avatars/file%201',
				config: { language: 'de', extra: 1, conversation: { thread_mode: 'new' } },
				integrations: [],
				actions: [],
				boards: [],
				created_at: '2026-01-02T03:04:05.000Z',
				updated_at: '2026-01-02T03:04:05.000Z',
			});
			expect(sandbox.store.find(String(member(json, 'id')))).toEqual(json);
		});
	});

	test('makes a secret key only when asked', async () => {
		await withSandbox({}, async (sandbox) => {
			const keyOf = async (body: object) =>
				member((await send(sandbox, 'POST', LIST, { body })).json, 'secret_key');
			expect(await keyOf({ name: 'a' })).toBeNull();
			expect(await keyOf({ name: 'b', generate_secret_key: false })).toBeNull();
			const key = await keyOf({ name: 'c', generate_secret_key: true });
			expect(key).toEqual(anyText);
			expect(await keyOf({ name: 'd', generate_secret_key: true })).not.toBe(key);
		});
	});

	test('can be made to need a config', async () => {
		await withSandbox({ requireConfigOnCreate: true }, async (sandbox) => {
			expect((await send(sandbox, 'POST', LIST, { body: { name: 'a' } })).status).toBe(400);
			expect(sandbox.requests[0]?.violation).toEqual(anyText);
			expect((await send(sandbox, 'POST', LIST, { body: { name: 'a', config: {} } })).status).toBe(200);
		});
	});
});

describe('Updating', () => {
	const config = {
		language: 'no',
		stt: { model: 's' },
		conversation: { enable_memories: true, list: [1, 2] },
	};
	const change = { stt: null, conversation: { list: [3] } };
	test.each([
		['deepMerge', { language: 'no', stt: null, conversation: { enable_memories: true, list: [3] } }],
		['shallowMerge', { language: 'no', stt: null, conversation: { list: [3] } }],
		['replace', { stt: null, conversation: { list: [3] } }],
	] as const)('config with %s', async (patchConfig, expected) => {
		await withSandbox({ patchConfig }, async (sandbox) => {
			const { id } = sandbox.store.add({ config });
			const { json } = await send(sandbox, 'PATCH', `${LIST}/${id}`, { body: { config: change } });
			expect(member(json, 'config')).toEqual(expected);
			expect(sandbox.store.find(id)?.config).toEqual(expected);
		});
	});

	test('a member named __proto__ is a mere member', async () => {
		await withSandbox({}, async (sandbox) => {
			const { id } = sandbox.store.add({ config });
			const body = '{"config":{"__proto__":{"polluted":1}}}';
			const { text } = await send(sandbox, 'PATCH', `${LIST}/${id}`, { body });
			expect(text).toContain('"__proto__":{"polluted":1}');
			expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
		});
	});

	test('changes what was sent, and the time of the update', async () => {
		let time = Date.UTC(2026, 0, 1);
		await withSandbox({ now: () => time }, async (sandbox) => {
			const before = sandbox.store.add({ name: 'before', avatar_url: 'https://a.example/b' });
			time += 1000;
			const body = { enabled: false, avatar_id: null };
			const { json } = await send(sandbox, 'PATCH', `${LIST}/${before.id}`, { body });
			expect(json).toEqual({
				...before,
				enabled: false,
				avatar_url: null,
				updated_at: '2026-01-01T00:00:01.000Z',
			});
		});
	});

	test('boards replace the former ones, with the names of the board and its column', async () => {
		await withSandbox({}, async (sandbox) => {
			const support = sandbox.store.assistants()[0];
			const leads = sandbox.store.segments().find(({ name }) => name === 'Leads');
			const board_id = leads?.boards[0]?.board_id;
			const body = { boards: [{ board_id, initial_segment_id: leads?.id }] };
			const { json } = await send(sandbox, 'PATCH', `${LIST}/${support?.id}`, { body });
			expect(member(json, 'boards')).toMatchObject([
				{ board_id, board_name: 'Sales pipeline', initial_segment: { id: leads?.id, name: 'Leads' } },
			]);
			const cleared = await send(sandbox, 'PATCH', `${LIST}/${support?.id}`, { body: { boards: [] } });
			expect(member(cleared.json, 'boards')).toEqual([]);
		});
	});
});

describe('Rotating', () => {
	test('makes the first key and then another one', async () => {
		await withSandbox({}, async (sandbox) => {
			const { id } = sandbox.store.add({ name: 'without a key' });
			const rotate = async () =>
				member((await send(sandbox, 'POST', `${LIST}/${id}/rotate-secret-key`)).json, 'secret_key');
			const first = await rotate();
			const second = await rotate();
			expect(first).toEqual(anyText);
			expect(second).not.toBe(first);
			expect(sandbox.store.find(id)?.secret_key).toBe(second);
		});
	});
});

describe('Duplicating', () => {
	test('copies config, actions, agents and knowledge, but no integration', async () => {
		await withSandbox({}, async (sandbox) => {
			const source = sandbox.store.assistants()[0];
			const { json } = await send(sandbox, 'POST', `${LIST}/${source?.id}/duplicate`);
			expect(json).toMatchObject({
				name: 'Customer Support (copy)',
				config: source?.config,
				integrations: [],
				secret_key: null,
			});
			const copy = sandbox.store.record(String(member(json, 'id')));
			expect(copy?.assistant.actions.map(({ action_id }) => action_id)).toEqual([
				'TOOLS:HTTP_REQUEST',
				'TOOLS:WEB_SEARCH',
			]);
			expect(copy?.assistant.actions.map(({ assistant_id }) => assistant_id)).toEqual([
				copy?.assistant.id,
				copy?.assistant.id,
			]);
			const actionIds = [source, copy?.assistant].flatMap((of) => of?.actions.map(({ id }) => id) ?? []);
			expect(new Set(actionIds).size).toBe(4);
			expect(copy?.agents).toHaveLength(3);
			expect(copy?.knowledge).toHaveLength(4);
			expect(sandbox.store.find(source?.id ?? '')).toBe(source);
		});
	});

	test('leaves out what a flag says, and takes the name', async () => {
		await withSandbox({}, async (sandbox) => {
			const source = sandbox.store.assistants()[0];
			const body = {
				name: 'Other',
				include_actions: false,
				include_agents: false,
				include_knowledge: false,
				include_integrations: true,
			};
			const { json } = await send(sandbox, 'POST', `${LIST}/${source?.id}/duplicate`, { body });
			expect(json).toMatchObject({ name: 'Other', actions: [], integrations: [] });
			expect(sandbox.store.record(String(member(json, 'id')))).toMatchObject({ agents: [], knowledge: [] });
		});
	});

	test('into another organization leaves connections, agents and knowledge behind', async () => {
		await withSandbox({}, async (sandbox) => {
			const source = sandbox.store.assistants()[0];
			const target = sandbox.store.organizations()[2];
			const body = { target_org_id: target?.id };
			const { json } = await send(sandbox, 'POST', `${LIST}/${source?.id}/duplicate`, { body });
			const copy = sandbox.store.record(String(member(json, 'id')));
			expect(copy).toMatchObject({ org_id: target?.id, agents: [], knowledge: [] });
			expect(copy?.assistant.actions.map(({ connection_id }) => connection_id)).toEqual([null, null]);
		});
	});

	test('c is the key’s own organization as a target too', async () => {
		await withSandbox({}, async (sandbox) => {
			const rentals = sandbox.store.organizations()[1];
			const desk = sandbox.store.assistants(rentals?.id)[0];
			const path = `/orgs/${rentals?.id}/assistants/${desk?.id}/duplicate`;
			const { json } = await send(sandbox, 'POST', path, { body: { target_org_id: 'c' } });
			expect(sandbox.store.record(String(member(json, 'id')))?.org_id).toBe(sandbox.orgId);
		});
	});

	test('into an unknown organization is answered with 404', async () => {
		await withSandbox({}, async (sandbox) => {
			const path = `${LIST}/${sandbox.store.assistants()[0]?.id}/duplicate`;
			const body = { target_org_id: 'org_unknown' };
			expect((await send(sandbox, 'POST', path, { body })).status).toBe(404);
		});
	});

	test('can be made to need a body', async () => {
		await withSandbox({ requireDuplicateBody: true }, async (sandbox) => {
			const path = `${LIST}/${sandbox.store.assistants()[0]?.id}/duplicate`;
			expect((await send(sandbox, 'POST', path)).status).toBe(400);
			expect((await send(sandbox, 'POST', path, { body: {} })).status).toBe(200);
		});
	});
});
