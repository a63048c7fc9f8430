import {
	closedBeforeSend,
	failedBeforeSend,
	isCancelled,
	isCertificateError,
	isInvalidRequest,
	isNotTls,
	isTimeout,
	isTlsError,
	isUnreadable,
	isWaitAborted,
	networkErrorCode,
} from './networkErrors';
import { type ErrorText, type RequestContext, tryAgain } from './requestContext';

type NetworkErrorMessage = readonly [
	isMeant: (error: unknown, context: RequestContext) => boolean,
	toText: (host: string, context: RequestContext, error: unknown) => ErrorText,
];

/** What each network error means and what to do about it; the first that is meant counts. */
const NETWORK_ERROR_MESSAGES: readonly NetworkErrorMessage[] = [
	[
		(error, { isDropdown }) => isDropdown === true && isTimeout(error) && isWaitAborted(error),
		() => ({
			message: 'Rate limit reached: try again in a minute',
			description: 'Invent allows 500 requests per minute and IP address.',
		}),
	],
	[
		// A drop-down has no execution that a user could cancel, but a time within which it must be filled.
		(error, { isDropdown }) => isTimeout(error) || (isDropdown === true && isCancelled(error)),
		(host, context) => ({
			message: `${host} did not respond in time${seconds(context.timeoutMs)}`,
			description: tryAgain(context, 'later', ", or increase 'Timeout' in Request Options"),
		}),
	],
	[
		isCancelled,
		(_host, _context, error) => ({
			message: 'The execution was canceled',
			description: isWaitAborted(error)
				? 'Nothing more was sent for this item.'
				: 'A request was in progress.',
		}),
	],
	[
		(error) => /^(ENOTFOUND|EAI_\w+)$/.test(networkErrorCode(error) ?? ''),
		(host) => ({
			message: `Could not resolve host ${host}`,
			description: "Check the 'Base URL' of the credential and the DNS settings of n8n.",
		}),
	],
	[
		closedBeforeSend,
		(host) => ({
			message: `The connection to ${host} was closed before the request was sent`,
			description: "Check the 'Base URL' of the credential, any proxy, and whether n8n can reach the host.",
		}),
	],
	[
		isCertificateError,
		(host) => ({
			message: `The certificate of ${host} is not trusted`,
			description:
				"Check the 'Base URL' of the credential. A proxy needs a certificate that n8n trusts. Nothing was sent.",
		}),
	],
	[
		(error) => isTlsError(error) && isNotTls(error),
		(host) => ({
			message: `${host} does not support HTTPS`,
			description:
				"Check the 'Base URL' of the credential. Its port may serve plain HTTP or something other than the API. Nothing was sent.",
		}),
	],
	[
		isTlsError,
		(host) => ({
			message: `Could not establish a secure connection to ${host}`,
			description:
				"Check the 'Base URL' of the credential, and the TLS settings of the server and any proxy. Nothing was sent.",
		}),
	],
	[
		(error) => /^ERR_INVALID_(CHAR|HTTP_TOKEN)$/.test(networkErrorCode(error) ?? ''),
		() => ({
			message: "The 'API Key' of the credential contains an invalid character",
			description: 'Copy the key again, and enter only the key. Nothing was sent.',
		}),
	],
	[
		isInvalidRequest,
		() => ({
			message: 'The URL of the request is invalid',
			description: "Check the 'Base URL' of the credential. Nothing was sent.",
		}),
	],
	[
		failedBeforeSend,
		(host) => ({
			message: `Could not connect to ${host}`,
			description: "Check the 'Base URL' of the credential and whether n8n can reach the host.",
		}),
	],
	[
		(error) => networkErrorCode(error) === 'HPE_HEADER_OVERFLOW',
		(host) => ({
			message: `The response headers from ${host} are too large`,
			description:
				"Check the 'Base URL' of the credential. A proxy or gateway may have responded instead of the API.",
		}),
	],
	[
		isUnreadable,
		(host) => ({
			message: `Could not read the response from ${host}`,
			description:
				"Check the 'Base URL' of the credential. A proxy or gateway may have changed the response, or responded instead of the API.",
		}),
	],
];

/** A text for an error with a network error code. */
export function describeNetworkError(error: unknown, context: RequestContext, baseUrl: string): ErrorText {
	const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : 'the API';
	const found = NETWORK_ERROR_MESSAGES.find(([isMeant]) => isMeant(error, context));
	const { message, description } = found?.[1](host, context, error) ?? {
		message: `The connection to ${host} was lost before the response was complete`,
		description: tryAgain(context),
	};
	// A signal has no code of its own that would help anybody.
	return {
		message,
		description: isWaitAborted(error) ? description : `${description} (${networkErrorCode(error)})`,
	};
}

function seconds(ms: number | undefined): string {
	if (ms === undefined) return '';
	return ms === 1000 ? ' (1 second)' : ` (${ms / 1000} seconds)`;
}
