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
			message: 'Invent asks for a pause: the rate limit is reached',
			description: 'Open the list again in a minute. Invent allows 500 requests a minute per IP address.',
		}),
	],
	[
		// A drop-down has no execution that a user could cancel, but a time within which it must be filled.
		(error, { isDropdown }) => isTimeout(error) || (isDropdown === true && isCancelled(error)),
		(host, context) => ({
			message: `${host} did not answer in time${seconds(context.timeoutMs)}`,
			description: tryAgain(context, 'later', ", or raise 'Timeout' under 'Request Options'"),
		}),
	],
	[
		isCancelled,
		(_host, _context, error) => ({
			message: 'The execution was cancelled',
			description: isWaitAborted(error)
				? 'The item was waiting, and nothing more was sent for it.'
				: 'The request was given up while it was under way.',
		}),
	],
	[
		(error) => /^(ENOTFOUND|EAI_\w+)$/.test(networkErrorCode(error) ?? ''),
		(host) => ({
			message: `The host ${host} is not known to the network`,
			description: "Check the 'Base URL' of the credential and the name server of this machine.",
		}),
	],
	[
		closedBeforeSend,
		(host) => ({
			message: `The connection to ${host} was closed before the request was sent`,
			description:
				"Check the 'Base URL' of the credential, a proxy in between, and that this machine may connect to the host.",
		}),
	],
	[
		isCertificateError,
		(host) => ({
			message: `The certificate of ${host} is not trusted`,
			description:
				"Check the 'Base URL' of the credential; a proxy in between needs a certificate that this machine knows. Nothing was sent.",
		}),
	],
	[
		(error) => isTlsError(error) && isNotTls(error),
		(host) => ({
			message: `${host} does not speak HTTPS`,
			description:
				"Check the 'Base URL' of the credential: its port may serve plain http, or something other than the API. Nothing was sent.",
		}),
	],
	[
		isTlsError,
		(host) => ({
			message: `No secure connection to ${host} could be made`,
			description:
				"Check the 'Base URL' of the credential; the server, or a proxy in between, and this machine do not agree on TLS. Nothing was sent.",
		}),
	],
	[
		(error) => /^ERR_INVALID_(CHAR|HTTP_TOKEN)$/.test(networkErrorCode(error) ?? ''),
		() => ({
			message: "The 'API Key' of the credential contains a character that can't be sent",
			description: 'Copy the key again, and enter nothing but the key. Nothing was sent.',
		}),
	],
	[
		isInvalidRequest,
		() => ({
			message: 'The address of the request is invalid',
			description: "Check the 'Base URL' of the credential. Nothing was sent.",
		}),
	],
	[
		failedBeforeSend,
		(host) => ({
			message: `Nothing answers at ${host}`,
			description: "Check the 'Base URL' of the credential, and that this machine may connect to the host.",
		}),
	],
	[
		(error) => networkErrorCode(error) === 'HPE_HEADER_OVERFLOW',
		(host) => ({
			message: `The headers of the answer from ${host} are too large`,
			description:
				"Check the 'Base URL' of the credential; a proxy or gateway in between may have answered instead of the API.",
		}),
	],
	[
		isUnreadable,
		(host) => ({
			message: `The answer from ${host} can't be read`,
			description:
				"Check the 'Base URL' of the credential; a proxy or gateway in between may have answered instead of the API, or changed the answer.",
		}),
	],
];

/** A text for an error with a network error code. */
export function describeNetworkError(error: unknown, context: RequestContext, baseUrl: string): ErrorText {
	const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : 'the API';
	const found = NETWORK_ERROR_MESSAGES.find(([isMeant]) => isMeant(error, context));
	const { message, description } = found?.[1](host, context, error) ?? {
		message: `The connection to ${host} broke before the answer was complete`,
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
