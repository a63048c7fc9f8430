import { isObject } from './answer';
import { withoutSecrets } from './secrets';

/** How much of the API's own text is told, in characters. */
const LONGEST_QUOTE = 500;

/** Members of an error body that hold the text for people, by the usual names. */
const TELLING = [
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

/** Members that say which field a text is about. */
const PLACES = ['path', 'instancePath', 'field', 'loc', 'param'];

/**
 * What an answer says, in the API's own words. No documentation tells the shape of error bodies, so every
 * usual one is understood: JSON of several shapes, text, a web page, nothing.
 *
 * @param secrets values that must not be quoted; whatever else looks like a secret is left out too
 * @returns one line, empty when the answer says nothing
 */
export function quoteOf(body: unknown, secrets: readonly string[]): string {
	return withoutSecrets(wordsOf(body), secrets).replace(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE);
}

function wordsOf(body: unknown): string {
	if (body === undefined || body === null) return '';
	if (typeof body === 'string') return body.replace(/<(script|style)[\s\S]*?<\/\1>|<[^>]*>/gi, ' ');
	const texts = textsIn(body);
	return texts.length > 0 ? texts.join('; ') : JSON.stringify(body);
}

function textsIn(value: unknown): string[] {
	if (typeof value === 'string') return [value];
	if (Array.isArray(value)) return value.flatMap(textsIn);
	if (!isObject(value)) return [];
	const texts = [...new Set(TELLING.flatMap((name) => textsIn(value[name])))];
	if (texts.length === 0)
		return Object.entries(value).flatMap(([name, member]) => placed(name, textsIn(member)));
	const place = PLACES.map((name) => value[name]).find((at) => at !== undefined);
	return place === undefined ? texts : placed([place].flat().join('.'), texts);
}

function placed(place: string, texts: string[]): string[] {
	return texts.map((text) => `${place}: ${text}`);
}
