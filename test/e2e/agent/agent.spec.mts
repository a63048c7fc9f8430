import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { taskOf, type ChatRequest } from '../../../tools/demo/model/conversation.mts';
import { startChatModel } from '../../../tools/demo/model/server.mts';
import { startSandbox, type Sandbox } from '../../../tools/sandbox/server.mts';
import { expect, test } from '../fixtures.mts';
import { TASKS, type Outcome, type Task } from './tasks.mts';
import { agentWorkflow, TOOL, TRIGGER } from './workflow.mts';

/** What the conversation came to: its last request holds every call and every answer. */
function outcomeIn(requests: readonly ChatRequest[], { plan }: Task): Pick<Outcome, 'calls' | 'said'> {
	const last = requests.at(-1);
	if (last === undefined) throw new Error('The agent has not asked the model at all');
	const { calls } = taskOf(last);
	const work = plan();
	let step = work.next();
	for (const { answer } of calls) step = work.next(answer);
	return { calls, said: z.string().parse(step.value) };
}

/** The secret keys that are in force, and the API key. */
function keysOf({ store, apiKey }: Sandbox): string[] {
	const all = store.organizations().flatMap(({ id }) => store.assistants(id));
	return [apiKey, ...all.flatMap(({ secret_key }) => secret_key ?? [])];
}

const Described = z.object({ description: z.string().min(1) });

/** What of the tools has no description, which is all that a model has to go by. */
function undescribed([first]: readonly ChatRequest[]): string[] {
	return (first?.tools ?? []).flatMap(({ function: { name, description, parameters } }) => {
		const args = z.record(z.string(), z.unknown()).parse(parameters['properties']);
		const silent = Object.entries(args).filter(([, arg]) => !Described.safeParse(arg).success);
		return [...(description === '' ? [name] : []), ...silent.map(([arg]) => `${arg} of ${name}`)];
	});
}

for (const version of [2.2, 3] as const) {
	for (const task of TASKS) {
		// A local server in place of the language model asks for the calls; then what it asked for is compared with what Invent was sent.
		test(`AI Agent ${version}: ${task.text}`, async ({ server: { client } }) => {
			const sandbox = await startSandbox({ data: 'demo', creationsPerHour: 0 });
			const model = await startChatModel(new Map([[task.text, task.plan]]));
			try {
				const keysBefore = keysOf(sandbox);
				const data = { apiKey: model.apiKey, url: model.url };
				const credentials = {
					inventApi: await client.addInventCredential(sandbox),
					openAiApi: await client.addCredential({ name: 'Model', type: 'openAiApi', data }),
				};
				const workflow = await client.addWorkflow(agentWorkflow(task.text, version, credentials));
				const { error } = await client.ended(await client.execute(workflow, TRIGGER));
				expect(model.refusals).toEqual([]);
				expect(error).toBeUndefined();

				const outcome = {
					...outcomeIn(model.requests, task),
					requests: [...sandbox.requests],
					sandbox,
					version,
				};
				task.check(outcome);
				expect(sandbox.requests.flatMap(({ violation }) => violation ?? [])).toEqual([]);
				expect(undescribed(model.requests)).toEqual([]);
				const [first, ...later] = model.requests.map(({ tools }) => tools);
				expect(later.every((tools) => isDeepStrictEqual(tools, first))).toBe(true);

				// A key comes to the model in the answer of Rotate Key, and nowhere else.
				const keys = [...keysBefore, ...keysOf(sandbox)];
				const isRotated = (call: Outcome['calls'][number]) =>
					call.call.tool === TOOL.rotate && call.answer.includes('secret_key');
				const rotated = outcome.calls.filter(isRotated).map(({ answer }) => answer);
				const others = outcome.calls.filter((call) => !isRotated(call)).map(({ answer }) => answer);
				const offered = model.requests.map(({ tools, messages: [start] }) => JSON.stringify([tools, start]));
				const leaks = [...others, ...offered].filter((text) => keys.some((key) => text.includes(key)));
				expect(leaks.length).toBe(0);
				expect(rotated.every((answer) => keysOf(sandbox).some((key) => answer.includes(key)))).toBe(true);
			} finally {
				await Promise.all([sandbox.close(), model.close()]);
			}
		});
	}
}
