import { z } from 'zod';
import { CHAT_MESSAGE, PLANS } from '../model/plans.mts';
import { startChatModel, type ChatModel } from '../model/server.mts';

const Completion = z.object({
	choices: z.tuple([
		z.object({
			message: z.object({
				content: z.string().nullable(),
				tool_calls: z.array(z.object({ function: z.object({ name: z.string() }) })).optional(),
			}),
		}),
	]),
});
const FIND = {
	name: 'Find_Assistants',
	parameters: { type: 'object', properties: { search: { type: 'string' } } },
};

let model: ChatModel;

beforeAll(async () => {
	model = await startChatModel(PLANS);
});
afterAll(async () => await model.close());

/** What the model replies to a text, or to the answer of its first tool call. */
async function replyTo(text: string, answer?: string) {
	const call = { id: 'call_1', type: 'function', function: { name: FIND.name, arguments: '{"search":""}' } };
	const afterCall = [
		{ role: 'assistant', content: null, tool_calls: [call] },
		{ role: 'tool', tool_call_id: call.id, content: answer },
	];
	const response = await fetch(`${model.url}/chat/completions`, {
		method: 'POST',
		headers: { authorization: `Bearer ${model.apiKey}`, 'content-type': 'application/json' },
		body: JSON.stringify({
			model: 'gpt-4.1-mini',
			messages: [{ role: 'user', content: text }, ...(answer === undefined ? [] : afterCall)],
			tools: [{ type: 'function', function: FIND }],
		}),
	});
	const [{ message }] = Completion.parse(await response.json()).choices;
	return { text: message.content, tool: message.tool_calls?.[0]?.function.name };
}

test.each([
	CHAT_MESSAGE,
	CHAT_MESSAGE.replaceAll('"', ''),
	CHAT_MESSAGE.replace('"', '“').replace('"', '”'),
	CHAT_MESSAGE.replaceAll('"', "'").replace(/\.$/, '!'),
	`  ${CHAT_MESSAGE.toUpperCase().replaceAll(',', '')}\n`,
	'which assistants do we have',
])("the demo's chat model understands: %s", async (text) => {
	expect(await replyTo(text)).toEqual({ text: null, tool: 'Find_Assistants' });
});

test("the demo's chat model tells which assistants there are, without deleted ones", async () => {
	const assistants = [
		{ id: 'ast_1', name: 'Support', enabled: true, deleted: false },
		{ id: 'ast_2', name: 'Sales', enabled: false, deleted: false },
		{ id: 'ast_3', name: 'Old', enabled: false, deleted: true },
	];
	const { text } = await replyTo('Which assistants do we have?', JSON.stringify(assistants));
	expect(text).toContain('There are 2 assistants:\n- Support\n- Sales (off)\n');
	expect(text).toContain('This is a stand-in for a language model.');
});

test("the demo's chat model says that it is a stand-in, and what it knows, to anything else", async () => {
	const { text } = await replyTo('Write me a poem');
	expect(text).toMatch(/^This is a stand-in for a language model\. It only knows:\n/);
	for (const sentence of PLANS.keys()) expect(text).toContain(sentence);
});
