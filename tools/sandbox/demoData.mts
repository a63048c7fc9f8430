import type {
	AssistantAction,
	AssistantConfig,
	AssistantActionCreate,
	AssistantIntegration,
	Segment,
} from '../../contract/invent.d.ts';
import { columnOf, completeAssistant, defaultConfig } from './data.mts';
import type { AssistantRecord, FileRecord, Organization, SandboxData } from './data.mts';
import { fileRecord, fileUrl } from './files.mts';
import { newSecret, stableId } from './ids.mts';
import { patchedConfig } from './merge.mts';
import type { Settings } from './options.mts';

type Generation = Settings['generation'];

const FOUNDED = '2025-02-03T08:30:00.000Z';
const DAY_MS = 24 * 60 * 60 * 1000;

function daysLater(days: number): string {
	return new Date(Date.parse(FOUNDED) + days * DAY_MS).toISOString();
}

const OWN_ORG = stableId('org', 'Fjordlight Outdoor');
const RENTALS = stableId('org', 'Fjordlight Rentals');
const BUSINESS = stableId('org', 'Fjordlight Business');
const REPAIRS = stableId('org', 'Fjordlight Repairs');
const TICKETS = { board_id: stableId('brd', 'Tickets'), board_name: 'Tickets' };
const PIPELINE = { board_id: stableId('brd', 'Sales pipeline'), board_name: 'Sales pipeline' };

function segment(name: string, color: string, contacts: number, board?: typeof TICKETS): Segment {
	return {
		id: stableId('seg', name),
		name,
		color,
		contacts_count: contacts,
		boards: board ? [{ ...board, column_id: stableId('brd', `column ${name}`) }] : [],
		created_at: FOUNDED,
		updated_at: daysLater(40),
	};
}

const SEGMENTS = [
	segment('New tickets', 'sky', 18, TICKETS),
	segment('Waiting for the warehouse', 'amber', 7, TICKETS),
	segment('Solved', 'green', 240, TICKETS),
	segment('Leads', 'violet', 61, PIPELINE),
	segment('Offers sent', 'orange', 12, PIPELINE),
	segment('Newsletter readers', 'neutral', 1930),
];

function organization(id: string, name: string, balance: number, segments: Segment[] = []): Organization {
	return {
		id,
		name,
		parent_id: id === OWN_ORG ? null : OWN_ORG,
		plan: 'business',
		created_at: FOUNDED,
		segments,
		balance,
	};
}

interface Example {
	name: string;
	config?: AssistantConfig;
	org?: string;
	enabled?: boolean;
	deleted?: boolean;
	hasKey?: boolean;
	/** The color of its picture. */
	avatar?: string;
	channels?: string[];
	actions?: string[];
	board?: { board: typeof TICKETS; firstColumn: string };
	agents?: number;
	knowledge?: number;
}

// Which languages, models, and voices Invent has is not documented: these stand for several of each.
const EXAMPLES: Example[] = [
	{
		name: 'Customer Support',
		hasKey: true,
		avatar: '#1f6f54',
		channels: ['internal', 'whatsapp_bot', 'email'],
		actions: ['TOOLS:HTTP_REQUEST', 'TOOLS:WEB_SEARCH'],
		board: { board: TICKETS, firstColumn: 'New tickets' },
		agents: 3,
		knowledge: 4,
		config: {
			instructions:
				'You answer questions about orders, returns and the care of outdoor gear. Ask for the order number first. Hand over to a colleague when a customer is upset or asks for a person.',
			language: 'en',
			model: 'gpt-4.1',
			timezone: 'Europe/Oslo',
			conversation: {
				welcome_banner: 'Hi! Ask us anything about your order.',
				suggested_messages: ['Where is my parcel?', 'How do I return a tent?', 'Which jacket is waterproof?'],
				auto_intro_message: 'Hello, this is the Fjordlight help desk.',
				enable_auto_csat: true,
				enable_auto_resolve: true,
				enable_update_contact_tool: true,
			},
		},
	},
	{
		name: 'Sales Advisor',
		hasKey: true,
		avatar: '#2f5d8a',
		channels: ['internal', 'instagram_dm'],
		actions: ['TOOLS:WEB_SEARCH', 'TOOLS:WEB_SCRAPING'],
		board: { board: PIPELINE, firstColumn: 'Leads' },
		agents: 2,
		knowledge: 2,
		config: {
			instructions:
				'You help people to choose tents, sleeping bags and boots. Ask where and when they travel, then suggest at most three products with their prices.',
			model: 'gpt-4.1-mini',
			conversation: {
				welcome_banner: 'Planning a trip? Let us pack together.',
				suggested_messages: ['A tent for two under 3 kg', 'Boots for wet autumn days'],
				enable_auto_follow_ups: true,
			},
		},
	},
	{
		name: 'Onboarding Guide',
		channels: ['internal'],
		knowledge: 3,
		config: {
			instructions:
				'You lead new colleagues through their first two weeks: accounts, warehouse tour, safety rules, first shift in the shop.',
			conversation: { enable_private_chats: true, suggested_messages: ['What happens on day one?'] },
		},
	},
	{
		name: 'Template: Shop Assistant',
		enabled: false,
		actions: ['TOOLS:WEB_SEARCH', 'TOOLS:HTTP_REQUEST'],
		config: {
			instructions:
				'You are the assistant of the {{shop}} shop. Answer in the language of the customer, name opening hours only from the knowledge base.',
			conversation: { welcome_banner: 'Welcome to {{shop}}!' },
		},
	},
	{
		name: 'Kundeservice (norsk)',
		hasKey: true,
		channels: ['internal', 'messenger_bot'],
		knowledge: 4,
		config: {
			instructions:
				'Du svarer på norsk om bestillinger, retur og vedlikehold av turutstyr. Spør alltid om ordrenummer først.',
			language: 'no',
			model: 'gpt-4.1-mini',
			timezone: 'Europe/Oslo',
			conversation: { welcome_banner: 'Hei! Hva kan vi hjelpe med?' },
		},
	},
	{
		name: 'Returns and Warranty',
		channels: ['email'],
		actions: ['TOOLS:HTTP_REQUEST'],
		board: { board: TICKETS, firstColumn: 'Waiting for the warehouse' },
		agents: 1,
		config: {
			instructions:
				'You decide whether a return is within 60 days and open a return label. For damaged zips and poles offer a repair before a refund.',
		},
	},
	{
		name: 'Voice Line',
		channels: ['twilio'],
		config: {
			instructions: 'You answer the phone. Speak in short sentences and repeat order numbers digit by digit.',
			language: 'en',
			stt: { model: 'whisper-1' },
			tts: { model: 'tts-1', voice_id: 'nova' },
			conversation: { enable_end_conversation_tool: true, enable_block_contact_tool: true },
		},
	},
	{
		name: 'Warehouse Helper',
		channels: ['slack_bot'],
		config: {
			instructions:
				'Explicas al equipo del almacén dónde está un artículo y cuándo llega la próxima entrega.',
			language: 'es',
			timezone: 'Europe/Madrid',
			conversation: { enable_private_chats: true, enable_memories: false },
		},
	},
	{
		name: 'Newsletter Copywriter',
		enabled: false,
		config: {
			instructions:
				'You draft the monthly newsletter: one story, three products, one tip. Never promise a discount.',
		},
	},
	{
		name: 'Winter Campaign 2024',
		enabled: false,
		config: { instructions: 'You present the winter sale. Ended on 28 February.' },
	},
	{
		name: 'Old FAQ Bot',
		enabled: false,
		deleted: true,
		config: { instructions: 'You answer from the old list of frequent questions.' },
	},
	{ name: 'Untitled draft' },
	{
		name: 'Rental Desk',
		org: RENTALS,
		hasKey: true,
		channels: ['internal', 'whatsapp_bot'],
		knowledge: 1,
		config: {
			instructions:
				'You take bookings for skis, kayaks and roof boxes. Check the dates and the deposit before you confirm.',
			language: 'en',
			model: 'gpt-4.1',
		},
	},
	{
		name: 'Late Return Reminder',
		org: RENTALS,
		config: {
			instructions: 'Du erinnerst freundlich an Ausrüstung, die gestern zurück sein sollte.',
			language: 'de',
			tts: { model: 'tts-1-hd', voice_id: 'onyx' },
		},
	},
	{
		name: 'Corporate Orders',
		org: BUSINESS,
		channels: ['email'],
		config: {
			instructions:
				'You answer companies that order jackets and backpacks with their logo. Minimum order: 25 pieces.',
			language: 'pt',
			model: 'gpt-4.1',
			timezone: 'Europe/Lisbon',
		},
	},
	{
		name: 'Repair Desk',
		org: REPAIRS,
		channels: ['internal', 'email'],
		actions: ['TOOLS:HTTP_REQUEST'],
		knowledge: 2,
		config: {
			instructions:
				'You take in repairs of zips, poles and soles. Ask for a picture of the damage, then name a price and a date.',
		},
	},
	{
		name: 'Spare Parts',
		org: REPAIRS,
		enabled: false,
		config: { instructions: 'You find the right buckle, pole segment or lace for a product and its year.' },
	},
];

function integration(assistantId: string, kind: string, at: string): AssistantIntegration {
	return {
		id: stableId('int', `${assistantId} ${kind}`),
		enabled: true,
		integration_id: kind,
		assistant_id: assistantId,
		connection_id: kind === 'internal' ? null : stableId('con', kind),
		config: {},
		error: null,
		created_at: at,
		updated_at: at,
	};
}

type ActionExample = Partial<AssistantActionCreate>;

/** What an action of each type does in this company. */
const ACTIONS: Record<string, ActionExample> = {
	'TOOLS:HTTP_REQUEST': {
		name: 'Look up an order',
		instructions: 'Use it once the customer has given an order number.',
		connection_id: stableId('con', 'shop'),
		config: {
			input: { method: 'GET', url: 'https://shop.fjordlight.example/orders' },
			definitions: [{ path: 'query.number', definition: { description: 'The number of the order' } }],
		},
	},
	'TOOLS:WEB_SCRAPING': {
		name: 'Read a product page',
		instructions: 'Use it when a customer sends the address of a product.',
		config: { input: { format: 'markdown' }, definitions: [{ path: 'url', definition: {} }] },
	},
};

function action(assistantId: string, kind: string, index: number, at: string): AssistantAction {
	const { name = null, instructions = null, connection_id = null, ...example } = ACTIONS[kind] ?? {};
	return {
		id: stableId('act', `${assistantId} ${kind}`),
		enabled: true,
		name,
		instructions,
		action_id: kind,
		assistant_id: assistantId,
		connection_id,
		config: { input: {}, definitions: [], ...example.config },
		position: (index + 1) * 100, // docs: api-reference/orgs-assistants/reorder-assistant-actions, steps of 100
		created_at: at,
		updated_at: at,
	};
}

/** A picture with the initials of an assistant. */
function avatarOf({ name, avatar, org = OWN_ORG }: Example, index: number): FileRecord | undefined {
	if (avatar === undefined) return undefined;
	const initials = name.replaceAll(/(\w)\w* ?/g, '$1');
	const text = `<text x="32" y="42" font-family="sans-serif" font-size="28" fill="#fff" text-anchor="middle">${initials}</text>`;
	const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><rect width="64" height="64" fill="${avatar}"/>${text}</svg>`;
	const file = {
		id: stableId('fil', name),
		name: `${name.toLowerCase().replaceAll(' ', '-')}.svg`,
		type: 'image/svg+xml',
		content: Buffer.from(svg).toString('base64'),
	};
	return fileRecord(org, file, daysLater(index * 9));
}

function boardOf({ board, firstColumn }: NonNullable<Example['board']>, name: string, at: string) {
	const column = SEGMENTS.find((candidate) => candidate.name === firstColumn);
	if (column === undefined) throw new Error(`The example data has no column ${firstColumn}`);
	const initial_segment = columnOf(column);
	return { id: stableId('abd', name), ...board, initial_segment, created_at: at, updated_at: at };
}

function ids(prefix: 'mem' | 'knw', name: string, count = 0): string[] {
	return Array.from({ length: count }, (_, index) => stableId(prefix, `${name} ${index}`));
}

function record(example: Example, index: number, generation: Generation, url = ''): AssistantRecord {
	const { name, config, org = OWN_ORG, channels = [], actions = [] } = example;
	const id = stableId('ast', name);
	const at = daysLater(index * 9);
	const defaults = defaultConfig(generation);
	const picture = avatarOf(example, index);
	return {
		org_id: org,
		agents: ids('mem', name, example.agents),
		knowledge: ids('knw', name, example.knowledge),
		assistant: completeAssistant(
			{
				id,
				name,
				enabled: example.enabled ?? true,
				deleted: example.deleted ?? false,
				secret_key: example.hasKey ? newSecret() : null,
				avatar_url: picture === undefined ? null : fileUrl(url, picture),
				config: config ? patchedConfig(defaults, config, 'deepMerge') : defaults,
				integrations: channels.map((kind) => integration(id, kind, at)),
				actions: actions.map((kind, position) => action(id, kind, position, at)),
				boards: example.board ? [boardOf(example.board, name, at)] : [],
				updated_at: daysLater(index * 9 + 4),
			},
			at,
		),
	};
}

function organizations(): Organization[] {
	return [
		organization(OWN_ORG, 'Fjordlight Outdoor', 480, SEGMENTS),
		organization(RENTALS, 'Fjordlight Rentals', 112.5, [segment('Bookings', 'teal', 34)]),
		organization(BUSINESS, 'Fjordlight Business', 260),
		organization(REPAIRS, 'Fjordlight Repairs', 38.2),
	];
}

/** The organizations alone, with their segments, without any assistant. */
export function emptyData(): SandboxData {
	return { own_org_id: OWN_ORG, organizations: organizations(), assistants: [], files: [] };
}

/**
 * A small company: a dozen assistants, some with pictures, three sub-organizations, two boards. The ids are the same each time,
 * the secret keys new. `url` is where the sandbox serves the pictures.
 */
export function demoData(generation: Generation, url: string): SandboxData {
	const assistants = EXAMPLES.map((example, index) => record(example, index, generation, url));
	const files = EXAMPLES.flatMap((example, index) => avatarOf(example, index) ?? []);
	return { ...emptyData(), assistants, files };
}

const DUTIES = ['Support', 'Sales', 'Onboarding', 'Returns', 'Bookings', 'Billing', 'Recruiting', 'Events'];
const PLACES = ['Bergen', 'Lisbon', 'Toronto', 'Osaka', 'Nairobi', 'Austin', 'Ghent', 'Cusco', 'Perth'];

/**
 * `count` generated assistants in the key's own organization, the same ones each time but for the secret keys: every third one
 * has a key, every seventh is disabled, and, with the older generation, every tenth has no config.
 */
export function generatedData(count: number, generation: Generation): SandboxData {
	const base = emptyData();
	const assistants = Array.from({ length: count }, (_, index): AssistantRecord => {
		const number = index + 1;
		const duty = DUTIES[index % DUTIES.length] ?? '';
		const place = PLACES[index % PLACES.length] ?? '';
		const example: Example = {
			name: `${place} ${duty} ${number}`,
			enabled: number % 7 !== 0,
			hasKey: number % 3 === 0,
			channels: ['internal'],
			...(number % 10 !== 0 && {
				config: { instructions: `You are the ${duty.toLowerCase()} assistant of the ${place} branch.` },
			}),
		};
		return record(example, index % 100, generation);
	});
	return { ...base, assistants };
}
