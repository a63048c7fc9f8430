import type { ResponseError } from './errors';
import { parseDate, parseRetryAfter } from './headers';
import { isTruncatedJson } from './networkErrors';
import { isObject } from '../shared/typeGuards';
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
	'400': invalid,
	'401': () => ({
		message: 'Invent rejected the API key',
		description:
			'The key in the credential may be wrong or deleted (see Settings > API Keys in Invent), or this route does not accept API keys.',
	}),
	'403': () => ({
		message: 'The API key does not have permission for this',
		description: 'Use a key of the organization that owns it, or of its parent organization.',
	}),
	'404': notFound,
	'407': ({ context }) => ({
		message: 'The proxy requires authentication (status 407)',
		description:
			context.isDropdown === true
				? 'Check the proxy settings of n8n.'
				: "Check 'Proxy' in Request Options and the proxy settings of n8n.",
	}),
	'422': invalid,
	'429': rateLimited,
	'4xx': ({ response }) => ({
		message: `Invent rejected the request (status ${response.status})`,
		description: 'Check the parameters and the plan of the organization.',
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
		message: `Received a web page instead of a response from Invent (status ${status})`,
		description: `${MAY_BE_A_PROXY} Check the 'Base URL' of the credential. If Invent responded: ${text.description}`,
	};
}

const MAY_BE_A_PROXY = 'A proxy or gateway may have responded instead of the API.';

/** Whether a response is a page for people, which the API never sends. */
export function isWebPage({ body, headers }: ResponseError): boolean {
	if (typeof body !== 'string' || body.trim() === '') return false;
	return /<html|<!doctype html|<body/i.test(body) || String(headers['content-type']).startsWith('text/html');
}

function unexpectedResponse({ response, context }: FailedRequest): ErrorText {
	const expected = context.responseType === 'list' ? 'a list' : 'an object';
	const received = describeBody(response);
	const other = received === expected ? `${received} with invalid or missing IDs` : received;
	return {
		message: `Unexpected response: expected ${expected}, received ${other}`,
		description:
			"Check the 'Base URL' of the credential. A proxy, gateway, or login page may have responded instead of the API.",
	};
}

function describeBody(response: ResponseError): string {
	const { body } = response;
	if (body === undefined || body === null || body === '') return 'nothing';
	if (isWebPage(response)) return 'a web page';
	if (isTruncatedJson(response)) return 'incomplete JSON';
	if (Array.isArray(body)) return 'a list';
	return isObject(body) ? 'an object' : 'text';
}

function invalid({ response }: FailedRequest): ErrorText {
	return {
		message: `Invent rejected the request (status ${response.status})`,
		description: 'Check the parameters.',
	};
}

function redirect({ response, context, baseUrl, secrets }: FailedRequest): ErrorText {
	const address = redirectTarget(response.headers.location, baseUrl);
	const target = address === undefined ? '' : ` (redirects to ${redactSecrets(address, secrets)})`;
	// After a 303 the request was processed, and the answer is elsewhere (RFC 9110, 15.4.4).
	const wasChange = (context.method ?? 'GET') !== 'GET' && response.status !== 303;
	const notDone = wasChange
		? 'Nothing was changed, and the API key was not sent there.'
		: 'The API key was not sent there.';
	return {
		message: 'Received a redirect, which is not followed',
		description: `Enter the final address as 'Base URL' of the credential${target}. ${notDone}`,
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
	const place = path === '' ? '' : ` (path ${redactSecrets(path, secrets)})`;
	if (names.length === 0) {
		return {
			message: 'Not found in Invent',
			description: `Check the 'Base URL' of the credential${place}, and whether the key belongs to the right organization.`,
		};
	}
	const parameters = names.reverse().join(' or ');
	// The only parameter names what the list belongs to: then the address may be wrong just as well.
	const isAddressInQuestion = names.length === 1 || path !== '';
	const address = isAddressInQuestion ? `, and the 'Base URL' of the credential${place}` : '';
	return {
		message: `${parameters} not found`,
		description: `Check ${parameters}${address}. A key can access its own organization and its sub-organizations.`,
	};
}

function rateLimited({ response, context, exceedsMaxWait }: FailedRequest): ErrorText {
	const { creationLimit, isDropdown } = context;
	const limits = [
		'500 requests per minute and IP address',
		...(creationLimit === undefined ? [] : [creationLimit]),
	];
	const canRaise = exceedsMaxWait && isDropdown !== true && canWaitFor(response);
	return {
		message: `Rate limit reached: try again ${describeWait(response) ?? 'later'}`,
		description: `Invent allows ${limits.join(' and ')}.${canRaise ? " To wait longer, increase 'Max Wait' in Options." : ''}`,
	};
}

function unavailable({ response, context, exceedsMaxWait }: FailedRequest): ErrorText {
	const wait = describeWait(response);
	const isGateway = isWebPage(response) ? ', or with a proxy or gateway' : '';
	const mayWait = exceedsMaxWait && wait !== undefined && canWaitFor(response);
	return {
		message: `Invent could not process the request (status ${response.status})`,
		description: `This is an issue with the service${isGateway}. ${tryAgain(context, wait, mayWait ? ", or increase 'Max Wait' in Options" : '')}`,
	};
}

/** The longest wait that 'Max Wait' is advised for, in milliseconds: the longest of Invent's limits is for an hour. */
const MAX_ADVISED_WAIT_MS = 60 * 60 * 1000;

function canWaitFor({ headers }: ResponseError): boolean {
	return (parseRetryAfter(headers) ?? 0) <= MAX_ADVISED_WAIT_MS;
}

/** When a response can be asked for again, if it says so: `in 90 seconds`, `in 58 minutes, at 16:33 UTC`. */
function describeWait(response: ResponseError): string | undefined {
	const time = retryAt(response);
	if (time === undefined) return undefined;
	const seconds = Math.ceil((parseRetryAfter(response.headers) ?? 0) / 1000);
	if (seconds < 120) return `in ${seconds} second${seconds === 1 ? '' : 's'}`;
	const minutes = Math.ceil(seconds / 60);
	const at = new Date(Math.ceil(Date.parse(time) / 60_000) * 60_000).toISOString();
	const clock = `at ${at.slice(11, 16)} UTC`;
	if (minutes < 120) return `in ${minutes} minutes, ${clock}`;
	const hours = Math.ceil(minutes / 60);
	const wait = hours < 48 ? `${hours} hours` : `${Math.ceil(hours / 24)} days`;
	return `in ${wait}, on ${at.slice(0, 10)} ${clock}`;
}

/** The time, by the server's clock, from which on the request can be sent again; ISO 8601. */
export function retryAt({ headers }: ResponseError): string | undefined {
	const wait = parseRetryAfter(headers);
	return wait === undefined ? undefined : new Date((parseDate(headers) ?? Date.now()) + wait).toISOString();
}
