import { TimeSlices } from '../../../nodes/Invent/transport/timeSlices.ts';

let now = 0;

beforeEach(() => {
	vi.useFakeTimers();
	now = 0;
	vi.spyOn(performance, 'now').mockImplementation(() => now);
});

afterEach(() => {
	vi.restoreAllMocks();
	vi.useRealTimers();
});

/** Has many go on, each of which keeps the event loop busy for a millisecond. */
function startMany(slices: TimeSlices, count: number): number[] {
	const wentOn: number[] = [];
	for (let who = 0; who < count; who++) {
		void slices.next().then(() => {
			wentOn.push(who);
			now += 1;
		});
	}
	return wentOn;
}

async function microtasks(): Promise<void> {
	for (let count = 0; count < 20; count++) await Promise.resolve();
}

test('Those who ask within the first 20 ms go on without a pause', async () => {
	const wentOn = startMany(new TimeSlices(), 6);
	await microtasks();
	expect(wentOn).toEqual([0, 1, 2, 3, 4, 5]);
	expect(vi.getTimerCount()).toBe(0);
});

test('After 20 ms the event loop gets its turn before anybody goes on', async () => {
	const slices = new TimeSlices();
	await slices.next();
	now = 20;
	const wentOn = startMany(slices, 6);
	await microtasks();
	expect(wentOn).toEqual([]);
	await vi.runAllTimersAsync();
	expect(wentOn).toEqual([0, 1, 2, 3, 4, 5]);
});

test('Who is left after about 20 ms waits for the next turn, in the order of asking', async () => {
	const slices = new TimeSlices();
	await slices.next();
	now = 20;
	const wentOn = startMany(slices, 100);
	const turns: number[] = [];
	while (wentOn.length < 100) {
		await vi.advanceTimersToNextTimerAsync();
		turns.push(wentOn.length - turns.reduce((sum, count) => sum + count, 0));
	}
	expect(wentOn).toEqual([...Array(100).keys()]);
	expect(Math.max(...turns)).toBeLessThan(50);
	expect(vi.getTimerCount()).toBe(0);
});

test('Who asks while others wait does not overtake them', async () => {
	const slices = new TimeSlices();
	await slices.next();
	now = 20;
	const wentOn = startMany(slices, 6);
	await vi.advanceTimersToNextTimerAsync();
	void slices.next().then(() => wentOn.push(6));
	await vi.runAllTimersAsync();
	expect(wentOn).toEqual([0, 1, 2, 3, 4, 5, 6]);
});
