import { Script } from 'node:vm';

import { extractErrorText } from '../../../nodes/Invent/transport/errorText.ts';

const nested = (depth: number): unknown => (depth === 0 ? {} : { a: nested(depth - 1) });

/** An object that is nested too deep to be made text of. */
function bottomless(): unknown {
	let value: unknown = {};
	for (let depth = 0; depth < 100_000; depth += 1) value = { a: value };
	return value;
}

test.each<readonly [unknown, string]>([
	[undefined, ''],
	[null, ''],
	['', ''],
	[' \n ', ''],
	['Plain  text\nof two lines', 'Plain text of two lines'],
	[7, '7'],
	[{}, '{}'],
	[[], '[]'],
	[{ code: 7 }, '{"code":7}'],
	[{ message: 'No' }, 'No'],
	[{ error: 'No' }, 'No'],
	[{ title: 'Bad', status: 400, detail: 'No' }, 'No; Bad'],
	[{ error: { code: 'x', message: 'No' } }, 'No'],
	[{ error: 'Bad Request', message: ['One', 'Two'] }, 'One; Two; Bad Request'],
	[{ message: 'No', error: 'No' }, 'No'],
	[{ errors: [{ path: ['config', 'language'], message: 'No' }] }, 'config.language: No'],
	[{ errors: [{ instancePath: '/name', message: 'No' }] }, '/name: No'],
	[{ errors: [{ field: 'name', msg: 'No' }] }, 'name: No'],
	[{ detail: [{ loc: ['body', 0], msg: 'No' }] }, 'body.0: No'],
	[{ error: { param: 'name', message: 'No' } }, 'name: No'],
	[{ error: 'invalid', error_description: 'No' }, 'invalid; No'],
	[{ reason: 'No' }, 'No'],
	[{ details: 'No' }, 'No'],
	[{ broken: { why: 'No' } }, 'broken: why: No'],
	[['One', { message: 'Two' }], 'One; Two'],
	['<p class="e">Bad</p> <b>Gateway</b>', 'Bad Gateway'],
	['<style>p { }</style><script> alert("x") </script><h1>Down</h1>', 'Down'],
	['a < b', 'a < b'],
	[{ message: 'a <b> c' }, 'a <b> c'],
	[{ message: 'x\u0000y\ud800z' }, 'x yz'],
])('%j says %j', (body, expected) => {
	expect(extractErrorText(body, [])).toBe(expected);
});

test.each<readonly [unknown, string]>([
	[{ message: 'Unknown key k1' }, 'Unknown key •••'],
	['Unknown key k1', 'Unknown key •••'],
	[{ secret_key: 'two words' }, 'secret_key: •••'],
	[{ assistant: { password: { old: 'a', new: 'b' } } }, 'assistant: password: •••'],
	[{ message: 'password=hunter2' }, 'password=•••'],
	['<b>Authorization: Bearer abc</b>', 'Authorization: Bearer •••'],
	[{ k1: 7 }, '{"•••":7}'],
])('Of %j the secrets are masked: %j', (body, expected) => {
	expect(extractErrorText(body, ['k1'])).toBe(expected);
});

describe('A long text', () => {
	test('is cut after 500 characters', () => {
		expect(extractErrorText({ message: 'word '.repeat(2000) }, [])).toBe('word '.repeat(100));
		expect(extractErrorText('x'.repeat(499) + '\u{1f600}', [])).toBe('x'.repeat(499));
	});

	test('is cut after its secrets are masked', () => {
		expect(extractErrorText(`${'a'.repeat(498)} k1234`, ['k1234'])).toBe(`${'a'.repeat(498)} •`);
	});

	test('shows no part of a secret where it is cut', () => {
		const keys = Array.from({ length: 30 }, (_, index) => `${index}${'ab1'.repeat(116)}`).join(' ');
		const text = extractErrorText(keys, []);
		expect(text).toMatch(/^(••• ?)+$/);
	});

	test('is looked at up to 10,000 characters, without a word that goes on after that', () => {
		expect(extractErrorText(' '.repeat(9999) + 'x', [])).toBe('x');
		expect(extractErrorText(' '.repeat(9996) + 'a:bcdef', [])).toBe('a:');
	});

	test.each([
		['of one word', 'a'.repeat(5_000_000)],
		['of tags without an end', '<'.repeat(2_000_000)],
		['of scripts without an end', '<script>'.repeat(500_000)],
		['of blanks', ' '.repeat(2_000_000)],
	])('%s needs no more steps than it has characters', (_, body) => {
		// A number of steps that grows with the square would take minutes, and is stopped; Vitest can't stop what never waits.
		const work = () => extractErrorText(body, ['k1']);
		const text: unknown = new Script('work()').runInNewContext({ work }, { timeout: 30_000 });
		expect(text).not.toContain(body);
	});
});

test.each([
	['lists', (inner: unknown) => [inner]],
	['messages', (inner: unknown) => ({ message: inner })],
])('A text is found in eight %s within each other, and not in nine', (_, wrap) => {
	let body: unknown = 'No';
	for (let depth = 0; depth < 8; depth += 1) body = wrap(body);
	expect(extractErrorText(body, [])).toBe('No');
	expect(extractErrorText(wrap(body), [])).toBe(JSON.stringify(wrap(body)));
});

test('A body that is nested deep is no trouble', () => {
	expect(extractErrorText(nested(9), [])).toBe(JSON.stringify(nested(9)));
	expect(extractErrorText({ message: { message: { message: 'No' } } }, [])).toBe('No');
	expect(extractErrorText(bottomless(), [])).toBe('');
});
