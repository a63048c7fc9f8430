import { isDeepStrictEqual } from 'node:util';
import { Ajv } from 'ajv';
import type { OfferedTool, Task, ToolCall } from './conversation.mts';

/**
 * How the model works at a task: it asks for a call, gets the tool's answer, and may make the next call of what stands
 * in it. What it returns is what it says in the end.
 */
export type Work = Generator<ToolCall, string, string>;

/** The work that a task asks for. */
export type Plan = () => Work;

/** What the model says next. */
export type Reply = { readonly call: ToolCall } | { readonly text: string };

const ajv = new Ajv({ strict: false, validateFormats: false });

/**
 * The next reply. A chat server keeps nothing between two requests, so the work is done anew from the conversation each
 * time. Throws when the conversation is another than this plan leads to, when a tool is not offered, or when its schema
 * does not allow the arguments.
 */
export function nextReply(plan: Plan, { calls }: Task, offered: readonly OfferedTool[]): Reply {
	const work = plan();
	let step = work.next();
	for (const { call, answer } of calls) {
		if (step.done === true || !isDeepStrictEqual(call, step.value)) {
			throw new Error(`The conversation holds a call that was not asked for: ${JSON.stringify(call)}`);
		}
		step = work.next(answer);
	}
	if (step.done === true) return { text: step.value };
	requireFit(step.value, offered);
	return { call: step.value };
}

function requireFit({ tool, args }: ToolCall, offered: readonly OfferedTool[]): void {
	const found = offered.find(({ name }) => name === tool);
	if (found === undefined) {
		throw new Error(`There is no tool ${tool} among ${offered.map(({ name }) => name).join(', ')}`);
	}
	const { $schema, ...schema } = found.parameters; // ajv knows the drafts by other addresses than it is given here
	if (!ajv.validate(schema, args)) throw new Error(`${tool}: ${ajv.errorsText(ajv.errors)}`);
}
