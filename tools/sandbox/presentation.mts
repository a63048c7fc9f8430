import type { AssistantAction, AssistantConfig, SubOrganization } from '../../contract/invent.d.ts';
import type { FullAssistant, Organization } from './data.mts';
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

function olderAction(action: AssistantAction): object {
	return without(action, ADDED_LATER.action);
}

/** An action as JSON text, in the words of a generation of the documentation. */
export function actionText(action: AssistantAction, generation: Settings['generation']): string {
	return JSON.stringify(generation === 'older' ? olderAction(action) : action);
}

/** A sub-organization as it is listed. What its members are worth here is made up; their names are documented. */
export function subOrganization({ id, name, plan, created_at, balance = 0 }: Organization): SubOrganization {
	const isBusiness = plan === 'business';
	return {
		id,
		name,
		logo_url: null,
		plan,
		balance,
		promo_balance: 5,
		billing: {},
		members: [{ role: 'ADMIN', status: 'ACTIVE' }],
		spending_cap_used: 0,
		created_at,
		features: {
			enterprise: false,
			allow_overdraft: false,
			workflows: isBusiness,
			broadcasts: isBusiness,
			enable_japifon: false,
			slack_access: isBusiness,
		},
		config: {
			email: null,
			address: null,
			terms_url: null,
			privacy_url: null,
			access: {},
			modules: {
				enable_inbox: true,
				enable_analytics: true,
				enable_boards: true,
				enable_assistants: true,
				enable_knowledge_base: true,
				enable_broadcasts: isBusiness,
				enable_workflows: isBusiness,
			},
		},
	};
}

function olderAssistant(assistant: FullAssistant): object {
	return {
		...without(assistant, ADDED_LATER.assistant),
		config: olderConfig(assistant.config),
		actions: assistant.actions.map(olderAction),
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
