/** The scanner ships no types; these are the exports of scanner/scanner.mjs that are used here. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	import type { Linter } from 'eslint';

	export const SOURCE_FILE_PATTERNS: string[];
	export function buildScanConfig(): Promise<Linter.Config[]>;
	export function analyzePackageByName(name: string, version: string): Promise<unknown>;
}
