import type { IncomingMessage } from 'node:http';

import type { RecordedRequest } from './options.mts';

/** Splits what stands in the request line: the raw path, and the query without its question mark. */
export function splitUrl(url: string): { path: string; query: string } {
	const mark = url.indexOf('?');
	return mark === -1 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

/** The record of a request that has just arrived; `url` is as on the wire, `at` in milliseconds. Its body comes later. */
export function recordOf(message: IncomingMessage, url: string, at: number): RecordedRequest {
	const { path, query } = splitUrl(url);
	return {
		at,
		method: message.method ?? '',
		path,
		query: Object.fromEntries(new URLSearchParams(query)),
		headers: { ...message.headers },
		body: undefined,
		rawBody: '',
		operationId: undefined,
		status: undefined,
		violation: undefined,
	};
}

const NOWHERE = '/outside-of-the-contract';

function isWellFormed(path: string): boolean {
	try {
		return decodeURI(path) !== '';
	} catch {
		return false;
	}
}

/** The url to route by: without the base path; a path that cannot be any operation's leads nowhere. */
export function routedUrl(url: string, basePath: string): string {
	const { path } = splitUrl(url);
	return path.startsWith(`${basePath}/`) && isWellFormed(path) ? url.slice(basePath.length) : NOWHERE;
}

/** A body that was sent: its JSON, or the reason why it is none. Undefined when nothing was sent. */
export type SentBody = { json: unknown } | { violation: string } | undefined;

/** Reads the text of a body. It has to be declared as JSON, and to be JSON. */
export function readBody(text: string, contentType: string | undefined): SentBody {
	if (text === '') return undefined;
	if (!/^application\/json\s*(;|$)/i.test(contentType ?? '')) {
		return { violation: 'body is not declared as application/json' };
	}
	try {
		return { json: JSON.parse(text) };
	} catch {
		return { violation: 'body is not JSON' };
	}
}

/** The token of an `Authorization: Bearer …` header, undefined for any other header. */
export function bearerToken(header: string | undefined): string | undefined {
	return /^bearer +(.+)$/i.exec(header ?? '')?.[1];
}
