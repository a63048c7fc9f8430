import { parseArgs } from 'node:util';
import { explain, Failure } from '../n8n/failure.mts';

/** What the command line asked for; an absent port means "any that is free". */
export interface DemoOptions {
	readonly help: boolean;
	readonly once: boolean;
	readonly port: number | undefined;
	readonly sandboxPort: number | undefined;
}

/** Shown for --help. */
export const USAGE = `Usage: npm run demo -- [options]

  --once               run the example workflows, say how it went, and end
  --port <n>           port of the n8n editor (5678, or the next free one)
  --sandbox-port <n>   port of the local Invent API (any free one)
  --help               show this`;

/** Reads the command line; anything unknown or malformed is refused in one line. */
export function readOptions(args: readonly string[]): DemoOptions {
	const values = parse(args);
	return {
		help: values.help ?? false,
		once: values.once ?? false,
		port: toPort('--port', values.port),
		sandboxPort: toPort('--sandbox-port', values['sandbox-port']),
	};
}

function parse(args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {
				help: { type: 'boolean' },
				once: { type: 'boolean' },
				port: { type: 'string' },
				'sandbox-port': { type: 'string' },
			},
		}).values;
	} catch (error) {
		throw new Failure(`${explain(error)} ("npm run demo -- --help" lists the options)`);
	}
}

function toPort(option: string, text: string | undefined): number | undefined {
	if (text === undefined) return undefined;
	const port = Number(text);
	if (Number.isInteger(port) && port >= 1024 && port <= 65535) return port;
	throw new Failure(`${option} needs a number from 1024 to 65535, not "${text}".`);
}
