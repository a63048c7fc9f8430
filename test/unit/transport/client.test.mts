import type { IDataObject, IHttpRequestOptions, IN8nHttpFullResponse } from 'n8n-workflow';

import {
	ApiClient,
	type ClientSettings,
	type Gate,
	REQUEST_DEFAULTS,
} from '../../../nodes/Invent/transport/client.ts';
import { ResponseError } from '../../../nodes/Invent/transport/errors.ts';
import { MAX_CONCURRENT, rateLimiterFor } from '../../../nodes/Invent/transport/rateLimiter.ts';
import { SEEN } from './networkFixtures.mts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

let apis = 0;

/** The address of an API that nothing was sent to: what is known of one is kept as long as the process lives. */
function freshUrl(): string {
	return `https://api-${++apis}.example.com`;
}

function answer(body: unknown, statusCode = 200, headers: IDataObject = {}): IN8nHttpFullResponse {
	return { body: body as IDataObject, headers, statusCode };
}

const FOUND = answer({ id: 'a' });

/** What the HTTP helper does with one request after the other: an answer, or an error; the last one again and again. */
type Script = ReadonlyArray<IN8nHttpFullResponse | Error>;

class Api {
	readonly sent: IHttpRequestOptions[] = [];

	readonly client: ApiClient;

	constructor(
		private readonly script: Script,
		settings: Partial<ClientSettings> = {},
	) {
		this.client = new ApiClient({
			send: async (options) => this.answer(options),
			common: { ...REQUEST_DEFAULTS, url: '', baseURL: freshUrl(), headers: { common: 'yes' } },
			caller: this,
			maxRateLimitWaitMs: 60_000,
			signal: new AbortController().signal,
			...settings,
		});
	}

	private answer(options: IHttpRequestOptions): IN8nHttpFullResponse {
		this.sent.push(options);
		const next = this.script[Math.min(this.sent.length, this.script.length) - 1];
		if (next instanceof Error) throw next;
		return next ?? FOUND;
	}
}

const OBJECT = { responseType: 'object' } as const;
const GET = { method: 'GET', url: '/a' } as const;
const POST = { method: 'POST', url: '/a', body: { name: 'A' } } as const;

/** Waits until a request has ended, whatever comes of it, while time passes. */
async function ended<T>(promise: Promise<T>): Promise<T | Error> {
	const outcome = promise.catch((error: unknown) =>
		error instanceof Error ? error : new Error(String(error)),
	);
	await vi.advanceTimersByTimeAsync(300_000);
	return await outcome;
}

describe('A request', () => {
	test('has what is common to all, its own method, path, query and body as JSON', async () => {
		const api = new Api([FOUND]);
		await ended(api.client.request({ ...POST, qs: { page: 2 } }, OBJECT));
		const [sent] = api.sent;
		expect(sent).toMatchObject({
			...REQUEST_DEFAULTS,
			url: '/a',
			method: 'POST',
			qs: { page: 2 },
			body: '{"name":"A"}',
			headers: { common: 'yes', 'content-type': 'application/json' },
			returnFullResponse: true,
		});
	});

	test('without a body, or to read, has none, and does not say of what type it is', async () => {
		const api = new Api([FOUND]);
		await ended(api.client.request({ method: 'POST', url: '/a' }, OBJECT));
		await ended(api.client.request({ ...GET, body: { name: 'A' } }, OBJECT));
		await ended(api.client.request({}, OBJECT));
		for (const sent of api.sent) {
			expect(sent).not.toHaveProperty('body');
			expect(sent.headers).toEqual({ common: 'yes' });
		}
		expect(api.sent[2]).toMatchObject({ url: '', method: 'GET', qs: {} });
	});

	test('gives the objects, the count and the time of its response', async () => {
		const headers = { 'pagination-count': '7', date: 'Tue, 24 Nov 2026 12:00:00 GMT' };
		const api = new Api([answer([{ id: 'a' }, { id: 'b' }], 200, headers)]);
		expect(await ended(api.client.request(GET, { responseType: 'list' }))).toEqual({
			objects: [{ id: 'a' }, { id: 'b' }],
			totalCount: 7,
			date: Date.UTC(2026, 10, 24, 12),
		});
	});

	test('fails when the response lacks what it must hold', async () => {
		const api = new Api([FOUND]);
		const expected = { responseType: 'object', requiredField: 'secret_key' } as const;
		expect(await ended(api.client.request(POST, expected))).toBeInstanceOf(ResponseError);
	});

	test('makes its objects known', async () => {
		const api = new Api([FOUND]);
		await ended(api.client.request(GET, OBJECT));
		expect(api.client.known.wasSeenBefore('a', performance.now())).toBe(true);
		expect(api.client.known.wasSeenBefore('b', performance.now())).toBe(false);
	});
});

describe('After a failure', () => {
	test('a request is sent again, unless it creates something', async () => {
		for (const [request, attempts] of [
			[GET, 2],
			[{ ...POST, method: 'PATCH' }, 2],
			[{ url: '/a' }, 2],
			[POST, 1],
		] as const) {
			const api = new Api([SEEN.reset, FOUND]);
			await ended(api.client.request(request, OBJECT));
			expect(api.sent).toHaveLength(attempts);
		}
	});

	test('what is said of a request counts more than its method', async () => {
		for (const [request, idempotent, attempts] of [
			[POST, true, 2],
			[GET, false, 1],
		] as const) {
			const api = new Api([SEEN.reset, FOUND]);
			await ended(api.client.request(request, OBJECT, { idempotent }));
			expect(api.sent).toHaveLength(attempts);
		}
	});

	test('who asked is told before each attempt, and of each that failed and when it was sent', async () => {
		const api = new Api([SEEN.reset, SEEN.timeout, FOUND]);
		const attemptedAt: number[] = [];
		const failures: Array<[error: unknown, sentAt: number]> = [];
		await ended(
			api.client.request(GET, OBJECT, {
				onAttempt: () => {
					expect(api.sent).toHaveLength(attemptedAt.length);
					attemptedAt.push(performance.now());
				},
				onFailedAttempt: (...failure) => failures.push(failure),
			}),
		);
		expect(attemptedAt).toHaveLength(3);
		expect(failures).toEqual([
			[SEEN.reset, attemptedAt[0]],
			[SEEN.timeout, attemptedAt[1]],
		]);
	});

	test('that demands a pause, nothing is sent to this API for so long', async () => {
		const api = new Api([answer('', 429, { 'retry-after': '30' }), FOUND]);
		const sending = api.client.request(POST, OBJECT);
		await vi.advanceTimersByTimeAsync(1000);
		expect(api.client.limiter.waitMs).toBe(29_000);
		await ended(sending);
		expect(api.sent).toHaveLength(2);
	});

	test('that demands a longer wait than allowed, the request fails', async () => {
		const api = new Api([answer('', 429, { 'retry-after': '30' })], { maxRateLimitWaitMs: 29_999 });
		expect(await ended(api.client.request(POST, OBJECT))).toMatchObject({ name: 'RateLimitError' });
	});
});

describe('The number of requests at a time', () => {
	/** How many of 20 requests are on their way at once. */
	async function activeOf(baseURL: string): Promise<number> {
		const controller = new AbortController();
		let active = 0;
		const api = new Api([], {
			common: { url: '', baseURL },
			signal: controller.signal,
			send: async () => {
				active += 1;
				await new Promise((resolve) => controller.signal.addEventListener('abort', resolve));
				return FOUND;
			},
		});
		const sending = Array.from({ length: 20 }, async () => await api.client.request(GET, OBJECT));
		await vi.advanceTimersByTimeAsync(10);
		const most = active;
		controller.abort('enough');
		await Promise.allSettled(sending);
		await vi.advanceTimersByTimeAsync(100);
		return most;
	}

	async function activeAfter(script: Script): Promise<number> {
		const baseURL = freshUrl();
		const api = new Api(script, { common: { url: '', baseURL } });
		for (let turn = 0; turn < script.length; turn++) await ended(api.client.request({ ...POST }, OBJECT));
		return await activeOf(baseURL);
	}

	test('is halved when one is refused without a word on when to come back', async () => {
		expect(await activeAfter([FOUND])).toBe(MAX_CONCURRENT);
		expect(await activeAfter([answer('', 503)])).toBe(MAX_CONCURRENT / 2);
		expect(await activeAfter([answer('', 429), FOUND])).toBe(MAX_CONCURRENT / 2);
	});

	test('stays when a response says when to come back, or is about something else', async () => {
		const later = { 'retry-after': '1' };
		for (const response of [
			answer('', 503, later),
			answer('', 429, later),
			answer('', 500),
			answer('', 404),
		]) {
			expect(await activeAfter([response, FOUND])).toBe(MAX_CONCURRENT);
		}
	});

	test.each([
		['grows again with answers, also with refusals of what was asked', 404, 2],
		['does not grow with errors of the service', 500, 1],
	])('%s', async (_, status, most) => {
		const baseURL = freshUrl();
		const limiter = rateLimiterFor(baseURL);
		for (let turn = 0; turn < 3; turn++) {
			const slot = await limiter.acquire({ caller: limiter });
			slot.release();
			limiter.onRefused(slot);
		}
		const api = new Api([answer('', status)], { common: { url: '', baseURL } });
		for (let turn = 0; turn < 2; turn++) await ended(api.client.request(POST, OBJECT));
		expect(await activeOf(baseURL)).toBe(most);
	});

	test('counts one that is still on its way, and not one that is answered', async () => {
		const api = new Api([FOUND]);
		for (let turn = 0; turn < 3 * MAX_CONCURRENT; turn++) {
			const outcome = api.client.request(GET, OBJECT);
			await vi.advanceTimersByTimeAsync(1);
			expect(await outcome).toMatchObject({ objects: [{ id: 'a' }] });
		}
		const failing = new Api([SEEN.invalidUrl]);
		for (let turn = 0; turn < 3 * MAX_CONCURRENT; turn++) {
			const outcome = failing.client.request(GET, OBJECT).catch((error: unknown) => error);
			await vi.advanceTimersByTimeAsync(1);
			expect(await outcome).toBe(SEEN.invalidUrl);
		}
	});
});

test('What a drop-down asks for goes before what operations ask for', async () => {
	const baseURL = freshUrl();
	const limiter = rateLimiterFor(baseURL);
	const slots = await Promise.all(
		Array.from({ length: MAX_CONCURRENT }, async () => await limiter.acquire({ caller: limiter })),
	);
	const order: string[] = [];
	const ask = async (name: string, isDropdown?: boolean) => {
		const send = async () => {
			order.push(name);
			return FOUND;
		};
		const settings = { send, common: { url: '', baseURL }, ...(isDropdown === true && { isDropdown }) };
		await new Api([], settings).client.request(GET, OBJECT);
	};
	const asked = Promise.all([ask('operation'), ask('drop-down', true)]);
	await vi.advanceTimersByTimeAsync(10);
	expect(order).toEqual([]);
	slots[0]?.release();
	await vi.advanceTimersByTimeAsync(100);
	await asked;
	expect(order).toEqual(['drop-down', 'operation']);
});

describe('A gate', () => {
	class TestGate implements Gate {
		readonly events: string[] = [];

		/** Answers of `isOpen`, one after the other; then it is open. */
		constructor(private readonly answers: Array<boolean | Error> = []) {}

		waitUntilOpen = async (signal: AbortSignal) => {
			signal.throwIfAborted();
			this.events.push('wait');
		};

		isOpen = () => {
			const answer = this.answers.shift() ?? true;
			if (answer instanceof Error) throw answer;
			this.events.push(answer ? 'open' : 'closed');
			return answer;
		};

		onReachable = () => this.events.push('reachable');

		onUnreachable = () => this.events.push('unreachable');
	}

	test('is asked before each attempt, when there is room for it, and told what came of it', async () => {
		const gate = new TestGate();
		await ended(new Api([SEEN.refused, answer('', 500), FOUND], { gate }).client.request(GET, OBJECT));
		const attempt = ['wait', 'open'];
		expect(gate.events).toEqual([
			...[...attempt, 'unreachable'],
			...[...attempt, 'unreachable'],
			...[...attempt, 'reachable'],
		]);
	});

	test('learns from a refusal that the service is reached, and nothing from a request that was cancelled', async () => {
		const refused = new TestGate();
		await ended(new Api([answer('', 404)], { gate: refused }).client.request(GET, OBJECT));
		expect(refused.events).toEqual(['wait', 'open', 'reachable']);
		const cancelled = new TestGate();
		await ended(new Api([SEEN.cancelled], { gate: cancelled }).client.request(GET, OBJECT));
		expect(cancelled.events).toEqual(['wait', 'open']);
	});

	test('that has closed in the meantime is waited for again, and keeps no room', async () => {
		const gate = new TestGate(Array<boolean>(2 * MAX_CONCURRENT).fill(false));
		const api = new Api([FOUND], { gate });
		expect(await ended(api.client.request(GET, OBJECT))).toMatchObject({ objects: [{ id: 'a' }] });
		expect(gate.events.filter((event) => event === 'wait')).toHaveLength(2 * MAX_CONCURRENT + 1);
		expect(api.sent).toHaveLength(1);
	});

	test('that lets nothing through any more ends the request with its reason, and keeps no room', async () => {
		const reason = new Error('Nothing more');
		const gate = new TestGate(Array<Error>(2 * MAX_CONCURRENT).fill(reason));
		const api = new Api([FOUND], { gate });
		for (let turn = 0; turn < 2 * MAX_CONCURRENT; turn++) {
			expect(await ended(api.client.request(GET, OBJECT))).toBe(reason);
		}
		expect(api.sent).toEqual([]);
		expect(await ended(api.client.request(GET, OBJECT))).toMatchObject({ objects: [{ id: 'a' }] });
	});
});
