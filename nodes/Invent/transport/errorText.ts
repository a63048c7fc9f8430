import { isObject } from '../shared/typeGuards';
import { isSecretName, MASK, redactSecrets, redactValues } from './redact';

/** How much of the API's own text an error repeats, in characters. */
const MAX_LENGTH = 500;

/** How much of a text is looked at, in characters: a web page can have megabytes. */
const MAX_SCANNED_LENGTH = 10_000;

/** How deep an error body is looked into. */
const MAX_DEPTH = 8;

/** Members of an error body that have the text for people, by their usual names. */
const MESSAGE_KEYS = [
	'message',
	'error',
	'errors',
	'detail',
	'details',
	'title',
	'msg',
	'reason',
	'error_description',
];

/** Members that name the field that a text is about. */
const FIELD_KEYS = ['path', 'instancePath', 'field', 'loc', 'param'];

/** The parts of a web page that are no text. */
const TAGS = /<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi;

/**
 * What a response says, in its own words. The shape of the API's error bodies is not documented, so every usual
 * one is understood: JSON of several shapes, text, a web page, nothing.
 *
 * @param secrets values that must not be repeated; whatever else looks like a secret is masked too
 * @returns one line, empty when the response says nothing
 */
export function extractErrorText(body: unknown, secrets: readonly string[]): string {
	const text = withoutCutWord(redactValues(toText(body), secrets));
	const plain = typeof body === 'string' ? text.replace(TAGS, ' ') : text;
	return redactSecrets(plain.replace(/[\s\p{Cc}]+/gu, ' '), secrets)
		.trim()
		.slice(0, MAX_LENGTH)
		.replace(/\p{Cs}/gu, '');
}

function toText(body: unknown): string {
	if (body === undefined || body === null) return '';
	if (typeof body === 'string') return body;
	const texts = textsIn(body, MAX_DEPTH);
	return texts.length > 0 ? texts.join('; ') : stringify(body);
}

/** The beginning of a text, without a word that is cut in two: nobody could tell that it is a secret. */
function withoutCutWord(text: string): string {
	if (text.length <= MAX_SCANNED_LENGTH) return text;
	let end = MAX_SCANNED_LENGTH;
	while (end > 0 && /[\w-]/.test(text.charAt(end - 1))) end -= 1;
	return text.slice(0, end);
}

function stringify(value: unknown): string {
	try {
		return JSON.stringify(value);
	} catch {
		return ''; // It is nested too deep.
	}
}

function textsIn(value: unknown, depth: number): string[] {
	if (typeof value === 'string') return [value];
	if (depth === 0) return [];
	if (Array.isArray(value)) return value.flatMap((member) => textsIn(member, depth - 1));
	if (!isObject(value)) return [];
	const texts = [...new Set(MESSAGE_KEYS.flatMap((key) => textsIn(value[key], depth - 1)))];
	if (texts.length === 0) {
		return Object.entries(value).flatMap(([key, member]) =>
			withField(key, isSecretName(key) ? [MASK] : textsIn(member, depth - 1)),
		);
	}
	const field = FIELD_KEYS.map((key) => value[key]).find((place) => place !== undefined);
	return field === undefined ? texts : withField([field].flat().join('.'), texts);
}

function withField(field: string, texts: string[]): string[] {
	return texts.map((text) => `${field}: ${text}`);
}
