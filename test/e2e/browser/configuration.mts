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

/** Parameters that are picked or typed: collection, path in it, name in the menu, value. */
const CHOSEN = [
	['config', 'knowledgeScope', 'Knowledge', 'handbook'],
	['config', 'language', 'Language', 'nb'],
	['config', 'model', 'Model', 'quick-2'],
	['config', 'timezone', 'Time Zone', 'America/Argentina/Ushuaia'],
	['config', 'ttsVoiceId', 'Voice', 'voice_7Qd'],
	['config', 'sttModel', 'Voice Input Model', 'listen-1'],
	['config', 'ttsModel', 'Voice Output Model', 'speak-1'],
	['conversation', 'threadMode', 'Chats: Continue or Start Anew', 'continue'],
] as const;

const SWITCHES = [
	['enableAutoFollowUps', 'Automation: Follow Up', 'off'],
	['enableAutoCsat', 'Automation: Rating', 'on'],
	['enableAutoResolve', 'Automation: Resolve', 'on'],
	['enableMemories', 'Chats: Memories', 'on'],
	['enablePrivateChats', 'Chats: Private', 'on'],
	['enableBlockContactTool', 'Tool: Block Contact', 'off'],
	['enableEndConversationTool', 'Tool: End Conversation', 'on'],
	['enableTransferToHumanTool', 'Tool: Transfer to Human', 'off'],
	['enableUpdateContactTool', 'Tool: Update Contact', 'on'],
] as const;

/**
 * Enters all of CONFIGURATION, so that no menu offers anything more.
 *
 * @param how whether what can be picked from a list is picked, once the values are in use, or typed
 */
export async function enterConfiguration(panel: Panel, how: 'From list' | 'Name'): Promise<void> {
	await panel.add('config', 'Instructions');
	await panel.enter('config.instructions', CONFIGURATION.instructions);
	for (const [collection, name, label, value] of CHOSEN) {
		await panel.add(collection, label);
		const locator = panel.locator(`${collection}.${name}`);
		if (how === 'Name') await locator.type(how, value);
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
	await panel.add('conversation', 'Message: Banner');
	await panel.enter('conversation.welcomeBanner', welcome_banner);
	await panel.add('conversation', 'Message: Introduction');
	await panel.enter('conversation.autoIntroMessage', auto_intro_message);
	await panel.add('conversation', 'Message: Suggestions');
	for (const [index, message] of suggested_messages.entries()) {
		if (index > 0) await panel.press('Add Suggestion');
		await panel.enter(`conversation.suggestedMessages[${index}]`, message);
	}
}
