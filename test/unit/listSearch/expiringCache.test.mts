import { ExpiringCache } from '../../../nodes/Invent/listSearch/expiringCache.ts';

const LIFETIME_MS = 1000;

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Gives 1, 2, 3 and so on. */
function counter(): () => Promise<number> {
	let count = 0;
	return async () => {
		count += 1;
		return await Promise.resolve(count);
	};
}

test('The cache gives what was loaded until its time is over, and then loads it again', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	const load = counter();
	expect(await cache.get('a', load)).toBe(1);
	vi.advanceTimersByTime(LIFETIME_MS - 1);
	expect(await cache.get('a', load)).toBe(1);
	vi.advanceTimersByTime(1);
	expect(await cache.get('a', load)).toBe(2);
});

test('The cache tells its keys apart', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	const load = counter();
	expect([await cache.get('a', load), await cache.get('b', load), await cache.get('a', load)]).toEqual([
		1, 2, 1,
	]);
});

test('The cache loads once for those who ask at the same time', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	const load = counter();
	expect(await Promise.all([cache.get('a', load), cache.get('a', load)])).toEqual([1, 1]);
});

test('The cache does not keep what failed', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	const failing = async () => await Promise.reject(new Error('Not now'));
	await expect(Promise.all([cache.get('a', failing), cache.get('a', failing)])).rejects.toThrow('Not now');
	expect(cache.size).toBe(0);
	expect(await cache.get('a', counter())).toBe(1);
});

test('The cache keeps what was loaded after an older load whose time was over, even if that one fails late', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	const late = Promise.withResolvers<number>();
	const waiting = cache.get('a', async () => await late.promise);
	vi.advanceTimersByTime(LIFETIME_MS);
	const load = counter();
	expect(await cache.get('a', load)).toBe(1);
	late.reject(new Error('Too late'));
	await expect(waiting).rejects.toThrow('Too late');
	expect(await cache.get('a', load)).toBe(1);
});

test('The cache forgets what is over when it is asked for anything', async () => {
	const cache = new ExpiringCache<number>(LIFETIME_MS);
	for (const key of ['a', 'b', 'c']) await cache.get(key, counter());
	vi.advanceTimersByTime(LIFETIME_MS);
	await cache.get('d', counter());
	expect(cache.size).toBe(1);
});
