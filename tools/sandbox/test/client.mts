import { startSandbox } from '../server.mts';
import type { Sandbox, SandboxOptions } from '../server.mts';

export interface Reply {
	status: number;
	headers: Headers;
	text: string;
	json: unknown;
}

export interface Sent {
	/** JSON when it is no text. */
	body?: unknown;
	headers?: Record<string, string>;
	signal?: AbortSignal;
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** Sends a request with the sandbox's key; redirects are not followed. */
export async function send(sandbox: Sandbox, method: string, path: string, sent: Sent = {}): Promise<Reply> {
	const { body, headers, signal } = sent;
	const response = await fetch(`${sandbox.url}${path}`, {
		method,
		redirect: 'manual',
		headers: {
			authorization: `Bearer ${sandbox.apiKey}`,
			...(body !== undefined && { 'content-type': 'application/json' }),
			...headers,
		},
		body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
		...(signal && { signal }),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, text, json: parsed(text) };
}

function isRecord(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null;
}

/** The value of one member of a JSON object. */
export function member(json: unknown, name: string): unknown {
	return isRecord(json) ? json[name] : undefined;
}

/** The names in a list of assistants. */
export function names(json: unknown): unknown[] {
	return Array.isArray(json) ? json.map((item: unknown) => member(item, 'name')) : [];
}

/** Runs `use` with a sandbox, and closes it whatever happens. */
export async function withSandbox(
	options: SandboxOptions,
	use: (sandbox: Sandbox) => Promise<void>,
): Promise<void> {
	const sandbox = await startSandbox(options);
	try {
		await use(sandbox);
	} finally {
		await sandbox.close();
	}
}

/** Matches any text, wherever a value is expected. */
export const anyText: unknown = expect.any(String);

/** Why a request failed; 'answered' when it did not. */
export async function failureOf(request: Promise<Reply>): Promise<string> {
	return request.then(
		() => 'answered',
		(error: unknown) => String(error),
	);
}

export const LIST = '/orgs/c/assistants';
