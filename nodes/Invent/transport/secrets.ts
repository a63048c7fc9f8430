const MASK = '•••';

/** `secret_key": "…`, `API key=…`, `Authorization: Bearer …`: a name of a secret, a sign, and what follows. */
const NAMED =
	/((?:secret|api)[\s_-]?key|token|password|authorization)(["']?\s*[:=]\s*["']?(?:bearer\s+)?)[^\s"',;<>&}]+/gi;

const BEARER = /(bearer\s+)[^\s"',;<>&}]+/gi;

/** Long runs of letters and digits are keys more often than words; ids of the API have 26 characters. */
const KEY_LIKE = /(?=[\w-]*\d)(?=[\w-]*[a-z])[\w-]{32,}/gi;

/**
 * Takes whatever may be a secret out of a text that the API sent, so that it can stand in an error.
 *
 * @param text the API's text
 * @param secrets values that are known to be secret, such as the API key
 */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
	return withoutKnown(text, secrets)
		.replace(NAMED, `$1$2${MASK}`)
		.replace(BEARER, `$1${MASK}`)
		.replace(KEY_LIKE, MASK);
}

/** Takes known secrets out of a text. */
export function withoutKnown(text: string, secrets: readonly string[]): string {
	return secrets.filter(Boolean).reduce((masked, secret) => masked.replaceAll(secret, MASK), text);
}

/** A secret as it may stand in a text: as entered, and as sent. */
export function formsOf(secret: unknown): string[] {
	return typeof secret === 'string' ? [secret, secret.trim()] : [];
}
