import type { Plan } from '../../../tools/demo/model/plan.mts';
import type { Task as Conversation } from '../../../tools/demo/model/conversation.mts';
import type { RecordedRequest, Sandbox } from '../../../tools/sandbox/server.mts';
import type { AgentVersion } from './workflow.mts';

/** What came of a task. */
export interface Outcome {
	/** What Invent was sent, in order. */
	readonly requests: readonly RecordedRequest[];
	/** What the model asked for, and what the tools answered. */
	readonly calls: Conversation['calls'];
	/** What the agent said in the end. */
	readonly said: string;
	readonly sandbox: Sandbox;
	readonly version: AgentVersion;
}

/** A task for the agent, how the model works at it, and what must be true in the end. */
export interface Task {
	/** What the agent is told, and the name of the test. */
	readonly text: string;
	readonly plan: Plan;
	/** Throws what is not as it should be. */
	check(outcome: Outcome): void;
}

/** A request in short: method, path below the organization, and what was sent. */
export function inShort({ method, path, query, body }: RecordedRequest): unknown[] {
	const place = path.replace(/^\/orgs\/[^/]+\/assistants/, '');
	return [`${method} ${place}`.trim(), method === 'GET' ? query : body].filter((part) => part !== undefined);
}
