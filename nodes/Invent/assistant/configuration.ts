import type { IDisplayOptions, INodeProperties } from 'n8n-workflow';

import type { listSearch } from '../locators';
import { body, collection, type Row, single } from '../parameters/rows';
import { chosenText, flag, jsonObject, text, textList } from '../parameters/rules';

const OPERATIONS = ['create', 'update', 'upsert'];

/** How an assistant thinks and speaks. */
const config: readonly Row[] = [
	body('config.instructions', text, {
		displayName: 'Instructions',
		name: 'instructions',
		type: 'string',
		typeOptions: { rows: 5 },
		default: '',
		placeholder: 'e.g. You are the support assistant of a bicycle shop. Answer briefly and kindly.',
		description: 'What the assistant is for, how it speaks, and what it must not do',
	}),
	body('config.knowledge_scope', chosenText, {
		displayName: 'Knowledge',
		name: 'knowledgeScope',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchKnowledgeScopes', 'e.g. all'),
		description:
			"Which knowledge the assistant answers from, such as 'all' for everything in the organization",
	}),
	body('config.language', chosenText, {
		displayName: 'Language',
		name: 'language',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchLanguages', 'e.g. auto'),
		description: "The language the assistant answers in; 'auto' follows the customer",
	}),
	body('config.model', chosenText, {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchModels', 'e.g. auto'),
		description: 'The AI model that writes the answers, by the name that Invent gives it',
	}),
	body('config.timezone', chosenText, {
		displayName: 'Time Zone',
		name: 'timezone',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchTimeZones', 'e.g. Europe/Madrid'),
		description: 'The time zone in which the assistant understands dates and hours',
	}),
	body('config.tts.voice_id', chosenText, {
		displayName: 'Voice',
		name: 'ttsVoiceId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchVoices', 'e.g. the ID of a voice'),
		description: 'The voice that reads answers aloud, by the ID that Invent gives it',
	}),
	body('config.stt.model', chosenText, {
		displayName: 'Voice Input Model',
		name: 'sttModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchSpeechInputModels', 'e.g. the name of a model'),
		description: 'The model that turns what customers say into text',
	}),
	body('config.tts.model', chosenText, {
		displayName: 'Voice Output Model',
		name: 'ttsModel',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchSpeechOutputModels', 'e.g. the name of a model'),
		description: 'The model that turns answers into speech',
	}),
];

/** What customers see in a conversation, and what the assistant does in it by itself. */
const conversation: readonly Row[] = [
	body('config.conversation.enable_auto_follow_ups', flag, {
		displayName: 'Automation: Follow Up',
		name: 'enableAutoFollowUps',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant writes again when a customer stops answering',
	}),
	body('config.conversation.enable_auto_csat', flag, {
		displayName: 'Automation: Rating',
		name: 'enableAutoCsat',
		type: 'boolean',
		default: false,
		description: 'Whether customers are asked to rate a conversation from 1 to 5 when it is resolved',
	}),
	body('config.conversation.enable_auto_resolve', flag, {
		displayName: 'Automation: Resolve',
		name: 'enableAutoResolve',
		type: 'boolean',
		default: false,
		description: 'Whether conversations that have come to an end are resolved without a person',
	}),
	body('config.conversation.thread_mode', chosenText, {
		displayName: 'Chats: Continue or Start Anew',
		name: 'threadMode',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		...chosenOrTyped('searchThreadModes', 'e.g. new'),
		description: "What happens when a customer comes back, such as 'new' for a new chat each time",
	}),
	body('config.conversation.enable_memories', flag, {
		displayName: 'Chats: Memories',
		name: 'enableMemories',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant remembers a customer from one conversation to the next',
	}),
	body('config.conversation.enable_private_chats', flag, {
		displayName: 'Chats: Private',
		name: 'enablePrivateChats',
		type: 'boolean',
		default: false,
		description: 'Whether customers can have private chats with the assistant',
	}),
	body('config.conversation.welcome_banner', text, {
		displayName: 'Message: Banner',
		name: 'welcomeBanner',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Welcome! How can we help?',
		description: 'Shown above the chat before the first message. Leave it empty to remove the banner.',
	}),
	body('config.conversation.auto_intro_message', text, {
		displayName: 'Message: Introduction',
		name: 'autoIntroMessage',
		type: 'string',
		typeOptions: { rows: 2 },
		default: '',
		placeholder: 'e.g. Hi, I am the assistant of the bicycle shop.',
		description: 'What the assistant says first, without being asked. Leave it empty to say nothing.',
	}),
	body('config.conversation.suggested_messages', textList, {
		displayName: 'Message: Suggestions',
		name: 'suggestedMessages',
		type: 'string',
		typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Suggestion' },
		default: [],
		placeholder: 'e.g. Where is my order?',
		description: 'What customers can send with one click. These replace the suggestions there are.',
	}),
	body('config.conversation.enable_block_contact_tool', flag, {
		displayName: 'Tool: Block Contact',
		name: 'enableBlockContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may block a customer who abuses the chat',
	}),
	body('config.conversation.enable_end_conversation_tool', flag, {
		displayName: 'Tool: End Conversation',
		name: 'enableEndConversationTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may close a conversation by itself',
	}),
	body('config.conversation.enable_transfer_to_human_tool', flag, {
		displayName: 'Tool: Transfer to Human',
		name: 'enableTransferToHumanTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may hand a conversation over to a person in the Inbox',
	}),
	body('config.conversation.enable_update_contact_tool', flag, {
		displayName: 'Tool: Update Contact',
		name: 'enableUpdateContactTool',
		type: 'boolean',
		default: false,
		description: 'Whether the assistant may save the name, email and phone that a customer tells it',
	}),
];

/** The parameters of an assistant's configuration, by fields or as JSON, for the operations that write it. */
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
	collection(
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
	collection(
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
	single(
		body('config', jsonObject, {
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

/** The list holds what is known; the API may know more, so any value can be typed. */
function chosenOrTyped(
	searchListMethod: keyof typeof listSearch,
	placeholder: string,
): Partial<INodeProperties> {
	return {
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{ displayName: 'Name', name: 'name', type: 'string', placeholder },
		],
	};
}

function inMode(mode: 'fields' | 'json'): IDisplayOptions {
	return { show: { operation: OPERATIONS, configMode: [mode] } };
}
