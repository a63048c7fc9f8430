/** What becomes of a configuration that is changed in part, whatever the API does with a PATCH. */
import type { IDataObject, INodeParameters } from 'n8n-workflow';

import type { AssistantConfig } from '../../../contract/invent.d.ts';
import type { SandboxOptions } from '../../../tools/sandbox/server.mts';
import { faultOf, locator } from '../harness/support.mts';
import { addOld, CONTINUE, errorOf, onSandbox, proveSideBySide, sent } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';

const PATCHES = ['deepMerge', 'shallowMerge', 'replace'] as const;

/** A configuration with members that no parameter knows, at every depth. */
const STORED = {
	instructions: 'Be kind.',
	language: 'en',
	model: 'auto',
	tts: { model: 'loud', voice_id: 'v1', unknown: { deep: [1, { two: null }] } },
	conversation: {
		enable_memories: true,
		suggested_messages: ['Hello', 'Bye'],
		welcome_banner: 'Welcome',
		novel: { list: ['a'], nothing: null },
	},
	novel_list: [{ a: 1 }, 'b', null],
	novel_null: null,
	novel_text: 'x',
};

/** A change by fields, and the same one as JSON. */
const FIELDS: INodeParameters = {
	config: { instructions: '={{ $json.text }}', ttsVoiceId: 'v2' },
	conversation: { enableMemories: false, suggestedMessages: ['New'] },
};
const AS_JSON = (text: unknown) => ({
	instructions: text,
	tts: { voice_id: 'v2' },
	conversation: { enable_memories: false, suggested_messages: ['New'] },
});
const JSON_MODE: INodeParameters = {
	configMode: 'json',
	configJson: '={{ JSON.stringify($json.config) }}',
};
const MODES: ReadonlyArray<readonly [mode: string, parameters: INodeParameters]> = [
	['by fields', FIELDS],
	['as JSON', JSON_MODE],
];

const OWN_ID = locator('={{ $json.id }}');
const UPDATE: INodeParameters = { operation: 'update', assistantId: OWN_ID };
const AS_ENTERED: INodeParameters = { options: { configUpdate: 'asEntered' } };

function asConfig(value: object): AssistantConfig {
	return { ...value };
}

function changed(text: unknown): object {
	return {
		...STORED,
		instructions: text,
		tts: { ...STORED.tts, voice_id: 'v2' },
		conversation: { ...STORED.conversation, enable_memories: false, suggested_messages: ['New'] },
	};
}

/** Two assistants with the stored configuration, and an item for each. */
function two(scene: Scene, change?: object): Array<IDataObject & { id: string }> {
	return ['One', 'Two'].map((text) => {
		const { id } = addOld(scene, { name: text, config: asConfig(STORED) });
		return { id, text, config: { ...(change ?? AS_JSON(text)) } };
	});
}

function configOf({ sandbox }: Scene, id: string) {
	return sandbox.store.find(id)?.config;
}

/** Methods of the requests about an assistant, in order. */
function linesOf({ sandbox }: Scene, id: string): string[] {
	return sandbox.requests.filter(({ path }) => path.endsWith(id)).map(({ method }) => method);
}

/** Just these bodies came; different assistants do not wait for one another. */
function expectBodies({ sandbox }: Scene, bodies: object[]): void {
	expect(sandbox.requests).toHaveLength(bodies.length);
	expect(sandbox.requests.map(({ body }) => body)).toEqual(expect.arrayContaining(bodies));
}

const merging = PATCHES.flatMap((patchConfig) =>
	MODES.flatMap(([mode, parameters]): Case[] => [
		[
			`Merge, ${mode}, where PATCH is ${patchConfig}: objects merge at depth, lists replace, the rest is untouched, by a GET and a PATCH`,
			async (scene) => {
				const items = two(scene);
				const outcome = await scene.run({ ...UPDATE, ...parameters }, { items });
				expect(outcome.error).toBeUndefined();
				for (const { id, text } of items) {
					expect(configOf(scene, id)).toEqual(changed(text));
					expect(linesOf(scene, id)).toEqual(['GET', 'PATCH']);
				}
				expect(scene.sandbox.requests).toHaveLength(4);
			},
			{ patchConfig },
		],
		[
			`As entered, ${mode}, where PATCH is ${patchConfig}: one request with just what was entered`,
			async (scene) => {
				const items = two(scene);
				const outcome = await scene.run({ ...UPDATE, ...parameters, ...AS_ENTERED }, { items });
				expect(outcome.error).toBeUndefined();
				for (const { id } of items) expect(linesOf(scene, id)).toEqual(['PATCH']);
				expectBodies(scene, [{ config: AS_JSON('One') }, { config: AS_JSON('Two') }]);
			},
			{ patchConfig },
		],
		[
			`Merge, ${mode}, where PATCH is ${patchConfig}: a configuration that is null takes what was entered`,
			async (scene) => {
				const items = two(scene);
				for (const { id } of items) scene.sandbox.store.update(id, { config: null });
				const outcome = await scene.run({ ...UPDATE, ...parameters }, { items });
				expect(outcome.error).toBeUndefined();
				for (const { id, text } of items) expect(configOf(scene, id)).toEqual(AS_JSON(text));
			},
			{ patchConfig, generation: 'older' },
		],
		[
			`Merge, ${mode}, where PATCH is ${patchConfig}: two items on the same assistant act in turn`,
			async (scene) => {
				const [{ id, config }] = two(scene) as [IDataObject & { id: string }];
				const items = [
					{ id, text: 'First', config },
					{ id, text: 'Last', config: AS_JSON('Last') },
				];
				const outcome = await scene.run({ ...UPDATE, ...parameters }, { items });
				expect(outcome.error).toBeUndefined();
				expect(linesOf(scene, id)).toEqual(['GET', 'PATCH', 'GET', 'PATCH']);
				expect(configOf(scene, id)).toEqual(changed('Last'));
			},
			{ patchConfig },
		],
	]),
);

/** What one item changes, and the other. */
const PAIRS: ReadonlyArray<readonly [first: object, second: object]> = [
	[{ language: 'de' }, { model: 'big' }],
	[{ tts: { model: 'soft' } }, { tts: { voice_id: 'v3' } }],
	[{ conversation: { welcome_banner: '' } }, { conversation: { novel: { list: [] } } }],
	[{ tts: null }, { tts: { model: 'soft' } }],
	[{ novel_list: {} }, { novel_list: { a: [1] } }],
];

/** The merge by the words of the interface: objects member by member, everything else replaces. */
function laidOver(base: unknown, over: unknown): unknown {
	if (!isRecord(over)) return over;
	const merged = isRecord(base) ? { ...base } : {};
	for (const [name, value] of Object.entries(over)) merged[name] = laidOver(merged[name], value);
	return merged;
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const pairs = PATCHES.flatMap((patchConfig) =>
	PAIRS.map(([first, second]): Case => {
		return [
			`Where PATCH is ${patchConfig}, an item with ${JSON.stringify(first)} and one with ${JSON.stringify(second)} keep each other's changes`,
			async (scene) => {
				const { id } = addOld(scene, { config: asConfig(STORED) });
				const items = [
					{ id, config: { ...first } },
					{ id, config: { ...second } },
				];
				scene.sandbox.faults.set([{ match: { nth: 1 }, effect: { delayMs: 50 } }]);
				const outcome = await scene.run({ ...UPDATE, ...JSON_MODE }, { items });
				expect(outcome.error).toBeUndefined();
				expect(configOf(scene, id)).toEqual(laidOver(laidOver(STORED, first), second));
			},
			{ patchConfig },
		];
	}),
);

/** Values that replace whatever was there. */
const REPLACING: ReadonlyArray<readonly [what: string, change: object]> = [
	['null over a text', { instructions: null }],
	['null over an object', { tts: null }],
	['null over a list', { novel_list: null }],
	['an empty list over a list', { conversation: { suggested_messages: [] } }],
	['a text over an object', { conversation: { novel: 'none' } }],
	['an object over a text', { novel_text: { code: 'en' } }],
	['an object over null', { novel_null: { a: 1 } }],
	['an object over a list', { novel_list: { a: 1 } }],
	['a list over an object', { conversation: { novel: [] } }],
	['false over true', { conversation: { enable_memories: false } }],
	['an empty text over a text', { conversation: { welcome_banner: '' } }],
	['zero over a text', { novel_text: 0 }],
];

const replacing = PATCHES.flatMap((patchConfig) =>
	REPLACING.map(([what, change]): Case => {
		return [
			`Merge, where PATCH is ${patchConfig}: ${what} replaces`,
			async (scene) => {
				const items = two(scene, change);
				const outcome = await scene.run({ ...UPDATE, ...JSON_MODE }, { items });
				expect(outcome.error).toBeUndefined();
				for (const { id } of items) expect(configOf(scene, id)).toEqual(laidOver(STORED, change));
			},
			{ patchConfig },
		];
	}),
);

const NOTHING: ReadonlyArray<readonly [what: string, parameters: INodeParameters]> = [
	['no field', {}],
	['empty collections', { updateFields: {}, config: {}, conversation: {} }],
	['an empty JSON object', { configMode: 'json', configJson: '{}' }],
];

const refused = NOTHING.flatMap(([what, parameters]) =>
	[{}, AS_ENTERED].map((mode): Case => {
		return [
			`An update with ${what} (${JSON.stringify(mode)}) is refused before anything is sent`,
			async (scene) => {
				const items = two(scene);
				const fault = faultOf(await scene.run({ ...UPDATE, ...parameters, ...mode }, { items }));
				expect(fault.message).toContain('No fields to update [item 0]');
				expect(scene.sandbox.requests).toEqual([]);
			},
		];
	}),
);

const single = MODES.map(([mode]): Case => {
	const parameters: INodeParameters =
		mode === 'by fields' ? {} : { configMode: 'json', configJson: '={{ "{}" }}' };
	return [
		`Without a setting of the configuration (${mode}) one PATCH is all that is sent, and it has no configuration`,
		async (scene) => {
			const items = two(scene);
			const fields = { updateFields: { name: '={{ $json.text }} again' } };
			const outcome = await scene.run({ ...UPDATE, ...parameters, ...fields }, { items });
			expect(outcome.error).toBeUndefined();
			expectBodies(scene, [{ name: 'One again' }, { name: 'Two again' }]);
			for (const { id } of items) expect(configOf(scene, id)).toEqual(STORED);
		},
	];
});

const failing: readonly Case[] = [
	[
		'When the reading is refused nothing is changed, and the other item goes on',
		async (scene) => {
			const items = two(scene);
			const [one, other] = items as [(typeof items)[0], (typeof items)[0]];
			scene.sandbox.faults.set([
				{ match: { method: 'GET', path: one.id }, effect: { answer: { status: 403 } } },
			]);
			const outcome = await scene.run({ ...UPDATE, ...FIELDS }, { items, settings: CONTINUE });
			expect(outcome.items.map(errorOf)).toEqual([expect.stringContaining('[item 0]'), undefined]);
			expect(linesOf(scene, one.id)).toEqual(['GET']);
			expect(configOf(scene, one.id)).toEqual(STORED);
			expect(configOf(scene, other.id)).toEqual(changed('Two'));
		},
	],
	...(['{"id":"ast_1"}', '{}', '[]', '', '<html></html>'] as const).map((body): Case => {
		return [
			`A reading that gives ${body || 'nothing'} where an assistant is due changes nothing that was there`,
			async (scene) => {
				const items = two(scene);
				const headers = { 'content-type': 'application/json' };
				scene.sandbox.faults.set([{ match: { method: 'GET' }, effect: { answer: { body, headers } } }]);
				await scene.run({ ...UPDATE, ...FIELDS }, { items, settings: CONTINUE });
				for (const { id } of items)
					expect(configOf(scene, id)).toMatchObject({ novel_list: STORED.novel_list });
			},
		];
	}),
	...(['dropAfter', 'dropBefore'] as const).map((effect): Case => {
		return [
			`A change whose answer gets lost (${effect}) is sent again as it was, and holds`,
			async (scene) => {
				const items = two(scene);
				const lost = effect === 'dropAfter' ? { dropAfter: true as const } : { dropBefore: true as const };
				scene.sandbox.faults.set([{ match: { method: 'PATCH', nth: 1 }, effect: lost }]);
				const outcome = await scene.run({ ...UPDATE, ...FIELDS }, { items });
				expect(outcome.error).toBeUndefined();
				expect(sent(scene, 'PATCH')).toHaveLength(3);
				for (const { id, text } of items) expect(configOf(scene, id)).toEqual(changed(text));
			},
			{ patchConfig: 'replace' } satisfies SandboxOptions,
		];
	}),
];

proveSideBySide([...merging, ...pairs, ...replacing]);
proveSideBySide([...refused, ...single, ...failing]);

const HOSTILE = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];

/** A configuration that has such members already, and one that has none. */
const BEFORE: ReadonlyArray<readonly [base: string, own: string, deep: string]> = [
	['{"__proto__":{"old":1},"conversation":{"__proto__":{"older":2},"kept":true}}', '"old":1,', '"older":2,'],
	['{"conversation":{"kept":true}}', '', ''],
];

describe.each(BEFORE)('Over %s', (base, own, deep) => {
	test.each(PATCHES)(
		'members such as __proto__ are merged as data, where PATCH is %s',
		async (patchConfig) => {
			await onSandbox({ patchConfig }, async (scene) => {
				const fresh = HOSTILE.map((name) => `"${name}":{"fresh":3}`).join(',');
				const change = `{${fresh},"conversation":{${fresh}}}`;
				const items = [1, 2].map(() => {
					return { id: addOld(scene, { config: JSON.parse(base) as AssistantConfig }).id, change };
				});
				const parameters = { ...UPDATE, configMode: 'json', configJson: '={{ $json.change }}' };
				const outcome = await scene.run(parameters, { items });
				expect(outcome.error).toBeUndefined();
				const inside = fresh.replace('{"fresh"', `{${deep}"fresh"`);
				const outside = fresh.replace('{"fresh"', `{${own}"fresh"`);
				const expected: unknown = JSON.parse(
					`{"config":{${outside},"conversation":{"kept":true,${inside}}}}`,
				);
				for (const { rawBody } of sent(scene, 'PATCH'))
					expect(membersIn(JSON.parse(rawBody))).toEqual(membersIn(expected));
				expect(sent(scene, 'PATCH')).toHaveLength(2);
				const plain: object = {};
				for (const name of ['old', 'older', 'fresh']) expect(name in plain).toBe(false);
			});
		},
	);
});

/** The places of all texts, numbers and truths in a value, sorted: toEqual takes no notice of `__proto__`. */
function membersIn(value: unknown, place = ''): string[] {
	if (!isRecord(value)) return [`${place}=${JSON.stringify(value)}`];
	return Object.entries(value)
		.flatMap(([name, member]) => membersIn(member, `${place}/${name}`))
		.sort();
}
