import assert from 'node:assert/strict';
import { assistantIn, assistantsIn, type ToolAssistant } from '../../../tools/demo/model/answers.mts';
import type { Task as Conversation } from '../../../tools/demo/model/conversation.mts';
import type { Plan, Work } from '../../../tools/demo/model/plan.mts';
import type { RecordedRequest, Sandbox } from '../../../tools/sandbox/server.mts';
import { TOOL, type AgentVersion } from './workflow.mts';

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
function inShort({ method, path, query, body }: RecordedRequest): unknown[] {
	const place = path.replace(/^\/orgs\/[^/]+\/assistants/, '');
	return [`${method} ${place}`.trim(), method === 'GET' ? query : body].filter((part) => part !== undefined);
}

// Up to version 2 the AI Agent goes on after the error of a tool, too, but the model gets an empty text, whatever the tool.
const PASSES_ERRORS_ON = 3;
const NO_SUCH_ID = 'ast_0000000000000000000000';

function idOf(assistants: readonly ToolAssistant[], name: string): string {
	const found = assistants.find((assistant) => assistant.name === name);
	if (found === undefined)
		throw new Error(`No ${name} among ${assistants.map((one) => one.name).join(', ')}`);
	return found.id;
}

/** The id of an assistant in the sandbox. */
function idIn({ sandbox }: Outcome, name: string): string {
	return sandbox.store.assistants().find((assistant) => assistant.name === name)?.id ?? '';
}

const everyOperation: Task = {
	text: 'Use every operation, each with an ID from the answer before',
	*plan(): Work {
		const all = { organization_id: 'c', limit: '5', search: 'sales' };
		const id = idOf(assistantsIn(yield { tool: TOOL.find, args: all }), 'Sales Advisor');
		const { name } = assistantIn(yield { tool: TOOL.get, args: { assistant_id: id } });
		yield {
			tool: TOOL.update,
			args: {
				assistant_address: `https://useinvent.com/o/assistants/${id}`,
				name: `${name} North`,
				enabled: 'false',
				model: 'auto',
				memories: 'true',
				suggestion: 'Which tent is the lightest?',
			},
		};
		const rotated = assistantIn(yield { tool: TOOL.rotate, args: { assistant_id: id } });
		const copy = { assistant_id: id, name: 'Sales Advisor South', to_organization_id: '' };
		const copied = assistantIn(yield { tool: TOOL.copy, args: copy });
		const created = assistantIn(
			yield {
				tool: TOOL.create,
				args: {
					name: 'Boot Fitter',
					enabled: true,
					instructions: 'You fit boots.',
					language: 'en',
					model: 'auto',
				},
			},
		);
		const wanted = { name: 'Boot Fitter', config: { timezone: 'Europe/Oslo' } };
		yield { tool: TOOL.upsert, args: wanted };
		const same = assistantIn(yield { tool: TOOL.upsert, args: wanted });
		return `Rotated ${rotated.id}, copied ${copied.id}, created ${created.id}, kept ${same.id}`;
	},
	check(outcome) {
		const id = idIn(outcome, 'Sales Advisor North');
		const copy = idIn(outcome, 'Sales Advisor South');
		const created = idIn(outcome, 'Boot Fitter');
		const requests = outcome.requests.map(inShort);
		assert.deepEqual(requests.slice(0, 3), [
			['GET', { page: '1', take: '5', search: 'sales' }],
			[`GET /${id}`, {}],
			[`GET /${id}`, {}],
		]);
		const [method, changes] = requests[3] ?? [];
		assert.equal(method, `PATCH /${id}`);
		assert.partialDeepStrictEqual(changes, {
			name: 'Sales Advisor North',
			enabled: false,
			config: {
				model: 'auto',
				conversation: { enable_memories: true, suggested_messages: ['Which tent is the lightest?'] },
			},
		});
		assert.deepEqual(requests.slice(4, 7), [
			[`POST /${id}/rotate-secret-key`],
			[`POST /${id}/duplicate`, { name: 'Sales Advisor South' }],
			[
				'POST',
				{
					name: 'Boot Fitter',
					enabled: true,
					config: { instructions: 'You fit boots.', language: 'en', model: 'auto' },
				},
			],
		]);
		const later = requests.slice(7).map(([what]) => what);
		assert.deepEqual(
			later.filter((what) => !String(what).startsWith('GET')),
			[`PATCH /${created}`],
			'the first Create or Update changes one setting, the second nothing',
		);
		assert.equal(outcome.said, `Rotated ${id}, copied ${copy}, created ${created}, kept ${created}`);
	},
};

const emptyTexts: Task = {
	text: 'Leave out what you can by sending empty texts',
	*plan(): Work {
		const all = { organization_id: '', limit: '', search: '' };
		const id = idOf(assistantsIn(yield { tool: TOOL.find, args: all }), 'Voice Line');
		yield {
			tool: TOOL.update,
			args: { assistant_address: id, name: '', enabled: 'false', model: '', memories: '', suggestion: '' },
		};
		yield { tool: TOOL.copy, args: { assistant_id: id, name: '', to_organization_id: '' } };
		yield {
			tool: TOOL.create,
			args: { name: 'Map Reader', enabled: false, instructions: 'You read maps.', language: '', model: '' },
		};
		return 'Done';
	},
	check(outcome) {
		const id = idIn(outcome, 'Voice Line');
		const [list, ...writes] = outcome.requests.map(inShort);
		assert.deepEqual(list, ['GET', { page: '1', take: '50' }]);
		assert.equal(outcome.requests[0]?.path, '/orgs/c/assistants');
		assert.deepEqual(
			writes.filter(([what]) => what !== `GET /${id}`),
			[
				[`PATCH /${id}`, { enabled: false }],
				[`POST /${id}/duplicate`, {}],
				['POST', { name: 'Map Reader', enabled: false, config: { instructions: 'You read maps.' } }],
			],
		);
	},
};

const wrongId: Task = {
	text: 'Use an ID that does not exist, and then the right one',
	*plan(): Work {
		const wrong = yield { tool: TOOL.get, args: { assistant_id: NO_SUCH_ID } };
		const blank = yield { tool: TOOL.rotate, args: { assistant_id: ' ' } };
		const found = assistantsIn(
			yield { tool: TOOL.find, args: { organization_id: 'c', limit: '', search: 'warehouse' } },
		);
		const { name } = assistantIn(
			yield { tool: TOOL.get, args: { assistant_id: idOf(found, 'Warehouse Helper') } },
		);
		return `${wrong}\n${blank}\n${name}`;
	},
	check({ calls, requests, said, version }) {
		const [wrong, blank] = calls.map(({ answer }) => answer);
		if (version >= PASSES_ERRORS_ON) {
			assert.match(wrong ?? '', /'Assistant' or 'Organization' not found/);
			assert.match(blank ?? '', /'Assistant' is empty/);
		}
		assert.match(said, /Warehouse Helper$/);
		assert.deepEqual(
			requests.map(({ method, status }) => [method, status]),
			[
				['GET', 404],
				['GET', 200],
				['GET', 200],
			],
		);
	},
};

/** What the agent is given to do. */
export const TASKS: readonly Task[] = [everyOperation, emptyTexts, wrongId];
