import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { faultCode } from './faults';
import { clockOf, retryAfterMs } from './headers';
import { quoteOf } from './quote';
import { HalfList, Refusal, TooLong, Uncertain, Unfit, Unsent } from './reasons';
import { withoutKnown, withoutSecrets } from './secrets';

/** What a request asked for, as far as a message tells it. */
export interface Asked {
	readonly answers: 'one' | 'list';
	/** Display names of the parameters that make up the path. */
	readonly addressedBy: readonly string[];
	/** The input item, if it was for one. */
	readonly index?: number;
}

/** What a person on call needs to know. */
interface Report {
	readonly happened: string;
	readonly advice: string;
}

/**
 * What each status means and what to do about it. The meanings of 400, 401, 404, 429 and 5xx are Invent's
 * (docs: api-reference/getting-started/introduction and cookbook), the others HTTP's.
 */
const BY_STATUS: Readonly<Record<string, (unfit: Unfit, asked: Asked) => Report>> = {
	'2xx': unexpectedAnswer,
	'3xx': redirect,
	'400': notAccepted,
	'401': () => ({
		happened: 'Invent refused the API key',
		advice:
			'Either the key in the credential is wrong or was deleted (compare it in Invent under Settings, API Keys), or this route is not open to API keys.',
	}),
	'403': () => ({
		happened: 'Invent does not allow this with the API key',
		advice: 'Use a key of the organization that owns the assistant, or of its parent organization.',
	}),
	'404': nothingThere,
	'422': notAccepted,
	'429': tooMany,
	'4xx': ({ status }) => ({
		happened: `Invent refused the request with status ${status}`,
		advice: 'Read what Invent says, and correct the parameters or the plan of the organization.',
	}),
	'5xx': ({ status }) => ({
		happened: `Invent could not process the request and answered with status ${status}`,
		advice: 'This lies with the service. Run the workflow again later.',
	}),
};

/** What a broken exchange means, by the code that Node.js or axios gives it. */
const BY_CODE: ReadonlyArray<readonly [code: RegExp, report: (host: string) => Report]> = [
	[
		/^(ENOTFOUND|EAI_AGAIN|EAI_FAIL)$/,
		(host) => ({
			happened: `The host ${host} is not known to the network`,
			advice: "Check the 'Base URL' of the credential and the name server of this machine.",
		}),
	],
	[
		/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
		(host) => ({
			happened: `Nothing answers at ${host}`,
			advice: "Check the 'Base URL' of the credential, and that this machine may connect to the host.",
		}),
	],
	[
		/^(ETIMEDOUT|ECONNABORTED|ESOCKETTIMEDOUT)$/,
		(host) => ({
			happened: `${host} did not answer in time`,
			advice: "Run the workflow again later, or raise 'Timeout' under 'Request Options'.",
		}),
	],
	[
		/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO/,
		(host) => ({
			happened: `The certificate of ${host} is not trusted`,
			advice:
				"Check the 'Base URL' of the credential; a proxy in between needs a certificate that this machine knows.",
		}),
	],
	[
		/^ERR_CANCELED$/,
		() => ({
			happened: 'The execution was cancelled',
			advice: 'The request was given up while it was under way.',
		}),
	],
	[
		/./,
		(host) => ({
			happened: `The connection to ${host} broke before the answer was complete`,
			advice: 'Run the workflow again later.',
		}),
	],
];

/**
 * Makes the error that n8n shows out of whatever ended an item: what happened, of which item, what to do.
 *
 * The new error has no `cause`: n8n's own HTTP errors carry the request with its Authorization header
 * (n8n-core, request-helpers/authentication.js).
 *
 * @param asked what was asked for
 * @param reason what was thrown
 * @param baseUrl the API that was asked
 * @param secrets values that must not be in the error
 */
export function nodeErrorOf(
	node: INode,
	asked: Asked,
	reason: unknown,
	baseUrl: string,
	secrets: readonly string[],
): NodeApiError | NodeOperationError {
	const report = reportOf(reason, asked, baseUrl, secrets);
	const safe = (text: string) => withoutKnown(text, secrets);
	const place = asked.index === undefined ? {} : { itemIndex: asked.index };
	const error =
		reason instanceof Refusal
			? new NodeOperationError(node, report.happened, place)
			: new NodeApiError(node, {}, { ...place, message: report.happened, httpCode: statusOf(reason) });
	// n8n replaces messages in which it finds the code of a network fault, so the words are put in at the end.
	error.message = safe(report.happened) + (asked.index === undefined ? '' : ` [item ${asked.index}]`);
	error.description = safe(report.advice);
	error.messages = [];
	return error;
}

function reportOf(reason: unknown, asked: Asked, baseUrl: string, secrets: readonly string[]): Report {
	if (reason instanceof Refusal) return reason;
	if (reason instanceof Uncertain) {
		const because = reportOf(reason.because, asked, baseUrl, secrets);
		return {
			happened: reason.happened,
			advice: `${reason.advice} ${because.happened}. ${because.advice}`,
		};
	}
	if (reason instanceof HalfList) {
		return {
			happened: `Only ${reason.found} of ${reason.count} came: the pages of the list repeat themselves`,
			advice: "Check the 'Base URL' of the credential; a proxy in between may drop the number of the page.",
		};
	}
	if (reason instanceof Unsent) {
		const { advice } = reportOf(reason.because, asked, baseUrl, secrets);
		return { happened: 'Not sent, because Invent asks for a pause', advice };
	}
	if (reason instanceof TooLong) return reportOf(reason.because, asked, baseUrl, secrets);
	if (!(reason instanceof Unfit)) return reportOfBreak(reason, baseUrl, secrets);
	const { happened, advice } = reportOfStatus(reason, asked);
	const quote = quoteOf(reason.body, secrets);
	return { happened, advice: quote === '' ? advice : `${advice} Invent says: ${quote}` };
}

function statusOf(reason: unknown): string {
	if (reason instanceof Unfit) return String(reason.status);
	if (reason instanceof TooLong || reason instanceof Unsent || reason instanceof Uncertain)
		return statusOf(reason.because);
	return 'none';
}

function reportOfStatus(unfit: Unfit, asked: Asked): Report {
	const report = BY_STATUS[unfit.status] ?? BY_STATUS[`${String(unfit.status).charAt(0)}xx`];
	return (report ?? unexpectedAnswer)(unfit, asked);
}

function reportOfBreak(reason: unknown, baseUrl: string, secrets: readonly string[]): Report {
	const code = faultCode(reason);
	if (code === undefined) {
		return {
			happened: 'The request could not be sent',
			advice: withoutSecrets(reason instanceof Error ? reason.message : String(reason), secrets),
		};
	}
	const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : 'the API';
	const row = BY_CODE.find(([pattern]) => pattern.test(code));
	const { happened, advice } = row?.[1](host) ?? { happened: `${host} could not be reached`, advice: '' };
	return { happened, advice: `${advice} (${code})` };
}

function unexpectedAnswer({ body }: Unfit, asked: Asked): Report {
	const wanted = asked.answers === 'list' ? 'a list of objects' : 'one object';
	return {
		happened: `The answer is not what Invent's API promises: ${wanted} was due, ${kindOf(body)} came`,
		advice:
			"Check the 'Base URL' of the credential; a proxy or a login page may have answered instead of the API.",
	};
}

function notAccepted(): Report {
	return {
		happened: 'Invent did not accept the request',
		advice: 'Correct the parameter that Invent names.',
	};
}

function redirect({ headers }: Unfit): Report {
	return {
		happened: 'The address answers with a redirect, which is not followed',
		advice: `Enter the address that is meant as 'Base URL' of the credential${
			typeof headers.location === 'string' ? `; this one leads to ${headers.location.split('?')[0]}` : ''
		}. The API key was not sent there.`,
	};
}

function nothingThere(_unfit: Unfit, asked: Asked): Report {
	if (asked.addressedBy.length === 0) {
		return {
			happened: 'Invent has nothing at this address',
			advice: "Check the 'Base URL' of the credential, and whether the key is for the right organization.",
		};
	}
	const parameters = asked.addressedBy.map((name) => `'${name}'`).join(' or ');
	return {
		happened: `Invent found nothing under the given ${parameters}`,
		advice: `Check ${parameters}. A key reaches its own organization and the sub-organizations of that.`,
	};
}

function tooMany({ headers }: Unfit): Report {
	const wait = retryAfterMs(headers);
	const when =
		wait === undefined
			? 'later'
			: `after ${new Date((clockOf(headers) ?? Date.now()) + wait).toISOString()} (in ${durationOf(wait)})`;
	return {
		happened: 'Invent asks for a pause',
		advice: `Run it again ${when}, or raise 'Max Wait'. Invent allows 500 requests a minute per IP address and 10 new assistants an hour per organization.`,
	};
}

function durationOf(ms: number): string {
	const seconds = Math.ceil(ms / 1000);
	return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}

function kindOf(body: unknown): string {
	if (body === undefined || body === null || body === '') return 'nothing';
	if (typeof body === 'string') return /<html|<!doctype/i.test(body) ? 'a web page' : 'a text';
	return Array.isArray(body) ? 'a list' : 'an object of another kind';
}
