import { getEachMessage, sendMessage } from 'execa';

/** Answers what the parent process asks, one question after the other, until it ends. */
export async function answerEach(answer: (question: unknown) => Promise<object>): Promise<void> {
	for await (const question of getEachMessage()) {
		try {
			await sendMessage({ ok: true, value: await answer(question) });
		} catch (error) {
			const problem = error instanceof Error ? (error.stack ?? error.message) : String(error);
			await sendMessage({ ok: false, problem });
		}
	}
}
