import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { INodeProperties } from 'n8n-workflow';

import { credentialType, publishedDescription } from '../harness/engine.mts';

const PAGES = globSync(['*.md', '{docs,examples,test,tools}/**/*.md'], {
	exclude: ['**/node_modules/**', 'CHANGELOG.md'],
});
/** Folders whose subfolders have a line of their own in CONTRIBUTING.md. */
const OPEN_FOLDERS = ['nodes/Invent/', 'test/', 'tools/'];

function textOf(page: string): string {
	return readFileSync(page, 'utf8');
}

function wordsIn(page: string): number {
	return textOf(page).split(/\s+/).filter(Boolean).length;
}

/** The links and pictures of a page that lead to this repository. */
function linksIn(page: string): string[] {
	return [...textOf(page).matchAll(/\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"/g)]
		.map(([, link, picture]) => link ?? picture ?? '')
		.filter((link) => !/^https?:/.test(link));
}

/** The anchors that GitHub gives to the headings of a page. */
function anchorsOf(page: string): string[] {
	return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
		heading
			.toLowerCase()
			.replaceAll(/[^\p{L}\p{N}_\- ]/gu, '')
			.replaceAll(' ', '-'),
	);
}

function leadsNowhere(page: string, link: string): boolean {
	const [path = '', anchor] = link.split('#');
	const target = path === '' ? page : join(dirname(page), path);
	return !existsSync(target) || (anchor !== undefined && !anchorsOf(target).includes(anchor));
}

function namesOf(properties: readonly INodeProperties[]): string[] {
	return properties.flatMap(({ displayName, name, type, options = [] }) => [
		// Nobody sees the member that reveals an expression for a whole collection (shared/fields.ts).
		...(type === 'hidden' || name === 'length' ? [] : [displayName]),
		...options.flatMap((option) =>
			'values' in option ? namesOf(option.values) : 'type' in option ? namesOf([option]) : [],
		),
	]);
}

test.each(PAGES)('%s links to pages, headings and pictures that are there', (page) => {
	expect(linksIn(page).filter((link) => leadsNowhere(page, link))).toEqual([]);
});

test('README.md has at most 1,500 words, CONTRIBUTING.md at most 700', () => {
	expect(wordsIn('README.md')).toBeLessThanOrEqual(1500);
	expect(wordsIn('CONTRIBUTING.md')).toBeLessThanOrEqual(700);
});

test('CONTRIBUTING.md has a line for each folder and each file of the root', () => {
	const files = execFileSync('git', ['ls-files'], { encoding: 'utf8' }).trim().split('\n');
	const entries = files.flatMap((file) => {
		const open = OPEN_FOLDERS.find((folder) => file.startsWith(folder)) ?? '';
		const [first = '', ...rest] = file.slice(open.length).split('/');
		if (open !== '' && rest.length === 0) return [];
		if (open === '' && OPEN_FOLDERS.some((folder) => folder.startsWith(`${first}/`))) return [];
		return [open + first + (rest.length > 0 ? '/' : '')];
	});
	const text = textOf('CONTRIBUTING.md');
	const known = new Set(['README.md', 'CONTRIBUTING.md']);
	expect(
		[...new Set(entries)].filter((entry) => !known.has(entry) && !text.includes(`\`${entry}\``)),
	).toEqual([]);
});

test('README.md has a row for each operation', () => {
	const text = textOf('README.md');
	const operations = publishedDescription.properties
		.filter(({ name }) => name === 'operation')
		.flatMap(({ options = [] }) => options.map(({ name }) => name));
	expect(operations.length).toBeGreaterThan(0);
	expect(operations.filter((operation) => !text.includes(operation))).toEqual([]);
});

test('docs/ and README.md name each parameter as the node shows it', () => {
	const text = ['README.md', ...PAGES.filter((page) => page.startsWith('docs/'))].map(textOf).join('\n');
	const names = namesOf([...publishedDescription.properties, ...credentialType.properties]);
	expect(names.length).toBeGreaterThan(50);
	expect([...new Set(names)].filter((name) => !text.includes(name))).toEqual([]);
});

test('docs/troubleshooting.md quotes messages that the node has', () => {
	const code = globSync('dist/nodes/**/*.js').map(textOf).join('\n');
	const messages = [...textOf('docs/troubleshooting.md').matchAll(/^\| (\S.*?) +\| (?!What to do)/gm)]
		.map(([, message = '']) => message)
		.filter((message) => !message.startsWith('-'));
	expect(messages.length).toBeGreaterThan(10);
	const parts = messages.flatMap((message) => message.split('…').map((part) => part.trim())).filter(Boolean);
	expect(parts.filter((part) => !code.includes(part))).toEqual([]);
});
