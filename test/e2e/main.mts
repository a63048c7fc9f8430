import { styleText } from 'node:util';

import { DemoFailure, Interrupted, oneLine } from '../../tools/n8n/failure.mts';

/** Runs one part of the end-to-end tests and shows its progress; false when something failed. */
type Part = () => Promise<boolean>;

/** The parts, in the order in which they run: what they prove, and how to load them. */
const PARTS: Readonly<Record<string, { readonly title: string; readonly load: () => Promise<Part> }>> = {
	browser: {
		title: "the panel in n8n's editor, by hand in a real browser",
		load: async () => (await import('./browser.mts')).run,
	},
	versions: {
		title: 'every operation and every example in four versions of n8n',
		load: async () => (await import('./versions/run.mts')).run,
	},
	schedule: {
		title: 'a published workflow on a schedule, across a restart of n8n',
		load: async () => (await import('./schedule/run.mts')).run,
	},
	queue: {
		title: 'queue mode: two workers at one limit, and one of them killed',
		load: async () => (await import('./queue/run.mts')).run,
	},
	agent: {
		title: "n8n's AI Agent with every operation as a tool",
		load: async () => (await import('./agent/run.mts')).run,
	},
};

const HELP = `Tests the node in a real n8n. What is missing is installed at first use, which is minutes and gigabytes.

  npm run e2e               all parts
  npm run e2e -- <part> …   only these

${Object.entries(PARTS)
	.map(([name, { title }]) => `  ${name.padEnd(10)}${title}`)
	.join('\n')}`;

interface Result {
	readonly name: string;
	readonly ok: boolean;
	readonly seconds: number;
}

try {
	process.exitCode = await main(process.argv.slice(2));
} catch (error) {
	if (!(error instanceof Interrupted)) throw error;
	console.error('Interrupted: everything that was started has ended.');
	process.exitCode = 130; // what a shell reports for Ctrl-C
}

async function main(names: readonly string[]): Promise<number> {
	if (names.includes('--help')) {
		console.log(HELP);
		return 0;
	}
	const unknown = names.filter((name) => !Object.hasOwn(PARTS, name));
	if (unknown.length > 0) {
		console.error(`No such part: ${unknown.join(', ')}\n\n${HELP}`);
		return 1;
	}
	const results: Result[] = [];
	for (const [name, { title, load }] of Object.entries(PARTS)) {
		if (names.length > 0 && !names.includes(name)) continue;
		console.log(`\n${styleText('bold', `${name}: ${title}`)}`);
		const since = Date.now();
		const ok = await outcome(load);
		results.push({ name, ok, seconds: Math.round((Date.now() - since) / 1000) });
	}
	console.log(table(results));
	return results.every(({ ok }) => ok) ? 0 : 1;
}

async function outcome(load: () => Promise<Part>): Promise<boolean> {
	try {
		const run = await load();
		return await run();
	} catch (error) {
		if (error instanceof Interrupted) throw error;
		console.error([oneLine(error), ...(error instanceof DemoFailure ? error.details : [])].join('\n'));
		return false;
	}
}

function table(results: readonly Result[]): string {
	const line = (name: string, result: string, time: string) =>
		`${name.padEnd(12)}${result.padEnd(10)}${time.padStart(8)}`;
	const rows = results.map(({ name, ok, seconds }) => line(name, ok ? 'passed' : 'failed', `${seconds} s`));
	return ['', styleText('bold', line('Part', 'Result', 'Time')), ...rows].join('\n');
}
