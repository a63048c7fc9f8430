import type {
	ICredentialsDecrypted,
	ICredentialTestFunctions,
	IHttpRequestOptions,
	IN8nHttpFullResponse,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { normalizeApiKey } from '../shared/apiKey';
import { normalizeBaseUrl } from '../shared/url';
import { REQUEST_DEFAULTS } from './client';
import { validateDestination } from './destination';
import { createEditorClient, describeEditorError, TIMEOUT_MS } from './dropdown';
import { settle } from './settle';

/**
 * Makes the test of the credential: it succeeds when a route answers with a list, and says otherwise what answered.
 * A request as the credential's own `test` can't do that: n8n takes any 2xx for a success, and shows the bare code of
 * a network error (n8n, credentials-tester.service.js).
 *
 * @param path of the route
 */
export function testCredential(path: string) {
	return async function (
		this: ICredentialTestFunctions,
		{ data: { apiKey, baseUrl } = {} }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		// The one helper that n8n gives a test; it has options of its own, and does not know the credential.
		const { request } = this.helpers;
		const send = async (options: IHttpRequestOptions): Promise<IN8nHttpFullResponse> =>
			await request({
				...options,
				headers: { Authorization: `Bearer ${normalizeApiKey(apiKey)}` },
				followRedirect: false,
				resolveWithFullResponse: true,
				simple: false,
			});
		const common = { ...REQUEST_DEFAULTS, url: '', baseURL: normalizeBaseUrl(baseUrl), timeout: TIMEOUT_MS };
		const test = async () => {
			const destinationError = validateDestination(common);
			if (destinationError !== undefined) throw destinationError;
			const client = createEditorClient({ send, common, caller: this });
			await client.request({ method: 'GET', url: path, qs: { take: 1 } }, { responseType: 'list' });
		};
		const outcome = await settle(test());
		if (outcome.status === 'fulfilled') return { status: 'OK', message: 'Connection successful!' };
		const { message, description } = describeEditorError(outcome.reason, { apiKey, baseUrl });
		return { status: 'Error', message: `${message}. ${description}` };
	};
}
