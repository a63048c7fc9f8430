import { machine, table } from '../versions/markdown.mts';
import type { Crash, Lost } from './crash.mts';
import type { Load } from './load.mts';
import { MADE_BY_EACH } from './workflows.mts';

const OPERATIONS = { create: 'Create', upsert: 'Create or Update' } as const;

/** Everything that the figures depend on. */
export interface Surroundings {
	readonly n8n: string;
	readonly redis: string;
	readonly postgres: number;
}

/** What was seen, as Markdown. */
export function resultsOf(
	load: Load,
	crashes: readonly Crash[],
	{ n8n, redis, postgres }: Surroundings,
): string[] {
	return [
		'# Queue mode',
		`One main process and two workers that share a Redis ${redis}, a PostgreSQL ${postgres} and one installation of the node, against the [sandbox](../../../tools/sandbox/README.md). Made by \`npm run e2e -- queue\`: ${machine()}.`,
		'## Two workers at one limit',
		`n8n ${n8n}. A webhook starts ${load.executions} executions; each creates ${MADE_BY_EACH} assistants, changes them and reads them: ${load.requests} requests. The sandbox allows 500 requests a minute, as Invent does. Each worker paces itself, but does not know of the other one; what keeps them together within the limit is that the node waits when it is refused (429) for as long as Retry-After says.`,
		loadTable(load),
		'## A worker is killed',
		`${crashes[0]?.executions ?? 0} executions, of which each makes ${MADE_BY_EACH} assistants named after it. When half of them are made, a worker is ended by SIGKILL between the first assistant of an execution and the second. An execution that it had not finished reports nothing; what it has made is known from the names in the sandbox. In the end the lost executions are done once more by Create or Update.`,
		crashTable(crashes),
		'What n8n reports about the executions of the killed worker:',
		table(['n8n', 'Operation', 'Setting', 'Status and message', 'Executions'], crashes.flatMap(reportRows)),
		conclusions(),
	];
}

function loadTable({ executions, green, shares, traffic, made, seconds }: Load): string {
	return table(
		['', 'Seen'],
		[
			['executions: started, successful', `${executions}, ${green}`],
			['executions of each worker', shares.join(', ')],
			['assistants in the sandbox, each reported by one execution', String(made)],
			['requests accepted', String(traffic.accepted)],
			['the most accepted in any 60 seconds', String(traffic.most)],
			['requests refused with 429, and sent again later', String(traffic.refused)],
			['seconds in all', String(seconds)],
		],
	);
}

function crashTable(crashes: readonly Crash[]): string {
	const head = [
		'n8n',
		'Operation',
		'Setting',
		'Executions lost',
		'of these started again by n8n',
		'Assistants in the sandbox',
		'reported by the other executions',
		'of the lost executions',
		'Names made twice',
		'Assistants of the lost executions after Create or Update',
	];
	return table(
		head,
		crashes.map((crash) => [
			...caseCells(crash),
			String(crash.lost.length),
			String(crash.lost.filter(({ starts }) => starts > 1).length),
			String(crash.made),
			String(crash.reported),
			String(crash.made - crash.reported),
			String(crash.doubled),
			`${crash.repeated} of ${crash.lost.length * MADE_BY_EACH}`,
		]),
	);
}

function caseCells({ number, operation, settings }: Crash): string[] {
	const given = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
	return [number, OPERATIONS[operation], given.join(', ') || 'n8n’s own'];
}

function reportRows(crash: Crash): string[][] {
	return [...Map.groupBy(crash.lost, wordsOf)].map(([words, { length }]) => [
		...caseCells(crash),
		words,
		`${length}, ${range(crash.lost.filter((one) => wordsOf(one) === words))} after the kill`,
	]);
}

function wordsOf({ status, error }: Lost): string {
	return error === undefined ? status : `${status}: ${error}`;
}

function range(lost: readonly Lost[]): string {
	const seconds = lost.flatMap((one) => one.seconds ?? []);
	const [least, most] = [Math.min(...seconds), Math.max(...seconds)];
	return least === most ? `${most} s` : `${least} to ${most} s`;
}

function conclusions(): string {
	return [
		'- n8n 2 never starts a lost execution again: it ends with an error, and what it has made stays. Nothing is made twice.',
		'- n8n 1 starts it again on another worker, from its beginning and as the same execution, unless `QUEUE_WORKER_MAX_STALLED_COUNT=0` is set. A node has no way to know of the first start: its memory went with the killed process, and Invent’s API has no mark for a repetition. So **Create** and **Duplicate** may be done twice there.',
		'- **Create or Update** finds what the first start has made. Use it, in n8n 1 or wherever somebody may run a lost execution again.',
	].join('\n');
}
