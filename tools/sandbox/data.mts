import type {
	Assistant,
	AssistantAction,
	AssistantBoard,
	AssistantConfig,
	FileUpload,
	OrganizationFile,
	Segment,
} from '../../contract/invent.d.ts';
import type { Settings } from './options.mts';
import { newId } from './ids.mts';

/** An assistant with every member that the newest documentation knows. */
export type FullAssistant = Required<Assistant>;

/** An assistant with what belongs to it but is in no answer. */
export interface AssistantRecord {
	org_id: string;
	/** Ids of the members of the team who stand behind the assistant. */
	agents: string[];
	/** Ids of the knowledge that it may use. */
	knowledge: string[];
	assistant: FullAssistant;
}

/** An organization with its segments. */
export interface Organization {
	id: string;
	name: string;
	/** Null for an organization that is nobody's sub-organization. */
	parent_id: string | null;
	plan: 'free' | 'business';
	created_at: string;
	segments: Segment[];
	/** What it has paid in, in dollars. */
	balance?: number;
}

/** A file with its content. Where it is served depends on the sandbox's address, so that is not kept. */
export interface FileRecord {
	org_id: string;
	visibility: NonNullable<FileUpload['visibility']>;
	file: Omit<OrganizationFile, 'file_url'>;
	/** In base64. */
	content: string;
}

/** Everything that a sandbox knows, as plain JSON. Assistants stand in the order in which they are listed. */
export interface SandboxData {
	own_org_id: string;
	organizations: Organization[];
	assistants: AssistantRecord[];
	/** In the order in which they are listed. */
	files: FileRecord[];
}

// What Invent fills in is not documented; the members are the documented ones.
const NEWEST_CONFIG = {
	language: 'auto',
	model: 'auto',
	stt: { model: 'auto' },
	tts: { model: 'auto', voice_id: 'auto' },
	conversation: {
		thread_mode: 'new',
		enable_memories: true,
		enable_transfer_to_human_tool: true,
		welcome_banner: '',
		suggested_messages: [],
		auto_intro_message: '',
		enable_end_conversation_tool: false,
		enable_block_contact_tool: false,
		enable_auto_resolve: false,
		enable_auto_follow_ups: false,
		enable_auto_csat: false,
		enable_private_chats: false,
		enable_update_contact_tool: false,
	},
	knowledge_scope: 'all',
	timezone: 'UTC',
	instructions: '',
} satisfies AssistantConfig;

/** The `config` of an assistant that was created without one: null for the older API, every member for the newest. */
export function defaultConfig(generation: Settings['generation']): AssistantConfig | null {
	return generation === 'older' ? null : structuredClone(NEWEST_CONFIG);
}

/** A complete assistant out of any of its members; the others get plain values. `at` is an ISO date and time. */
export function completeAssistant(members: Partial<Assistant>, at: string): FullAssistant {
	return {
		id: newId('ast'),
		name: 'Assistant',
		enabled: true,
		deleted: false,
		secret_key: null,
		avatar_url: null,
		config: {},
		integrations: [],
		actions: [],
		boards: [],
		created_at: at,
		updated_at: at,
		...members,
	};
}

/** A complete action out of any of its members; the others get plain values. `at` is an ISO date and time. */
export function completeAction(
	members: Partial<AssistantAction>,
	assistantId: string,
	at: string,
): Required<AssistantAction> {
	return {
		id: newId('act'),
		enabled: true,
		name: null,
		instructions: null,
		action_id: 'TOOLS:WEB_SEARCH',
		connection_id: null,
		config: { input: {}, definitions: [] },
		position: 100,
		created_at: at,
		updated_at: at,
		...members,
		assistant_id: assistantId,
	};
}

/** The actions in list order: by position (a choice), then as they came. */
export function byPosition(actions: readonly AssistantAction[]): AssistantAction[] {
	return actions.toSorted((one, other) => (one.position ?? 0) - (other.position ?? 0));
}

/** A segment as it is answered within an assistant's board, which does not repeat the boards of the segment. */
export function columnOf(segment: Segment): AssistantBoard['initial_segment'] {
	const { id, name, color, contacts_count, created_at, updated_at } = segment;
	return { id, name, color, contacts_count, created_at, updated_at };
}
