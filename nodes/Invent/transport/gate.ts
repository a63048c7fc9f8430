/** Requests that this process has under way at one Base URL at the same time. */
const IN_FLIGHT = 8;

class Gate {
	private free = IN_FLIGHT;

	private readonly waiting: Array<() => void> = [];

	async pass<T>(request: () => Promise<T>): Promise<T> {
		if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
		else this.free -= 1;
		try {
			return await request();
		} finally {
			const next = this.waiting.shift();
			if (next === undefined) this.free += 1;
			else next();
		}
	}
}

const gates = new Map<string, Gate>();

/**
 * Lets a request out when fewer than eight are under way, in the order of asking.
 *
 * @param baseUrl the API that the request goes to; all workflows of the process share its gate
 */
export async function throughGate<T>(baseUrl: string, request: () => Promise<T>): Promise<T> {
	let gate = gates.get(baseUrl);
	if (gate === undefined) gates.set(baseUrl, (gate = new Gate()));
	return await gate.pass(request);
}
