import { RateLimitError, ResponseError } from '../../../nodes/Invent/transport/errors.ts';
import { retry } from '../../../nodes/Invent/transport/retry.ts';
import type { RetryOptions } from '../../../nodes/Invent/transport/retry.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Sends a request that fails with each of the errors in turn and then succeeds; tells when it was sent. */
async function sendThrough(errors: readonly unknown[], options: Partial<RetryOptions> = {}) {
	const sentAt: number[] = [];
	const rateLimits: number[] = [];
	const start = performance.now();
	const rest = [...errors];
	const send = async () => {
		sentAt.push(performance.now() - start);
		if (rest.length > 0) throw rest.shift();
		return 'response';
	};
	const sending = retry(send, {
		idempotent: true,
		maxRateLimitWaitMs: 60_000,
		signal: new AbortController().signal,
		onRateLimit: (ms) => rateLimits.push(ms),
		...options,
	}).then(
		(value) => ({ value, error: undefined }),
		(error: unknown) => ({ value: undefined, error }),
	);
	await vi.advanceTimersByTimeAsync(600_000);
	return { ...(await sending), sentAt, rateLimits };
}

function response(status: number, headers: Record<string, string> = {}, body: unknown = ''): ResponseError {
	return new ResponseError(status, body, headers);
}

/** A network error as n8n's HTTP helper throws it. */
function networkError(code: string): Error {
	return new Error('Wrapped', { cause: Object.assign(new Error(code), { code }) });
}

function describeError({ cause, message }: Error): string {
	return cause instanceof Error ? cause.message : message;
}

function gaps(times: readonly number[]): number[] {
	return times.slice(1).map((time, at) => time - (times[at] ?? 0));
}

describe('After a failure that may pass', () => {
	const failures = [
		response(500),
		response(502),
		response(503),
		response(504),
		networkError('ECONNRESET'),
		networkError('ETIMEDOUT'),
		response(200, {}, '{"id":'),
	];

	test.each(failures.map((error) => [describeError(error), error] as const))(
		'an idempotent request is sent again up to three times, after about 0.2, 0.4 and 0.8 seconds: %s',
		async (_, error) => {
			const { value, sentAt } = await sendThrough([error, error, error]);
			expect(value).toBe('response');
			const [first = 0, second = 0, third = 0] = gaps(sentAt);
			expect(first).toBeGreaterThanOrEqual(150);
			expect(first).toBeLessThanOrEqual(250);
			expect(second).toBeGreaterThanOrEqual(300);
			expect(second).toBeLessThanOrEqual(500);
			expect(third).toBeGreaterThanOrEqual(600);
			expect(third).toBeLessThanOrEqual(1000);
			expect(await sendThrough([error, error, error, error])).toMatchObject({ error });
		},
	);

	test.each(failures.map((error) => [describeError(error), error] as const))(
		'a request that must not be processed twice is not sent again: %s',
		async (_, error) => {
			expect(await sendThrough([error], { idempotent: false })).toMatchObject({ error, sentAt: [0] });
		},
	);

	test('the delays are not the same each time, so that not everybody comes back at once', async () => {
		const delays = await Promise.all(
			Array.from({ length: 5 }, async () => gaps((await sendThrough([response(500)])).sentAt)[0]),
		);
		expect(new Set(delays).size).toBeGreaterThan(1);
	});
});

describe('A request that never left', () => {
	test.each(['ECONNREFUSED', 'ENOTFOUND'])('is sent again with any method: %s', async (code) => {
		const { value, sentAt } = await sendThrough([networkError(code)], { idempotent: false });
		expect(value).toBe('response');
		expect(sentAt).toHaveLength(2);
	});

	test.each(['DEPTH_ZERO_SELF_SIGNED_CERT', 'EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_INVALID_URL'])(
		'is not sent again when a repetition cannot mend it: %s',
		async (code) => {
			expect((await sendThrough([networkError(code)])).sentAt).toEqual([0]);
		},
	);
});

describe('What is not sent again', () => {
	test.each([400, 401, 403, 404, 409, 422, 301, 303])('a request that got a %i', async (status) => {
		expect((await sendThrough([response(status)])).sentAt).toEqual([0]);
	});

	test.each([401, 404])('a request that got a %i, even with Retry-After', async (status) => {
		const { sentAt, rateLimits } = await sendThrough([response(status, { 'retry-after': '5' })]);
		expect(sentAt).toEqual([0]);
		expect(rateLimits).toEqual([]);
	});

	test('a request that failed for a reason of its own', async () => {
		const error = new TypeError('Not a function');
		expect(await sendThrough([error])).toMatchObject({ error, sentAt: [0] });
	});

	test('a request that was cancelled', async () => {
		const error = new DOMException('Cancelled', 'AbortError');
		expect(await sendThrough([error])).toMatchObject({ error, sentAt: [0] });
	});

	test('a request with an unusable response that is not cut off', async () => {
		expect((await sendThrough([response(200, {}, '<html></html>')])).sentAt).toEqual([0]);
	});
});

describe('A 429', () => {
	test('is waited for with any method, as long as it says, and everybody is told', async () => {
		const { value, sentAt, rateLimits } = await sendThrough([response(429, { 'retry-after': '7' })], {
			idempotent: false,
		});
		expect(value).toBe('response');
		expect(sentAt).toEqual([0, 7000]);
		expect(rateLimits).toEqual([7000]);
	});

	test('without Retry-After is waited for about 1, 2 and 4 seconds', async () => {
		const { sentAt } = await sendThrough([response(429), response(429), response(429)]);
		const [first = 0, second = 0, third = 0] = gaps(sentAt);
		expect([first, second, third].map((gap, at) => gap >= 750 * 2 ** at && gap <= 1250 * 2 ** at)).toEqual([
			true,
			true,
			true,
		]);
	});

	test('is not waited for when all waits together are longer than allowed', async () => {
		const wait = response(429, { 'retry-after': '30' });
		const { error, sentAt, rateLimits } = await sendThrough([wait, wait, wait]);
		expect(error).toBeInstanceOf(RateLimitError);
		expect(error).toMatchObject({ cause: wait });
		expect(sentAt).toEqual([0, 30_000, 60_000]);
		expect(rateLimits).toEqual([30_000, 30_000]);
	});

	test('does not use up the retries after other failures', async () => {
		const errors = [response(500), response(429), response(500), response(429), response(500)];
		expect((await sendThrough(errors)).value).toBe('response');
	});
});

describe('A 503 with Retry-After', () => {
	const wait = response(503, { 'retry-after': '5' });

	test('is waited for before an idempotent request is sent again, within what is allowed', async () => {
		expect(await sendThrough([wait])).toMatchObject({ value: 'response', sentAt: [0, 5000] });
		expect((await sendThrough([wait], { maxRateLimitWaitMs: 4999 })).error).toBeInstanceOf(RateLimitError);
	});

	test('is not the end of a wait for a request that may have been processed', async () => {
		expect(await sendThrough([wait], { idempotent: false })).toMatchObject({ error: wait, sentAt: [0] });
	});
});

test('An aborted signal ends the wait at once, with its reason', async () => {
	const controller = new AbortController();
	const reason = new Error('Cancelled');
	const sending = sendThrough([response(500)], { signal: controller.signal });
	controller.abort(reason);
	expect(await sending).toMatchObject({ error: reason, sentAt: [0] });
});

test('When time is up before a request can be sent again, its own failure is told', async () => {
	const controller = new AbortController();
	const error = response(500);
	const sending = sendThrough([error], { signal: controller.signal });
	controller.abort(new DOMException('Time is up', 'TimeoutError'));
	expect(await sending).toMatchObject({ error, sentAt: [0] });
});
