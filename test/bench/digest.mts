import { createHash } from 'node:crypto';

/** A short text that differs when ids or their order do. */
export function digestOf(ids: readonly unknown[]): string {
	return createHash('sha256').update(JSON.stringify(ids)).digest('base64url');
}
