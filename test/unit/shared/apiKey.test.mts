import { normalizeApiKey } from '../../../nodes/Invent/shared/apiKey.ts';

test.each([
	['k-1'],
	[' k-1\r\n'],
	['\u200b\ufeffk-1\u00ad\u2060'],
	['\u0000k-1\u007f'],
	['"k-1"'],
	['"\'k-1\'"'],
	["'k-1'"],
	['`k-1`'],
	['“k-1”'],
	['‘k-1’'],
	['Bearer k-1'],
	['bearer\u00a0k-1'],
	['BEARER \t k-1'],
	['"Bearer k-1"'],
	['Bearer "k-1"'],
	['\u200b Bearer\u0020\u200bk-1 \u200b"'],
	['Bearer Bearer k-1'],
])('The key in %j is k-1', (entered) => {
	expect(normalizeApiKey(entered)).toBe('k-1');
});

test.each([
	['Bearer-1', 'Bearer-1'],
	['Bearer', 'Bearer'],
	['k 1', 'k1'],
	['k\u200b1', 'k1'],
	['k\u00a01\u00ad2', 'k12'],
	['k"1', 'k"1'],
	['my bearer k', 'mybearerk'],
	['', ''],
	[' "" ', ''],
	[undefined, ''],
	[null, ''],
	[7, '7'],
])('The key in %j is %j', (entered, key) => {
	expect(normalizeApiKey(entered)).toBe(key);
});
