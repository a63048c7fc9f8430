import {
	isSecretName,
	redactSecrets,
	redactValues,
	secretForms,
} from '../../../nodes/Invent/transport/redact.ts';

describe('A short secret is masked by its name', () => {
	test.each([
		['password=hunter2', 'password=•••'],
		['Password: hunter2, user: bob', 'Password: •••, user: bob'],
		['passwd=a pwd=b', 'passwd=••• pwd=•••'],
		['"secret_key":"abc"', '"secret_key":"•••"'],
		['"secret_key": "two words", "name": "x"', '"secret_key": "•••", "name": "x"'],
		["'secret-key': 'two words'", "'secret-key': '•••'"],
		['{"body":"{\\"secret_key\\":\\"abc\\"}"}', '{"body":"{\\"secret_key\\":\\"•••\\"}"}'],
		['"secret_key":"ab', '"secret_key":"•••'],
		['secret key = abc', 'secret key = •••'],
		['client_secret=abc&x=1', 'client_secret=•••&x=1'],
		['access_token=abc', 'access_token=•••'],
		['API key: abc.', 'API key: •••'],
		['api_key=abc; apikey=def', 'api_key=•••; apikey=•••'],
		['X-Api-Key: abc', 'X-Api-Key: •••'],
		['Authorization: Bearer abc', 'Authorization: Bearer •••'],
		['authorization: Basic dTpw', 'authorization: Basic •••'],
		['authorization=abc', 'authorization=•••'],
		['Set-Cookie: sid=1', 'Set-Cookie: •••'],
		['Bearer abc', 'Bearer •••'],
		['Bearer  abc', 'Bearer  •••'],
		['sent bearer abc"', 'sent bearer •••"'],
	])('%j', (text, expected) => {
		expect(redactSecrets(text, [])).toBe(expected);
	});
});

test.each([
	['0123456789abcdef0123456789abcdef', '•••'],
	['key-0123456789abcdef_0123456789ABCDEF.', '•••.'],
	['The asst 0123456789abcdef0123456789abcde', 'The asst 0123456789abcdef0123456789abcde'],
	['a'.repeat(40), 'a'.repeat(40)],
	['1'.repeat(40), '1'.repeat(40)],
])('A run of 32 or more letters and digits is masked: %s', (text, expected) => {
	expect(redactSecrets(text, [])).toBe(expected);
});

test.each(['Secrets of the trade', 'The token is invalid', 'Wrong password', 'key: value', 'Monkey: 7'])(
	'Ordinary words stay: %s',
	(text) => {
		expect(redactSecrets(text, [])).toBe(text);
	},
);

test('A known secret is masked wherever it is, and its longest form first', () => {
	expect(redactSecrets('k1 and xk1x', ['k1'])).toBe('••• and x•••x');
	expect(redactValues('<ab cd> ab', ['ab', 'ab cd', ''])).toBe('<•••> •••');
	expect(redactValues('password=hunter2', [])).toBe('password=hunter2');
});

test.each([
	['password', true],
	['secret_key', true],
	['apiKey', true],
	['Authorization', true],
	['accessToken', true],
	['name', false],
	['keyword', false],
])('Whether the value of a member named %s may be a secret: %p', (name, expected) => {
	expect(isSecretName(name)).toBe(expected);
});

describe('The forms of an API key', () => {
	test.each([
		['k1', ['k1']],
		[' k1\n', [' k1\n', 'k1']],
		['Bearer k1', ['Bearer k1', 'k1']],
		[' Bearer k1\n', ['Bearer k1', 'k1']],
		['Bearer k 1', ['Bearer k 1', 'Bearerk1', 'k 1', 'k1']],
		['k\u200b1', ['k\u200b1', 'k1']],
		['\ufeffk1', ['\ufeffk1', 'k1']],
		['a"b', ['a"b', 'a\\"b', 'a&quot;b', 'a%22b']],
		['a&b/c', ['a&b/c', 'a&amp;b/c', 'a%26b%2Fc']],
		['k–1', ['k–1', 'k1', 'k%E2%80%931']],
	])('of %j include %j', (apiKey, forms) => {
		expect(secretForms(apiKey)).toEqual(expect.arrayContaining(forms));
	});

	test('hold nothing that is empty, and nothing twice', () => {
		for (const apiKey of ['', ' ', '\u200b', 'k1', ' k1 ']) {
			const forms = secretForms(apiKey);
			expect(forms).not.toContain('');
			expect(new Set(forms).size).toBe(forms.length);
		}
	});

	test.each([undefined, null, 7, {}])('of %j are none', (apiKey) => {
		expect(secretForms(apiKey)).toEqual([]);
	});

	test('of half a surrogate pair do not fail', () => {
		expect(secretForms('k\ud800')).toContain('k\ud800');
	});

	test('mask a text that repeats the key as entered, and as sent', () => {
		const forms = secretForms(' Bearer k\u200b1\u200b\n');
		expect(redactValues('as entered: k\u200b1, as sent: k1', forms)).toBe('as entered: •••, as sent: •••');
		expect(redactValues('k1', secretForms('Bearer\u200b k\u200b1'))).toBe('•••');
	});
});

test('Long texts take no time', () => {
	const long = 'a'.repeat(10_000);
	const since = performance.now();
	for (const text of [
		long,
		`${long}"`,
		' '.repeat(10_000),
		'secret '.repeat(1500),
		'"token": "'.repeat(1000),
	]) {
		redactSecrets(text, ['k1']);
	}
	expect(performance.now() - since).toBeLessThan(200);
});
