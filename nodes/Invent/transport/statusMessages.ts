import type { ResponseError } from './errors';
import { parseDate, parseRetryAfter } from './headers';
import { isTruncatedJson } from './networkErrors';
import { redactSecrets } from './redact';
import { type ErrorText, type RequestContext, tryAgain } from './requestContext';

/** A response that was not what was asked for, and what its text depends on. */
export interface FailedRequest {
	readonly response: ResponseError;
	readonly context: RequestContext;
	readonly baseUrl: string;
	readonly secrets: readonly string[];
	/** Whether the response demands a longer wait than 'Max Wait' allows. */
	readonly exceedsMaxWait: boolean;
}

/**
 * What each status means and what to do about it. The meanings of 400, 401, 404, 429 and 5xx are Invent's
 * (docs: api-reference/getting-started/introduction and cookbook), the others HTTP's.
 */
const STATUS_MESSAGES: Readonly<Record<string, (request: FailedRequest) => ErrorText>> = {
	'2xx': unexpectedResponse,
	'3xx': redirect,
	'400': notAccepted,
	'401': () => ({
		message: 'Invent refused the API key',
		description:
			'Either the key in the credential is wrong or was deleted (compare it in Invent under Settings, API Keys), or this route is not open to API keys.',
	}),
	'403': () => ({
		message: 'Invent does not allow this with the API key',
		description: 'Use a key of the organization that owns it, or of its parent organization.',
	}),
	'404': notFound,
	'407': ({ context }) => ({
		message: 'A proxy demands a user name and a password (status 407)',
		description:
			context.isDropdown === true
				? 'Correct the proxy settings of this machine.'
				: "Correct 'Proxy' under 'Request Options' or the proxy settings of this machine.",
	}),
	'422': notAccepted,
	'429': rateLimited,
	'4xx': ({ response }) => ({
		message: `Invent refused the request with status ${response.status}`,
		description: 'Read what Invent says, and correct the parameters or the plan of the organization.',
	}),
	'5xx': unavailable,
};

/** A text for a response, by its status and by who may have sent it. */
export function describeResponse(request: FailedRequest): ErrorText {
	const { status } = request.response;
	const toText =
		STATUS_MESSAGES[status] ?? STATUS_MESSAGES[`${String(status).charAt(0)}xx`] ?? unexpectedResponse;
	const text = toText(request);
	if (!isWebPage(request.response) || status < 400 || status === 407 || status >= 500) return text;
	if (status === 429) return { ...text, description: `${text.description} ${MAY_BE_A_PROXY}` };
	return {
		message: `A web page with status ${status} came instead of an answer of Invent's API`,
		description: `${MAY_BE_A_PROXY} Check the 'Base URL' of the credential. If it was Invent: ${text.description}`,
	};
}

const MAY_BE_A_PROXY = 'A proxy or gateway in between may have answered instead of the API.';

/** Whether a response is a page for people, which the API never sends. */
export function isWebPage({ body, headers }: ResponseError): boolean {
	if (typeof body !== 'string' || body.trim() === '') return false;
	return /<html|<!doctype html|<body/i.test(body) || String(headers['content-type']).startsWith('text/html');
}

function unexpectedResponse({ response, context }: FailedRequest): ErrorText {
	const expected = context.responseType === 'list' ? 'a list of objects' : 'one object';
	return {
		message: `The answer is not what Invent's API promises: ${expected} was due, ${describeBody(response)} came`,
		description:
			"Check the 'Base URL' of the credential; a proxy, a gateway or a login page may have answered instead of the API.",
	};
}

function describeBody(response: ResponseError): string {
	const { body } = response;
	if (body === undefined || body === null || body === '') return 'nothing';
	if (isWebPage(response)) return 'a web page';
	if (isTruncatedJson(response)) return 'incomplete JSON';
	if (typeof body === 'string') return 'a text';
	return Array.isArray(body) ? 'a list' : 'an object of another kind';
}

function notAccepted(): ErrorText {
	return {
		message: 'Invent did not accept the request',
		description: 'Correct the parameter that Invent names.',
	};
}

function redirect({ response, context, baseUrl, secrets }: FailedRequest): ErrorText {
	const address = redirectTarget(response.headers.location, baseUrl);
	const target = address === undefined ? '' : `; this one leads to ${redactSecrets(address, secrets)}`;
	// After a 303 the request was processed, and the answer is elsewhere (RFC 9110, 15.4.4).
	const wasChange = (context.method ?? 'GET') !== 'GET' && response.status !== 303;
	const notDone = wasChange
		? 'The request was not carried out, and the API key was not sent there.'
		: 'The API key was not sent there.';
	return {
		message: 'The address answers with a redirect, which is not followed',
		description: `Enter the address that is meant as 'Base URL' of the credential${target}. ${notDone}`,
	};
}

/** Where the routes of the API begin. */
const ROUTE_ROOT = 'orgs';

/** Up to this length a path segment of letters and digits is taken for a name, not for a token. */
const MAX_NAME_LENGTH = 12;

/** Where a redirect leads: its origin, and its path as far as it can be a Base URL and holds nothing like a token. */
function redirectTarget(location: unknown, baseUrl: string): string | undefined {
	if (typeof location !== 'string' || !URL.canParse(location, baseUrl)) return undefined;
	const { protocol, host, pathname } = new URL(location, baseUrl);
	if (!/^https?:$/.test(protocol)) return undefined;
	const segments = pathname.split('/').slice(1);
	const end = segments.findIndex((segment) => segment === ROUTE_ROOT || isTokenLike(segment));
	const path = (end === -1 ? segments : segments.slice(0, end)).join('/');
	return `${protocol}//${host}${path === '' ? '' : `/${path}`}`;
}

function isTokenLike(segment: string): boolean {
	if (!/^[\w.~-]*$/.test(segment)) return true;
	return segment.length > MAX_NAME_LENGTH && /\d|[a-z][A-Z]/.test(segment);
}

function notFound({ context, baseUrl, secrets }: FailedRequest): ErrorText {
	const path = URL.canParse(baseUrl) ? new URL(baseUrl).pathname.replace(/\/+$/, '') : '';
	const names = context.pathParameters.map((name) => `'${name}'`);
	const place = path === '' ? '' : ` with its path ${redactSecrets(path, secrets)}`;
	if (names.length === 0) {
		return {
			message: 'Invent has nothing at this address',
			description: `Check the 'Base URL' of the credential${place}, and whether the key is for the right organization.`,
		};
	}
	const parameters = names.join(' or ');
	// The only parameter names what the list belongs to: then the address may be wrong just as well.
	const isAddressInQuestion = names.length === 1 || path !== '';
	const address = isAddressInQuestion ? `, and the 'Base URL' of the credential${place}` : '';
	return {
		message: `Invent found nothing under the given ${parameters}`,
		description: `Check ${parameters}${address}. A key reaches its own organization and the sub-organizations of that.`,
	};
}

function rateLimited({ response, context }: FailedRequest): ErrorText {
	const { creationLimit, isDropdown } = context;
	const limits = [
		'500 requests a minute per IP address',
		...(creationLimit === undefined ? [] : [creationLimit]),
	];
	const when = describeWait(response) ?? 'later';
	return {
		message:
			isDropdown === true ? 'Invent asks for a pause: the rate limit is reached' : 'Invent asks for a pause',
		description: `${
			isDropdown === true ? `Open the list again ${when}.` : `Run it again ${when}, or raise 'Max Wait'.`
		} Invent allows ${limits.join(' and ')}.`,
	};
}

function unavailable({ response, context, exceedsMaxWait }: FailedRequest): ErrorText {
	const wait = describeWait(response);
	const isGateway = isWebPage(response) ? ', or with a proxy or gateway in between' : '';
	const again = tryAgain(context, wait, exceedsMaxWait && wait !== undefined ? ", or raise 'Max Wait'" : '');
	return {
		message: `Invent could not process the request and answered with status ${response.status}`,
		description: `This lies with the service${isGateway}. ${again}`,
	};
}

/** When a response can be asked for again, if it says so: `after 2026-05-01T00:00:00.000Z (in 90 seconds)`. */
function describeWait(response: ResponseError): string | undefined {
	const time = retryAt(response);
	return time && `after ${time} (in ${describeDuration(parseRetryAfter(response.headers) ?? 0)})`;
}

/** The time, by the server's clock, from which on the request can be sent again; ISO 8601. */
export function retryAt({ headers }: ResponseError): string | undefined {
	const wait = parseRetryAfter(headers);
	return wait === undefined ? undefined : new Date((parseDate(headers) ?? Date.now()) + wait).toISOString();
}

function describeDuration(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	if (seconds === 1) return '1 second';
	return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
