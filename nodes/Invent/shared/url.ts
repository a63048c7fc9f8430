import { InvalidParameterError } from './errors';

/** A lone surrogate is no character and can't be encoded; it is replaced as the Web's own encoders do. */
export function toWellFormed(text: string): string {
	return text.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
}

/** Percent-encodes an ID as one segment of a path. The parser `id` refuses those that no segment can hold. */
export function encodePathSegment(id: string): string {
	return encodeURIComponent(toWellFormed(id));
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/** `new URL` also reads `http:host`, which other parsers take for a path. */
const HAS_HOST = /^[a-z][a-z0-9+.-]*:\/\/[^/\\]/i;

/** A user name or password, a query or a fragment, even an empty one. */
const HAS_EXTRAS = /^[^/]*\/\/[^/\\]*@|[?#]/;

/**
 * The Base URL as it is used, in one form for all ways to write it: without the blanks that come along when it is
 * copied, and without slashes at its end. One that is refused stays as it is.
 */
export function normalizeBaseUrl(baseUrl: unknown): string {
	const address = typeof baseUrl === 'string' ? baseUrl.trim() : '';
	const url = HAS_HOST.test(address) && !HAS_EXTRAS.test(address) ? parseUrl(address) : undefined;
	return url === undefined ? address : url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * Checks whether the API key may be sent to the Base URL of a credential.
 *
 * The API is served over HTTPS only (docs: api-reference/getting-started/introduction). Plain HTTP is accepted
 * for this machine alone, where a proxy or a local copy of the API may run.
 *
 * @param baseUrl as the credential has it
 * @returns what is wrong with it, if anything
 */
export function validateBaseUrl(baseUrl: unknown): InvalidParameterError | undefined {
	const address = normalizeBaseUrl(baseUrl);
	const url = HAS_HOST.test(address) ? parseUrl(address) : undefined;
	if (url === undefined) {
		return new InvalidParameterError(
			"The 'Base URL' of the credential is not a valid URL",
			'Enter an address such as https://api.useinvent.com in the credential. Nothing was sent.',
		);
	}
	const isLoopback = url.protocol === 'http:' && LOOPBACK.test(url.hostname);
	if (url.protocol !== 'https:' && !isLoopback) {
		return new InvalidParameterError(
			"The 'Base URL' of the credential would send the API key unencrypted",
			'Use https:// in the credential. Plain http:// is only allowed for localhost. Nothing was sent.',
		);
	}
	if (!HAS_EXTRAS.test(address)) return undefined;
	return new InvalidParameterError(
		"The 'Base URL' of the credential contains a user name, password, query, or fragment",
		'Enter only the address, such as https://api.useinvent.com, in the credential. Nothing was sent.',
	);
}

/** Whether two addresses have the same scheme, host and port, so that the key of one may be sent to the other. */
export function isSameOrigin(address: string, baseUrl: string): boolean {
	const url = parseUrl(address);
	return url !== undefined && url.origin === parseUrl(baseUrl)?.origin;
}

function parseUrl(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}
