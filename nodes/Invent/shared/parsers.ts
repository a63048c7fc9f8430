import { InvalidParameterError } from './errors';
import { describeJsonError } from './jsonError';
import { isObject } from './typeGuards';
import { toWellFormed } from './url';

/**
 * Turns the value of a parameter, which an expression may have given any type, into what is sent.
 * Throws an `InvalidParameterError` whose message continues the parameter's name: "'Name' …".
 */
export type Parser<T> = (value: unknown) => T;

/** Text; numbers, booleans and dates become text. An empty text is a value: it clears the field. */
export const string: Parser<string> = (value) => {
	if (typeof value === 'string') return value;
	if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))) {
		return String(value);
	}
	const date = isoDate(value);
	if (date !== undefined) return date;
	throw typeError('a string', value);
};

/** The value of a resource locator, or of an expression instead of one. */
export const locatorValue: Parser<string> = (value) =>
	string(isObject(value) && 'mode' in value ? value.value : value);

/** Text that can be encoded in a query. */
export const wellFormedString: Parser<string> = (value) => toWellFormed(string(value));

/**
 * Text of a limited length; if it can't be empty, it can't be blank either. The API documents its limits as
 * lengths of JSON strings, which count Unicode characters (JSON Schema, maxLength), not UTF-16 units.
 */
export function stringOfLength(min: number, max: number): Parser<string> {
	const parse: Parser<string> = (value) => {
		const text = string(value);
		const { length } = Array.from(text);
		if (min > 0 && text.trim() === '') {
			const what = length === 0 ? 'is empty' : 'contains only spaces';
			throw new InvalidParameterError(what, `Enter ${min} to ${max} characters.`);
		}
		if (length >= min && length <= max) return text;
		throw new InvalidParameterError(
			`must have ${min} to ${max} characters, but has ${length}`,
			length > max ? 'Shorten it.' : 'Lengthen it.',
		);
	};
	if (min === 0) CLEARED_BY_EMPTY.add(parse);
	return parse;
}

/** True or false, also as text in any capitals or as 1 and 0. */
export const boolean: Parser<boolean> = (value) => {
	const normalized = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (normalized === true || normalized === 'true' || normalized === 1 || normalized === '1') return true;
	if (normalized === false || normalized === 'false' || normalized === 0 || normalized === '0') return false;
	throw typeError('true or false', value);
};

/**
 * A list of texts, or one text for a list of one; an empty list is a value: it clears the field. Lists in the list are
 * laid flat, also those that are JSON text, as models give them.
 */
export const stringList: Parser<string[]> = (value) => {
	const list: unknown = typeof value === 'string' && value !== '' ? [value] : value;
	if (!Array.isArray(list)) throw typeError('a list of strings', value);
	return list.flat(Infinity).flatMap(listInJson).map(string);
};

function listInJson(value: unknown): unknown {
	if (typeof value !== 'string' || !/^\s*\[/.test(value)) return value;
	const parsed: unknown = tryOrUndefined(() => JSON.parse(value));
	return Array.isArray(parsed) ? parsed.flat(Infinity) : value;
}

/** A whole number, also as text. */
export function integerFrom(min: number): Parser<number> {
	return (value) => {
		const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (typeof number === 'number' && Number.isSafeInteger(number) && number >= min) return number;
		throw typeError(`a whole number of at least ${min}`, value);
	};
}

/** One of a list of values that the node itself knows. */
export function enumOf<T extends string>(...known: T[]): Parser<T> {
	return (value) => {
		const found = known.find((name) => name === value);
		if (found !== undefined) return found;
		throw typeError(`one of ${known.join(', ')}`, value);
	};
}

/** URLs take `.` and `..` for steps in the path, even percent-encoded (WHATWG URL, "double-dot path segment"). */
const UNUSABLE_SEGMENT = /^\.{1,2}$|[\uD800-\uDFFF]/u;

/**
 * An ID: text or a number, without the blanks that come along when it is copied. The API documents no format
 * for its IDs, so any that can be a segment of a path is one.
 */
export const id: Parser<string> = (value) => {
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	if (value !== undefined && typeof value !== 'string') throw typeError('an ID', value);
	const text = value?.trim() ?? '';
	if (text === '') {
		throw new InvalidParameterError(
			value === undefined ? 'has no value' : 'is empty',
			'Select one from the list, or enter an ID. If it is an expression, it must return an ID.',
		);
	}
	if (UNUSABLE_SEGMENT.test(text)) {
		throw new InvalidParameterError('is not a valid ID', 'Select one from the list, or copy the ID again.');
	}
	return text;
};

/**
 * The ID in any address that contains one, which may be percent-encoded.
 *
 * @param resource what it is an ID of, for the error
 * @param prefix what such IDs start with; anything but a letter or digit may precede it
 */
export function idInAddress(resource: string, prefix: string): Parser<string> {
	const pattern = new RegExp(`(?<![A-Za-z0-9])${prefix}[A-Za-z0-9_-]+`);
	return (value) => {
		const address = id(value).replace(/%([0-7][0-9a-f])/gi, (_, code: string) =>
			String.fromCharCode(parseInt(code, 16)),
		);
		const found = pattern.exec(address);
		if (found !== null) return found[0];
		throw new InvalidParameterError(
			`contains no ${resource} ID`,
			`Copy the address of the ${resource} in Invent. Its ID starts with ${prefix}.`,
		);
	};
}

/** The ID of something that can be taken away: `null` and an empty text stand for none. */
export const nullableId: Parser<string | null> = (value) =>
	value === null ? null : string(value).trim() || null;

/** Parsers for which an empty text is a value: it clears the field. */
export const CLEARED_BY_EMPTY = new Set<unknown>([string, nullableId]);

/**
 * The ID that a resource locator points to. An expression instead of the whole locator gives the ID itself.
 *
 * @param modes parsers for the modes whose value isn't the ID
 */
export function fromLocator(modes: Readonly<Record<string, Parser<string>>> = {}): Parser<string> {
	return (value) => {
		if (!isObject(value)) return id(value);
		const { mode } = value;
		const parse = typeof mode === 'string' && Object.hasOwn(modes, mode) ? modes[mode] : undefined;
		return (parse ?? id)(value.value);
	};
}

/** Whether a resource locator is still to be picked, which is also what the editor makes of it for a new credential. */
export function isUnpicked(value: unknown): boolean {
	return isObject(value) && value.mode === 'list' && value.value === '';
}

/** A JSON object, as text or as an object. What is returned is a copy that holds nothing but JSON. */
export const jsonObject: Parser<object> = (value) => {
	const text = typeof value === 'string' ? value : tryOrUndefined(() => JSON.stringify(value));
	if (text?.trim() === '') throw new InvalidParameterError('is empty', 'Enter a JSON object.');
	const parsed: unknown = tryOrUndefined(() => JSON.parse(text ?? ''));
	if (isObject(parsed)) return parsed;
	if (typeof value === 'string' && parsed === undefined) {
		throw new InvalidParameterError(`is not valid JSON: ${describeJsonError(value)}`, 'Correct the JSON.');
	}
	throw typeError('a JSON object', parsed === undefined ? value : parsed);
};

/** @param expected continues "must be …" */
export function typeError(expected: string, value: unknown): InvalidParameterError {
	return new InvalidParameterError(
		`must be ${expected}, but got ${describeType(value)}`,
		'Correct the value or its expression.',
	);
}

/** The type of a value and never a text, which may be a secret. */
function describeType(value: unknown): string {
	if (value === undefined) return 'no value';
	if (value === '') return 'an empty string';
	if (typeof value === 'string') return 'another string';
	if (Array.isArray(value)) return 'a list';
	return value !== null && typeof value === 'object' ? 'an object' : String(value);
}

/** ISO 8601 of a Luxon DateTime, which n8n's expressions make, or of a Date; both serialize to it unless invalid. */
function isoDate(value: unknown): string | undefined {
	const isDate = isObject(value) && [value.toISO, value.toISOString].some((it) => typeof it === 'function');
	const iso: unknown = isDate ? JSON.parse(JSON.stringify(value)) : undefined;
	return typeof iso === 'string' ? iso : undefined;
}

/** What a function returns, or `undefined` when it throws. */
export function tryOrUndefined<T>(run: () => T): T | undefined {
	try {
		return run();
	} catch {
		return undefined;
	}
}
