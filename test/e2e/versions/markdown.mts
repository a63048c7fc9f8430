import { availableParallelism } from 'node:os';
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';

/** A table of Markdown. */
export function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
	const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
	return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** What figures depend on, in a sentence. */
export function machine(): string {
	return `${availableParallelism()} cores, Node.js ${process.versions.node}`;
}

/** Writes paragraphs and tables as a Markdown file in the form of the project's other files. */
export async function writeMarkdown(file: string, blocks: readonly string[]): Promise<void> {
	const options = { ...(await resolveConfig(file)), parser: 'markdown' };
	await writeFile(file, await format(blocks.join('\n\n'), options));
}

function escaped(cell: string): string {
	return cell.replaceAll('|', String.raw`\|`).replaceAll(/\s+/g, ' ');
}
