import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Assistant, AssistantAction } from '../../../../contract/invent.d.ts';
import { withFile } from '../../harness/engine.mts';
import type { StoredFile } from './fixtures.mts';

/** What somebody enters in the panel, the items it runs on, and the assistants and files that are there before. */
export interface Case {
	readonly name: string;
	readonly parameters: INodeParameters;
	readonly items: readonly IDataObject[];
	readonly before: ReadonlyArray<Partial<Assistant>>;
	readonly files?: readonly StoredFile[];
}

const OUR_ORGANIZATION = {
	__rl: true,
	mode: 'list',
	value: 'c',
	cachedResultName: "The API key's own organization",
};

const PARIS = 'ast_upgradeFixtureParis01';
const ROME = 'ast_upgradeFixtureRome001';

const BEFORE: Case['before'] = [
	{
		id: PARIS,
		name: 'Paris',
		config: { language: 'fr', model: 'auto', conversation: { enable_memories: true } },
		created_at: '2026-01-05T08:00:00.000Z',
		updated_at: '2026-01-05T08:00:00.000Z',
	},
	{
		id: ROME,
		name: 'Rome',
		config: { language: 'it', tts: { voice_id: 'voice_1' } },
		created_at: '2026-01-06T08:00:00.000Z',
		updated_at: '2026-01-06T08:00:00.000Z',
	},
];

const BOTH = [
	{ id: PARIS, name: 'Paris', language: 'en', enabled: true },
	{ id: ROME, name: 'Rome', language: 'es', enabled: false },
] satisfies readonly IDataObject[];

function chosen(value: string, mode = 'list'): INodeParameters {
	return { __rl: true, mode, value, ...(mode === 'list' && { cachedResultName: value }) };
}

const CONFIG: INodeParameters = {
	instructions: '=You help the customers of {{ $json.name }}.',
	knowledgeScope: chosen('all'),
	language: chosen('={{ $json.language }}', 'name'),
	model: chosen('auto'),
	timezone: chosen('Europe/Madrid', 'name'),
	ttsVoiceId: chosen('voice_7', 'name'),
	sttModel: chosen('listener'),
	ttsModel: chosen('speaker', 'name'),
};

const CONVERSATION: INodeParameters = {
	autoIntroMessage: '=Hello from {{ $json.name }}',
	enableAutoCsat: true,
	enableAutoFollowUps: true,
	enableAutoResolve: true,
	enableBlockContactTool: true,
	enableEndConversationTool: true,
	enableMemories: false,
	enablePrivateChats: true,
	enableTransferToHumanTool: true,
	enableUpdateContactTool: true,
	suggestedMessages: ['Where is my order?', '=Where is {{ $json.name }}?'],
	threadMode: chosen('new', 'name'),
	welcomeBanner: '',
};

const AS_JSON: INodeParameters = {
	configMode: 'json',
	configJson:
		'={\n  "language": "{{ $json.language }}",\n  "conversation": { "enable_memories": true },\n  "future": [1, null]\n}',
};

const SENT_AS_ENTERED: INodeParameters = { configUpdate: 'asEntered', includeSecretKey: true, maxWait: 30 };

function entered(name: string, own: INodeParameters, more: Partial<Case> = {}): Case {
	const [operation = ''] = name.split('-');
	const parameters = {
		resource: 'assistant',
		operation,
		organizationId: OUR_ORGANIZATION,
		...own,
	};
	return { name, parameters, items: BOTH, before: BEFORE, ...more };
}

function action(assistant: string, id: string, members: Partial<AssistantAction>): AssistantAction {
	return {
		id,
		enabled: true,
		name: null,
		instructions: null,
		action_id: 'TOOLS:WEB_SEARCH',
		assistant_id: assistant,
		connection_id: null,
		config: { input: {}, definitions: [] },
		position: 100,
		created_at: '2026-01-07T08:00:00.000Z',
		updated_at: '2026-01-07T08:00:00.000Z',
		...members,
	};
}

/** Each assistant has two actions; the ids of their first ones are in the items. */
const WITH_ACTIONS: Case['before'] = BEFORE.map(({ id = '', ...assistant }) => ({
	...assistant,
	id,
	actions: [
		action(id, id.replace('ast_', 'act_'), {
			name: 'Find an order',
			config: { input: { url: 'https://shop.example' }, definitions: [{ path: 'order' }] },
		}),
		action(id, `${id.replace('ast_', 'act_')}2`, { position: 200 }),
	],
}));

const ON_ACTIONS: readonly IDataObject[] = BOTH.map((item) => ({
	...item,
	actionId: item.id.replace('ast_', 'act_'),
}));

function enteredForActions(name: string, own: INodeParameters): Case {
	return entered(
		`assistantAction-${name}`,
		{ resource: 'assistantAction', operation: name.split('-')[0] ?? '', ...own },
		{ items: ON_ACTIONS, before: WITH_ACTIONS },
	);
}

function actionCases(byId: INodeParameters): readonly Case[] {
	const all = {
		...byId,
		assistantId: chosen('=https://useinvent.com/o/assistants/{{ $json.id }}/settings', 'url'),
		simplify: false,
		options: { maxWait: 30 },
	};
	const one = { assistantId: chosen('={{ $json.id }}', 'id') };
	const own = { actionId: chosen('={{ $json.actionId }}', 'id') };
	const actionConfig = '={\n  "input": { "city": "{{ $json.name }}" },\n  "future": [1, null]\n}';
	return [
		enteredForActions('create-all', {
			...all,
			actionType: chosen('TOOLS:WEB_SCRAPING'),
			enabled: false,
			actionConfig,
			additionalFields: {
				connectionId: 'con_1',
				instructions: '=Use it for {{ $json.name }}.',
				name: '=Find in {{ $json.name }}',
			},
		}),
		enteredForActions('create-least', { ...one, actionType: chosen('TOOLS:HTTP_REQUEST', 'id') }),
		enteredForActions('get-all', { ...all, ...own }),
		enteredForActions('get-least', { ...one, actionId: chosen('={{ $json.actionId }}') }),
		enteredForActions('getAll-all', { ...all, returnAll: true }),
		enteredForActions('getAll-least', one),
		enteredForActions('getAll-limit', { ...one, limit: 1 }),
		enteredForActions('reorder-all', {
			...all,
			positions: {
				position: [
					{ ...own, position: 400 },
					{ actionId: chosen('={{ $json.actionId }}2'), position: 300 },
				],
			},
		}),
		enteredForActions('reorder-least', { ...one, positions: { position: [{ ...own, position: 300 }] } }),
		enteredForActions('update-all', {
			...all,
			...own,
			updateFields: {
				actionConfig,
				connectionId: '',
				enabled: '={{ $json.enabled }}',
				instructions: '',
				name: '=Find in {{ $json.name }}',
			},
			options: { configUpdate: 'asEntered', maxWait: 30 },
		}),
		enteredForActions('update-merge', { ...one, ...own, updateFields: { actionConfig } }),
	];
}

const FILES: readonly StoredFile[] = ['one.png', 'two.png'].map((name) => ({
	name,
	type: 'image/png',
	content: Buffer.from(name).toString('base64'),
}));

/** Items with a file each, in a field that is not the default, or in the one that is. */
function filesIn(field: string): readonly IDataObject[] {
	return BOTH.map((item) => withFile({ ...item }, { fileName: `${item.name}.png` }, field));
}

function enteredForFiles(name: string, own: INodeParameters, more: Partial<Case> = {}): Case {
	return entered(
		`file-${name}`,
		{ resource: 'file', operation: name.split('-')[0] ?? '', ...own },
		{ before: [], ...more },
	);
}

function fileCases(byId: INodeParameters): readonly Case[] {
	const options = { maxWait: 30 };
	const fileUrl = '=https://example.com/{{ $json.name }}.gif';
	return [
		enteredForFiles('getAll-all', { ...byId, returnAll: true, options }, { files: FILES }),
		enteredForFiles('getAll-least', {}, { files: FILES }),
		enteredForFiles('getAll-limit', { limit: 1 }, { files: FILES }),
		enteredForFiles(
			'upload-all',
			{
				...byId,
				binaryPropertyName: 'picture',
				additionalFields: {
					allowedTypes: ['image/*', 'application/pdf'],
					fileName: '=Avatar of {{ $json.name }}.png',
					visibility: 'PRIVATE',
				},
				options,
			},
			{ items: filesIn('picture') },
		),
		enteredForFiles('upload-base64', { options: { fileFormat: 'base64' } }, { items: filesIn('data') }),
		enteredForFiles('upload-least', {}, { items: filesIn('data') }),
		enteredForFiles('upload-url', {
			...byId,
			source: 'url',
			fileUrl,
			additionalFields: { allowedTypes: ['image/gif'], visibility: 'PUBLIC' },
			options,
		}),
		enteredForFiles('upload-urlLeast', { source: 'url', fileUrl }),
	];
}

function enteredForOrganizations(name: string, own: INodeParameters): Case {
	return entered(
		`organization-${name}`,
		{ resource: 'organization', operation: 'getAll', ...own },
		{ before: [] },
	);
}

function organizationCases(byId: INodeParameters): readonly Case[] {
	return [
		enteredForOrganizations('getAll-all', {
			...byId,
			returnAll: true,
			simplify: false,
			options: { maxWait: 30 },
		}),
		enteredForOrganizations('getAll-least', {}),
		enteredForOrganizations('getAll-limit', { limit: 1 }),
	];
}

/**
 * All operations with all their parameters, in the ways that the panel offers: by fields and as JSON, and each mode of
 * a locator. A value that is the default is not saved, so these are others.
 *
 * @param organization the id of the key's organization, for the By ID mode
 */
export function casesFor(organization: string): readonly Case[] {
	const byId = { organizationId: { __rl: true, mode: 'id', value: organization } };
	const one = { assistantId: chosen('={{ $json.id }}', 'id') };
	const byUrl = { assistantId: chosen('=https://useinvent.com/o/assistants/{{ $json.id }}/settings', 'url') };
	return [
		entered('create-fields', {
			...byId,
			name: '=New {{ $json.name }}',
			additionalFields: { avatarId: 'file_1', enabled: false, generateSecretKey: true },
			configMode: 'fields',
			config: CONFIG,
			conversation: CONVERSATION,
			simplify: false,
			options: { maxWait: 30, includeSecretKey: true },
		}),
		entered('create-json', { name: '=New {{ $json.name }}', ...AS_JSON }),
		entered('duplicate-all', {
			...byId,
			...byUrl,
			additionalFields: {
				includeActions: false,
				includeAgents: false,
				includeIntegrations: false,
				includeKnowledge: false,
				name: '=Copy of {{ $json.name }}',
				targetOrganizationId: { __rl: true, mode: 'id', value: organization },
			},
			simplify: false,
			options: { includeSecretKey: true, maxWait: 30 },
		}),
		entered('duplicate-least', one),
		entered('get-all', {
			...byId,
			...byUrl,
			simplify: false,
			options: { includeSecretKey: true, maxWait: 30 },
		}),
		entered('get-least', { assistantId: { ...chosen(PARIS), cachedResultName: 'Paris' } }),
		entered('getAll-all', {
			...byId,
			returnAll: true,
			filters: { search: '={{ $json.name }}' },
			simplify: false,
			options: { includeSecretKey: true, maxWait: 30 },
		}),
		entered('getAll-least', {}),
		entered('getAll-limit', { limit: 1 }),
		{ name: 'getAll-untouched', parameters: {}, items: BOTH, before: BEFORE },
		entered('rotateKey-all', { ...byId, ...byUrl, simplify: false, options: { maxWait: 30 } }),
		entered('rotateKey-least', one),
		entered('update-fields', {
			...byId,
			...byUrl,
			updateFields: {
				avatarId: '',
				boards: {
					board: [
						{ boardId: 'brd_1', initialSegmentId: 'seg_1' },
						{ boardId: '={{ $json.name }}', initialSegmentId: 'seg_2' },
					],
				},
				enabled: '={{ $json.enabled }}',
				name: '={{ $json.name }} Sales',
			},
			config: CONFIG,
			conversation: CONVERSATION,
			simplify: false,
			options: { includeSecretKey: true, maxWait: 30 },
		}),
		entered('update-json', { ...one, ...AS_JSON, options: SENT_AS_ENTERED }),
		entered('update-least', { ...one, updateFields: { enabled: false } }),
		entered('upsert-fields', {
			...byId,
			name: '={{ $json.name }}',
			additionalFields: { avatarId: 'file_1', enabled: false },
			config: CONFIG,
			conversation: CONVERSATION,
			simplify: false,
			options: { includeSecretKey: true, maxWait: 30 },
		}),
		entered('upsert-json', { name: '={{ $json.name }}', ...AS_JSON, options: SENT_AS_ENTERED }),
		entered(
			'upsert-new',
			{ name: '={{ $json.name }}', config: { language: chosen('de', 'name') } },
			{ before: [] },
		),
		...actionCases(byId),
		...fileCases(byId),
		...organizationCases(byId),
	];
}
