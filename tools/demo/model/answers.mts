import { z } from 'zod';

const Assistant = z.object({ id: z.string(), name: z.string() }).passthrough();
const Answer = z.union([z.array(Assistant), Assistant.transform((one) => [one])]);

/** An assistant in the answer of an Invent tool. */
export type ToolAssistant = z.infer<typeof Assistant>;

/** The assistants in the answer of a tool. Throws when there is something else in it. */
export function assistantsIn(answer: string): ToolAssistant[] {
	const { success, data } = Answer.safeParse(JSON.parse(answer || 'null'));
	if (!success) throw new Error(`A tool has answered with something else than assistants: ${answer}`);
	return data;
}

/** The one assistant in the answer of a tool. Throws when there are none, or several. */
export function assistantIn(answer: string): ToolAssistant {
	const [first, ...others] = assistantsIn(answer);
	if (first === undefined || others.length > 0) throw new Error(`Expected one assistant in ${answer}`);
	return first;
}
