/**
 * Keeps what n8n prints, instead of letting it run through the tests' own report. Import it before n8n: its logger
 * looks for the console once.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';

let text = '';

const memory = new Writable({
	write(chunk, _encoding, done) {
		text += String(chunk);
		done();
	},
});

globalThis.console = new Console({ stdout: memory, stderr: memory });

/** Everything that was printed since the last call. */
export function takePrinted(): string {
	const printed = text;
	text = '';
	return printed;
}
