import { sleep } from 'n8n-workflow';

import { pause, unlessAborted } from './waiting';

/** Requests that may be under way at the same time. More would be faster only until the limit is reached. */
const IN_FLIGHT = 8;

/** Invent's limit for each IP address (docs: workspace-management/api-keys). */
const REQUESTS_PER_WINDOW = 500;

const WINDOW_MS = 60_000;

/**
 * The pace at which this process asks one API: a burst goes at full speed, a long run settles at the limit.
 *
 * A request counts from when it is sent until a minute after its answer: Invent has counted it somewhere in
 * between, so however long each was under way, no minute of Invent's sees more than the limit.
 */
class Pace {
	private underWay = 0;

	/** When the counted requests were answered, oldest first, in milliseconds. */
	private readonly answered: number[] = [];

	private closedUntil = 0;

	/** Settles when everybody who asked before has been let in or has given up. */
	private line: Promise<unknown> = Promise.resolve();

	/** Wakes the first in line, if it waits for a request to end. */
	private wakeFirst = () => {};

	/**
	 * Sends a request when it is its turn, in the order of asking.
	 *
	 * @throws the signal's reason when it is aborted before that, at once
	 */
	async send<T>(request: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
		const turn = this.line.then(async () => await this.letIn(signal));
		this.line = turn.catch(() => undefined);
		let isIn = false;
		try {
			await unlessAborted(turn, signal);
			isIn = true;
			return await request();
		} finally {
			if (isIn) this.leave();
			// The place may be given just when the wait is given up.
			else turn.then(() => this.leave()).catch(() => undefined);
		}
	}

	/**
	 * Sends nothing more for a while, because the API has asked for it. Longer waits than the limit's own minute
	 * are about something else, such as the quota of new assistants, and keep nobody else waiting.
	 */
	close(ms: number): void {
		if (ms > WINDOW_MS) return;
		this.closedUntil = Math.max(this.closedUntil, performance.now() + ms);
	}

	private async letIn(signal: AbortSignal | undefined): Promise<void> {
		signal?.throwIfAborted();
		while (this.underWay >= IN_FLIGHT || this.waitMs() > 0) {
			if (this.underWay >= IN_FLIGHT) await unlessAborted(this.nextLeaving(), signal);
			else await pause(this.waitMs(), signal);
		}
		this.underWay += 1;
	}

	private leave(): void {
		this.underWay -= 1;
		this.answered.push(performance.now());
		this.wakeFirst();
	}

	/**
	 * Settles a moment after the next request has ended: others that end in that moment make room as well, and
	 * requests that start together are less work than the same number one by one.
	 */
	private async nextLeaving(): Promise<void> {
		await new Promise<void>((resolve) => {
			this.wakeFirst = resolve;
		});
		await sleep(0);
	}

	/** How long until one more request is allowed, in milliseconds. */
	private waitMs(): number {
		const now = performance.now();
		while ((this.answered[0] ?? now) + WINDOW_MS < now) this.answered.shift();
		const surplus = this.answered.length + this.underWay - REQUESTS_PER_WINDOW;
		const full = surplus < 0 ? 0 : (this.answered[surplus] ?? now) + WINDOW_MS - now;
		return Math.max(full, this.closedUntil - now);
	}
}

const paces = new Map<string, Pace>();

/**
 * The pace for the API at a Base URL, one for the whole process: Invent counts by IP address, whichever
 * workflow asks.
 */
export function paceOf(baseUrl: string): Pace {
	const { origin, pathname } = new URL(baseUrl);
	const api = origin + pathname.replace(/\/$/, '');
	let pace = paces.get(api);
	if (pace === undefined) paces.set(api, (pace = new Pace()));
	return pace;
}
