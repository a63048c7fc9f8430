import type {
	IAuthenticate,
	ICredentialType,
	IHttpRequestOptions,
	Icon,
	INodeProperties,
} from 'n8n-workflow';
import { ApplicationError } from 'n8n-workflow';

import { normalizeApiKey } from '../nodes/Invent/shared/apiKey';
import { isSameOrigin, normalizeBaseUrl, validateBaseUrl } from '../nodes/Invent/shared/url';

/** The API key of an Invent organization, and where its API is. The node tests it (`testedBy`). */
export class InventApi implements ICredentialType {
	name = 'inventApi';

	displayName = 'Invent API';

	icon: Icon = { light: 'file:../nodes/Invent/invent.svg', dark: 'file:../nodes/Invent/invent.dark.svg' };

	documentationUrl = 'https://docs.useinvent.com/workspace-management/api-keys';

	properties: INodeProperties[] = [
		{
			displayName: 'API Key',
			name: 'apiKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				"Create it in Invent under Settings > API Keys. It is shown only once and grants full access to the organization's data.",
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://api.useinvent.com',
			placeholder: 'e.g. https://api.useinvent.com',
			description: 'Address of the API. Change it only for a proxy or a local sandbox.',
		},
	];

	/**
	 * Adds the key to a request, whoever makes it: the Invent node, or the HTTP Request node with this credential.
	 *
	 * The key goes to the origin of the Base URL only, and over plain HTTP only to this machine. n8n sends
	 * credentials along on redirects to other origins unless it is told not to (IHttpRequestOptions).
	 */
	authenticate: IAuthenticate = async (credentials, request) => {
		const { apiKey, baseUrl } = credentials;
		const fault = validateBaseUrl(baseUrl);
		if (fault !== undefined) throw new ApplicationError(`${fault.message}. ${fault.description}`);
		// It may be the Base URL as entered.
		const base = request.baseURL === undefined ? {} : { baseURL: normalizeBaseUrl(request.baseURL) };
		const normalized = { ...request, ...base };
		if (!isSameOrigin(addressOf(normalized), normalizeBaseUrl(baseUrl))) {
			throw new ApplicationError(
				"This credential sends its API key only to its 'Base URL'. Use an address there, or another credential. Nothing was sent.",
			);
		}
		return {
			...normalized,
			headers: { ...request.headers, Authorization: `Bearer ${normalizeApiKey(apiKey)}` },
			sendCredentialsOnCrossOriginRedirect: false,
		};
	};

	httpRequestNode = {
		name: 'Invent',
		docsUrl: 'https://docs.useinvent.com/api-reference/getting-started/introduction',
		apiBaseUrl: 'https://api.useinvent.com/',
	};
}

/** Where a request goes: an absolute URL takes precedence over the base. The HTTP Request node has it as `uri`. */
function addressOf(request: IHttpRequestOptions): string {
	const legacy: unknown = 'uri' in request ? request.uri : undefined;
	const url = request.url ?? (typeof legacy === 'string' ? legacy : '');
	return URL.canParse(url, request.baseURL) ? new URL(url, request.baseURL).href : '';
}
