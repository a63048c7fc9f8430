import { createHash, randomBytes } from 'node:crypto';

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ID_LENGTH = 22;

/** What kinds of things have an id here; `ast` and `con` are the documented forms, the others are alike. */
export type IdPrefix = 'abd' | 'act' | 'ast' | 'brd' | 'con' | 'fil' | 'int' | 'knw' | 'mem' | 'org' | 'seg';

function alphanumeric(bytes: Buffer): string {
	return Array.from(bytes.subarray(0, ID_LENGTH), (byte) => ALPHABET.charAt(byte % ALPHABET.length)).join('');
}

/** A new id that no other thing has, e.g. `ast_` and 22 letters and digits. */
export function newId(prefix: IdPrefix): string {
	return `${prefix}_${alphanumeric(randomBytes(ID_LENGTH))}`;
}

/** The same id every time for the same `name`, so that example data can be referred to. */
export function stableId(prefix: IdPrefix, name: string): string {
	return `${prefix}_${alphanumeric(createHash('sha256').update(`${prefix}/${name}`).digest())}`;
}

/** A new secret: 64 hexadecimal digits. (The form of Invent's own keys is not documented.) */
export function newSecret(): string {
	return randomBytes(32).toString('hex');
}
