import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { Assistant } from '../../../../contract/invent.d.ts';

/** What somebody enters in the panel, the items it runs on, and the assistants that are there before. */
export interface Case {
	readonly name: string;
	readonly parameters: INodeParameters;
	readonly items: readonly IDataObject[];
	readonly before: ReadonlyArray<Partial<Assistant>>;
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

const BOTH: readonly IDataObject[] = [
	{ id: PARIS, name: 'Paris', language: 'en', enabled: true },
	{ id: ROME, name: 'Rome', language: 'es', enabled: false },
];

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
	];
}
