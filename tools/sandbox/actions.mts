import type { AssistantAction, AssistantActionUpdate } from '../../contract/invent.d.ts';
import { forbidden, ok, refusal } from './answers.mts';
import type { Answer } from './answers.mts';
import { onAssistant, timestamp } from './context.mts';
import type { Context } from './context.mts';
import type { Input } from './contract.mts';
import { byPosition, completeAction } from './data.mts';
import type { FullAssistant } from './data.mts';
import { patchedConfig } from './merge.mts';
import { pageOf } from './paging.mts';
import { actionText } from './presentation.mts';

/** The distance between two positions (docs: api-reference/orgs-assistants/reorder-assistant-actions). */
const POSITION_STEP = 100;

function noAction(id: string): Answer {
	return refusal(404, `There is no action ${id} of this assistant`);
}

function onAction(
	context: Context,
	path: { org_id: string; assistant_id: string; action_id: string },
	act: (action: AssistantAction, assistant: FullAssistant) => Answer,
): Answer {
	return onAssistant(context, path, ({ assistant }) => {
		const action = assistant.actions.find(({ id }) => id === path.action_id);
		return action === undefined ? noAction(path.action_id) : act(action, assistant);
	});
}

function listOf(
	{ settings }: Context,
	actions: readonly AssistantAction[],
	query: Input<'listAssistantActions'>['query'],
): Answer {
	return pageOf(
		byPosition(actions),
		(action) => actionText(action, settings.generation),
		query,
		settings.countHeader,
	);
}

function listAssistantActions(context: Context, { path, query }: Input<'listAssistantActions'>): Answer {
	return onAssistant(context, path, ({ assistant }) => listOf(context, assistant.actions, query));
}

function createAssistantAction(context: Context, { path, body }: Input<'createAssistantAction'>): Answer {
	if (body === undefined) return forbidden('request must have a body');
	return onAssistant(context, path, ({ assistant }) => {
		const last = Math.max(0, ...assistant.actions.map(({ position }) => position ?? 0));
		const position = (Math.floor(last / POSITION_STEP) + 1) * POSITION_STEP;
		const action = completeAction({ ...body, position }, assistant.id, timestamp(context));
		context.store.update(assistant.id, { actions: [...assistant.actions, action] });
		return ok(actionText(action, context.settings.generation));
	});
}

function getAssistantAction(context: Context, { path }: Input<'getAssistantAction'>): Answer {
	return onAction(context, path, (action) => ok(actionText(action, context.settings.generation)));
}

function changed(context: Context, action: AssistantAction, body: AssistantActionUpdate): AssistantAction {
	const { config, ...others } = body;
	const at = timestamp(context);
	return {
		...action,
		...others,
		...(config !== undefined && {
			config: patchedConfig(action.config, config, context.settings.patchConfig),
		}),
		updated_at: at,
	};
}

function updateAssistantAction(context: Context, { path, body }: Input<'updateAssistantAction'>): Answer {
	return onAction(context, path, (action, assistant) => {
		const after = changed(context, action, body ?? {});
		const actions = assistant.actions.map((other) => (other === action ? after : other));
		context.store.update(assistant.id, { actions });
		return ok(actionText(after, context.settings.generation));
	});
}

/** Gives the named actions their positions, the later of two for one action, and answers all (choices). */
function reorderAssistantActions(
	context: Context,
	{ path, query, body }: Input<'reorderAssistantActions'>,
): Answer {
	const positions = new Map(body?.positions.map(({ id, position }) => [id, position]));
	return onAssistant(context, path, ({ assistant }) => {
		const known = new Set(assistant.actions.map(({ id }) => id));
		const stranger = [...positions.keys()].find((id) => !known.has(id));
		if (stranger !== undefined) return noAction(stranger);
		const at = timestamp(context);
		const actions = assistant.actions.map((action) => {
			const position = positions.get(action.id);
			return position === undefined ? action : { ...action, position, updated_at: at };
		});
		context.store.update(assistant.id, { actions });
		return listOf(context, actions, query);
	});
}

/** The operations on actions by name. */
export const ACTION_OPERATIONS = {
	listAssistantActions,
	createAssistantAction,
	getAssistantAction,
	updateAssistantAction,
	reorderAssistantActions,
};
