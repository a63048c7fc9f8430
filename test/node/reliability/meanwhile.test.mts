/** What changes while the node works. */
import type { ICredentialDataDecryptedObject, IDataObject, INodeParameters } from 'n8n-workflow';

import { collectRejections, loadList } from '../harness/engine.mts';
import type { Outcome } from '../harness/engine.mts';
import { addOld, CONTINUE, proveSideBySide, sent, sourceOf, stored, valuesOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { throughGateway } from '../harness/gateways.mts';
import type { Seen } from '../harness/gateways.mts';
import { locator } from '../harness/support.mts';
import { batching, CREATE, GET, names, UPSERT } from '../harness/stage.mts';

const items = (...given: string[]) => given.map((name) => ({ name }));

const late = (['create', 'upsert'] as const).map((operation): Case => [
	`${operation}: a creation that a 503 with Retry-After of a second was answered to, and that lands half a second after that, is not made twice`,
	async (scene) => {
		scene.sandbox.faults.set([
			{
				match: { method: 'POST', nth: 1 },
				effect: { landLater: { afterMs: 1500, status: 503, retryAfter: '1' } },
			},
		]);
		const parameters = operation === 'create' ? CREATE : UPSERT;
		const outcome = await scene.run(parameters, { items: items('One'), settings: CONTINUE });
		await scene.sandbox.landed();
		expect(stored(scene, 'name')).toEqual(['One']);
		expect(valuesOf(outcome.items, 'id')).toEqual(stored(scene, 'id'));
		expect(sent(scene, 'POST')).toHaveLength(1);
	},
]);

/** Runs Create or Update of two names; when the creation of the first one comes, something changes. */
async function upsertWhile(scene: Scene, change: () => void): Promise<Outcome> {
	let isFirst = true;
	const onArrival = ({ method }: Seen) => {
		if (method === 'POST' && isFirst) change();
		isFirst &&= method !== 'POST';
	};
	return await throughGateway(scene.sandbox.url, { onArrival }, async ({ url }) => {
		const credential = { ...scene.credential, baseUrl: url };
		const parameters = { ...UPSERT, config: { instructions: 'Be kind.' } };
		return await scene.run(parameters, { items: items('First', 'Alpha'), credential });
	});
}

const outdated: Case[] = [
	[
		'Create or Update does not change an assistant that was renamed after the list was read, and creates the one of that name',
		async (scene) => {
			const there = addOld(scene, { name: 'Alpha' });
			const outcome = await upsertWhile(scene, () => {
				scene.sandbox.store.update(there.id, { name: 'Beta' });
			});
			expect(outcome.error).toBeUndefined();
			expect(valuesOf(outcome.items, 'outcome')).toEqual(['created', 'created']);
			expect(stored(scene, 'name')).toEqual(['Beta', 'First', 'Alpha']);
			expect(sent(scene, 'PATCH')).toEqual([]);
		},
	],
	[
		'Create or Update does not change an assistant that was deleted after the list was read',
		async (scene) => {
			const there = addOld(scene, { name: 'Alpha' });
			await upsertWhile(scene, () => {
				scene.sandbox.store.update(there.id, { deleted: true });
			});
			expect(stored(scene, 'name')).toEqual(['Alpha', 'First', 'Alpha']);
			expect(sent(scene, 'PATCH')).toEqual([]);
		},
	],
];

/** One item a second, the first of which is asked for a pause of three: the next ones are skipped until it is over. */
async function proveGoesOnAfterPause(scene: Scene, parameters: INodeParameters, items: IDataObject[]) {
	scene.sandbox.faults.set([
		{ match: { nth: 1 }, effect: { answer: { status: 429, retryAfter: { seconds: 3 } } } },
	]);
	const outcome = await scene.run(
		{ ...parameters, options: { maxWait: 0 }, ...batching(1, 1000) },
		{ items, settings: CONTINUE },
	);
	const codes = valuesOf(outcome.items, 'errorCode');
	expect(codes.slice(0, 2)).toEqual(['rate_limited', 'skipped']);
	expect(codes.at(-1)).toBeUndefined();
	return codes;
}

const over: Case[] = [
	[
		'With Batching, creations go on in a batch that begins after a used-up quota is over',
		async (scene) => {
			const codes = await proveGoesOnAfterPause(scene, CREATE, items(...names(6)));
			expect(stored(scene, 'name')).toEqual(names(6).filter((_, index) => codes[index] === undefined));
		},
	],
	[
		'With Batching, reads go on in a batch that begins after a rate limit is over',
		async (scene) => {
			const { id } = addOld(scene, {});
			await proveGoesOnAfterPause(
				scene,
				GET,
				Array.from({ length: 6 }, () => ({ id })),
			);
		},
	],
];

/** A credential that can be read a few times, and then tells the key in its error. */
function failingAfter(reads: number, credential: ICredentialDataDecryptedObject) {
	let left = reads;
	return new Proxy(
		{ ...credential },
		{
			ownKeys(target) {
				left -= 1;
				if (left < 0) throw new Error(`No connection to the vault for ${JSON.stringify(credential.apiKey)}`);
				return Reflect.ownKeys(target);
			},
		},
	);
}

const ON_ERROR = ['continueRegularOutput', 'continueErrorOutput'] as const;

const credentials = ON_ERROR.flatMap((onError) =>
	[{}, batching(1, 50)].map((batches): Case => [
		`A credential that can't be read any more in the middle is an error of its items, without the key, ${onError}${'requestOptions' in batches ? ', with Batching' : ''}`,
		async (scene) => {
			const rejections = collectRejections();
			try {
				const credential = failingAfter(5, scene.credential);
				const outcome = await scene.run(
					{ ...CREATE, ...batches },
					{ items: items(...names(5)), settings: { onError }, credential },
				);
				const failed = [...outcome.items, ...outcome.refused].filter(({ json }) => 'errorCode' in json);
				expect(failed.length).toBeGreaterThan(0);
				expect(failed.length + stored(scene, 'name').length).toBe(5);
				expect(new Set(failed.map(sourceOf)).size).toBe(failed.length);
				expect(rejections.reasons).toEqual([]);
			} finally {
				rejections.stop();
			}
		},
	]),
);

const dropDowns: Case[] = [
	[
		'The drop-down of assistants lists all of them where the API gives shorter pages than it was asked for',
		async (scene) => {
			await throughGateway(scene.sandbox.url, { maxTake: 50 }, async ({ url }) => {
				const { results, paginationToken } = await loadList({
					method: 'searchAssistants',
					parameters: { operation: 'get', organizationId: locator('c', 'list') },
					credential: { ...scene.credential, baseUrl: url },
				});
				expect(results.map(({ value }) => value)).toEqual(stored(scene, 'id'));
				expect(paginationToken).toBeUndefined();
			});
		},
		{ assistants: 120 },
	],
];

proveSideBySide([...late, ...outdated, ...over, ...credentials, ...dropDowns]);
