import { perItem } from '../../../nodes/Invent/shared/perItem.ts';
import { contextOf } from './context.mts';

test('Each item has its own, made at the first call', () => {
	const made: unknown[] = [];
	const keep = perItem((context) => {
		made.push(context);
		return { number: made.length };
	});
	const [one, two] = [contextOf({ values: {} }), contextOf({ values: {} })];
	expect(keep(one)).toBe(keep(one));
	expect(keep(two)).not.toBe(keep(one));
	expect(made).toEqual([one, two]);
});

test('A pagination function, whose context inherits from that of the item, finds the same', () => {
	const keep = perItem(() => ({}));
	const context = contextOf({ values: {} });
	const kept = keep(context);
	expect(keep(Object.create(context) as typeof context)).toBe(kept);
});

test('Two kinds of things are kept apart', () => {
	const context = contextOf({ values: {} });
	expect(perItem(() => ({ a: 1 }))(context)).toEqual({ a: 1 });
	expect(perItem(() => ({ b: 2 }))(context)).toEqual({ b: 2 });
});
