import type { BoardAssignment } from '../../../contract/invent';
import { isObject, Refusal } from '../transport';

/**
 * Takes the value of a parameter, which an expression may have given any type, and returns what is sent.
 * Throws a `Refusal` whose text continues the parameter's name: "'Name' …".
 */
export type Rule<T> = (value: unknown) => T;

/** Text; numbers and booleans become text. An empty text is a value: it clears the field. */
export const text: Rule<string> = (value) => {
	if (typeof value === 'string') return value;
	if (typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)))
		return String(value);
	throw needs('text', value);
};

/** Text that was picked from a list or typed in: the value of a locator, or the text itself. */
export const chosenText: Rule<string> = (value) =>
	text(isObject(value) && 'mode' in value ? value.value : value);

/** Text as an address can hold it: half a surrogate pair is no character and has no encoding there. */
export const addressText: Rule<string> = (value) => wellFormed(text(value));

/** A text in which halves of surrogate pairs are replaced, as the Web's own encoders do. */
export function wellFormed(given: string): string {
	return given.replace(/[\uD800-\uDFFF]/gu, '\uFFFD');
}

/**
 * Text of a limited length. The API documents its limits as lengths of JSON strings, which are counted in
 * Unicode characters (JSON Schema, maxLength), not in UTF-16 units.
 */
export function textOf(shortest: number, longest: number): Rule<string> {
	return (value) => {
		const given = text(value);
		const length = Array.from(given).length;
		if (length >= shortest && length <= longest) return given;
		if (length === 0) throw new Refusal('is empty', `Enter ${shortest} to ${longest} characters.`);
		throw new Refusal(
			`has ${length} characters`,
			`Shorten it: ${shortest} to ${longest} characters are allowed.`,
		);
	};
}

/** Text that names another thing; when it is empty, nothing is named any more (`null`). */
export const reference: Rule<string | null> = (value) => {
	const given = text(value);
	return given === '' ? null : given;
};

/** True or false, also as text in any capitals or as 1 and 0. */
export const flag: Rule<boolean> = (value) => {
	const given = typeof value === 'string' ? value.trim().toLowerCase() : value;
	if (given === true || given === 'true' || given === 1 || given === '1') return true;
	if (given === false || given === 'false' || given === 0 || given === '0') return false;
	throw needs('true or false', value);
};

/** A list of texts; an empty list is a value: it clears the field. */
export const textList: Rule<string[]> = (value) => {
	if (!Array.isArray(value)) throw needs('a list of texts', value);
	return value.map((member: unknown) => text(member));
};

/** A whole number, also as text, that is not below a smallest one. */
export function wholeNumberFrom(smallest: number): Rule<number> {
	return (value) => {
		const given = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
		if (typeof given === 'number' && Number.isSafeInteger(given) && given >= smallest) return given;
		throw needs(`a whole number from ${smallest} on`, value);
	};
}

/** One of a list of values that the node itself knows. */
export function oneOf<T extends string>(...known: T[]): Rule<T> {
	return (value) => {
		const found = known.find((name) => name === value);
		if (found !== undefined) return found;
		throw needs(`one of ${known.join(', ')}`, value);
	};
}

/** An id is a text or a number, and not blank. The API's ids have no documented shape, so none is asked for. */
export const id: Rule<string> = (value) => {
	if (typeof value === 'string' && value.trim() !== '') return value;
	if (typeof value === 'number' && Number.isFinite(value)) return String(value);
	if (value === undefined || typeof value === 'string') {
		throw new Refusal('is empty', 'Pick one from the list, or enter its ID. An expression must give the ID.');
	}
	throw needs('an ID', value);
};

/** An assistant's id stands alone or in an address, where something other than a letter or digit is before it. */
const ID_IN_ADDRESS = /(?<![A-Za-z0-9])ast_[A-Za-z0-9_-]+/;

/** The id of an assistant out of any address that holds one. */
export const idInAddress: Rule<string> = (value) => {
	const found = ID_IN_ADDRESS.exec(id(value));
	if (found !== null) return found[0];
	throw new Refusal(
		'holds no assistant ID',
		'Copy the address of the assistant from Invent; the ID in it starts with ast_.',
	);
};

/**
 * What a resource locator points at: its value, read by the rule of the mode it is in. An expression in place
 * of the whole locator gives the id itself.
 *
 * @param modes rules for modes whose value is not the id
 */
export function located(modes: Readonly<Record<string, Rule<string>>> = {}): Rule<string> {
	return (value) => {
		if (!isObject(value)) return id(value);
		const rule = typeof value.mode === 'string' && Object.hasOwn(modes, value.mode) ? modes[value.mode] : id;
		return (rule ?? id)(value.value);
	};
}

/**
 * Boards as the fixed collection has them: `{ board: [{ boardId, initialSegmentId }] }`. An empty list is a
 * value, no list is not: n8n leaves that of an expression in place of the whole collection. A segment that is
 * left empty is not sent, because an empty id names nothing.
 */
export const boardList: Rule<BoardAssignment[]> = (value) => {
	const list: unknown = isObject(value) ? value.board : value;
	if (Array.isArray(list)) return list.map(boardOf);
	throw new Refusal(
		'holds no board',
		'Add a board by hand, with expressions in its fields, or remove the field.',
	);
};

function boardOf(member: unknown): BoardAssignment {
	if (!isObject(member)) throw needs('a board ID and a segment ID in each row', member);
	const { boardId = '', initialSegmentId = '' } = member;
	if (typeof boardId === 'string' && boardId.trim() === '') {
		throw new Refusal(
			'holds a board without an ID',
			"Fill in 'Board ID' in each row; expressions stand there.",
		);
	}
	const segment = text(initialSegmentId);
	return { board_id: id(boardId), ...(segment === '' ? {} : { initial_segment_id: segment }) };
}

/** A JSON object, as text or as an object. What comes back is a copy that holds nothing but JSON. */
export const jsonObject: Rule<object> = (value) => {
	const json = typeof value === 'string' ? value : attempt(() => JSON.stringify(value));
	const given: unknown = json === undefined ? undefined : attempt(() => JSON.parse(json));
	if (isObject(given)) return given;
	if (typeof value === 'string' && given === undefined) {
		throw new Refusal('is not valid JSON', 'Look for a missing quote, comma or brace.');
	}
	throw needs('a JSON object, such as { "language": "auto" }', given ?? value);
};

function attempt<T>(make: () => T): T | undefined {
	try {
		return make();
	} catch {
		return undefined;
	}
}

function needs(wanted: string, value: unknown): Refusal {
	return new Refusal(
		`needs ${wanted}, but got ${kindOf(value)}`,
		'Correct the value, or the expression that gives it. Remove the field to leave it out.',
	);
}

/** The kind of a value and never the value: it may be a secret. */
function kindOf(value: unknown): string {
	if (value === undefined) return 'nothing';
	if (value === null) return 'null';
	if (value === '') return 'an empty text';
	if (Array.isArray(value)) return 'a list';
	if (typeof value === 'object') return 'an object';
	return (
		{ string: 'another text', number: 'another number', boolean: 'true or false' }[String(typeof value)] ??
		'something else'
	);
}
