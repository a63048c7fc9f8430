import fc from 'fast-check';

import {
	deepMerge,
	get,
	getPath,
	isDeepEqual,
	omit,
	pick,
	set,
	toPaths,
	unset,
} from '../../../nodes/Invent/shared/objectPath.ts';
import { isObject } from '../../../nodes/Invent/shared/typeGuards.ts';

/** An object from JSON, so that `__proto__` is a member of its own. */
function parsed(json: string): ReturnType<typeof omit> {
	return JSON.parse(json) as ReturnType<typeof omit>;
}

const json = fc.jsonValue({ noUnicodeString: false, maxDepth: 3 });
const jsonObjects = fc.dictionary(fc.string(), json);

describe('get', () => {
	const TARGET = { a: { b: { c: 1 } }, list: [1], none: null, text: 'x' };

	test.each([
		['a.b.c', 1],
		['a.b', { c: 1 }],
		['list', [1]],
		['none', null],
		['a.x', undefined],
		['a.x.y', undefined],
		['none.x', undefined],
		['text.length', undefined],
		['list.length', undefined],
		['list.0', undefined],
		['toString', undefined],
		['a.constructor', undefined],
		['__proto__', undefined],
	])('reads %s as %j', (path, value) => {
		expect(get(TARGET, path)).toEqual(value);
		expect(getPath(TARGET, path.split('.'))).toEqual(value);
	});

	test.each([undefined, null, 'text', 1, [{ a: 1 }]])('finds nothing in %j', (target) => {
		expect(get(target, 'a')).toBeUndefined();
	});
});

describe('set', () => {
	test.each([
		[{}, 'a', { a: 1 }],
		[{ a: 2, b: 3 }, 'a', { a: 1, b: 3 }],
		[{}, 'a.b.c', { a: { b: { c: 1 } } }],
		[{ a: { x: 0 } }, 'a.b.c', { a: { x: 0, b: { c: 1 } } }],
		[{ a: null }, 'a.b', { a: { b: 1 } }],
		[{ a: 'text' }, 'a.b', { a: 'text' }],
		[{ a: [] }, 'a.b', { a: [] }],
	])('in %j at %s leaves %j', (target, path, expected) => {
		set(target, path, 1);
		expect(target).toEqual(expected);
	});

	test.each([undefined, null, 'text'])('does nothing to %j', (target) => {
		expect(() => set(target, 'a.b', 1)).not.toThrow();
	});

	test('makes a member of any name, and changes no prototype', () => {
		const target = {};
		set(target, '__proto__', { polluted: true });
		expect(Object.keys(target)).toEqual(['__proto__']);
		expect(Object.getPrototypeOf(target)).toBe(Object.prototype);
		expect(Object.getOwnPropertyDescriptor(target, '__proto__')).toEqual({
			value: { polluted: true },
			enumerable: true,
			configurable: true,
			writable: true,
		});
	});

	test('makes what get reads', () => {
		const names = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(names, json, (path, value) => {
				const target = {};
				set(target, path.join('.'), value);
				expect(get(target, path.join('.'))).toBe(value);
			}),
		);
	});
});

describe('unset', () => {
	test.each([
		[{ a: 1, b: 2 }, 'a', { b: 2 }],
		[{ a: { b: { c: 1 } } }, 'a.b.c', {}],
		[{ a: { b: { c: 1 }, d: 2 } }, 'a.b.c', { a: { d: 2 } }],
		[{ a: { b: 1 } }, 'a.x', { a: { b: 1 } }],
		[{ a: {} }, 'a.x', {}],
		[{ a: null }, 'a.x', { a: null }],
		[{ a: 'text' }, 'a.length', { a: 'text' }],
		[{ b: 1 }, 'a.x', { b: 1 }],
	])('of %j at %s leaves %j', (target, path, expected) => {
		unset(target, path);
		expect(target).toEqual(expected);
	});

	test.each([undefined, null, 'text'])('does nothing to %j', (target) => {
		expect(() => unset(target, 'a.b')).not.toThrow();
	});

	test('leaves what it removes as it is', () => {
		const inner = { '': 1 };
		unset({ a: inner }, 'a');
		expect(inner).toEqual({ '': 1 });
	});

	test('undoes set', () => {
		const names = fc.array(fc.stringMatching(/^[a-z]{1,3}$/), { minLength: 1, maxLength: 4 });
		fc.assert(
			fc.property(names, json, (path, value) => {
				const target = { other: 1 };
				set(target, path.join('.'), value);
				unset(target, path.join('.'));
				expect(target).toEqual({ other: 1 });
			}),
		);
	});
});

test('omit copies an object without the members named', () => {
	const object = { a: 1, b: 2, c: 3 };
	expect(omit(object, 'a', 'c', 'toString')).toEqual({ b: 2 });
	expect(object).toEqual({ a: 1, b: 2, c: 3 });
});

test('pick makes a flat object, in the order of the names, with null for what is missing', () => {
	const paths = toPaths({ z: 'id', language: 'config.language', none: 'config.tts.model', off: 'enabled' });
	const picked = pick({ id: 1, enabled: false, config: { language: 'es', tts: null } }, paths);
	expect(Object.entries(picked)).toEqual([
		['z', 1],
		['language', 'es'],
		['none', null],
		['off', false],
	]);
});

describe('deepMerge', () => {
	test.each([
		[{ a: 1, b: 2 }, { a: 3 }, { a: 3, b: 2 }],
		[{ a: { x: 1, y: 2 } }, { a: { x: 3 } }, { a: { x: 3, y: 2 } }],
		[{ a: [1, 2] }, { a: [3] }, { a: [3] }],
		[{ a: { x: 1 } }, { a: null }, { a: null }],
		[{ a: null }, { a: { x: 1 } }, { a: { x: 1 } }],
		[{ a: [1] }, { a: { x: 1 } }, { a: { x: 1 } }],
		[{ a: 'text' }, { a: { x: 1 } }, { a: { x: 1 } }],
		[null, { a: 1 }, { a: 1 }],
		[undefined, { a: { x: 1 } }, { a: { x: 1 } }],
		[[1], { a: 1 }, { a: 1 }],
	])('of %j and %j is %j', (base, changes, expected) => {
		expect(deepMerge(base, changes)).toEqual(expected);
	});

	test('takes nothing from prototypes, and changes none', () => {
		const merged = deepMerge(
			parsed('{"toString":{"a":1}}'),
			parsed('{"__proto__":{"b":2},"toString":{"c":3}}'),
		);
		expect(JSON.stringify(merged)).toBe('{"toString":{"a":1,"c":3},"__proto__":{"b":2}}');
		expect(JSON.stringify(deepMerge({}, parsed('{"constructor":{"a":1}}')))).toBe('{"constructor":{"a":1}}');
	});

	test('changes neither of the two', () => {
		const [base, changes] = [{ a: { x: 1 } }, { a: { y: 2 } }];
		deepMerge(base, changes);
		expect([base, changes]).toEqual([{ a: { x: 1 } }, { a: { y: 2 } }]);
	});

	test('with itself, or with nothing, is the same object', () => {
		fc.assert(
			fc.property(jsonObjects, (object) => {
				expect(isDeepEqual(deepMerge(object, object), object)).toBe(true);
				expect(isDeepEqual(deepMerge(object, {}), object)).toBe(true);
				expect(isDeepEqual(deepMerge(null, object), object)).toBe(true);
			}),
		);
	});
});

describe('isDeepEqual', () => {
	test.each([
		[1, 1, true],
		[1, '1', false],
		[null, null, true],
		[null, {}, false],
		[{}, null, false],
		[{ a: 1, b: [2] }, { b: [2], a: 1 }, true],
		[{ a: 1 }, { a: 1, b: 2 }, false],
		[{ a: 1, b: 2 }, { a: 1 }, false],
		[{ a: 1 }, { b: 1 }, false],
		[{ a: { b: 1 } }, { a: { b: 2 } }, false],
		[[1, 2], [1, 2], true],
		[[1, 2], [2, 1], false],
		[[1], [1, 2], false],
		[[1, 2], [1], false],
		[[], {}, false],
		[[1], { 0: 1, length: 1 }, false],
		[{}, [], false],
		[{ a: undefined }, { b: undefined }, false],
	])('of %j and %j is %s', (one, other, expected) => {
		expect(isDeepEqual(one, other)).toBe(expected);
	});

	test('takes nothing from prototypes', () => {
		expect(isDeepEqual({ toString: Object.prototype.toString }, { x: 1 })).toBe(false);
	});

	test('holds between a value and its copy, whatever the order of members', () => {
		const reversed = (value: unknown): unknown => {
			if (Array.isArray(value)) return value.map(reversed);
			if (!isObject(value)) return value;
			return Object.fromEntries(
				Object.entries(value)
					.reverse()
					.map(([name, member]) => [name, reversed(member)]),
			);
		};
		fc.assert(
			fc.property(json, (value) => {
				expect(isDeepEqual(value, reversed(value))).toBe(true);
			}),
		);
	});
});
