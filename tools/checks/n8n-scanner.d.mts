/** The scanner ships no types. */
declare module '@n8n/scan-community-package/scanner/scanner.mjs' {
	export function analyzePackageByName(name: string, version: string): Promise<unknown>;
}
