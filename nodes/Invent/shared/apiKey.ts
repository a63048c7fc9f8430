/** What comes along when a key is copied: blanks, invisible characters, quotes, and the scheme in front of it. */
const BEFORE_KEY = /^(?:[\s\p{Cc}\p{Cf}"'`‘’“”]|bearer(?=\s))+/iu;
const AFTER_KEY = /[\s\p{Cc}\p{Cf}"'`‘’“”]+$/u;

/** No key contains these, and servers differ in how they read them in a header. */
const INVISIBLE = /[\s\p{Cc}\p{Cf}]+/gu;

/** The API key without what was copied around it. */
export function trimApiKey(apiKey: unknown): string {
	return String(apiKey ?? '')
		.replace(BEFORE_KEY, '')
		.replace(AFTER_KEY, '');
}

/** The API key as it is sent, out of what was entered in the credential. */
export function normalizeApiKey(apiKey: unknown): string {
	return trimApiKey(apiKey).replace(INVISIBLE, '');
}
