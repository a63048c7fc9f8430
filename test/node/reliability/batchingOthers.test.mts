/** Batching, and expressions that throw, for the writes of the resources besides Assistant. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { RecordedRequest } from '../../../tools/sandbox/server.mts';
import { watchedNode, withFile } from '../harness/engine.mts';
import type { Setup, WatchedNode } from '../harness/engine.mts';
import { addOld, CONTINUE, errorOf, indicesOf, proveSideBySide, sourceOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { batching, EVERY_TRY, NAME_OR_THROW, RETRY, settled, throwing } from '../harness/stage.mts';
import { locator } from '../harness/support.mts';

interface Write {
	readonly operation: string;
	/** What is written holds the item's name somewhere, and there is no reading it when its expression throws. */
	readonly parameters: INodeParameters;
	/** The part of a request's body that the item's name is in. */
	readonly nameIn: (body: Record<string, unknown>) => unknown;
}

function onAction(operation: string, own: INodeParameters): INodeParameters {
	return { resource: 'assistantAction', operation, assistantId: locator('={{ $json.id }}'), ...own };
}

function upload(own: INodeParameters): INodeParameters {
	return { resource: 'file', operation: 'upload', ...own };
}

const OWN_ACTION = { actionId: locator('={{ $json.actionId }}') };

const WRITES: readonly Write[] = [
	{
		operation: 'Create of an action',
		parameters: onAction('create', {
			actionType: locator('TOOLS:WEB_SEARCH'),
			additionalFields: { name: NAME_OR_THROW },
		}),
		nameIn: ({ name }) => name,
	},
	{
		operation: 'Update of an action',
		parameters: onAction('update', { ...OWN_ACTION, updateFields: { name: NAME_OR_THROW } }),
		nameIn: ({ name }) => name,
	},
	{
		operation: 'Reorder of actions',
		parameters: onAction('reorder', {
			positions: { position: [{ ...OWN_ACTION, position: NAME_OR_THROW }] },
		}),
		nameIn: ({ positions }) => (positions as Array<{ position: number }>)[0]?.position,
	},
	{
		operation: 'Upload of a binary file',
		parameters: upload({ additionalFields: { fileName: NAME_OR_THROW } }),
		nameIn: ({ file }) => (file as { name: string }).name,
	},
	{
		operation: 'Upload from a URL',
		parameters: upload({ source: 'url', fileUrl: NAME_OR_THROW.replace('=', '=https://example.com/') }),
		nameIn: ({ file_url: url }) => String(url).split('/').at(-1),
	},
];

const WAYS: ReadonlyArray<readonly [how: string, batches: INodeParameters, items: number]> = [
	['without Batching', {}, 3],
	['with an item a batch', batching(1, 30), 3],
	['with Batching at its defaults', batching(50, 1000), 52],
];

/** Numbers, which are names and positions alike. */
function numbers(count: number): string[] {
	return Array.from({ length: count }, (_, index) => String(index));
}

/** Items on one action of one assistant; the last one's expression throws in the tries that are given. */
function staged(
	scene: Scene,
	count: number,
	lastThrowsIn: readonly number[],
): { readonly node: WatchedNode; readonly setup: Pick<Setup, 'items' | 'nodeType'> } {
	const { id } = addOld(scene, {});
	const { id: actionId } = scene.sandbox.store.addAction(id, { name: 'Old' });
	const node = watchedNode();
	const items = numbers(count).map((name, at): IDataObject => {
		const tries = at === count - 1 ? lastThrowsIn : [];
		return withFile(throwing(node, tries, { id, actionId, name }));
	});
	return { node, setup: { items, nodeType: node.nodeType } };
}

/** The names in all writes that were sent, in their order of arrival. */
function written({ sandbox }: Scene, { nameIn }: Write): string[] {
	const bodyOf = ({ body }: RecordedRequest) => body as Record<string, unknown>;
	return sandbox.requests
		.filter(({ method }) => method !== 'GET')
		.map((request) => String(nameIn(bodyOf(request))));
}

proveSideBySide(
	WRITES.flatMap((write) =>
		WAYS.flatMap(([how, batches, count]): Case[] => [
			[
				`${write.operation} ${how}: an expression that throws in the last item sends nothing for the earlier ones, on any try of Retry On Fail`,
				async (scene) => {
					const { node, setup } = staged(scene, count, EVERY_TRY);
					const outcome = await scene.run({ ...write.parameters, ...batches }, { ...setup, settings: RETRY });
					expect(outcome.error).toBeDefined();
					expect(node.tries).toBe(3);
					await settled(scene);
					expect(written(scene, write)).toEqual([]);
				},
			],
			[
				`${write.operation} ${how}: when the last item's expression throws in the first two tries only, the third one writes every item once, in their order`,
				async (scene) => {
					const { node, setup } = staged(scene, count, [1, 2]);
					const outcome = await scene.run({ ...write.parameters, ...batches }, { ...setup, settings: RETRY });
					expect(outcome.error).toBeUndefined();
					expect(node.tries).toBe(3);
					expect(written(scene, write)).toEqual(numbers(count));
					expect(outcome.items.map(sourceOf)).toEqual(indicesOf(outcome.items));
				},
			],
			[
				`${write.operation} ${how}: on errors continue, an expression that throws in the last item keeps no other item from being written`,
				async (scene) => {
					const { setup } = staged(scene, count, EVERY_TRY);
					const outcome = await scene.run(
						{ ...write.parameters, ...batches },
						{ ...setup, settings: CONTINUE },
					);
					expect(written(scene, write)).toEqual(numbers(count - 1));
					const failed = outcome.items.filter((item) => errorOf(item) !== undefined);
					expect(failed.map(sourceOf)).toEqual([count - 1]);
					expect(outcome.items).toHaveLength(count);
				},
			],
		]),
	),
);
