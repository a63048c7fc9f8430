import type { ChatRequest, Task } from '../../../tools/demo/model/conversation.mts';
import type { Sandbox } from '../../../tools/sandbox/server.mts';
import { TOOL } from './workflow.mts';

/** The secret keys that are in force, and the API key. */
export function keysOf({ store, apiKey }: Sandbox): string[] {
	const secrets = store.organizations().flatMap(({ id }) => store.assistants(id));
	return [apiKey, ...secrets.flatMap(({ secret_key }) => secret_key ?? [])];
}

/** Where a key has come to the model other than in the answer of Rotate Key. */
export function keyLeaks(
	keys: readonly string[],
	calls: Task['calls'],
	requests: readonly ChatRequest[],
): string[] {
	const rotated = calls
		.filter(({ call, answer }) => call.tool === TOOL.rotate && answer.includes('secret_key'))
		.map(({ answer }) => answer);
	const others = calls.filter(({ call }) => call.tool !== TOOL.rotate).map(({ answer }) => answer);
	const offered = requests.map(({ tools, messages: [first] }) => JSON.stringify([tools, first]));
	return keys
		.filter((key) => [...others, ...offered].some((text) => text.includes(key)))
		.map((_, index) => `key ${index + 1} has come to the model outside of Rotate Key`)
		.concat(
			rotated.every((answer) => keys.some((key) => answer.includes(key)))
				? []
				: ['Rotate Key has not given the key in force'],
		);
}
