import { getEventListeners } from 'node:events';

import fc from 'fast-check';

import { KeyedMutex } from '../../../nodes/Invent/transport/keyedMutex.ts';
import type { Lease } from '../../../nodes/Invent/transport/keyedMutex.ts';
import { workedMs } from '../cpuTime.mts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A task that runs until it is told to end. */
class Task {
	startedAt: number | undefined;

	lease: Lease | undefined;

	end: () => void = () => undefined;

	fail: (reason: unknown) => void = () => undefined;

	outcome: unknown = 'pending';

	constructor(
		mutex: KeyedMutex,
		readonly key: string,
		signal?: AbortSignal,
	) {
		const run = async (lease: Lease) => {
			this.startedAt = performance.now();
			this.lease = lease;
			return await new Promise<string>((resolve, reject) => {
				this.end = () => resolve('done');
				this.fail = reject;
			});
		};
		mutex.runExclusive(key, run, signal).then(
			(value) => (this.outcome = value),
			(reason: unknown) => (this.outcome = reason),
		);
	}

	get hasStarted(): boolean {
		return this.startedAt !== undefined;
	}
}

async function settled(): Promise<void> {
	await vi.advanceTimersByTimeAsync(0);
}

test('Tasks with the same key run one after the other, in the order of asking', async () => {
	const mutex = new KeyedMutex();
	const tasks = [1, 2, 3].map(() => new Task(mutex, 'a'));
	for (const task of tasks) {
		await settled();
		expect(tasks.filter(({ hasStarted, outcome }) => hasStarted && outcome === 'pending')).toEqual([task]);
		task.end();
	}
	await settled();
	expect(tasks.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
	expect(mutex.size).toBe(0);
});

test('Tasks with different keys do not wait for one another', async () => {
	const mutex = new KeyedMutex();
	const tasks = ['a', 'b', 'c'].map((key) => new Task(mutex, key));
	await settled();
	expect(tasks.every(({ hasStarted }) => hasStarted)).toBe(true);
});

test('A task that fails hands its reason on, and the key to the next', async () => {
	const mutex = new KeyedMutex();
	const [first, second] = [new Task(mutex, 'a'), new Task(mutex, 'a')];
	await settled();
	first.fail('broken');
	await settled();
	expect(first.outcome).toBe('broken');
	expect(second.hasStarted).toBe(true);
});

test('A task that throws at once frees the key', async () => {
	const mutex = new KeyedMutex();
	const throwing = () => {
		throw new Error('At once');
	};
	await expect(mutex.runExclusive('a', throwing)).rejects.toThrow('At once');
	expect(mutex.size).toBe(0);
});

test('One that gives up while it waits throws the reason at once, never runs, and leaves the others in their order', async () => {
	const mutex = new KeyedMutex();
	const controller = new AbortController();
	const tasks = [undefined, controller.signal, undefined].map((signal) => new Task(mutex, 'a', signal));
	await settled();
	controller.abort('cancelled');
	await settled();
	expect(tasks[1]?.outcome).toBe('cancelled');
	tasks[0]?.end();
	await settled();
	expect(tasks.map(({ hasStarted }) => hasStarted)).toEqual([true, false, true]);
	expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
});

test('One that gives up just when its turn comes hands the key on', async () => {
	const mutex = new KeyedMutex();
	const controller = new AbortController();
	const tasks = [undefined, controller.signal, undefined].map((signal) => new Task(mutex, 'a', signal));
	await settled();
	tasks[0]?.end();
	for (let turn = 0; turn < 2; turn++) await Promise.resolve();
	controller.abort('cancelled');
	await settled();
	expect(tasks[2]?.hasStarted).toBe(true);
	expect(tasks[1]?.hasStarted).toBe(tasks[1]?.outcome === 'pending');
});

test('Who asks with a signal that has aborted gets no turn and takes none', async () => {
	const mutex = new KeyedMutex();
	const task = new Task(mutex, 'a', AbortSignal.abort('cancelled'));
	await settled();
	expect(task.outcome).toBe('cancelled');
	expect(task.hasStarted).toBe(false);
	expect(mutex.size).toBe(0);
	const holding = new Task(mutex, 'a');
	const waiting = new Task(mutex, 'a', AbortSignal.abort('cancelled'));
	await settled();
	expect(waiting.outcome).toBe('cancelled');
	holding.end();
	await settled();
	expect(mutex.size).toBe(0);
});

test('No listener stays on the signal of a task that waited and ran', async () => {
	const mutex = new KeyedMutex();
	const { signal } = new AbortController();
	const tasks = [1, 2].map(() => new Task(mutex, 'a', signal));
	await settled();
	tasks[0]?.end();
	await settled();
	expect(tasks[1]?.hasStarted).toBe(true);
	expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

describe('A key that is held for longer than its task', () => {
	async function heldUntil(mutex: KeyedMutex, timestampMs: number): Promise<void> {
		await mutex.runExclusive('a', async (lease) => {
			lease.holdUntil(timestampMs);
			lease.holdUntil(timestampMs - 1000);
		});
	}

	test('keeps those who wait until then, and those who come later', async () => {
		const mutex = new KeyedMutex();
		const start = performance.now();
		const holding = heldUntil(mutex, start + 5000);
		const waiting = new Task(mutex, 'a');
		await holding;
		await vi.advanceTimersByTimeAsync(1000);
		const later = new Task(mutex, 'a');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(waiting.startedAt).toBe(start + 5000);
		expect(later.hasStarted).toBe(false);
		waiting.end();
		await settled();
		expect(later.hasStarted).toBe(true);
	});

	test('does not keep the task that has it, nor other keys', async () => {
		const mutex = new KeyedMutex();
		await heldUntil(mutex, performance.now() + 5000);
		const other = new Task(mutex, 'b');
		await settled();
		expect(other.hasStarted).toBe(true);
	});

	test('lets one that gives up go at once, and the next still waits until then', async () => {
		const mutex = new KeyedMutex();
		const start = performance.now();
		await heldUntil(mutex, start + 5000);
		const controller = new AbortController();
		const tasks = [controller.signal, undefined].map((signal) => new Task(mutex, 'a', signal));
		await vi.advanceTimersByTimeAsync(2000);
		controller.abort('cancelled');
		await settled();
		expect(tasks[0]?.outcome).toBe('cancelled');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(tasks[1]?.startedAt).toBe(start + 5000);
	});

	test('is forgotten some time after', async () => {
		const mutex = new KeyedMutex();
		for (let key = 0; key < 100; key++) {
			await mutex.runExclusive(`${key}`, async (lease) => {
				lease.holdUntil(performance.now() + (key % 2 === 0 ? 1000 : 3000));
			});
		}
		expect(mutex.size).toBe(100);
		await vi.advanceTimersByTimeAsync(2000);
		for (let turn = 0; turn < 20; turn++) await mutex.runExclusive('x', async () => undefined);
		expect(mutex.size).toBe(50);
		await vi.advanceTimersByTimeAsync(2000);
		for (let turn = 0; turn < 20; turn++) await mutex.runExclusive('x', async () => undefined);
		expect(mutex.size).toBe(0);
		expect(vi.getTimerCount()).toBe(0);
	});

	test('is forgotten as soon as its time is up', async () => {
		const mutex = new KeyedMutex();
		await heldUntil(mutex, performance.now());
		expect(mutex.size).toBe(0);
		await heldUntil(mutex, performance.now() + 1000);
		await vi.advanceTimersByTimeAsync(1000);
		await mutex.runExclusive('x', async () => undefined);
		expect(mutex.size).toBe(0);
	});

	test('is remembered although others are forgotten', async () => {
		const mutex = new KeyedMutex();
		const start = performance.now();
		await heldUntil(mutex, start + 5000);
		for (let turn = 0; turn < 20; turn++) await mutex.runExclusive('x', async () => undefined);
		const task = new Task(mutex, 'a');
		await vi.advanceTimersByTimeAsync(10_000);
		expect(task.startedAt).toBe(start + 5000);
	});
});

test('20,000 that wait for one key, half of which give up, take less than half a second of work', async () => {
	vi.useRealTimers();
	const mutex = new KeyedMutex();
	const controller = new AbortController();
	let runs = 0;
	const start = workedMs();
	const waiting = Array.from({ length: 20_000 }, async (_, index) => {
		const task = async () => {
			runs += 1;
			if (index === 0) controller.abort('cancelled');
		};
		await mutex.runExclusive('a', task, index % 2 === 0 ? undefined : controller.signal);
	});
	const outcomes = await Promise.allSettled(waiting);
	expect(workedMs() - start).toBeLessThan(500);
	expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(runs);
	expect(runs).toBe(10_000);
	expect(mutex.size).toBe(0);
});

/** What is known of the tasks: those of each key in the order of asking, those that have ended left out. */
interface Model {
	readonly queues: Map<string, number[]>;
	readonly heldUntil: Map<string, number>;
	readonly running: Set<number>;
}

interface Real {
	readonly mutex: KeyedMutex;
	readonly tasks: Array<{ task: Task; controller: AbortController }>;
}

type Command = fc.AsyncCommand<Model, Real>;

/** The first of each key runs, unless the key was held when its turn came; the others do not. */
function expectFirstsToRun({ queues, heldUntil, running }: Model, { tasks }: Real): void {
	for (const [key, [first, ...others]] of queues) {
		if (first !== undefined && (heldUntil.get(key) ?? 0) <= performance.now()) running.add(first);
		if (first !== undefined) expect(tasks[first]?.task.hasStarted).toBe(running.has(first));
		expect(others.filter((index) => tasks[index]?.task.hasStarted)).toEqual([]);
	}
}

abstract class Step implements Command {
	constructor(readonly which: number) {}

	check = (model: Readonly<Model>) => this.pick(model) !== undefined;

	async run(model: Model, real: Real): Promise<void> {
		await this.act(model, real, this.pick(model) ?? -1);
		await settled();
		expectFirstsToRun(model, real);
	}

	toString = () => `${this.constructor.name}(${this.which})`;

	protected pick({ queues }: Readonly<Model>): number | undefined {
		const candidates = [...queues.values()].flatMap((queue) => this.candidatesIn(queue));
		return candidates[this.which % Math.max(candidates.length, 1)];
	}

	protected candidatesIn(queue: readonly number[]): readonly number[] {
		return queue;
	}

	protected leave({ queues }: Model, index: number): void {
		for (const [key, queue] of queues) {
			queues.set(
				key,
				queue.filter((other) => other !== index),
			);
		}
	}

	protected abstract act(model: Model, real: Real, index: number): Promise<void>;
}

class Ask extends Step {
	override check = () => true;

	protected async act({ queues }: Model, { mutex, tasks }: Real): Promise<void> {
		const key = `key ${this.which % 3}`;
		queues.set(key, [...(queues.get(key) ?? []), tasks.length]);
		const controller = new AbortController();
		tasks.push({ task: new Task(mutex, key, controller.signal), controller });
	}
}

class End extends Step {
	protected async act(model: Model, { tasks }: Real, index: number): Promise<void> {
		const task = tasks[index]?.task;
		if (task?.hasStarted !== true) return;
		if (this.which % 2 === 0) task.end();
		else task.fail('failed');
		this.leave(model, index);
	}

	protected override candidatesIn(queue: readonly number[]): readonly number[] {
		return queue.slice(0, 1);
	}
}

class Hold extends Step {
	protected async act({ heldUntil }: Model, { tasks }: Real, index: number): Promise<void> {
		const task = tasks[index]?.task;
		if (task?.lease === undefined) return;
		const timestampMs = performance.now() + this.which * 100;
		task.lease.holdUntil(timestampMs);
		heldUntil.set(task.key, Math.max(heldUntil.get(task.key) ?? 0, timestampMs));
	}

	protected override candidatesIn(queue: readonly number[]): readonly number[] {
		return queue.slice(0, 1);
	}
}

class GiveUp extends Step {
	protected async act(model: Model, { tasks }: Real, index: number): Promise<void> {
		const chosen = tasks[index];
		chosen?.controller.abort('cancelled');
		// One that runs decides for itself.
		if (chosen?.task.hasStarted === false) this.leave(model, index);
	}
}

class Pass extends Step {
	override check = () => true;

	protected async act(): Promise<void> {
		await vi.advanceTimersByTimeAsync(this.which * 100);
	}
}

test('Whoever asks, ends, fails, gives up or holds on: the first of each key runs, and nobody else', async () => {
	const which = fc.nat(30);
	const steps = [Ask, Ask, End, End, Hold, GiveUp, Pass].map((Kind) =>
		which.map((number) => new Kind(number)),
	);
	await fc.assert(
		fc.asyncProperty(fc.commands(steps, { size: '+1', maxCommands: 40 }), async (commands) => {
			const mutex = new KeyedMutex();
			const model: Model = { queues: new Map(), heldUntil: new Map(), running: new Set() };
			const real: Real = { mutex, tasks: [] };
			await fc.asyncModelRun(() => ({ model, real }), commands);
			// In the end everybody has had a turn, and nothing is left.
			for (let turn = 0; turn < real.tasks.length; turn++) {
				await vi.advanceTimersByTimeAsync(3000);
				for (const { task } of real.tasks) task.end();
			}
			await vi.advanceTimersByTimeAsync(3000);
			expect(real.tasks.map(({ task }) => task.outcome)).not.toContain('pending');
			for (let turn = 0; turn < 3; turn++) await mutex.runExclusive('x', async () => undefined);
			expect(mutex.size).toBe(0);
			expect(vi.getTimerCount()).toBe(0);
		}),
		{ seed: 9, numRuns: 150 },
	);
});
