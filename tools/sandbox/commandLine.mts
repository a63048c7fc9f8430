import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

import type { SandboxOptions } from './options.mts';

interface Flag {
	/** How the value is shown in the help; a flag without one is a switch. */
	value?: string;
	help: string;
	read: (text: string) => SandboxOptions;
}

function oneOf<const Choice extends string>(
	choices: readonly Choice[],
	read: (choice: Choice) => SandboxOptions,
): Pick<Flag, 'value' | 'read'> {
	return {
		value: choices.join('|'),
		read(text) {
			const choice = choices.find((candidate) => candidate === text);
			if (choice === undefined) throw new Error(`must be ${choices.join(', ')}, not ${text}`);
			return read(choice);
		},
	};
}

function wholeNumber(
	value: string,
	read: (count: number) => SandboxOptions,
	highest = 1_000_000,
): Pick<Flag, 'value' | 'read'> {
	return {
		value,
		read(text) {
			if (!/^\d+$/.test(text) || Number(text) > highest)
				throw new Error(`must be a whole number up to ${highest}, not ${text}`);
			return read(Number(text));
		},
	};
}

const FLAGS: Record<string, Flag> = {
	port: {
		...wholeNumber('n', (port) => ({ port }), 65_535),
		help: 'port (default 4010, 0: a free one)',
	},
	host: {
		value: 'address',
		read: (host) => ({ host }),
		help: 'where to listen (default 127.0.0.1); others need --cert and --key',
	},
	cert: { value: 'cert.pem', read: (cert) => ({ cert }), help: 'speak HTTPS with this certificate' },
	key: { value: 'key.pem', read: (key) => ({ key }), help: 'and its private key' },
	'base-path': {
		value: '/path',
		read: (basePath) => ({ basePath }),
		help: 'a path before every route, to try a Base URL that holds one',
	},
	'api-key': { value: 'key', read: (apiKey) => ({ apiKey }), help: 'the key to accept (default: a new one)' },
	file: { value: 'data.json', read: (file) => ({ file }), help: 'keep data and key in this file' },
	data: { ...oneOf(['demo', 'empty'], (data) => ({ data })), help: 'what to start with (default demo)' },
	assistants: {
		...wholeNumber('n', (assistants) => ({ assistants })),
		help: 'start with n generated assistants instead',
	},
	'patch-config': {
		...oneOf(['deepMerge', 'shallowMerge', 'replace'], (patchConfig) => ({ patchConfig })),
		help: 'what an update does with config (default deepMerge)',
	},
	generation: {
		...oneOf(['newest', 'older'], (generation) => ({ generation })),
		help: 'older: answers lack newer members, config may be null',
	},
	'require-config': {
		read: () => ({ requireConfigOnCreate: true }),
		help: 'refuse a creation without config',
	},
	'require-duplicate-body': {
		read: () => ({ requireDuplicateBody: true }),
		help: 'refuse a duplication without a body',
	},
	'duplicates-are-free': {
		read: () => ({ duplicateCounts: false }),
		help: 'duplicates do not count as creations',
	},
	'file-forms': {
		...oneOf(['both', 'object', 'base64'], (fileForms) => ({ fileForms })),
		help: 'which forms of file an upload takes (default both)',
	},
	'max-file-bytes': {
		...wholeNumber('n', (maxFileBytes) => ({ maxFileBytes }), 90_000_000),
		help: 'a larger upload is answered with 413 (default 50000000)',
	},
	'hide-deleted': {
		read: () => ({ includeDeleted: false }),
		help: 'soft-deleted assistants are not listed',
	},
	search: {
		...oneOf(['works', 'ignored'], (search) => ({ search })),
		help: 'whether the list obeys search (default works)',
	},
	'count-header': {
		...oneOf(['total', 'page', 'absent', 'wrong'], (countHeader) => ({ countHeader })),
		help: 'what pagination-count says (default total)',
	},
	'requests-per-minute': {
		...wholeNumber('n', (requestsPerMinute) => ({ requestsPerMinute })),
		help: 'rate limit, 0 for none (default 500)',
	},
	'creations-per-hour': {
		...wholeNumber('n', (creationsPerHour) => ({ creationsPerHour })),
		help: 'rate limit in an organization, 0 for none (default 10)',
	},
	'retry-after': {
		...oneOf(['seconds', 'http-date', 'none'], (retryAfter) => ({ retryAfter })),
		help: 'its form in 429 answers (default seconds)',
	},
	latency: {
		...wholeNumber('ms', (latencyMs) => ({ latencyMs }), 600_000),
		help: 'let every request wait first (default 0)',
	},
};

/** The port of the command line's sandbox, when none is given. */
const DEFAULT_PORT = 4010;

const HELP_COLUMN = 46;

/** The text of `--help`. */
export function helpText(): string {
	const rows = Object.entries(FLAGS).map(([name, { value, help }]) => {
		const usage = `  --${name}${value === undefined ? '' : ` <${value}>`}`;
		return usage.length < HELP_COLUMN
			? `${usage.padEnd(HELP_COLUMN)}${help}`
			: `${usage}\n${' '.repeat(HELP_COLUMN)}${help}`;
	});
	return [
		'A local Invent API, to try the node without an account. Nothing leaves this machine.',
		'',
		'  npm run sandbox -- [options]',
		'',
		...rows,
		`  ${'--help'.padEnd(HELP_COLUMN - 2)}show this`,
	].join('\n');
}

/** What the command line asks for. */
export type Wish = { help: true } | { help: false; options: SandboxOptions };

/** Reads the arguments after the script's name. Throws an Error with one clear line for a bad one. */
export function readArguments(args: string[]): Wish {
	const known: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } };
	for (const [name, { value }] of Object.entries(FLAGS)) {
		known[name] = { type: value === undefined ? 'boolean' : 'string' };
	}
	const { values } = parseArgs({ args, options: known, strict: true });
	if (values['help'] === true) return { help: true };
	let options: SandboxOptions = { port: DEFAULT_PORT };
	for (const [name, value] of Object.entries(values)) {
		try {
			options = { ...options, ...FLAGS[name]?.read(String(value)) };
		} catch (error) {
			throw new Error(`--${name} ${error instanceof Error ? error.message : String(error)}`);
		}
	}
	return { help: false, options };
}
