import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { idOf } from './fixtures.mts';
import type { Panel } from './panel.mts';

/** What an assistant is set to when everything under Configuration and Conversation is entered by hand. */
export const CONFIGURATION = {
	instructions: 'Answer in two sentences.\nNever promise a day of delivery.',
	knowledge_scope: 'handbook',
	language: 'nb',
	model: 'quick-2',
	timezone: 'America/Argentina/Ushuaia',
	stt: { model: 'listen-1' },
	tts: { model: 'speak-1', voice_id: 'voice_7Qd' },
	conversation: {
		auto_intro_message: 'Hello, this is the winter desk.',
		enable_auto_csat: true,
		enable_auto_follow_ups: false,
		enable_auto_resolve: true,
		enable_block_contact_tool: false,
		enable_end_conversation_tool: true,
		enable_memories: true,
		enable_private_chats: true,
		enable_transfer_to_human_tool: false,
		enable_update_contact_tool: true,
		suggested_messages: ['Are the trails open?', 'Which wax for -5 °C?'],
		thread_mode: 'continue',
		welcome_banner: 'Winter opening hours: 8 to 16',
	},
};

/** One assistant of the sandbox is set so; the lists of the panel then offer its values. */
export function putInUse(sandbox: Sandbox): void {
	sandbox.store.update(idOf(sandbox, 'Voice Line'), { config: CONFIGURATION });
}

/** Parameters that are picked or typed: collection, path in it, name in the menu, value, way of typing. */
const CHOSEN = [
	['config', 'knowledgeScope', 'Knowledge Scope', 'handbook', 'By Name'],
	['config', 'language', 'Language', 'nb', 'By Name'],
	['config', 'model', 'Model', 'quick-2', 'By Name'],
	['config', 'timezone', 'Time Zone', 'America/Argentina/Ushuaia', 'By Name'],
	['config', 'ttsVoiceId', 'Voice', 'voice_7Qd', 'By ID'],
	['config', 'sttModel', 'Speech-to-Text Model', 'listen-1', 'By Name'],
	['config', 'ttsModel', 'Text-to-Speech Model', 'speak-1', 'By Name'],
	['conversation', 'threadMode', 'Thread Mode', 'continue', 'By Name'],
] as const;

const SWITCHES = [
	['enableAutoFollowUps', 'Auto Follow-Ups', 'off'],
	['enableAutoCsat', 'Auto CSAT', 'on'],
	['enableAutoResolve', 'Auto Resolve', 'on'],
	['enableMemories', 'Memories', 'on'],
	['enablePrivateChats', 'Private Chats', 'on'],
	['enableBlockContactTool', 'Block Contact Tool', 'off'],
	['enableEndConversationTool', 'End Conversation Tool', 'on'],
	['enableTransferToHumanTool', 'Transfer to Human Tool', 'off'],
	['enableUpdateContactTool', 'Update Contact Tool', 'on'],
] as const;

/**
 * Enters all of CONFIGURATION, so that no menu offers anything more.
 *
 * @param how whether what can be picked from a list is picked, once the values are in use, or typed
 */
export async function enterConfiguration(panel: Panel, how: 'From list' | 'typed'): Promise<void> {
	await panel.add('config', 'Instructions');
	await panel.enter('config.instructions', CONFIGURATION.instructions);
	for (const [collection, name, label, value, mode] of CHOSEN) {
		await panel.add(collection, label);
		const locator = panel.locator(`${collection}.${name}`);
		if (how === 'typed') await locator.type(mode, value);
		else await locator.pick(value);
	}
	for (const [name, label, state] of SWITCHES) {
		await panel.add('conversation', label);
		await panel.turn(`conversation.${name}`, state);
	}
	await enterMessages(panel);
	await panel.expectAllAdded('config');
	await panel.expectAllAdded('conversation');
}

async function enterMessages(panel: Panel): Promise<void> {
	const { welcome_banner, auto_intro_message, suggested_messages } = CONFIGURATION.conversation;
	await panel.add('conversation', 'Welcome Banner');
	await panel.enter('conversation.welcomeBanner', welcome_banner);
	await panel.add('conversation', 'Intro Message');
	await panel.enter('conversation.autoIntroMessage', auto_intro_message);
	await panel.add('conversation', 'Suggested Messages');
	for (const [index, message] of suggested_messages.entries()) {
		if (index > 0) await panel.press('Add Message');
		await panel.enter(`conversation.suggestedMessages[${index}]`, message);
	}
}
