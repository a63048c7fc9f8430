/** An agent's calls: each is an order of its own, whatever became of the others; only its repeats are the same order. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import { executeTool, watchedNode } from '../harness/engine.mts';
import type { AgentSetup } from '../harness/engine.mts';
import { proveSideBySide, stored } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import { names, postedNames, RETRY } from '../harness/stage.mts';

const ASKED_NAME = "={{ $fromAI('name') }}";
const CREATE: INodeParameters = { operation: 'create', name: ASKED_NAME };
const UPSERT: INodeParameters = { operation: 'upsert', name: ASKED_NAME };
const DUPLICATE: INodeParameters = {
	operation: 'duplicate',
	assistantId: locator("={{ $fromAI('id') }}"),
	additionalFields: { name: ASKED_NAME },
};
const WITH_RETRY = { parameters: CREATE, settings: RETRY };

/** What a call gave the agent: names, or an error's text. */
type Answer = readonly unknown[] | string;

async function answerOf(call: Promise<IDataObject[]>): Promise<Answer> {
	const [outcome] = await Promise.allSettled([call]);
	return outcome.status === 'fulfilled'
		? outcome.value.map(({ name }) => name)
		: `error: ${String(outcome.reason)}`;
}

type Work = (call: (tool: string, given?: IDataObject) => Promise<Answer>) => Promise<void>;

async function agent(
	{ credential }: Scene,
	tools: AgentSetup['tools'],
	work: Work,
	more: Partial<AgentSetup> = {},
): Promise<void> {
	await executeTool({
		credential,
		tools,
		work: async (call) => await work(async (tool, given) => await answerOf(call(tool, given))),
		...more,
	});
}

/** The answer of the first creation gets lost, and nobody can look what became of it. */
function loseFirst({ sandbox }: Scene, refusals?: number): void {
	sandbox.faults.set([
		{ match: { method: 'POST', times: 1 }, effect: { dropAfter: true } },
		{
			match: { method: 'GET', ...(refusals !== undefined && { times: refusals }) },
			effect: { answer: { status: 403 } },
		},
	]);
}

const UNKNOWN = expect.stringMatching(/^error: .*may have been created/s) as string;

const others: Case[] = [
	[
		"A call gets its own creation, not one that an earlier call of the same tool could not be sure of: 'Beta' is not 'Alpha'",
		async (scene) => {
			loseFirst(scene);
			await agent(scene, { Make: WITH_RETRY }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(UNKNOWN);
				scene.sandbox.faults.clear();
				expect(await call('Make', { name: 'Beta' })).toEqual(['Beta']);
			});
			expect(postedNames(scene)).toEqual(['Alpha', 'Beta']);
		},
	],
	[
		"A call gets its own creation, not one that an earlier call of the agent's other tool could not be sure of",
		async (scene) => {
			loseFirst(scene);
			await agent(scene, { Make: WITH_RETRY, Other: WITH_RETRY }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(UNKNOWN);
				scene.sandbox.faults.clear();
				expect(await call('Other', { name: 'Beta' })).toEqual(['Beta']);
			});
			expect(postedNames(scene)).toEqual(['Alpha', 'Beta']);
		},
	],
	[
		'A copy that is ordered after a creation whose outcome is unknown is made, and is no creation of the other tool',
		async (scene) => {
			const { id } = scene.sandbox.store.add({ name: 'There' });
			loseFirst(scene);
			const tools = { Make: WITH_RETRY, Copy: { parameters: DUPLICATE, settings: RETRY } };
			await agent(scene, tools, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(UNKNOWN);
				scene.sandbox.faults.clear();
				expect(await call('Copy', { id, name: 'Copy' })).toEqual(['Copy']);
			});
			expect(stored(scene, 'name')).toEqual(['There', 'Alpha', 'Copy']);
		},
	],
	[
		'A later call with the same name is a new order: it makes a second assistant after a first one was made',
		async (scene) => {
			await agent(scene, { Make: WITH_RETRY }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
			});
			expect(stored(scene, 'name')).toEqual(['Alpha', 'Alpha']);
		},
	],
	[
		'Without Retry On Fail the same input after a failure is done anew',
		async (scene) => {
			loseFirst(scene);
			await agent(scene, { Make: { parameters: CREATE } }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(UNKNOWN);
				scene.sandbox.faults.clear();
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
			});
			expect(postedNames(scene)).toEqual(['Alpha', 'Alpha']);
		},
	],
	[
		'With Retry On Fail a later call with the same input is done anew too, after one that failed in all its tries',
		async (scene) => {
			loseFirst(scene);
			await agent(scene, { Make: WITH_RETRY }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(UNKNOWN);
				scene.sandbox.faults.clear();
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
			});
			expect(postedNames(scene)).toEqual(['Alpha', 'Alpha']);
		},
	],
	[
		'A call of Create or Update after a refused one finds what an earlier call made',
		async (scene) => {
			await agent(scene, { Make: { parameters: UPSERT, settings: RETRY } }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
				scene.sandbox.faults.set([
					{ match: { method: 'POST', times: 3 }, effect: { answer: { status: 400 } } },
				]);
				expect(await call('Make', { name: 'Refused' })).toEqual(expect.stringContaining('error'));
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
			});
			expect(stored(scene, 'name')).toEqual(['Alpha']);
		},
	],
];

const repeats: Case[] = [
	[
		"Retry On Fail of a tool: a call whose answer got lost makes nothing a second time in the engine's next try",
		async (scene) => {
			loseFirst(scene, 1);
			await agent(scene, { Make: WITH_RETRY }, async (call) => {
				expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha']);
			});
			expect(postedNames(scene)).toEqual(['Alpha']);
		},
	],
	[
		'Retry On Fail of a tool: a call whose answer got lost makes nothing a second time, also when the name is another one in each try',
		async (scene) => {
			loseFirst(scene, 1);
			const node = watchedNode();
			const item = Object.defineProperty({}, 'stamp', { enumerable: true, get: () => `try ${node.tries}` });
			const parameters = { operation: 'create', name: "={{ $fromAI('name') + ' in ' + $json.stamp }}" };
			await agent(
				scene,
				{ Make: { parameters, settings: RETRY } },
				async (call) => {
					expect(await call('Make', { name: 'Alpha' })).toEqual(['Alpha in try 1']);
				},
				{ items: [item], nodeType: node.nodeType },
			);
			expect(node.tries).toBe(2);
			expect(postedNames(scene)).toEqual(['Alpha in try 1']);
		},
	],
	[
		"Retry On Fail of a tool: a call that was made, and then another one while the first one's repeat is due, keep to themselves",
		async (scene) => {
			loseFirst(scene, 1);
			await agent(scene, { Make: WITH_RETRY, Other: WITH_RETRY }, async (call) => {
				const answers = await Promise.all([
					call('Make', { name: 'Alpha' }),
					call('Make', { name: 'Beta' }),
					call('Other', { name: 'Gamma' }),
				]);
				expect(answers).toEqual([['Alpha'], ['Beta'], ['Gamma']]);
			});
			expect(postedNames(scene).sort()).toEqual(['Alpha', 'Beta', 'Gamma']);
		},
	],
	[
		'Twenty calls at once, five of them with a lost answer, make twenty assistants, each in the answer to its own call',
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', nth: 3, times: 5 }, effect: { dropAfter: true } },
			]);
			const wishes = names(20);
			await agent(scene, { Make: WITH_RETRY }, async (call) => {
				const answers = await Promise.all(wishes.map(async (name) => await call('Make', { name })));
				expect(answers).toEqual(wishes.map((name) => [name]));
			});
			expect(postedNames(scene).sort()).toEqual([...wishes].sort());
		},
	],
	[
		"Calls of two agents at once get their own creations, while both agents' first answers get lost",
		async (scene) => {
			scene.sandbox.faults.set([
				{ match: { method: 'POST', times: 2 }, effect: { dropAfter: true } },
				{ match: { method: 'GET', times: 2 }, effect: { answer: { status: 403 } } },
			]);
			await Promise.all(
				['Alpha', 'Beta'].map(
					async (name) =>
						await agent(scene, { Make: WITH_RETRY }, async (call) => {
							expect(await call('Make', { name })).toEqual([name]);
						}),
				),
			);
			expect(postedNames(scene).sort()).toEqual(['Alpha', 'Beta']);
		},
	],
	[
		'Two calls of one name by two tools, both with a lost answer, send two creations in all their tries, and never a third one',
		async (scene) => {
			scene.sandbox.faults.set([{ match: { method: 'POST', times: 2 }, effect: { dropAfter: true } }]);
			await agent(scene, { Make: WITH_RETRY, Other: WITH_RETRY }, async (call) => {
				await Promise.all([call('Make', { name: 'Alpha' }), call('Other', { name: 'Alpha' })]);
			});
			expect(postedNames(scene)).toEqual(['Alpha', 'Alpha']);
			expect(stored(scene, 'name')).toEqual(['Alpha', 'Alpha']);
		},
	],
];

proveSideBySide([...others, ...repeats]);
