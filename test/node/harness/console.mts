/**
 * Keeps what n8n prints, instead of letting it run through the tests' own report. Import it before n8n: its logger
 * looks for the console once, and so all files of a worker share what is kept.
 */
import { Console } from 'node:console';
import { Writable } from 'node:stream';

const KEPT = Symbol.for('what n8n has printed');
const shared = globalThis as { [KEPT]?: string[] };

function keep(): string[] {
	const kept: string[] = [];
	const memory = new Writable({
		write(chunk, _encoding, done) {
			kept.push(String(chunk));
			done();
		},
	});
	globalThis.console = new Console({ stdout: memory, stderr: memory });
	return kept;
}

const kept = (shared[KEPT] ??= keep());

/** Everything that was printed since the last call. */
export function takePrinted(): string {
	return kept.splice(0).join('');
}
