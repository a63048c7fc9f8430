import { isDeepStrictEqual } from 'node:util';
import type { Report } from '../n8n/client.mts';
import type { Sandbox } from '../sandbox/server.mts';
import { Failure } from '../n8n/failure.mts';
import { CHAT_MESSAGE } from './model/plans.mts';
import type { ChatModel } from './model/server.mts';
import type { Neighbours } from './neighbours/server.mts';

/** What the workflows work on. */
export interface Scene {
	readonly sandbox: Sandbox;
	readonly neighbours: Neighbours;
	readonly model: ChatModel;
}

/** What a run has to come to, in the sandbox. */
export interface Effects {
	/** How many assistants are new. */
	readonly created?: number;
	/** How many of those that were there are changed. */
	readonly changed?: number;
	/** How many of those that were there have a new secret key. */
	readonly rotated?: number;
	/** How many requests may have changed something. */
	readonly writes: number;
}

/** One run of an example, and what must come of it. */
export interface Run {
	/** When or why, in a few words. */
	readonly title: string;
	readonly trigger: string;
	/** What is said in the chat, if the trigger is one. */
	readonly message?: string;
	/** What happens before the run. What it returns is called after it. */
	before?(scene: Scene): (() => void) | undefined;
	/** What it has to come to; any effect will do where nothing is said. */
	effects?(scene: Scene): Effects;
	/** The node in which the workflow has to stop the execution with an error, and what the error tells. */
	readonly stops?: { readonly node: string; readonly telling: string };
	/** The status with which Invent refuses requests in this run. */
	readonly refusal?: number;
	/** What else must be true: what is not, and what to show of it. */
	outside?(scene: Scene, execution: Report): { problems: string[]; shown: string };
}

const SECONDS_TO_NEXT_HOUR = 3000;
const BAD_REQUEST = 400;
const TOO_MANY_REQUESTS = 429;

/** Lets Invent refuse a request; those that come one after the other can be counted. */
function refuseOne({ sandbox }: Scene, match: { method: string; path: string; nth?: number }): () => void {
	const body = '{"message":"Not today"}';
	sandbox.faults.set([{ match, effect: { answer: { status: BAD_REQUEST, body } } }]);
	return () => sandbox.faults.clear();
}

function idOf({ sandbox }: Scene, wanted: string): string {
	const found = sandbox.store.assistants().find(({ name }) => name === wanted);
	if (found === undefined) throw new Failure(`The sandbox has no ${wanted}.`);
	return found.id;
}

function living({ sandbox }: Scene) {
	return sandbox.store.assistants().filter(({ deleted }) => !deleted);
}

function inForce(scene: Scene): { problems: string[]; shown: string } {
	const wrong = living(scene).filter(
		({ id, secret_key }) => scene.neighbours.secrets.get(`invent/${id}`)?.at(-1)?.secret_key !== secret_key,
	);
	return {
		problems: wrong.map(({ name }) => `the secret store does not hold the key of ${name} that is in force`),
		shown: `${scene.neighbours.secrets.size} keys in the secret store`,
	};
}

const rotate: Run[] = [
	{
		title: 'the store is read-only',
		trigger: 'Every Monday at 06:00',
		before: ({ neighbours }) => {
			neighbours.mayWrite = false;
			return () => (neighbours.mayWrite = true);
		},
		effects: () => ({ writes: 0 }),
		stops: { node: 'No Write Permission', telling: 'does not allow writing' },
	},
	{
		title: 'Monday',
		trigger: 'Every Monday at 06:00',
		effects: (scene) => ({ rotated: living(scene).length, writes: living(scene).length }),
		outside: inForce,
	},
];

const NAMED = 3; // assistants in the Settings of the example

const hours: Run[] = [
	{
		title: '18:00, one is refused',
		trigger: 'Weekdays at 18:00',
		before: (scene) => refuseOne(scene, { method: 'PATCH', path: idOf(scene, 'Returns and Warranty') }),
		effects: () => ({ changed: NAMED - 1, writes: NAMED }),
		refusal: BAD_REQUEST,
		stops: { node: 'Report Failures', telling: 'Returns and Warranty: ' },
	},
	{ title: '18:00 once more', trigger: 'Weekdays at 18:00', effects: () => ({ changed: 1, writes: 1 }) },
	{ title: '18:00, all off already', trigger: 'Weekdays at 18:00', effects: () => ({ writes: 0 }) },
	{
		title: '08:00',
		trigger: 'Weekdays at 08:00',
		effects: () => ({ changed: NAMED, writes: NAMED }),
	},
];

/** What is entered in place of the examples' own template. */
export const TEMPLATE = 'Template: Shop Assistant';

/** The action that the examples' Settings name. */
const SEARCH = 'TOOLS:WEB_SEARCH';

const CUSTOMERS = 3; // rows that the example's Set Up makes

const customers: Run[] = [
	{
		title: 'the quota is used up',
		trigger: 'Every Hour',
		before: ({ sandbox }) => {
			sandbox.faults.set([
				{
					match: { path: '/duplicate$' },
					effect: { answer: { status: TOO_MANY_REQUESTS, retryAfter: { seconds: SECONDS_TO_NEXT_HOUR } } },
				},
			]);
			return () => sandbox.faults.clear();
		},
		effects: () => ({ writes: 1 }),
		refusal: TOO_MANY_REQUESTS,
	},
	{
		title: 'an hour later, one is refused',
		trigger: 'Every Hour',
		before: (scene) => refuseOne(scene, { method: 'POST', path: '/duplicate$', nth: 2 }),
		effects: () => ({ created: CUSTOMERS - 1, writes: 2 * CUSTOMERS - 1 }),
		refusal: BAD_REQUEST,
		stops: { node: 'Report Failures', telling: 'Assistant of Example Garage: ' },
	},
	{ title: 'the next hour', trigger: 'Every Hour', effects: () => ({ created: 1, writes: 2 }) },
	{ title: 'no new row', trigger: 'Every Hour', effects: () => ({ writes: 0 }) },
	{ title: 'the same rows once more', trigger: 'Set Up', effects: () => ({ writes: 0 }) },
	{
		title: 'the hour after that',
		trigger: 'Every Hour',
		effects: () => ({ changed: CUSTOMERS, writes: CUSTOMERS }), // found by name, and switched on once more
	},
];

function reported({ neighbours }: Scene, ...lines: string[]): { problems: string[]; shown: string } {
	const last = neighbours.messages.at(-1) ?? '';
	return {
		problems: lines.filter((line) => !last.includes(line)).map((line) => `the report lacks "${line}"`),
		shown: `reported: ${last.split('\n').slice(1).join(' ').replaceAll('• ', '· ')}`,
	};
}

const inventory: Run[] = [
	{
		title: 'the first night',
		trigger: 'Every Night at 02:00',
		effects: () => ({ writes: 0 }),
		outside: (scene) => reported(scene, `first inventory: ${scene.sandbox.store.assistants().length}`),
	},
	{
		title: 'after a day of changes',
		trigger: 'Every Night at 02:00',
		before: ({ sandbox: { store } }) => {
			const [first, second, third] = store.assistants();
			if (first === undefined || second === undefined || third === undefined) return undefined;
			store.update(first.id, { config: { ...first.config, instructions: 'You answer in one sentence.' } });
			store.remove(third.id);
			store.add({ name: 'Spring Sale' });
			return undefined;
		},
		effects: () => ({ writes: 0 }),
		outside: (scene) => reported(scene, 'new: Spring Sale', 'gone: ', '(instructions)'),
	},
	{
		title: 'after a quiet day',
		trigger: 'Every Night at 02:00',
		before: ({ neighbours }) => void neighbours.messages.splice(0),
		effects: () => ({ writes: 0 }),
		outside: ({ neighbours: { messages } }) => ({
			problems: messages.map((text) => `reported for no reason: ${text}`),
			shown: '',
		}),
	},
];

/** What the list says nothing about stays as it was. */
function staysOff({ sandbox: { store } }: Scene): { problems: string[]; shown: string } {
	const copywriter = store.assistants().find(({ name }) => name === 'Newsletter Copywriter');
	return { problems: copywriter?.enabled === false ? [] : ['Newsletter Copywriter is not off'], shown: '' };
}

const configuration: Run[] = [
	{
		title: 'one is refused',
		trigger: 'After an Edit',
		before: (scene) => refuseOne(scene, { method: 'POST', path: '.', nth: 2 }),
		effects: () => ({ created: 1, changed: 1, writes: 3 }),
		refusal: BAD_REQUEST,
		stops: { node: 'Report Failures', telling: 'Support Lisbon: ' },
		outside: staysOff,
	},
	{ title: 'once more', trigger: 'After an Edit', effects: () => ({ created: 1, writes: 1 }) },
	{ title: 'at night', trigger: 'Every Night at 03:00', effects: () => ({ writes: 0 }) },
];

const agent: Run[] = [
	{
		title: 'Which assistants do we have?',
		trigger: 'When Chat Message Received',
		message: 'which assistants do we have',
		effects: () => ({ writes: 0 }),
		outside: ({ model: { requests, refusals } }) => ({
			problems: refusals.map((why) => `the chat model refused: ${why}`),
			shown: `${requests.length} replies of the chat model`,
		}),
	},
	{
		title: 'a message in the chat',
		trigger: 'When Chat Message Received',
		message: CHAT_MESSAGE.replaceAll('"', '’').replace(/\.$/, ''), // as somebody else would type it
		effects: () => ({ created: 1, writes: 3 }),
		outside: ({ sandbox: { store }, model: { requests, refusals } }) => {
			const copy = store.assistants().find(({ name }) => name === 'Shop Bergen');
			const isAsAsked =
				copy?.enabled === true && copy.config?.conversation?.welcome_banner?.startsWith('Velkommen') === true;
			return {
				problems: [
					...refusals.map((why) => `the chat model refused: ${why}`),
					...(isAsAsked ? [] : ['the copy is not as it was asked for in the chat']),
				],
				shown: `${requests.length} replies of the chat model`,
			};
		},
	},
];

/** What must be so in each sub-organization once the template is there. */
function rolledOut({ sandbox: { store, orgId } }: Scene): { problems: string[]; shown: string } {
	const subOrganizations = store.organizations().filter(({ id }) => id !== orgId);
	const problems = subOrganizations.flatMap(({ id, name }) => {
		const copies = store.assistants(id).filter((assistant) => assistant.name === TEMPLATE);
		const [copy] = copies;
		if (copy === undefined || copies.length > 1) return [`${name} has ${copies.length} copies`];
		const searches = store.actions(copy.id).filter(({ action_id }) => action_id === SEARCH);
		return [
			...(copy.avatar_url === null ? [`the copy in ${name} has no avatar`] : []),
			...(store.files(id).filter(({ file }) => file.file_filename === 'shop.gif').length === 1
				? []
				: [`${name} does not have the avatar once`]),
			...(searches.length === 1 && searches[0]?.enabled === true
				? []
				: [`the copy in ${name} has the action not once, or off`]),
		];
	});
	return { problems, shown: `${subOrganizations.length} sub-organizations` };
}

/** Turns the action of one copy off. */
function turnOff({ sandbox: { store, orgId } }: Scene): void {
	const organization = store.organizations().find(({ id }) => id !== orgId);
	const copy = store.assistants(organization?.id).find(({ name }) => name === TEMPLATE);
	const search = store.actions(copy?.id ?? '').find(({ action_id }) => action_id === SEARCH);
	if (search === undefined) throw new Failure('The sandbox has no copy that searches the web.');
	store.removeAction(search.assistant_id, search.id);
	store.addAction(search.assistant_id, { ...search, enabled: false });
}

const SUB_ORGANIZATIONS = 3;

const rollOut: Run[] = [
	{
		title: 'the first night',
		trigger: 'Every Night at 04:00',
		// A copy, an avatar, its assignment and an action in each.
		effects: () => ({ created: SUB_ORGANIZATIONS, writes: 4 * SUB_ORGANIZATIONS }),
		outside: rolledOut,
	},
	{
		title: 'the second night',
		trigger: 'Every Night at 04:00',
		effects: () => ({ writes: 0 }),
		outside: rolledOut,
	},
	{
		title: 'the template has changed, an action is off',
		trigger: 'Every Night at 04:00',
		before: (scene) => {
			const template = scene.sandbox.store.assistants().find(({ name }) => name === TEMPLATE);
			if (template === undefined) return undefined;
			const config = { ...template.config, instructions: 'You are the assistant of the shop.' };
			scene.sandbox.store.update(template.id, { config });
			turnOff(scene);
			return undefined;
		},
		effects: () => ({ changed: SUB_ORGANIZATIONS, writes: SUB_ORGANIZATIONS + 1 }),
		outside: rolledOut,
	},
];

/** What the table of actions was told. */
function saved(execution: Report, expected: Readonly<Record<string, number>>) {
	const rows = execution.outputOf('Save Changes');
	const found = Object.fromEntries(
		[...Map.groupBy(rows, ({ change }) => String(change))].map(([change, { length }]) => [change, length]),
	);
	const problems = isDeepStrictEqual(found, expected)
		? []
		: [`the table was told ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`];
	const shown = Object.entries(found).map(([change, count]) => `${count} ${change}`);
	return { problems, shown: shown.length === 0 ? 'nothing saved' : `saved: ${shown.join(', ')}` };
}

/** The actions of all assistants of the key's organization that are not deleted. */
function actionsOf(scene: Scene) {
	return living(scene).flatMap(({ id }) => scene.sandbox.store.actions(id));
}

const audit: Run[] = [
	{
		title: 'the first night',
		trigger: 'Every Night at 01:00',
		effects: () => ({ writes: 0 }),
		outside: (scene, execution) => saved(execution, { new: actionsOf(scene).length }),
	},
	{
		title: 'after a day of changes',
		trigger: 'Every Night at 01:00',
		before: (scene) => {
			const { store } = scene.sandbox;
			const [first, second] = actionsOf(scene);
			if (first === undefined || second === undefined) return undefined;
			store.removeAction(first.assistant_id, first.id);
			store.addAction(second.assistant_id, { action_id: 'TOOLS:WEB_SCRAPING' });
			store.update(idOf(scene, 'Sales Advisor'), { name: 'Sales Advice' });
			return () => store.update(idOf(scene, 'Sales Advice'), { name: 'Sales Advisor' });
		},
		effects: () => ({ writes: 0 }),
		outside: (scene, execution) =>
			saved(execution, {
				new: 1,
				gone: 1,
				'changed: assistant': scene.sandbox.store.actions(idOf(scene, 'Sales Advice')).length,
			}),
	},
	{
		title: 'after a quiet day',
		trigger: 'Every Night at 01:00',
		before: (scene) => {
			const sales = idOf(scene, 'Sales Advisor');
			scene.sandbox.store.update(sales, { name: 'Sales Advice' });
			return () => scene.sandbox.store.update(sales, { name: 'Sales Advisor' });
		},
		effects: () => ({ writes: 0 }),
		outside: (_scene, execution) => saved(execution, {}),
	},
];

/** The runs of each example, by the workflow's id. */
export const RUNS: Readonly<Record<string, readonly Run[]>> = {
	inventRotateKeys: rotate,
	inventHours: hours,
	inventCustomers1: customers,
	inventInventory1: inventory,
	inventConfigure1: configuration,
	inventAgent00001: agent,
	inventRollOut001: rollOut,
	inventAudit00001: audit,
};

/** A run of a workflow that was imported and not edited: it stops before it changes anything, and says what to edit. */
function unedited(trigger: string, node: string, telling: string): Run {
	return { title: 'not edited', trigger, effects: () => ({ writes: 0 }), stops: { node, telling } };
}

/** The runs of each example before it was edited, by the workflow's id. */
export const UNEDITED_RUNS: Readonly<Record<string, readonly Run[]>> = {
	inventRotateKeys: [unedited('Every Monday at 06:00', 'Edit Settings', 'Edit "store" in the Settings node')],
	inventHours: [unedited('Weekdays at 08:00', 'Assistants Not Found', 'Edit the names in the Settings node')],
	inventCustomers1: [
		unedited('Every Hour', 'Table Not Found', 'Run "Set Up" once to create the table'),
		{ title: 'the table is created', trigger: 'Set Up', effects: () => ({ writes: 0 }) },
		unedited('Every Hour', 'Template Not Found', 'Edit "template" in the Settings node'),
	],
	inventInventory1: [
		unedited('Every Night at 02:00', 'Edit Settings', 'Edit "webhook" in the Settings node'),
	],
	inventConfigure1: [unedited('After an Edit', 'Edit the List', 'Edit the list in the Assistants node')],
	inventRollOut001: [unedited('Every Night at 04:00', 'Edit Settings', 'in the Settings node')],
	inventAgent00001: [
		{
			...unedited('When Chat Message Received', 'AI Agent', 'OpenAI Chat Model'),
			message: CHAT_MESSAGE,
		},
	],
};
