import type { FaultRule } from './faults.mts';

/** How a PATCH treats `config`, of an assistant and of an action. No page of the documentation tells, so all three can be had. */
export type PatchConfig = 'deepMerge' | 'shallowMerge' | 'replace';

/** A request that the sandbox received. */
export interface RecordedRequest {
	/** When it arrived, in milliseconds of the sandbox's clock. */
	at: number;
	method: string;
	/** As on the wire: with the base path, still percent-encoded, without the query. */
	path: string;
	/** Decoded; of a name that comes twice, the last value. */
	query: Record<string, string>;
	headers: Record<string, string | string[] | undefined>;
	/** The parsed JSON body; undefined when there was none, or none that could be parsed. */
	body: unknown;
	rawBody: string;
	/** The operation of the contract, undefined for a path or method outside it. */
	operationId: string | undefined;
	/** The status that was answered; undefined while there is no answer, and when the connection was cut instead. */
	status: number | undefined;
	/** Why the contract forbids this request, if it does. */
	violation: string | undefined;
}

/** What can be chosen when a sandbox starts. Everything may be left out. */
export interface SandboxOptions {
	/** TCP port on 127.0.0.1; 0 takes a free one. Default 0. */
	port?: number;
	/** Where it listens. Another machine, and a container is one, can reach it by its address or `0.0.0.0`, only with `cert` and `key`. Default 127.0.0.1. */
	host?: string;
	/** The file of a TLS certificate in PEM form. With it the sandbox speaks HTTPS. */
	cert?: string;
	/** The file of the certificate's private key. */
	key?: string;
	/** A path that stands before every route, e.g. `/proxy/invent`. Default none. */
	basePath?: string;
	/** The bearer token to accept. Default: a new one, or the one in `file`. */
	apiKey?: string;
	/** Start with a small company (default) or with no assistant at all. */
	data?: 'demo' | 'empty';
	/** Start with this many generated assistants in the key's organization, the same ones each time, instead of `data`. */
	assistants?: number;
	/** A JSON file that keeps the data: read at the start if it exists, written after each change. */
	file?: string;
	/** Which generation of the documentation the answers follow. `older`: no `boards`, `deleted`, `timezone` …, `config` may be null. Default newest. */
	generation?: 'newest' | 'older';
	/** Default deepMerge. */
	patchConfig?: PatchConfig;
	/** Refuse a creation without `config`, as the older reference page says. Default false. */
	requireConfigOnCreate?: boolean;
	/** Refuse a duplication without a body. Default false. */
	requireDuplicateBody?: boolean;
	/** Whether a duplicate counts as a creation. Default true. */
	duplicateCounts?: boolean;
	/** Which forms of `file` an upload takes: an object with data, name and type, and a base64 text (default), or one of them. */
	fileForms?: 'both' | 'object' | 'base64';
	/** The largest file that an upload takes, in bytes; a larger one is answered with 413. Default 50 MB. */
	maxFileBytes?: number;
	/** Whether the list of assistants obeys `search`. Default works. */
	search?: 'works' | 'ignored';
	/** What `pagination-count` says: all items (default), those of the page, nothing, or half of the truth. */
	countHeader?: 'total' | 'page' | 'absent' | 'wrong';
	/** Whether soft-deleted assistants are listed. Default true. */
	includeDeleted?: boolean;
	/** Requests a minute, 0 for no limit. Default 500. */
	requestsPerMinute?: number;
	/** Creations an hour in one organization, 0 for no limit. Default 10. */
	creationsPerHour?: number;
	/** The form of Retry-After in the sandbox's own 429 answers. Default seconds. */
	retryAfter?: 'seconds' | 'http-date' | 'none';
	/** Milliseconds that every request waits before it is looked at. Default 0. */
	latencyMs?: number;
	/** The clock, in milliseconds since 1970; limits, timestamps and the Date header follow it. Default Date.now. */
	now?: () => number;
	/** What is to go wrong, see FaultRule. Default nothing. */
	faults?: FaultRule[];
	/** Called with each request once it was answered, or its connection was closed. */
	log?: (request: RecordedRequest) => void;
}

/** The options with every default filled in. */
export type Settings = Required<
	Omit<SandboxOptions, 'apiKey' | 'assistants' | 'cert' | 'file' | 'key' | 'log'>
> &
	Pick<SandboxOptions, 'apiKey' | 'assistants' | 'cert' | 'file' | 'key' | 'log'>;

const DEFAULTS: Settings = {
	port: 0,
	host: '127.0.0.1',
	basePath: '',
	data: 'demo',
	generation: 'newest',
	patchConfig: 'deepMerge',
	requireConfigOnCreate: false,
	requireDuplicateBody: false,
	duplicateCounts: true,
	fileForms: 'both',
	maxFileBytes: 50_000_000, // what Invent takes as knowledge (docs: guides/knowledge)
	search: 'works',
	countHeader: 'total',
	includeDeleted: true,
	requestsPerMinute: 500, // docs: api-reference/getting-started/cookbook
	creationsPerHour: 10, // docs: api-reference/getting-started/cookbook
	retryAfter: 'seconds',
	latencyMs: 0,
	now: Date.now,
	faults: [],
};

/** Lays `options` over `base` (the defaults, if none is given). A member that is undefined changes nothing. */
export function settingsFrom(options: SandboxOptions, base: Settings = DEFAULTS): Settings {
	const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
	const settings: Settings = { ...base, ...given };
	return { ...settings, basePath: settings.basePath.replace(/\/+$/, '').replace(/^(?=[^/])/, '/') };
}
