import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

import type { Api, Contender } from './contender.mts';

const AT_ONCE = 8;

/**
 * The least that the work takes: bare requests over kept connections, eight at a time, without n8n, and without a
 * thought for what may go wrong.
 */
export const floor: Contender = {
	async list(api, pages) {
		const numbers = Array.from({ length: pages }, (_, page) => page + 1);
		const held = await eightAtATime(numbers, (page, agent) => ask(api, agent, `?page=${page}&take=100`));
		return { ids: held.flat().map(idOf), failed: 0, held };
	},
	async get(api, ids) {
		const held = await eightAtATime(ids, (id, agent) => ask(api, agent, `/${id}`));
		return { ids: held.map(idOf), failed: 0, held };
	},
};

async function eightAtATime<In>(
	inputs: readonly In[],
	work: (input: In, agent: Agent) => Promise<unknown>,
): Promise<unknown[]> {
	const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
	const results: unknown[] = [];
	const waiting = inputs.entries();
	const workThrough = async () => {
		for (const [at, input] of waiting) results[at] = await work(input, agent);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, workThrough));
	agent.destroy();
	return results;
}

async function ask({ url, apiKey }: Api, agent: Agent, path: string): Promise<unknown> {
	const { promise, resolve, reject } = Promise.withResolvers<string>();
	const headers = { authorization: `Bearer ${apiKey}` };
	request(`${url}/orgs/c/assistants${path}`, { agent, headers }, (response) => {
		if (response.statusCode === 200) text(response).then(resolve, reject);
		else reject(new Error(`Status ${String(response.statusCode)}`));
	})
		.on('error', reject)
		.end();
	return JSON.parse(await promise);
}

function idOf(assistant: unknown): unknown {
	return typeof assistant === 'object' && assistant !== null && 'id' in assistant ? assistant.id : undefined;
}
