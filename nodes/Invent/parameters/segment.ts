import { wellFormed } from './rules';

/**
 * One path segment, whatever the id holds. `.` and `..` mean other paths even when they are percent-encoded
 * (WHATWG URL, "double-dot path segment"), so their encoding is encoded once more; no id of the API is one.
 */
export function segmentOf(value: string): string {
	const encoded = encodeURIComponent(wellFormed(value));
	return /^\.{1,2}$/.test(encoded) ? encoded.replaceAll('.', '%252E') : encoded;
}
