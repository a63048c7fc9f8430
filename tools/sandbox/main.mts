import { helpText, readArguments } from './commandLine.mts';
import type { SandboxOptions } from './options.mts';
import { requestLine, startScreen } from './screen.mts';
import { startSandbox } from './server.mts';

function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error ? error.code : undefined;
	if (code === 'EADDRINUSE')
		return 'This port is taken. Choose another one with --port, or 0 for a free one.';
	return error.message.split('\n', 1).join(); // some of Node's own messages go on with advice
}

async function run(options: SandboxOptions): Promise<void> {
	const sandbox = await startSandbox({
		...options,
		log: (request) => console.log(requestLine(request)),
	});
	// Not `once`: npm passes Ctrl-C on, so it can arrive twice.
	for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void sandbox.close());
	console.log(startScreen(sandbox, options));
}

try {
	const wish = readArguments(process.argv.slice(2));
	if (wish.help) console.log(helpText());
	else await run(wish.options);
} catch (error) {
	console.error(explain(error));
	process.exitCode = 1;
}
