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
	const text = { type: 'string' } as const;
	const flag = { type: 'boolean', default: false } as const;
	const options = { help: flag, once: flag, port: text, 'sandbox-port': text };
	try {
		const { help, once, port, 'sandbox-port': sandboxPort } = parseArgs({ args: [...args], options }).values;
		return { help, once, port: toPort('--port', port), sandboxPort: toPort('--sandbox-port', sandboxPort) };
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
