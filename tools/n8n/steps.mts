import { Listr, PRESET_TIMER } from 'listr2';

// A log file needs a sign of life, a terminal something that moves.
const TICK_MS = process.stdout.isTTY ? 1_000 : 20_000;

/** How a running step speaks. */
export interface Progress {
	/** What stands below the step's title while it runs. */
	say(text: string): void;
	/** What the step is called from now on. */
	title(text: string): void;
	/** Gives the step a cross instead of a tick, and goes on. */
	complain(text: string): void;
	/** Says a text that is computed anew each tick, until the work is done. */
	watch<T>(text: () => Promise<string>, work: Promise<T>): Promise<T>;
}

/** Does one piece of work and shows it as a line that ends with a tick and the time it took. */
export async function step<T>(title: string, work: (progress: Progress) => Promise<T>): Promise<T> {
	const { promise, resolve, reject } = Promise.withResolvers<T>();
	const list = new Listr(
		[
			{
				title,
				task: async (_context, task) => {
					let complaint = '';
					const say = (text: string) => {
						if (task.output !== text) task.output = text;
					};
					await work({
						say,
						title: (text) => (task.title = text),
						complain: (text) => (complaint = text),
						watch: async (text, awaited) => await watch(say, text, awaited),
					}).then(resolve, (error: unknown) => {
						reject(error);
						throw new Error(''); // the step gets its cross; what was thrown is explained once, at the end
					});
					if (complaint !== '') throw new Error(complaint);
				},
			},
		],
		{
			exitOnError: false, // the promise carries what was thrown
			registerSignalListeners: false, // they would end the process before its programs are ended
			fallbackRenderer: 'simple',
			rendererOptions: { timer: PRESET_TIMER, showErrorMessage: false },
			fallbackRendererOptions: { timer: PRESET_TIMER },
		},
	);
	await Promise.allSettled([promise, list.run()]);
	return await promise;
}

async function watch<T>(
	say: (text: string) => void,
	text: () => Promise<string>,
	work: Promise<T>,
): Promise<T> {
	const tick = setInterval(() => void text().then(say), TICK_MS);
	try {
		return await work;
	} finally {
		clearInterval(tick);
	}
}
