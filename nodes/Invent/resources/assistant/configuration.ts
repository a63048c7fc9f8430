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
		placeholder: 'e.g. You are the support assistant of a bicycle shop. Answer briefly and kindly.',
		description: 'What the assistant is for, how it speaks, and what it must not do',
	}),
	bodyField('config.knowledge_scope', locatorValue, {
		displayName: 'Knowledge',
		name: 'knowledgeScope',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchKnowledgeScopes', 'e.g. all'),
		description:
			"Which knowledge the assistant answers from, such as 'all' for everything in the organization",
	}),
	bodyField('config.language', locatorValue, {
		displayName: 'Language',
		name: 'language',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchLanguages', 'e.g. auto'),
		description: "The language the assistant answers in; 'auto' follows the customer",
	}),
	bodyField('config.model', locatorValue, {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchModels', 'e.g. auto'),
		description: 'The AI model that writes the answers, by the name that Invent gives it',
	}),
	bodyField('config.timezone', locatorValue, {
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchTimeZones', 'e.g. Europe/Madrid'),
		description: 'The time zone in which the assistant understands dates and hours',
	}),
	bodyField('config.tts.voice_id', locatorValue, {
		displayName: 'Voice',
		name: 'ttsVoiceId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchVoices', 'e.g. the ID of a voice'),
		description: 'The voice that reads answers aloud, by the ID that Invent gives it',
	}),
	bodyField('config.stt.model', locatorValue, {
		displayName: 'Voice Input Model',
		name: 'sttModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchSpeechInputModels', 'e.g. the name of a model'),
		description: 'The model that turns what customers say into text',
	}),
	bodyField('config.tts.model', locatorValue, {
		displayName: 'Voice Output Model',
		name: 'ttsModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchSpeechOutputModels', 'e.g. the name of a model'),
		description: 'The model that turns answers into speech',
	}),
];

/** What customers see in a conversation, and what the assistant does in it by itself. */
const conversation: readonly Field[] = [
	bodyField('config.conversation.enable_auto_follow_ups', boolean, {
		displayName: 'Automation: Follow Up',
		name: 'enableAutoFollowUps',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant writes again when a customer stops answering',
	}),
	bodyField('config.conversation.enable_auto_csat', boolean, {
		displayName: 'Automation: Rating',
		name: 'enableAutoCsat',
		type: 'boolean',
		default: false,
		description: 'Whether customers are asked to rate a conversation from 1 to 5 when it is resolved',
	}),
	bodyField('config.conversation.enable_auto_resolve', boolean, {
		displayName: 'Automation: Resolve',
		name: 'enableAutoResolve',
		type: 'boolean',
		default: false,
		description: 'Whether conversations that have come to an end are resolved without a person',
	}),
	bodyField('config.conversation.thread_mode', locatorValue, {
		displayName: 'Chats: Continue or Start Anew',
		name: 'threadMode',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...listOrName('searchThreadModes', 'e.g. new'),
		description: "What happens when a customer comes back, such as 'new' for a new chat each time",
	}),
	bodyField('config.conversation.enable_memories', boolean, {
		displayName: 'Chats: Memories',
		name: 'enableMemories',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant remembers a customer from one conversation to the next',
	}),
	bodyField('config.conversation.enable_private_chats', boolean, {
		displayName: 'Chats: Private',
		name: 'enablePrivateChats',
		type: 'boolean',
		default: false,
		description: 'Whether customers can have private chats with the assistant',
	}),
	bodyField('config.conversation.welcome_banner', string, {
		displayName: 'Message: Banner',
		name: 'welcomeBanner',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Welcome! How can we help?',
		description: 'Shown above the chat before the first message. Leave it empty to remove the banner.',
	}),
	bodyField('config.conversation.auto_intro_message', string, {
		displayName: 'Message: Introduction',
		name: 'autoIntroMessage',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Hi, I am the assistant of the bicycle shop.',
		description: 'What the assistant says first, without being asked. Leave it empty to say nothing.',
	}),
	bodyField('config.conversation.suggested_messages', stringList, {
		displayName: 'Message: Suggestions',
		name: 'suggestedMessages',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Suggestion' },
		default: [],
		placeholder: 'e.g. Where is my order?',
		description: 'What customers can send with one click. These replace the suggestions there are.',
	}),
	bodyField('config.conversation.enable_block_contact_tool', boolean, {
		displayName: 'Tool: Block Contact',
		name: 'enableBlockContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may block a customer who abuses the chat',
	}),
	bodyField('config.conversation.enable_end_conversation_tool', boolean, {
		displayName: 'Tool: End Conversation',
		name: 'enableEndConversationTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may close a conversation by itself',
	}),
	bodyField('config.conversation.enable_transfer_to_human_tool', boolean, {
		displayName: 'Tool: Transfer to Human',
		name: 'enableTransferToHumanTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may hand a conversation over to a person in the Inbox',
	}),
	bodyField('config.conversation.enable_update_contact_tool', boolean, {
		displayName: 'Tool: Update Contact',
		name: 'enableUpdateContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may save the name, email and phone that a customer tells it',
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
			{ name: 'Using Fields Below', value: 'fields', description: 'Pick the settings and fill them in' },
			{ name: 'Using JSON', value: 'json', description: 'Write the configuration as the API has it' },
		],
		default: 'fields',
		description: 'How to enter the configuration. JSON also takes settings that have no field here yet.',
	},
	toCollection(
		{
			displayName: 'Configuration',
			name: 'config',
			type: 'collection',
			displayOptions: inMode('fields'),
			placeholder: 'Add Setting',
			default: {},
			description: 'How the assistant thinks and speaks. Settings that are not added stay as they are.',
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
				'What customers see in a conversation and what the assistant does by itself. Settings that are not added stay as they are.',
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
			description:
				"The configuration as Invent's API has it, as JSON text or as an object from an expression",
		}),
	),
];

/** The list offers the values that are known; the API may know more, so any can be typed. */
function listOrName(
	searchListMethod: keyof typeof listSearch,
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
			{ displayName: 'Name', name: 'name', type: 'string', placeholder },
		],
	};
}

function inMode(mode: 'fields' | 'json'): IDisplayOptions {
	return { show: { operation: OPERATIONS, configMode: [mode] } };
}
