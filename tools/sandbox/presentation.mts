import type { AssistantConfig } from '../../contract/invent.d.ts';
import type { FullAssistant } from './data.mts';
import type { Settings } from './options.mts';

/** Members that the older generations of the documentation do not have, by the object that they stand in. */
const ADDED_LATER = {
	assistant: ['boards', 'deleted'],
	action: ['position'],
	config: ['timezone'],
	conversation: [
		'enable_auto_csat',
		'enable_auto_follow_ups',
		'enable_auto_resolve',
		'enable_update_contact_tool',
	],
};

function without(object: object, names: string[]): object {
	return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

function olderConfig(config: AssistantConfig | null): object | null {
	if (config === null) return null;
	const { conversation } = config;
	const older = conversation
		? { ...config, conversation: without(conversation, ADDED_LATER.conversation) }
		: config;
	return without(older, ADDED_LATER.config);
}

function olderAssistant(assistant: FullAssistant): object {
	return {
		...without(assistant, ADDED_LATER.assistant),
		config: olderConfig(assistant.config),
		actions: assistant.actions.map((action) => without(action, ADDED_LATER.action)),
	};
}

/**
 * A function that gives an assistant as JSON text, in the words of a generation of the documentation. It remembers the text of
 * each assistant, so that listing thousands of them stays cheap; this is right because an assistant is never changed in place.
 */
export function assistantWriter(generation: Settings['generation']): (assistant: FullAssistant) => string {
	const written = new WeakMap<FullAssistant, string>();
	return (assistant) => {
		const known = written.get(assistant);
		if (known !== undefined) return known;
		const text = JSON.stringify(generation === 'older' ? olderAssistant(assistant) : assistant);
		written.set(assistant, text);
		return text;
	};
}
