import type { CredentialReference, Workflow } from '../../../tools/n8n/client.mts';

const LANGCHAIN = '@n8n/n8n-nodes-langchain';
const INVENT_TOOL = 'n8n-nodes-invent.inventTool';
const SUB_NODE_GAP = 176; // of n8n's canvas

/** A version of n8n's AI Agent. Up to 2 it calls its tools itself; from 3 on, n8n executes them as nodes of their own. */
export type AgentVersion = 2.2 | 3;

/** Stored credentials, as the nodes of a workflow refer to them. */
export interface Credentials {
	readonly inventApi: CredentialReference;
	readonly openAiApi: CredentialReference;
}

/** As the button with the stars in the editor writes it. */
function fromAi(key: string, description: string, type = 'string'): string {
	return `={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('${key}', \`${description}\`, '${type}') }}`;
}

function locator(mode: string, key: string, description: string) {
	return { __rl: true, mode, value: fromAi(key, description) };
}

const ASSISTANT = locator('id', 'assistant_id', 'ID of the assistant');
const ORGANIZATION = locator('id', 'organization_id', 'ID of the organization; empty for our own');

/** Every operation as a tool, with what the model fills in inside locators and collections. */
const TOOLS: Readonly<Record<string, object>> = {
	'Find assistants': {
		operation: 'getAll',
		organizationId: ORGANIZATION,
		limit: fromAi('limit', 'How many at most; empty for the usual number'),
		filters: { search: fromAi('search', 'Part of the name; empty for all') },
	},
	'Get an assistant': { operation: 'get', assistantId: ASSISTANT },
	'Create an assistant': {
		operation: 'create',
		name: fromAi('name', 'Name'),
		additionalFields: { enabled: fromAi('enabled', 'Whether it answers customers', 'boolean') },
		config: {
			instructions: fromAi('instructions', 'What it is for'),
			language: locator('name', 'language', 'Language; empty for the usual one'),
			model: locator('name', 'model', 'Model; empty for the usual one'),
		},
	},
	'Update an assistant': {
		operation: 'update',
		assistantId: locator('url', 'assistant_address', 'Any address with the ID of the assistant in it'),
		updateFields: {
			name: fromAi('name', 'New name; empty to keep it'),
			enabled: fromAi('enabled', 'true or false; empty to keep it'),
		},
		config: { model: locator('name', 'model', 'New model; empty to keep it') },
		conversation: {
			enableMemories: fromAi('memories', 'true or false; empty to keep it'),
			suggestedMessages: [fromAi('suggestion', 'What customers can send with one click; empty to keep it')],
		},
	},
	'Copy an assistant': {
		operation: 'duplicate',
		assistantId: ASSISTANT,
		additionalFields: {
			name: fromAi('name', 'Name of the copy; empty to leave it to Invent'),
			targetOrganizationId: locator('id', 'to_organization_id', 'Where the copy goes; empty for our own'),
		},
	},
	'Create or update an assistant': {
		operation: 'upsert',
		name: fromAi('name', 'Name'),
		configMode: 'json',
		configJson: fromAi('config', 'Configuration as Invent has it', 'json'),
	},
	'Rotate the key of an assistant': { operation: 'rotateKey', assistantId: ASSISTANT },
};

/** The names of the tools as the model sees them; n8n makes them of the nodes' names. */
export const TOOL = {
	find: 'Find_assistants',
	get: 'Get_an_assistant',
	create: 'Create_an_assistant',
	update: 'Update_an_assistant',
	copy: 'Copy_an_assistant',
	upsert: 'Create_or_update_an_assistant',
	rotate: 'Rotate_the_key_of_an_assistant',
} as const;

/** The node from which the workflow starts. */
export const TRIGGER = 'Start';

/** A workflow in which an AI Agent works at one task with every operation of the node as a tool. */
export function agentWorkflow(task: string, version: AgentVersion, credentials: Credentials): Workflow {
	const tools = Object.entries(TOOLS).map(([name, parameters], index) =>
		node(name, INVENT_TOOL, 1, { resource: 'assistant', ...parameters }, [(index + 2) * SUB_NODE_GAP, 240], {
			inventApi: credentials.inventApi,
		}),
	);
	const nodes = [
		node(TRIGGER, 'n8n-nodes-base.manualTrigger', 1, {}, [0, 0]),
		node('Agent', `${LANGCHAIN}.agent`, version, { promptType: 'define', text: task, options: {} }, [224, 0]),
		node(
			'Model',
			`${LANGCHAIN}.lmChatOpenAi`,
			1.2,
			{ model: { __rl: true, mode: 'id', value: 'gpt-4.1-mini' }, options: {} },
			[SUB_NODE_GAP, 240],
			{ openAiApi: credentials.openAiApi },
		),
		...tools,
	];
	const toAgent = (type: string) => ({ [type]: [[{ node: 'Agent', type, index: 0 }]] });
	return {
		name: `Agent ${version}: ${task}`,
		nodes,
		connections: {
			[TRIGGER]: toAgent('main'),
			Model: toAgent('ai_languageModel'),
			...Object.fromEntries(tools.map(({ name }) => [name, toAgent('ai_tool')])),
		},
		settings: { executionOrder: 'v1' },
	};
}

function node(
	name: string,
	type: string,
	typeVersion: number,
	parameters: object,
	position: [number, number],
	credentials: object = {},
) {
	return { name, type, typeVersion, parameters, position, credentials, id: crypto.randomUUID() };
}
