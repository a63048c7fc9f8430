import fc from 'fast-check';

import {
	encodePathSegment,
	isSameOrigin,
	normalizeBaseUrl,
	validateBaseUrl,
} from '../../../nodes/Invent/shared/url.ts';

describe('The key may be sent to the Base URL', () => {
	test.each([
		'https://api.useinvent.com',
		'https://api.useinvent.com/',
		'https://api.useinvent.com:8443/proxy/invent/',
		'HTTPS://API.USEINVENT.COM',
		' \t\u00a0https://api.useinvent.com\r\n',
		'http://localhost:3000',
		'http://LOCALHOST',
		'http://127.0.0.1:8080/path',
		'http://127.10.20.255',
		'http://[::1]:8080',
		'https://api.useinvent.com/a@b',
		'https://api.useinvent.com/a//b@c',
	])('%j', (baseUrl) => {
		expect(validateBaseUrl(baseUrl)).toBeUndefined();
	});
});

const NO_ADDRESS = {
	message: "The 'Base URL' of the credential is not a valid URL",
	description: 'Enter an address such as https://api.useinvent.com in the credential. Nothing was sent.',
};
const UNENCRYPTED = {
	message: "The 'Base URL' of the credential would send the API key unencrypted",
	description:
		'Use https:// in the credential. Plain http:// is only allowed for localhost. Nothing was sent.',
};
const EXTRAS = {
	message: "The 'Base URL' of the credential contains a user name, password, query, or fragment",
	description:
		'Enter only the address, such as https://api.useinvent.com, in the credential. Nothing was sent.',
};

describe('The key may not be sent to the Base URL', () => {
	test.each([
		...[
			'',
			'  ',
			'nonsense',
			'api.useinvent.com',
			'/orgs',
			'https://',
			'https:///orgs',
			'https:\\\\host',
		].map((baseUrl) => [baseUrl, NO_ADDRESS] as const),
		...[
			'http:localhost',
			'https:api.useinvent.com',
			'https:/api.useinvent.com',
			'mailto:https://a.b',
			'https://a b',
		].map((baseUrl) => [baseUrl, NO_ADDRESS] as const),
		...[null, undefined, 7, { href: 'https://api.useinvent.com' }].map(
			(baseUrl) => [baseUrl, NO_ADDRESS] as const,
		),
		...[
			'http://api.useinvent.com',
			'HTTP://0.0.0.0',
			'http://localhost.invent.invalid',
			'http://notlocalhost',
			'http://my.localhost',
			'http://127.0.0.1.invent.invalid',
			'http://127.0.0.1@evil.example',
			'http://1.127.0.0.1.example',
			'http://[::2]',
			'ftp://127.0.0.1',
		].map((baseUrl) => [baseUrl, UNENCRYPTED] as const),
		...[
			'https://user@api.useinvent.com',
			'https://user:password@api.useinvent.com/',
			'https://:password@api.useinvent.com',
			'https://@api.useinvent.com',
			'https://api.useinvent.com?token=1',
			'https://api.useinvent.com/?',
			'https://api.useinvent.com/#',
			'https://api.useinvent.com#top',
			'http://user@localhost',
		].map((baseUrl) => [baseUrl, EXTRAS] as const),
	])('%j', (baseUrl, { message, description }) => {
		const error = validateBaseUrl(baseUrl);
		expect(error?.message).toBe(message);
		expect(error?.description).toBe(description);
	});
});

test.each([
	[' https://api.useinvent.com/\n', 'https://api.useinvent.com'],
	['HTTPS://API.useinvent.com:443/', 'https://api.useinvent.com'],
	['http:host/', 'http:host/'],
	['https://api.useinvent.com/?', 'https://api.useinvent.com/?'],
	['https://api.useinvent.com/proxy//', 'https://api.useinvent.com/proxy'],
	['https://api.useinvent.com', 'https://api.useinvent.com'],
	[null, ''],
	[7, ''],
])('The Base URL %j is used as %j', (baseUrl, normalized) => {
	expect(normalizeBaseUrl(baseUrl)).toBe(normalized);
});

test.each([
	['https://api.useinvent.com/orgs/c', true],
	['HTTPS://API.useinvent.com:443/', true],
	['http://api.useinvent.com/', false],
	['https://api.useinvent.com:8443/', false],
	['https://api.useinvent.com.evil.example/', false],
	['https://api.useinvent.com@evil.example/', false],
	['/orgs/c', false],
	['', false],
])('Whether %j has the origin of https://api.useinvent.com/proxy: %s', (address, expected) => {
	expect(isSameOrigin(address, 'https://api.useinvent.com/proxy')).toBe(expected);
});

test('An address without an origin shares none with another one', () => {
	expect(isSameOrigin('nonsense', 'nonsense')).toBe(false);
	expect(isSameOrigin('https://api.useinvent.com', 'nonsense')).toBe(false);
});

test('An ID is one segment of a path, percent-encoded once', () => {
	expect(encodePathSegment('a/b?c#d%2F e')).toBe('a%2Fb%3Fc%23d%252F%20e');
	expect(encodePathSegment('\ud800')).toBe('%EF%BF%BD');
	fc.assert(
		fc.property(fc.string({ unit: 'grapheme' }), (id) => {
			const segment = encodePathSegment(id);
			expect(segment).not.toMatch(/[/?#\\]/);
			expect(decodeURIComponent(segment)).toBe(id);
		}),
	);
});
