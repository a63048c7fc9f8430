import type { IHttpRequestOptions } from 'n8n-workflow';

import { InvalidParameterError } from '../shared/errors';
import { normalizeBaseUrl, validateBaseUrl } from '../shared/url';

/**
 * Checks whether the API key may be sent to where a request would go. A proxy reads everything that is plain
 * HTTP, also what is meant for this machine; one that n8n's environment sets (HTTP_PROXY) is out of the node's
 * sight.
 *
 * @returns what is wrong with it, if anything
 */
export function validateDestination({
	baseURL,
	proxy,
}: Pick<IHttpRequestOptions, 'baseURL' | 'proxy'>): InvalidParameterError | undefined {
	const baseUrlError = validateBaseUrl(baseURL);
	if (baseUrlError !== undefined || proxy === undefined) return baseUrlError;
	if (new URL(normalizeBaseUrl(baseURL)).protocol !== 'http:') return undefined;
	return new InvalidParameterError(
		"'Proxy' in Request Options would receive the API key unencrypted",
		"Remove the proxy, or use a 'Base URL' with https://. Nothing was sent.",
	);
}
