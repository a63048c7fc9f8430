/** Settings in other forms than the panel's own: n8n takes them, and so does the node. */
import type { INodeParameters } from 'n8n-workflow';

import { addOld, CONTINUE, proveSideBySide, sourceOf, stored, valuesOf } from '../harness/scene.mts';
import type { Case } from '../harness/scene.mts';
import { CREATE, GET, names, postedNames, UPSERT } from '../harness/stage.mts';

const NAMES = names(5);
const items = NAMES.map((name) => ({ name }));

const INTERVALS = ['20', '={{ "20" }}', '={{ 20 }}'];
const SIZES = [1, 2, 2.5, '2', '={{ "2" }}'];

const batches = INTERVALS.flatMap((batchInterval) =>
	SIZES.flatMap((batchSize) =>
		[{}, CONTINUE].map((settings): Case => [
			`Batching of ${batchSize} with an interval of ${batchInterval}${'onError' in settings ? ', on errors continue' : ''}: every item is sent and returned once`,
			async (scene) => {
				const batch = { batchSize, batchInterval };
				const parameters = { ...CREATE, requestOptions: { batching: { batch } } } as INodeParameters;
				const outcome = await scene.run(parameters, { items, settings });
				expect(outcome.error).toBeUndefined();
				expect(valuesOf(outcome.items, 'name')).toEqual(NAMES);
				expect(postedNames(scene)).toEqual(NAMES);
			},
		]),
	),
);

const timeouts: Case[] = [
	[
		'A time-out under Request Options that an expression gives as text is obeyed',
		async (scene) => {
			const { id } = addOld(scene, {});
			scene.sandbox.faults.set([{ match: { nth: 1, times: 8 }, effect: { stall: 'before' } }]);
			const parameters = { ...GET, requestOptions: { timeout: '={{ "300" }}' } };
			const outcome = await scene.run(parameters, { items: [{ id }, { id }], settings: CONTINUE });
			expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
			expect(valuesOf(outcome.items, 'errorCode')).toEqual(['unavailable', 'unavailable']);
		},
	],
];

const baseUrls = ['/', '//', ' '].map((ending): Case => [
	`Upserts of one name in two executions make one assistant, also when one Base URL ends in ${JSON.stringify(ending)}`,
	async (scene) => {
		const urls = [scene.sandbox.url, scene.sandbox.url + ending];
		const outcomes = await Promise.all(
			urls.map(async (baseUrl) => {
				const credential = { ...scene.credential, baseUrl };
				return await scene.run(UPSERT, { items: [{ name: 'Same' }], credential });
			}),
		);
		expect(stored(scene, 'name')).toEqual(['Same']);
		const results = outcomes.flatMap((outcome) => valuesOf(outcome.items, 'outcome'));
		expect(results.sort()).toEqual(['created', 'unchanged']);
	},
	{ latencyMs: 30 },
]);

proveSideBySide([...batches, ...timeouts, ...baseUrls]);
