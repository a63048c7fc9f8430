import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './package.mts';

/** The kinds of changes of Keep a Changelog 1.1.0. */
const KINDS = ['Added', 'Changed', 'Deprecated', 'Removed', 'Fixed', 'Security'];

/** What the changelog says about a version, as Markdown. Throws when it says nothing, or not in the usual form. */
export function notesOf(version: string): string {
	const text = readFileSync(join(ROOT, 'CHANGELOG.md'), 'utf8');
	const [heading = '', ...lines] = sectionOf(text, version);
	if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) throw new Error(`CHANGELOG.md has no date for ${version}`);
	const kinds = lines.filter((line) => line.startsWith('### ')).map((line) => line.slice('### '.length));
	const odd = kinds.filter((kind) => !KINDS.includes(kind));
	if (odd.length > 0) throw new Error(`CHANGELOG.md: ${odd.join(', ')} is none of ${KINDS.join(', ')}`);
	const notes = lines.join('\n').trim();
	if (kinds.length === 0 || notes === '') throw new Error(`CHANGELOG.md says nothing about ${version}`);
	return `${notes}\n`;
}

/** A heading and the lines up to the next one, or to the links at the end. */
function sectionOf(text: string, version: string): string[] {
	const lines = text.split('\n');
	const start = lines.findIndex((line) => line.startsWith(`## [${version}]`));
	if (start === -1) throw new Error(`CHANGELOG.md has no section for ${version}`);
	const rest = lines.slice(start + 1);
	const end = rest.findIndex((line) => line.startsWith('## ') || /^\[[^\]]+\]: /.test(line));
	return [lines[start] ?? '', ...(end === -1 ? rest : rest.slice(0, end))];
}
