import { styleText } from 'node:util';

/** How a running step speaks. */
export interface Progress {
	/** Says how far it is. */
	say(text: string): void;
	/** What the step is called when it is done. */
	title(text: string): void;
	/** Gives the step a cross instead of a tick, and goes on. */
	complain(): void;
}

/** Does one piece of work and shows it: a line when it begins, and one with a tick or a cross and the time it took. */
export async function step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
	const since = Date.now();
	let name = title;
	let ok = false;
	let isFine = true;
	console.log(styleText('dim', `  ${title} …`));
	try {
		const result = await work({
			say: (text) => console.log(styleText('dim', `    ${text}`)),
			title: (text) => (name = text),
			complain: () => (isFine = false),
		});
		ok = isFine;
		return result;
	} finally {
		const mark = ok ? styleText('green', '✔') : styleText('red', '✖');
		console.log(`${mark} ${name} (${Math.round((Date.now() - since) / 1000)} s)`);
	}
}
