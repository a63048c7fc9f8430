import type { IDataObject, INodeParameters } from 'n8n-workflow';

import {
	assistants,
	bodiesOf,
	expectClear,
	faultOf,
	fieldsOf,
	lineOf,
	locator,
	useSandbox,
} from '../harness/support.mts';

const api = useSandbox();

const ASKED = "={{ $fromAI('argument', 'what it means') }}";

/** Runs the node as an agent's tool is run: once, on an item that holds the model's argument. */
async function called(parameters: INodeParameters, argument: IDataObject[string]) {
	return await api.run(parameters, { items: [argument === undefined ? {} : { argument }] });
}

/** What models send for an argument that they have no value for. */
const NOTHING = [
	['an empty text', ''],
	['null', null],
	['no argument', undefined],
] as const;

describe.each(NOTHING)('An argument that a model leaves out, as %s', (_, nothing) => {
	test.each([
		['updateFields', 'name'],
		['updateFields', 'enabled'],
		['config', 'language'],
		['config', 'timezone'],
		['conversation', 'enableMemories'],
		['conversation', 'threadMode'],
	])('%s.%s is not sent, and neither is an empty group around it', async (group, name) => {
		const [id = ''] = assistants(api);
		const change = group === 'updateFields' ? 'avatarId' : 'enabled';
		const updateFields = { [change]: change === 'enabled' ? false : 'file_1' };
		const asked = { [name]: ASKED };
		const parameters = {
			operation: 'update',
			assistantId: locator(id),
			...(group === 'updateFields'
				? { updateFields: { ...updateFields, ...asked } }
				: { updateFields, [group]: asked }),
		};
		expect((await called(parameters, nothing)).error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([change === 'enabled' ? { enabled: false } : { avatar_id: 'file_1' }]);
	});

	test.each(['list', 'name'])('a setting picked in mode %s is not sent', async (mode) => {
		const model = { __rl: true, mode, value: ASKED };
		await called({ operation: 'create', name: 'Given', config: { model, instructions: 'Be kind' } }, nothing);
		expect(bodiesOf(api)).toEqual([{ name: 'Given', config: { instructions: 'Be kind' } }]);
	});

	test('a board or a suggestion is not sent', async () => {
		const [id = ''] = assistants(api);
		await called(
			{
				operation: 'update',
				assistantId: locator(id),
				updateFields: { name: 'New', boards: { board: [{ boardId: ASKED, initialSegmentId: ASKED }] } },
				conversation: { suggestedMessages: [ASKED] },
				options: { configUpdate: 'asEntered' },
			},
			nothing,
		);
		expect(bodiesOf(api)).toEqual([{ name: 'New' }]);
	});

	test('Search is not sent, Limit is what it is by itself, the organization is the own one', async () => {
		assistants(api, 60);
		const { items } = await called(
			{ operation: 'getAll', organizationId: locator(ASKED), limit: ASKED, filters: { search: ASKED } },
			nothing,
		);
		expect(items).toHaveLength(50);
		expect(api.sandbox.requests.map(lineOf)).toEqual(['GET /orgs/c/assistants']);
		expect(api.sandbox.requests[0]?.query).toEqual({ page: '1', take: '50' });
	});

	test('Return All, Simplify and the options are what they are by themselves', async () => {
		const [id = ''] = assistants(api);
		const listed = await called({ operation: 'getAll', returnAll: ASKED }, nothing);
		expect(listed.items).toHaveLength(2);
		const { items, error } = await called(
			{
				operation: 'get',
				assistantId: locator(id),
				simplify: ASKED,
				options: { includeSecretKey: ASKED, maxWait: ASKED },
			},
			nothing,
		);
		expect(error).toBeUndefined();
		expect(items[0]?.json).toHaveProperty('language');
		expect(items[0]?.json).not.toHaveProperty('secret_key');
	});

	test('what the operation cannot do without is asked for, and nothing is sent', async () => {
		const name = faultOf(await called({ operation: 'create', name: ASKED }, nothing));
		expect(name.message).toContain("'Name'");
		expectClear(name);
		const id = faultOf(await called({ operation: 'rotateKey', assistantId: locator(ASKED) }, nothing));
		expect(id.message).toContain("'Assistant'");
		expectClear(id);
		expect(api.sandbox.requests).toEqual([]);
	});

	test('a configuration as JSON is not sent, never as an empty object', async () => {
		const asked = { name: 'Given', configMode: 'json', configJson: ASKED };
		expect((await called({ operation: 'create', ...asked }, nothing)).error).toBeUndefined();
		expect((await called({ operation: 'create', ...asked }, '{}')).error).toBeUndefined();
		expect(bodiesOf(api)).toEqual([{ name: 'Given' }, { name: 'Given' }]);
	});

	test('an update of which the model left out everything is refused', async () => {
		const [id = ''] = assistants(api);
		const parameters = { operation: 'update', assistantId: locator(id), updateFields: { name: ASKED } };
		expect(faultOf(await called(parameters, nothing)).message).toContain('No fields to update');
		expect(api.sandbox.requests).toEqual([]);
	});
});

describe('An argument that a model gives', () => {
	test('is used in locators and collections', async () => {
		const [id = ''] = assistants(api);
		await called({ operation: 'update', assistantId: locator(ASKED), updateFields: { name: 'New' } }, id);
		await called({ operation: 'create', name: ASKED, config: { language: locator(ASKED, 'name') } }, 'Given');
		expect(api.sandbox.requests.map(lineOf)).toEqual([
			`PATCH /orgs/c/assistants/${id}`,
			'POST /orgs/c/assistants',
		]);
		expect(bodiesOf(api)).toEqual([{ name: 'New' }, { name: 'Given', config: { language: 'Given' } }]);
	});

	test('may be a list as JSON text', async () => {
		const conversation = { suggestedMessages: [ASKED] };
		await called({ operation: 'create', name: 'Given', conversation }, '["Are you open?", "Where are you?"]');
		expect(bodiesOf(api)).toEqual([
			{
				name: 'Given',
				config: { conversation: { suggested_messages: ['Are you open?', 'Where are you?'] } },
			},
		]);
	});

	test('clears what an empty text clears: instructions, messages, the avatar', async () => {
		const [id = ''] = assistants(api);
		await called(
			{
				operation: 'update',
				assistantId: locator(id),
				updateFields: { avatarId: ASKED },
				config: { instructions: ASKED },
				conversation: { welcomeBanner: ASKED, autoIntroMessage: ASKED },
				options: { configUpdate: 'asEntered' },
			},
			'',
		);
		expect(bodiesOf(api)).toEqual([
			{
				avatar_id: null,
				config: { instructions: '', conversation: { welcome_banner: '', auto_intro_message: '' } },
			},
		]);
	});

	test('works in a URL as well', async () => {
		const [id = ''] = assistants(api);
		const outcome = await called(
			{ operation: 'get', assistantId: locator(ASKED, 'url') },
			`https://useinvent.com/o/assistants/${id}/settings`,
		);
		expect(fieldsOf(outcome)[0]?.id).toBe(id);
	});
});

test('An empty value that no model gave is a value as ever', async () => {
	const [id = ''] = assistants(api);
	const parameters = {
		operation: 'update',
		assistantId: locator(id),
		config: { language: '={{ $json.argument }}' },
		options: { configUpdate: 'asEntered' },
	};
	await called(parameters, '');
	expect(bodiesOf(api)).toEqual([{ config: { language: '' } }]);
});
