import { isObject } from './typeGuards';

/** What JSON.parse says of text that ends where a token is missing (V8, messages kJsonParse…). */
const AT_POSITION = /at position (\d+)/;

/**
 * Tells where a text stops being JSON, without repeating any of it: it may hold a secret.
 *
 * @param text no valid JSON
 * @returns such as `trailing comma at line 2, column 7`
 */
export function describeJsonError(text: string): string {
	const index = errorIndex(text);
	const before = text.slice(0, index);
	if (index >= text.trimEnd().length) return 'it ends too early';
	const comma = /,\s*$/.exec(before);
	const isTrailingComma = comma !== null && /[}\]]/.test(text.charAt(index));
	const lines = (isTrailingComma ? before.slice(0, comma.index) : before).split('\n');
	const place = `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
	return isTrailingComma ? `trailing comma at ${place}` : `unexpected character at ${place}`;
}

/** The index of the first character that does not fit. V8 tells it of most errors; for the others it is searched for. */
function errorIndex(text: string): number {
	const position = AT_POSITION.exec(parseError(text));
	if (position !== null) return Number(position[1]);
	let [good, bad] = [0, text.length];
	while (good < bad) {
		const middle = Math.floor((good + bad) / 2);
		if (/^Unexpected token/.test(parseError(text.slice(0, middle + 1)))) bad = middle;
		else good = middle + 1;
	}
	return good;
}

function parseError(text: string): string {
	try {
		JSON.parse(text);
		return '';
	} catch (error) {
		return isObject(error) ? String(error.message) : '';
	}
}
