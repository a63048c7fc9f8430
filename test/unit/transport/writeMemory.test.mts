import fc from 'fast-check';

import { WriteMemory } from '../../../nodes/Invent/transport/writeMemory.ts';
import type { PendingCreation } from '../../../nodes/Invent/transport/pendingCreations.ts';
import type { CreatedLookup } from '../../../nodes/Invent/transport/policy.ts';

function lookup(name: string | undefined, listPath = '/orgs/one/list'): CreatedLookup {
	return { resource: 'thing', listPath, name, members: name === undefined ? undefined : { name } };
}

function pending(name: string | undefined, listPath?: string): PendingCreation {
	return { lookup: lookup(name, listPath), processedUntil: Infinity };
}

const OUTPUT = [{ json: { id: 'a' } }];

describe('What an item has written', () => {
	test('is remembered by the index of the item, whatever became of the others', () => {
		const memory = new WriteMemory();
		memory.complete(3, memory.begin(3, pending('Three')), OUTPUT);
		expect(memory.get(3)?.output).toBe(OUTPUT);
		expect(memory.get(0)).toBeUndefined();
		expect(memory.get(2)).toBeUndefined();
	});

	test('is in doubt, under its own name, from a lost response until it is found', () => {
		const memory = new WriteMemory();
		const attempt = memory.markInDoubt(0, memory.begin(0, pending('One')), new Error('lost'));
		expect(memory.findInDoubt(lookup('One'), undefined)).toBe(attempt);
		expect(memory.findInDoubt(lookup('One'), attempt)).toBeUndefined();
		expect(memory.get(0)).toBe(attempt);
		memory.complete(0, attempt, OUTPUT);
		expect(memory.findInDoubt(lookup('One'), undefined)).toBeUndefined();
		expect(memory.get(0)?.output).toBe(OUTPUT);
		expect(memory.get(0)).not.toHaveProperty('ambiguousError');
	});

	test('is not in doubt for another name or another list', () => {
		const memory = new WriteMemory();
		memory.markInDoubt(0, memory.begin(0, pending('One')), new Error('lost'));
		expect(memory.findInDoubt(lookup('Two'), undefined)).toBeUndefined();
		expect(memory.findInDoubt(lookup('One', '/orgs/two/list'), undefined)).toBeUndefined();
		expect(memory.findInDoubt(lookup('One', '/orgs/c/list'), undefined)).toBeDefined();
		expect(memory.findInDoubt(lookup(undefined), undefined)).toBeUndefined();
	});

	test('is in doubt even when it was lost for no reason at all', () => {
		const memory = new WriteMemory();
		memory.markInDoubt(0, memory.begin(0, pending('One')), undefined);
		expect(memory.findInDoubt(lookup('One'), undefined)).toBeDefined();
	});

	test('is forgotten when it is known not to have happened', () => {
		const memory = new WriteMemory();
		memory.markInDoubt(0, memory.begin(0, pending('One')), new Error('lost'));
		memory.forget(0);
		expect(memory.get(0)).toBeUndefined();
		expect(memory.findInDoubt(lookup('One'), undefined)).toBeUndefined();
	});

	test('starts with the time at which it is sent', () => {
		const before = performance.now();
		const { lastSentAt } = new WriteMemory().begin(0, pending('One'));
		expect(lastSentAt).toBeGreaterThanOrEqual(before);
		expect(lastSentAt).toBeLessThanOrEqual(performance.now());
	});
});

/** What the memory should know, item by item. */
type Model = Map<number, { name: string; state: 'begun' | 'inDoubt' | 'done' }>;
type Command = fc.Command<Model, WriteMemory>;

const NAMES = ['One', 'Two'];
const index = fc.integer({ min: 0, max: 3 });

function expectAsModel(model: Model, memory: WriteMemory): void {
	for (const name of NAMES) {
		const expected = [...model.values()].some((write) => write.name === name && write.state === 'inDoubt');
		expect(memory.findInDoubt(lookup(name), undefined) !== undefined).toBe(expected);
	}
	for (let item = 0; item <= 3; item++) {
		const write = model.get(item);
		expect(memory.get(item)?.lookup.name).toBe(write?.name);
		expect(memory.get(item)?.output !== undefined).toBe(write?.state === 'done');
		expect('ambiguousError' in (memory.get(item) ?? {})).toBe(write?.state === 'inDoubt');
	}
}

function command(
	name: string,
	item: number,
	isPossible: (model: Model) => boolean,
	change: (model: Model, memory: WriteMemory) => void,
): Command {
	return {
		check: (model) => isPossible(model),
		run: (model, memory) => {
			change(model, memory);
			expectAsModel(model, memory);
		},
		toString: () => `${name}(${item})`,
	};
}

const commands = [
	fc.tuple(index, fc.constantFrom(...NAMES)).map(([item, name]) =>
		command(
			`begin ${name}`,
			item,
			() => true,
			(model, memory) => {
				memory.begin(item, pending(name));
				model.set(item, { name, state: 'begun' });
			},
		),
	),
	index.map((item) =>
		command(
			'markInDoubt',
			item,
			(model) => model.get(item)?.state === 'begun',
			(model, memory) => {
				const attempt = memory.get(item);
				const write = model.get(item);
				if (attempt === undefined || write === undefined) throw new Error('Nothing was begun');
				memory.markInDoubt(item, attempt, new Error('lost'));
				model.set(item, { ...write, state: 'inDoubt' });
			},
		),
	),
	index.map((item) =>
		command(
			'complete',
			item,
			(model) => ['begun', 'inDoubt'].includes(model.get(item)?.state ?? ''),
			(model, memory) => {
				const attempt = memory.get(item);
				const write = model.get(item);
				if (attempt === undefined || write === undefined) throw new Error('Nothing was begun');
				memory.complete(item, attempt, OUTPUT);
				model.set(item, { ...write, state: 'done' });
			},
		),
	),
	index.map((item) =>
		command(
			'forget',
			item,
			(model) => model.has(item),
			(model, memory) => {
				memory.forget(item);
				model.delete(item);
			},
		),
	),
];

test('After any commands the memory knows of each item what its last write came to, and which names are in doubt', () => {
	fc.assert(
		fc.property(fc.commands(commands, { maxCommands: 40 }), (given) => {
			fc.modelRun(() => ({ model: new Map() satisfies Model, real: new WriteMemory() }), given);
		}),
		{ seed: 9, numRuns: 300 },
	);
});
