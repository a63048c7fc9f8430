import { randomBytes } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { ChatRequest, taskOf, type OfferedTool, type Task } from './conversation.mts';
import { nextReply, type Plan, type Reply } from './plan.mts';

const LONGEST_BODY = 16 * 1024 * 1024;

/** A local server that speaks the OpenAI chat protocol, in place of a language model. */
export interface ChatModel {
	/** What belongs into the credential's Base URL. */
	readonly url: string;
	readonly apiKey: string;
	/** Every request for a reply, in order of arrival. */
	readonly requests: readonly ChatRequest[];
	/** Why requests were refused. */
	readonly refusals: readonly string[];
	close(): Promise<void>;
}

/**
 * Starts a chat model on 127.0.0.1 that knows some tasks by their words: capitals, quotes, and punctuation don't matter. To
 * anything else it replies with what it knows, and every reply says that it is a stand-in. Its replies are made of the
 * conversation: which tools are offered, and what they have answered.
 */
export async function startChatModel(plans: ReadonlyMap<string, Plan>): Promise<ChatModel> {
	const apiKey = `sk-${randomBytes(24).toString('hex')}`;
	const requests: ChatRequest[] = [];
	const refusals: string[] = [];
	const server = fastify({ bodyLimit: LONGEST_BODY, forceCloseConnections: true });
	server.addHook('onRequest', async ({ headers }, reply) => {
		if (headers.authorization !== `Bearer ${apiKey}`) await reply.code(401).send(refusal('Wrong API key'));
	});
	server.setErrorHandler(async (error, _request, reply) => {
		const message = error instanceof Error ? error.message : String(error);
		refusals.push(message);
		await reply.code(400).send(refusal(message));
	});
	addRoutes(server, plans, requests);
	const origin = await server.listen({ host: '127.0.0.1', port: 0 });
	return { url: `${origin}/v1`, apiKey, requests, refusals, close: async () => await server.close() };
}

function addRoutes(server: FastifyInstance, plans: ReadonlyMap<string, Plan>, requests: ChatRequest[]): void {
	server.get('/v1/models', async () => ({
		object: 'list',
		data: ['gpt-4.1-mini'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'stand-in' })),
	}));
	server.post('/v1/chat/completions', async ({ body }) => {
		const request = ChatRequest.parse(body);
		requests.push(request);
		if (request.stream) throw new Error('This stand-in does not stream its replies');
		const task = taskOf(request);
		const tools = request.tools.map(({ function: tool }) => tool);
		return completion(request.model, task, replyTo(task, plans, tools));
	});
}

function replyTo(task: Task, plans: ReadonlyMap<string, Plan>, tools: readonly OfferedTool[]): Reply {
	const sentences = [...plans.keys()];
	const plan = plans.get(sentences.find((sentence) => wordsOf(sentence) === wordsOf(task.text)) ?? '');
	const reply = plan === undefined ? { text: '' } : nextReply(plan, task, tools);
	if ('call' in reply) return reply;
	const known = sentences.map((sentence) => `\n- ${sentence}`).join('');
	const notice = `This is a stand-in for a language model. It only knows:${known}`;
	return { text: reply.text === '' ? notice : `${reply.text}\n\n(${notice}\n)` };
}

/** The words of a text without capitals, quotes, and punctuation. */
function wordsOf(text: string): string {
	return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(' ');
}

function completion(model: string, { length }: Task, reply: Reply) {
	const message =
		'text' in reply
			? { role: 'assistant', content: reply.text }
			: { role: 'assistant', content: null, tool_calls: [toolCall(`call_${length}`, reply.call)] };
	return {
		id: `chatcmpl-${randomBytes(8).toString('hex')}`,
		object: 'chat.completion',
		created: Math.floor(Date.now() / 1000),
		model,
		choices: [{ index: 0, message, finish_reason: 'text' in reply ? 'stop' : 'tool_calls', logprobs: null }],
		usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 },
	};
}

function toolCall(id: string, { tool, args }: Extract<Reply, { call: unknown }>['call']) {
	return { id, type: 'function', function: { name: tool, arguments: JSON.stringify(args) } };
}

function refusal(message: string) {
	return { error: { message, type: 'invalid_request_error', param: null, code: null } };
}
