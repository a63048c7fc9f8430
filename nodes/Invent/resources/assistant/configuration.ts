import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import type { listSearch } from '../../listSearch';
import { type Field, toCollection, toProperty } from '../../shared/fields';
import { boolean, jsonObject, locatorValue, string, stringList } from '../../shared/parsers';
import { SLOW_LOAD_NOTICE } from '../common';
import { bodyField } from './fields';

const OPERATIONS = ['create', 'update', 'upsert'];

/** How an assistant thinks and speaks. */
const config: readonly Field[] = [
	bodyField('config.instructions', string, {
		displayName: 'Instructions',
		name: 'instructions',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		placeholder: 'e.g. You are the support assistant of a bike shop. Keep answers short and friendly.',
		description: 'The system prompt: what the assistant does, how it speaks, and what to avoid',
	}),
	bodyField('config.knowledge_scope', locatorValue, {
		displayName: 'Knowledge Scope',
		name: 'knowledgeScope',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchKnowledgeScopes', 'By Name', 'e.g. all'),
		description: "Knowledge the assistant can use, such as 'all' for everything in the organization",
	}),
	bodyField('config.language', locatorValue, {
		displayName: 'Language',
		name: 'language',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchLanguages', 'By Name', 'e.g. auto'),
		description: "Language of the answers. Use 'auto' to match the customer's language.",
	}),
	bodyField('config.model', locatorValue, {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchModels', 'By Name', 'e.g. auto'),
		description: 'AI model that generates the answers',
	}),
	bodyField('config.stt.model', locatorValue, {
		displayName: 'Speech-to-Text Model',
		name: 'sttModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchSpeechInputModels', 'By Name', 'e.g. the name of a model'),
		description: 'Model that transcribes voice messages',
	}),
	bodyField('config.tts.model', locatorValue, {
		displayName: 'Text-to-Speech Model',
		name: 'ttsModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchSpeechOutputModels', 'By Name', 'e.g. the name of a model'),
		description: 'Model that converts answers to speech',
	}),
	bodyField('config.timezone', locatorValue, {
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchTimeZones', 'By Name', 'e.g. Europe/Madrid'),
		description: 'Time zone the assistant uses for dates and times',
	}),
	bodyField('config.tts.voice_id', locatorValue, {
		displayName: 'Voice',
		name: 'ttsVoiceId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchVoices', 'By ID', 'e.g. the ID of a voice'),
		description: 'Voice used to read answers aloud',
	}),
];

/** What customers see in a conversation, and what the assistant does in it by itself. */
const conversation: readonly Field[] = [
	bodyField('config.conversation.enable_auto_csat', boolean, {
		displayName: 'Auto CSAT',
		name: 'enableAutoCsat',
		type: 'boolean',
		default: false,
		description: 'Whether to ask customers to rate resolved conversations from 1 to 5',
	}),
	bodyField('config.conversation.enable_auto_follow_ups', boolean, {
		displayName: 'Auto Follow-Ups',
		name: 'enableAutoFollowUps',
		type: 'boolean',
		default: false,
		description: 'Whether to follow up when a customer stops responding',
	}),
	bodyField('config.conversation.enable_auto_resolve', boolean, {
		displayName: 'Auto Resolve',
		name: 'enableAutoResolve',
		type: 'boolean',
		default: false,
		description: 'Whether to resolve finished conversations automatically',
	}),
	bodyField('config.conversation.enable_block_contact_tool', boolean, {
		displayName: 'Block Contact Tool',
		name: 'enableBlockContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant can block abusive contacts',
	}),
	bodyField('config.conversation.enable_end_conversation_tool', boolean, {
		displayName: 'End Conversation Tool',
		name: 'enableEndConversationTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant can end conversations',
	}),
	bodyField('config.conversation.auto_intro_message', string, {
		displayName: 'Intro Message',
		name: 'autoIntroMessage',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Hi! How can I help you today?',
		description: 'First message, sent automatically. Leave empty for none.',
	}),
	bodyField('config.conversation.enable_memories', boolean, {
		displayName: 'Memories',
		name: 'enableMemories',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant remembers contacts across conversations',
	}),
	bodyField('config.conversation.enable_private_chats', boolean, {
		displayName: 'Private Chats',
		name: 'enablePrivateChats',
		type: 'boolean',
		default: false,
		description: 'Whether customers can chat privately with the assistant',
	}),
	bodyField('config.conversation.suggested_messages', stringList, {
		displayName: 'Suggested Messages',
		name: 'suggestedMessages',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Message' },
		default: [],
		placeholder: 'e.g. Where is my order?',
		description: 'Messages that customers can send with one click. Replaces the current ones.',
	}),
	bodyField('config.conversation.thread_mode', locatorValue, {
		displayName: 'Thread Mode',
		name: 'threadMode',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrTyped('searchThreadModes', 'By Name', 'e.g. new'),
		description: "How to handle returning customers, such as 'new' to start a new chat",
	}),
	bodyField('config.conversation.enable_transfer_to_human_tool', boolean, {
		displayName: 'Transfer to Human Tool',
		name: 'enableTransferToHumanTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant can hand conversations over to a person in the Inbox',
	}),
	bodyField('config.conversation.enable_update_contact_tool', boolean, {
		displayName: 'Update Contact Tool',
		name: 'enableUpdateContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant can save the name, email, and phone number a contact provides',
	}),
	bodyField('config.conversation.welcome_banner', string, {
		displayName: 'Welcome Banner',
		name: 'welcomeBanner',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Welcome! How can we help?',
		description: 'Text shown above the chat before the first message. Leave empty to remove it.',
	}),
];

/** The parameters of an assistant's configuration, as fields or as JSON, for the operations that write it. */
export const configuration: INodeProperties[] = [
	{
		displayName: 'Configuration Mode',
		name: 'configMode',
		type: 'options',
		noDataExpression: true,
		displayOptions: { show: { operation: OPERATIONS } },
		options: [
			{ name: 'Using Fields Below', value: 'fields', description: 'Set individual settings' },
			{ name: 'Using JSON', value: 'json', description: 'Enter the configuration as a JSON object' },
		],
		default: 'fields',
		description: 'How to enter the configuration. Use JSON for settings that have no field here yet.',
	},
	toCollection(
		{
			displayName: 'Configuration',
			name: 'config',
			type: 'collection',
			displayOptions: inMode('fields'),
			placeholder: 'Add Setting',
			default: {},
			description: "How the assistant thinks and speaks. Settings you don't add stay unchanged.",
		},
		config,
	),
	toCollection(
		{
			displayName: 'Conversation',
			name: 'conversation',
			type: 'collection',
			displayOptions: inMode('fields'),
			placeholder: 'Add Setting',
			default: {},
			description:
				"What customers see, and what the assistant can do in a conversation. Settings you don't add stay unchanged.",
		},
		conversation,
	),
	toProperty(
		bodyField('config', jsonObject, {
			displayName: 'Configuration (JSON)',
			name: 'configJson',
			type: 'json',
			displayOptions: inMode('json'),
			default: '{}',
			typeOptions: { rows: 8 },
			placeholder: 'e.g. { "language": "auto", "conversation": { "enable_memories": true } }',
			description: 'The configuration object of the Invent API, as JSON or from an expression',
		}),
	),
];

/** The list offers the values that are known; the API may know more, so any can be typed. */
function listOrTyped(
	searchListMethod: keyof typeof listSearch,
	mode: 'By ID' | 'By Name',
	placeholder: string,
): Partial<INodeProperties> {
	return {
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true, slowLoadNotice: SLOW_LOAD_NOTICE },
			},
			{ displayName: mode, name: 'name', type: 'string', placeholder },
		],
	};
}

function inMode(mode: 'fields' | 'json'): IDisplayOptions {
	return { show: { operation: OPERATIONS, configMode: [mode] } };
}
