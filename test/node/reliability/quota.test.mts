/** A used-up quota of creations stops the creations of that organization, and nothing else. */
import type { IDataObject, INodeExecutionData, INodeParameters } from 'n8n-workflow';

import { addOld, CONTINUE, proveSideBySide, sent, sourceOf, stored, valuesOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import { inShort, names, nameIn, OWN_ID, subOrganizationOf } from '../harness/stage.mts';

const QUOTA = 2;
const LIMITED = { creationsPerHour: QUOTA };
const HOUR_MS = 3_600_000;

const OWN_ORGANIZATION = locator('={{ $json.organization }}');
const CREATE: INodeParameters = {
	operation: 'create',
	organizationId: OWN_ORGANIZATION,
	name: '={{ $json.name }}',
};
const UPSERT: INodeParameters = { ...CREATE, operation: 'upsert', config: { instructions: 'Be kind.' } };

/** Items of two organizations in turn. */
function inTurn(organizations: readonly string[], count: number): IDataObject[] {
	return names(count).flatMap((name) => organizations.map((organization) => ({ name, organization })));
}

/** Names of an organization that creations were sent with. */
function sentTo(scene: Scene, organization: string): unknown[] {
	return sent(scene, 'POST')
		.filter(({ path }) => path.startsWith(`/orgs/${organization}/`))
		.map(nameIn);
}

function codesOf(items: readonly INodeExecutionData[]): unknown[] {
	return valuesOf(items, 'errorCode');
}

function expectInAnHour(value: unknown): void {
	expect(value).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
	expect(Math.abs(Date.parse(String(value)) - Date.now() - HOUR_MS)).toBeLessThan(HOUR_MS / 30);
}

const FIRST_TWO = names(QUOTA);

const cases: Case[] = [
	[
		"Create on errors continue: a used-up quota stops the creations of its organization only, and those of another one go on to that one's own quota",
		async (scene) => {
			const below = subOrganizationOf(scene);
			// The other organization is in the lead by two, so that the first one's quota ends in the middle.
			const items = [...inTurn(['c'], 3), ...inTurn([below], QUOTA), ...inTurn(['c'], 1)];
			const outcome = await scene.run(CREATE, { items, settings: CONTINUE });
			expect(outcome.items.map(inShort)).toEqual([...FIRST_TWO, 'error', ...FIRST_TWO, 'error']);
			expect(outcome.items.map(sourceOf)).toEqual([0, 1, 2, 3, 4, 5]);
			expect(sentTo(scene, 'c')).toEqual(names(3));
			expect(sentTo(scene, below)).toEqual(FIRST_TWO);
			expect(stored(scene, 'name', below)).toEqual(FIRST_TWO);
		},
		LIMITED,
	],
	[
		'Create on errors continue: items of two organizations in turn fill the quotas of both',
		async (scene) => {
			const below = subOrganizationOf(scene);
			await scene.run(CREATE, { items: inTurn(['c', below], 5), settings: CONTINUE });
			expect(stored(scene, 'name')).toEqual(FIRST_TWO);
			expect(stored(scene, 'name', below)).toEqual(FIRST_TWO);
			expect(sentTo(scene, 'c')).toEqual(names(3));
			expect(sentTo(scene, below)).toEqual(names(3));
		},
		LIMITED,
	],
	[
		'Create or Update on errors continue: a used-up quota keeps no existing assistant from being updated',
		async (scene) => {
			for (const name of ['There 0', 'There 1']) addOld(scene, { name });
			const words = ['New 0', 'There 0', 'New 1', 'New 2', 'There 1', 'New 3'];
			const items = words.map((name) => ({ name, organization: 'c' }));
			const outcome = await scene.run(UPSERT, { items, settings: CONTINUE });
			expect(outcome.items.map(inShort)).toEqual(['New 0', 'There 0', 'New 1', 'error', 'There 1', 'error']);
			expect(sentTo(scene, 'c')).toEqual(['New 0', 'New 1', 'New 2']);
			expect(sent(scene, 'PATCH')).toHaveLength(2);
			expect(codesOf(outcome.items).filter(Boolean)).toEqual(['rate_limited', 'skipped']);
		},
		LIMITED,
	],
	[
		'Duplicate on errors continue: a used-up quota stops the copies into its organization, and those into another one go on',
		async (scene) => {
			const below = subOrganizationOf(scene);
			const { id } = addOld(scene, { name: 'There' });
			const targets = [
				scene.sandbox.orgId,
				scene.sandbox.orgId,
				scene.sandbox.orgId,
				below,
				scene.sandbox.orgId,
			];
			const items = targets.map((target, at) => ({ id, target, name: `Copy ${at}` }));
			const outcome = await scene.run(
				{
					operation: 'duplicate',
					assistantId: OWN_ID,
					additionalFields: { name: '={{ $json.name }}', targetOrganizationId: '={{ $json.target }}' },
				},
				{ items, settings: CONTINUE },
			);
			expect(outcome.items.map(inShort)).toEqual(['Copy 0', 'Copy 1', 'error', 'Copy 3', 'error']);
			expect(sent(scene, 'POST')).toHaveLength(4);
			expect(stored(scene, 'name', below)).toEqual(['Copy 3']);
		},
		LIMITED,
	],
	[
		"Create on errors continue: the first item that meets the quota is rate limited with its time, and the organization's others are skipped",
		async (scene) => {
			const outcome = await scene.run(CREATE, { items: inTurn(['c'], 5), settings: CONTINUE });
			expect(codesOf(outcome.items)).toEqual([undefined, undefined, 'rate_limited', 'skipped', 'skipped']);
			const [, , limited, ...skipped] = outcome.items;
			expect(limited?.json).toMatchObject({ httpStatus: 429, error: expect.stringContaining('[item 2]') });
			expectInAnHour(limited?.json.retryAt);
			for (const { json } of skipped) expect(json).not.toHaveProperty('httpStatus');
			expect(sentTo(scene, 'c')).toEqual(names(3));
		},
		LIMITED,
	],
	[
		'Create with an error output: error items of a used-up quota keep their code, status and time in the error branch',
		async (scene) => {
			const outcome = await scene.run(CREATE, {
				items: inTurn(['c'], 4),
				settings: { onError: 'continueErrorOutput' },
			});
			expect(outcome.items.map(inShort)).toEqual(FIRST_TWO);
			expect(codesOf(outcome.refused)).toEqual(['rate_limited', 'skipped']);
			expect(outcome.refused[0]?.json).toMatchObject({ httpStatus: 429 });
			expectInAnHour(outcome.refused[0]?.json.retryAt);
			expect(outcome.refused.map(sourceOf)).toEqual([2, 3]);
		},
		LIMITED,
	],
	[
		"A used-up quota of one execution keeps another one's reads and updates from nothing",
		async (scene) => {
			const { id } = addOld(scene, { name: 'There' });
			const [, read, changed] = await Promise.all([
				scene.run(CREATE, { items: inTurn(['c'], 5), settings: CONTINUE }),
				scene.run({ operation: 'get', assistantId: OWN_ID }, { items: [{ id }, { id }] }),
				scene.run(
					{ operation: 'update', assistantId: OWN_ID, updateFields: { enabled: false } },
					{ items: [{ id }, { id }] },
				),
			]);
			expect([read, changed].map(({ error }) => error)).toEqual([undefined, undefined]);
		},
		LIMITED,
	],
	[
		'A new execution asks again, although the one before has met the quota',
		async (scene) => {
			await scene.run(CREATE, { items: inTurn(['c'], 4), settings: CONTINUE });
			scene.sandbox.reset({ creationsPerHour: 0 });
			const outcome = await scene.run(CREATE, { items: inTurn(['c'], 2), settings: CONTINUE });
			expect(outcome.items.map(inShort)).toEqual(names(2));
		},
		LIMITED,
	],
];

proveSideBySide(cases);
