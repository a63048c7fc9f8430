import { styleText } from 'node:util';

import type { RecordedRequest, SandboxOptions } from './options.mts';
import type { Sandbox } from './server.mts';

function bold(text: string): string {
	return styleText('bold', text);
}

function dim(text: string): string {
	return styleText('dim', text);
}

function organizationLines(sandbox: Sandbox): string[] {
	return sandbox.store.organizations().map(({ id, name }) => {
		const count = sandbox.store.assistants(id).length;
		const own = id === sandbox.orgId ? ', the key’s own: also c' : '';
		return `    ${id}  ${name} ${dim(`(assistants: ${count}${own})`)}`;
	});
}

function optionLines(options: SandboxOptions): string[] {
	const chosen = Object.entries(options).filter(([name]) => !['port', 'apiKey', 'log'].includes(name));
	if (chosen.length === 0) return [];
	return [
		`  ${bold('Options')}      ${chosen.map(([name, value]) => `${name}: ${String(value)}`).join(', ')}`,
	];
}

/** How the next start has the same data and key. */
function fileLines({ file }: SandboxOptions): string[] {
	return file === undefined
		? ['  To keep the data and the key: npm run sandbox -- --file sandbox.json']
		: [`  The data and the key are kept in ${file}.`];
}

/** What is shown once a sandbox runs: where it is, its key, its organizations, and how to use it. */
export function startScreen(sandbox: Sandbox, options: SandboxOptions): string {
	return [
		'',
		bold('Invent sandbox'),
		dim('A local stand-in for the Invent API, made from its public documentation.'),
		'',
		`  ${bold('Base URL')}     ${sandbox.url}`,
		`  ${bold('API key')}      ${sandbox.apiKey}`,
		`  ${bold('Organizations')}`,
		...organizationLines(sandbox),
		...optionLines(options),
		'',
		'  In n8n, create an Invent API credential with this API key and Base URL.',
		...fileLines(options),
		'  From a shell:',
		`    curl -H 'Authorization: Bearer ${sandbox.apiKey}' '${sandbox.url}/orgs/c/assistants?take=1'`,
		'',
		dim('Ctrl-C ends it. Requests:'),
	].join('\n');
}

function colourOf(status: number | undefined): 'green' | 'yellow' | 'red' {
	if (status === undefined || status >= 500) return 'red';
	return status >= 400 ? 'yellow' : 'green';
}

function queryText(query: Record<string, string>): string {
	const text = new URLSearchParams(query).toString();
	return text === '' ? '' : `?${text}`;
}

/** One line about a request: time, status, method, path, and why it was refused, if the contract is why. */
export function requestLine({ at, status, method, path, query, violation }: RecordedRequest): string {
	const time = new Date(at).toISOString().slice(11, 23);
	const outcome = styleText(colourOf(status), status === undefined ? 'cut' : String(status));
	const reason = violation === undefined ? '' : ` ${styleText('yellow', violation)}`;
	return `${dim(time)} ${outcome} ${method.padEnd(5)} ${path}${queryText(query)}${reason}`;
}
