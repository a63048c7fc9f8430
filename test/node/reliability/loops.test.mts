/** The node in a loop or as an agent's tool: one execution that goes on for long keeps nothing of what has ended. */
import { getEventListeners } from 'node:events';

import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { executeLoop, executeTool, watchedNode } from '../harness/engine.mts';
import { addOld, CONTINUE, named, proveSideBySide } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import {
	batching,
	CREATE,
	EVERY_TRY,
	GET,
	NAME_OR_THROW,
	OWN_ID,
	RETRY,
	settled,
	staged,
	UPSERT,
} from '../harness/stage.mts';

const ROUNDS = 12;

const OPERATIONS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['create', CREATE],
	['duplicate', { operation: 'duplicate', assistantId: OWN_ID }],
	['get', GET],
	['getAll', { operation: 'getAll', returnAll: true }],
	['rotateKey', { operation: 'rotateKey', assistantId: OWN_ID }],
	['update', { operation: 'update', assistantId: OWN_ID, config: { instructions: '={{ $json.name }}' } }],
	['upsert', UPSERT],
];

const ENDS: ReadonlyArray<readonly [how: string, faults: FaultRule[]]> = [
	['succeed', []],
	['are refused', [{ effect: { answer: { status: 400 } } }]],
	['are asked for too long a pause', [{ effect: { answer: { status: 429, retryAfter: '3600' } } }]],
];

/** An item for each round of the loop. */
function roundsOn(scene: Scene): IDataObject[] {
	const { id } = addOld(scene, { name: 'There' });
	return Array.from({ length: ROUNDS }, (_, round) => ({ id, name: `Round ${round}` }));
}

const listeners = OPERATIONS.flatMap(([operation, parameters]) =>
	ENDS.map(([how, faults]): Case => [
		`${operation} in a loop: nothing of the node listens to the execution's signal any more when the items of a round ${how}`,
		async (scene) => {
			const items = roundsOn(scene);
			scene.sandbox.faults.set(faults);
			const node = watchedNode();
			const { credential } = scene;
			const setup = { parameters, items, credential, nodeType: node.nodeType, settings: CONTINUE };
			await executeLoop(setup);
			expect(node.listeners).toEqual(Array(ROUNDS).fill(0));
		},
	]),
);

const BATCHES: ReadonlyArray<readonly [how: string, batches: INodeParameters]> = [
	['without Batching', {}],
	['with Batching', batching(1, 20)],
];

const broken = BATCHES.map(([how, batches]): Case => [
	`${how}: nothing listens to the execution's signal any more after the engine gave the node up because an expression threw`,
	async (scene) => {
		const { node, setup } = staged({ One: [], Two: [], Three: EVERY_TRY });
		const parameters = { operation: 'create', name: NAME_OR_THROW, ...batches };
		const { error } = await scene.run(parameters, { ...setup, settings: RETRY });
		expect(error).toBeDefined();
		await settled(scene);
		expect(getEventListeners(node.signal, 'abort')).toEqual([]);
	},
]);

const tools: Case[] = [
	[
		"As an agent's tool: nothing of the node listens to the execution's signal any more when a call has ended, also one that failed in all its tries",
		async (scene) => {
			const node = watchedNode();
			const parameters = { operation: 'upsert', name: "={{ $fromAI('name') }}" };
			scene.sandbox.faults.set([
				{ match: { method: 'POST', nth: 2, times: 3 }, effect: { answer: { status: 400 } } },
			]);
			await executeTool({
				credential: scene.credential,
				tools: { Upsert: { parameters, settings: RETRY } },
				nodeType: node.nodeType,
				work: async (call) => {
					for (const name of ['One', 'Two', 'Three']) await Promise.allSettled([call('Upsert', { name })]);
				},
			});
			expect(node.tries).toBe(5);
			expect(node.listeners).toEqual([0, 0, 0, 0, 0]);
		},
	],
	[
		'A list that Create or Update has read in one round of a loop is read again in the next one',
		async (scene) => {
			const { credential } = scene;
			const { rounds } = await executeLoop({ parameters: UPSERT, items: named('A', 'A'), credential });
			expect(rounds[0]?.[0]?.json.id).toBe(rounds[1]?.[0]?.json.id);
			const lists = scene.sandbox.requests.filter(({ operationId }) => operationId === 'listAssistants');
			expect(lists.length).toBeGreaterThanOrEqual(2);
		},
	],
];

proveSideBySide([...listeners, ...broken, ...tools]);
