import type { AssistantBoard, AssistantUpdate, BoardAssignment, Segment } from '../../contract/invent.d.ts';
import { ACTION_OPERATIONS } from './actions.mts';
import { forbidden, ok, refusal, retryAfterHeader } from './answers.mts';
import type { Answer } from './answers.mts';
import { inOrganization, onAssistant, timestamp } from './context.mts';
import type { Context } from './context.mts';
import type { Input, OperationId } from './contract.mts';
import { copyOf } from './copy.mts';
import { columnOf, completeAssistant, defaultConfig } from './data.mts';
import type { FullAssistant, Organization } from './data.mts';
import { FILE_OPERATIONS, fileUrl } from './files.mts';
import { newId, newSecret } from './ids.mts';
import { patchedConfig } from './merge.mts';
import { pageOf } from './paging.mts';
import { subOrganization } from './presentation.mts';

/** What each operation of the contract does with a request that obeys the contract. */
export type Operations = { [Op in OperationId]: (context: Context, input: Input<Op>) => Answer };

// Whether the API refuses an unknown file is not documented; here it is taken, at an address reserved for examples.
function avatarUrl(
	{ store, url }: Context,
	orgId: string,
	avatarId: string | null | undefined,
): string | null {
	if (!avatarId) return null;
	const file = store.files(orgId).find(({ file: { id } }) => id === avatarId);
	return file === undefined
		? `https://files.invent.example/avatars/${encodeURIComponent(avatarId)}`
		: fileUrl(url, file);
}

// Whether the API refuses an unknown board is not documented; here it is taken, and its id stands for its name.
function boardsFor(segments: Segment[], assignments: BoardAssignment[], at: string): AssistantBoard[] {
	const boards = segments.flatMap((segment) => segment.boards);
	return assignments.map(({ board_id, initial_segment_id }) => {
		const column = segments.find(({ id }) => id === initial_segment_id);
		return {
			id: newId('abd'),
			board_id,
			board_name: boards.find((board) => board.board_id === board_id)?.board_name ?? board_id,
			created_at: at,
			updated_at: at,
			initial_segment: column === undefined ? null : columnOf(column),
		};
	});
}

/** Keeps the limit of creations. Only those that succeed take a place (a choice: the documentation does not tell). */
function withinCreationLimit(context: Context, orgId: string, create: () => FullAssistant): Answer {
	const { settings, limits, write } = context;
	const window = limits.creations(orgId);
	const wait = window.wait(settings.now());
	if (wait > 0) {
		const message = `This organization may create ${settings.creationsPerHour} assistants an hour`;
		return refusal(429, message, retryAfterHeader(settings.retryAfter, wait, settings.now()));
	}
	const created = create();
	window.add(settings.now());
	return ok(write(created));
}

function createAssistant(context: Context, { path, body }: Input<'createAssistant'>): Answer {
	const { settings, store } = context;
	if (body === undefined) return forbidden('request must have a body');
	if (settings.requireConfigOnCreate && body.config === undefined) {
		return forbidden("body must have required property 'config'");
	}
	const defaults = defaultConfig(settings.generation);
	const members = (orgId: string) => ({
		name: body.name,
		enabled: body.enabled ?? true,
		avatar_url: avatarUrl(context, orgId, body.avatar_id),
		secret_key: body.generate_secret_key ? newSecret() : null,
		config: body.config ? patchedConfig(defaults, body.config, 'deepMerge') : defaults,
	});
	return inOrganization(context, path.org_id, ({ id }) =>
		withinCreationLimit(context, id, () =>
			store.addRecord({
				org_id: id,
				agents: [],
				knowledge: [],
				assistant: completeAssistant(members(id), timestamp(context)),
			}),
		),
	);
}

function listAssistants(context: Context, { path, query }: Input<'listAssistants'>): Answer {
	const { settings, store, write } = context;
	return inOrganization(context, path.org_id, ({ id }) => {
		const selected = store.select(id, {
			search: settings.search === 'works' ? query.search : undefined,
			includeDeleted: settings.includeDeleted,
		});
		return pageOf(selected, ({ record }) => write(record.assistant), query, settings.countHeader);
	});
}

function getAssistant(context: Context, { path }: Input<'getAssistant'>): Answer {
	return onAssistant(context, path, ({ assistant }) => ok(context.write(assistant)));
}

function changes(
	context: Context,
	organization: Organization,
	assistant: FullAssistant,
	body: AssistantUpdate,
): Partial<FullAssistant> {
	const { name, enabled, avatar_id, config, boards } = body;
	const at = timestamp(context);
	return {
		...(name !== undefined && { name }),
		...(enabled !== undefined && { enabled }),
		...(avatar_id !== undefined && { avatar_url: avatarUrl(context, organization.id, avatar_id) }),
		...(config !== undefined && {
			config: patchedConfig(assistant.config, config, context.settings.patchConfig),
		}),
		...(boards !== undefined && { boards: boardsFor(organization.segments, boards, at) }),
		updated_at: at,
	};
}

function updateAssistant(context: Context, { path, body }: Input<'updateAssistant'>): Answer {
	return inOrganization(context, path.org_id, (organization) =>
		onAssistant(context, path, ({ assistant }) => {
			const change = changes(context, organization, assistant, body ?? {});
			return ok(context.write(context.store.update(assistant.id, change)));
		}),
	);
}

function duplicateAssistant(context: Context, { path, body }: Input<'duplicateAssistant'>): Answer {
	const { settings, store, write } = context;
	if (settings.requireDuplicateBody && body === undefined) return forbidden('request must have a body');
	return onAssistant(context, path, (record) => {
		const targetId = body?.target_org_id ?? record.org_id;
		return inOrganization(context, targetId, (target) => {
			const copy = () => store.addRecord(copyOf(record, target.id, body ?? {}, timestamp(context)));
			return settings.duplicateCounts ? withinCreationLimit(context, target.id, copy) : ok(write(copy()));
		});
	});
}

function rotateSecretKey(context: Context, { path }: Input<'rotateSecretKey'>): Answer {
	return onAssistant(context, path, ({ assistant }) => {
		const change = { secret_key: newSecret(), updated_at: timestamp(context) };
		return ok(context.write(context.store.update(assistant.id, change)));
	});
}

function listSubOrganizations(context: Context, { path, query }: Input<'listSubOrganizations'>): Answer {
	return inOrganization(context, path.org_id, ({ id }) => {
		const below = context.store.organizations().filter(({ parent_id }) => parent_id === id);
		return pageOf(
			below,
			(organization) => JSON.stringify(subOrganization(organization)),
			query,
			context.settings.countHeader,
		);
	});
}

function listSegments(context: Context, { path, query }: Input<'listSegments'>): Answer {
	return inOrganization(context, path.org_id, ({ segments }) => {
		const wanted = (query.search ?? '').toLowerCase();
		const found = segments.filter(
			({ name, boards }) =>
				name.toLowerCase().includes(wanted) && !(query.exclude_board_columns && boards.length > 0),
		);
		return pageOf(found, (segment) => JSON.stringify(segment), query, context.settings.countHeader);
	});
}

/** The operations by name. */
export const OPERATIONS: Operations = {
	createAssistant,
	listAssistants,
	getAssistant,
	updateAssistant,
	duplicateAssistant,
	rotateSecretKey,
	...ACTION_OPERATIONS,
	...FILE_OPERATIONS,
	listSubOrganizations,
	listSegments,
};
