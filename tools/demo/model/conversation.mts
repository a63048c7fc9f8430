import { z } from 'zod';

const ToolCallMessage = z.object({
	id: z.string(),
	type: z.literal('function'),
	function: z.object({ name: z.string(), arguments: z.string() }),
});

/** A text, or the parts that newer clients send in its place. */
const Content = z
	.union([z.string(), z.array(z.object({ text: z.string() }).passthrough()), z.null()])
	.transform((content) =>
		Array.isArray(content) ? content.map(({ text }) => text).join('') : (content ?? ''),
	);

const Message = z.discriminatedUnion('role', [
	z.object({ role: z.enum(['system', 'developer']), content: Content }),
	z.object({ role: z.literal('user'), content: Content }),
	z.object({
		role: z.literal('assistant'),
		content: Content.optional(),
		tool_calls: z.array(ToolCallMessage).default([]),
	}),
	z.object({ role: z.literal('tool'), content: Content, tool_call_id: z.string() }),
]);

const OfferedTool = z.object({
	type: z.literal('function'),
	function: z.object({
		name: z.string(),
		description: z.string().default(''),
		parameters: z.record(z.string(), z.unknown()),
	}),
});

/** The body of `POST /v1/chat/completions`, as far as it matters here (OpenAI's API reference, Chat Completions). */
export const ChatRequest = z.object({
	model: z.string(),
	messages: z.array(Message),
	tools: z.array(OfferedTool).default([]),
	stream: z.boolean().default(false),
});
export type ChatRequest = z.infer<typeof ChatRequest>;

/** A tool as the model sees it: its name, what it does, and the JSON Schema of its arguments. */
export type OfferedTool = z.infer<typeof OfferedTool>['function'];

/** A call of a tool that the model asks for. */
export interface ToolCall {
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
}

/** The current task of a conversation: what was asked last, and what came of the tools since then. */
export interface Task {
	readonly text: string;
	/** How many messages stand before the answer that is due. */
	readonly length: number;
	/** The calls so far, each with the tool's answer. */
	readonly calls: readonly { readonly call: ToolCall; readonly answer: string }[];
}

/** Reads the current task out of the messages. Throws when a call has no answer, which the protocol forbids. */
export function taskOf({ messages }: ChatRequest): Task {
	const at = messages.findLastIndex(({ role }) => role === 'user');
	const since = messages.slice(at + 1);
	const answers = new Map(
		since.flatMap((message) =>
			message.role === 'tool' ? [[message.tool_call_id, message.content] as const] : [],
		),
	);
	const calls = since.flatMap((message) => (message.role === 'assistant' ? message.tool_calls : []));
	return {
		text: messages[at]?.role === 'user' ? messages[at].content : '',
		length: messages.length,
		calls: calls.map(({ id, function: { name, arguments: args } }) => {
			const answer = answers.get(id);
			if (answer === undefined) throw new Error(`The call ${id} of ${name} has no answer`);
			return { call: { tool: name, args: argsOf(args, id) }, answer };
		}),
	};
}

/** Version 3 of n8n's AI Agent repeats the model's own calls with their ids among the arguments. */
function argsOf(json: string, callId: string): ToolCall['args'] {
	const { id, ...args } = z.record(z.string(), z.unknown()).parse(JSON.parse(json));
	return id === undefined || id === callId ? args : { ...args, id };
}
