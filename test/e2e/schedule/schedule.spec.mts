import { z } from 'zod';
import type { Report } from '../../../tools/n8n/client.mts';
import { N8N } from '../../../tools/n8n/install.mts';
import { startServer } from '../../../tools/n8n/server.mts';
import { byId, invent, rowOf } from '../../../tools/n8n/workflow.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { expect, test, untilEnded, withN8n } from '../fixtures.mts';

const TICKS = 12; // before the restart, and again after it: a minute each
const INTERVAL_S = 5; // far enough apart that a busy machine's delay does not make one tick look like the next
const PATIENCE_MS = 4 * 60_000;
const TRIGGER = 'Every few seconds';

const Fired = z.object({ timestamp: z.string() });

/** Whether an execution has made just one assistant, and returned its key in force. */
function isExact(report: Report, name: string, { store }: Sandbox): boolean {
	const [created] = report.outputOf('Create');
	const [rotated] = report.outputOf('Rotate Key');
	const [made, ...more] = store.assistants().filter((assistant) => assistant.name === name);
	return (
		made !== undefined &&
		more.length === 0 &&
		created?.['id'] === made.id &&
		rotated?.['id'] === made.id &&
		rotated['secret_key'] === made.secret_key
	);
}

/** How far apart the ticks are that follow each other, in intervals: always one, when none is missing or doubled. */
function distances(firedAt: readonly number[]): number[] {
	const slots = firedAt.map((time) => Math.floor(time / 1000 / INTERVAL_S));
	return slots.slice(1).map((slot, index) => slot - (slots[index] ?? NaN));
}

test('a published workflow runs once for each tick of its schedule, before and after a restart of n8n', async ({
	archive,
}) => {
	test.setTimeout(4 * PATIENCE_MS);
	const sandbox = await startSandbox({ data: 'empty', creationsPerHour: 0 });
	await withN8n(archive, { n8n: N8N }, async (server, workspace) => {
		const { client, url } = server;
		const credential = await client.addInventCredential(sandbox);
		const interval = [{ field: 'seconds', secondsInterval: INTERVAL_S }];
		const workflow = await client.addWorkflow(
			rowOf('Every few seconds', [
				{
					name: TRIGGER,
					type: 'n8n-nodes-base.scheduleTrigger',
					typeVersion: 1.2,
					parameters: { rule: { interval } },
				},
				invent('Create', credential, 'create', { name: '=Tick {{ $execution.id }}' }),
				invent('Rotate Key', credential, 'rotateKey', { assistantId: byId('={{ $json.id }}') }),
			]),
		);
		await client.publish(workflow, 2);
		await untilEnded(client, workflow, TICKS, PATIENCE_MS);
		await server.stop('SIGTERM');
		const endedAt = Date.now();
		const done = sandbox.store.assistants().length;
		// At the address that it had: whoever was signed in still is.
		await startServer(workspace, { port: async () => Number(new URL(url).port) });
		await untilEnded(client, workflow, done + TICKS, PATIENCE_MS);
		await client.unpublish(workflow);

		const firedAt: number[] = [];
		for (const { id } of await untilEnded(client, workflow, done + TICKS, PATIENCE_MS)) {
			const report = await client.execution(id);
			expect(report.error).toBeUndefined();
			expect(isExact(report, `Tick ${id}`, sandbox)).toBe(true);
			firedAt.push(Date.parse(Fired.parse(report.outputOf(TRIGGER)[0]).timestamp));
		}
		for (const times of [firedAt.filter((at) => at < endedAt), firedAt.filter((at) => at >= endedAt)]) {
			expect(times.length).toBeGreaterThanOrEqual(TICKS);
			expect(distances(times)).toEqual(times.slice(1).map(() => 1));
		}
		expect(sandbox.store.assistants()).toHaveLength(firedAt.length);
	});
	await sandbox.close();
});
