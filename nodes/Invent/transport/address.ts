/** Why an address must not be given the key, and what to do about it. */
export interface AddressFault {
	readonly happened: string;
	readonly advice: string;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i;

/**
 * Tells whether the API key may be sent to the Base URL of a credential.
 *
 * The API is served over HTTPS only (docs: api-reference/getting-started/introduction); plain HTTP is let
 * through for this machine alone, where a proxy or a local copy of the API may run.
 *
 * @param baseUrl the credential's Base URL, as stored
 * @returns what is wrong with it, or `undefined` when it is fine
 */
export function faultOfAddress(baseUrl: unknown): AddressFault | undefined {
	const url = typeof baseUrl === 'string' ? parse(baseUrl) : undefined;
	if (url === undefined) {
		return {
			happened: "The 'Base URL' of the Invent credential is not a web address",
			advice: 'Open the credential and enter an address such as https://api.useinvent.com. Nothing was sent.',
		};
	}
	if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname))) {
		return undefined;
	}
	return {
		happened: "The 'Base URL' of the Invent credential would send the API key unencrypted",
		advice:
			'Open the credential and start the address with https://. Plain http:// is accepted for this machine only (localhost). Nothing was sent.',
	};
}

/**
 * Tells whether two addresses share scheme, host and port, so that the key of one may go to the other.
 *
 * @param address any URL
 * @param baseUrl the credential's Base URL
 */
export function sharesOrigin(address: string, baseUrl: string): boolean {
	const url = parse(address);
	return url !== undefined && url.origin === parse(baseUrl)?.origin;
}

function parse(text: string): URL | undefined {
	return URL.canParse(text) ? new URL(text) : undefined;
}
