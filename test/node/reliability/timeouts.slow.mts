/** `npm run test:slow`: time-outs as they are, in minutes. */
import { testCredential } from '../harness/engine.mts';
import { CONTINUE, onSandbox } from '../harness/scene.mts';
import { startSilentServer } from '../harness/gateways.mts';
import { errorsOf, parametersOf } from '../harness/operations.mts';

const LONGEST_MS = 300_000;

describe('A server that hangs, in real time', () => {
	test(
		'is given up after a minute where nothing else is said',
		async () => {
			const server = await startSilentServer();
			const controller = new AbortController();
			await onSandbox({}, async (scene) => {
				const credential = { ...scene.credential, baseUrl: server.url };
				const running = scene.run(parametersOf('get'), {
					items: [{ id: 'ast_1' }, { id: 'ast_2' }],
					credential,
					settings: CONTINUE,
					signal: controller.signal,
				});
				const held = await server.givenUp;
				controller.abort();
				await running;
				expect(held).toBeGreaterThan(59_000);
				expect(held).toBeLessThan(90_000);
			});
			await server.close();
		},
		LONGEST_MS,
	);

	test(
		'does not hold the places of other executions for longer than a minute, whatever time-out its own execution has',
		async () => {
			await onSandbox({}, async (scene) => {
				const { id } = scene.sandbox.store.add({ name: 'Fine' });
				const hung = scene.sandbox.store.add({ name: 'Hung' }).id;
				scene.sandbox.faults.set([{ match: { path: hung }, effect: { stall: 'before' } }]);
				const controller = new AbortController();
				const began = performance.now();
				const running = scene.run(
					{ ...parametersOf('get'), requestOptions: { timeout: 100_000 } },
					{
						items: Array.from({ length: 20 }, () => ({ id: hung })),
						settings: CONTINUE,
						signal: controller.signal,
					},
				);
				const other = await scene.run(parametersOf('get'), { items: [{ id }, { id }], settings: CONTINUE });
				expect(performance.now() - began).toBeLessThan(95_000);
				expect(errorsOf(other)).toEqual([undefined, undefined]);
				controller.abort();
				await running;
			});
		},
		LONGEST_MS,
	);

	test(
		'is waited for longer than a minute where Request Options → Timeout says so',
		async () => {
			await onSandbox({}, async (scene) => {
				const { id } = scene.sandbox.store.add({ name: 'Slow' });
				scene.sandbox.faults.set([{ effect: { delayMs: 70_000 } }]);
				const outcome = await scene.run(
					{ ...parametersOf('get'), requestOptions: { timeout: 100_000 } },
					{ items: [{ id }, { id }], settings: CONTINUE },
				);
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
				expect(scene.sandbox.requests).toHaveLength(2);
			});
		},
		LONGEST_MS,
	);

	test('is told as such by the test of the credential, and not as a limit', async () => {
		const server = await startSilentServer();
		const { status, message } = await testCredential({ apiKey: 'a key', baseUrl: server.url });
		await server.close();
		expect(status).toBe('Error');
		expect(message).toMatch(/did not respond in time/);
	});
});
