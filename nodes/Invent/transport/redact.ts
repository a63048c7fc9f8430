import { normalizeApiKey, trimApiKey } from '../shared/apiKey';

/** Stands for a secret in a text. */
export const MASK = '•••';

const SECRET_NAME = String.raw`(?:secret|api|access|private)[\s_-]?key|secret|token|pass(?:word|wd|phrase)|pwd|authorization|cookie`;

/**
 * `secret_key": "…`, `API key=…`, `Authorization: Bearer …`: the name of a secret, a sign, and what follows; also
 * in JSON within JSON, whose quotes have a backslash.
 */
const NAMED_SECRET = new RegExp(
	String.raw`(${SECRET_NAME})(\\?["']?\s*[:=]\s*(?:\\?["'])?(?:(?:bearer|basic|digest)\s+)?)[^\s"'\\,;<>&}]+`,
	'gi',
);

/** The same with the whole value in quotes, so that blanks belong to it. */
const QUOTED_SECRET = new RegExp(
	String.raw`(${SECRET_NAME})(["']?\s*[:=]\s*(["']))(?:(?!\3)[^\\])*(?=\3)`,
	'gi',
);

const BEARER_TOKEN = /(bearer\s+)[^\s"'\\,;<>&}]+/gi;

/** Long runs of letters and digits are keys more often than words; IDs of the API have 26 characters. */
const KEY_LIKE = /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}/gi;

/** What axios leaves out of a header (axios, helpers/sanitizeHeaderValue.js). */
const NOT_SENT = /[^\t\x20-\x7e\x80-\xff]+/g;

const FORMATTING = /\p{Cf}/gu;

const INVISIBLE = /[\s\p{Cc}\p{Cf}]+/gu;

/**
 * Masks whatever may be a secret in a text that came from outside.
 *
 * @param secrets values that are known to be secret, such as the API key
 */
export function redactSecrets(text: string, secrets: readonly string[]): string {
	return redactValues(text, secrets)
		.replace(QUOTED_SECRET, `$1$2${MASK}`)
		.replace(NAMED_SECRET, `$1$2${MASK}`)
		.replace(BEARER_TOKEN, `$1${MASK}`)
		.replace(KEY_LIKE, MASK);
}

/** Masks known secrets in a text. */
export function redactValues(text: string, secrets: readonly string[]): string {
	// The longest first: one form of a secret may be part of another.
	const values = secrets.filter(Boolean).sort((a, b) => b.length - a.length);
	return values.reduce((masked, value) => masked.replaceAll(value, MASK), text);
}

const IS_SECRET_NAME = new RegExp(SECRET_NAME, 'i');

/** Whether the value of a member with this name may be a secret. */
export function isSecretName(name: string): boolean {
	return IS_SECRET_NAME.test(name);
}

/** The API key in all the forms in which a text may repeat it: as entered, as sent, and escaped. */
export function secretForms(apiKey: unknown): string[] {
	if (typeof apiKey !== 'string') return [];
	const keys = [apiKey, trimApiKey(apiKey), normalizeApiKey(apiKey.replace(FORMATTING, ''))];
	const plain = keys.flatMap((key) => [
		key,
		key.trim(),
		key.replace(INVISIBLE, ''),
		key.replace(NOT_SENT, ''),
	]);
	const forms = plain.flatMap((form) => [
		form,
		JSON.stringify(form).slice(1, -1),
		escapeHtml(form),
		percentEncode(form),
	]);
	return [...new Set(forms)].filter(Boolean);
}

function escapeHtml(text: string): string {
	return text
		.replaceAll('&', '&amp;')
		.replaceAll('<', '&lt;')
		.replaceAll('>', '&gt;')
		.replaceAll('"', '&quot;');
}

function percentEncode(text: string): string {
	// encodeURIComponent throws on half a surrogate pair.
	return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
