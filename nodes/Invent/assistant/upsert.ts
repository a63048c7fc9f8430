import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { merged, sameJson, take } from '../parameters/places';
import { segmentOf } from '../parameters/segment';
import { isObject, type Manner, Refusal } from '../transport';
import { createdTrace } from './create';
import { organization } from './locators';
import { asConfigured } from './options';

/**
 * Turns the creation of an assistant into an update of the one that has its name, if there is one.
 *
 * @param wholeConfig whether the update sends the merged configuration or just what was entered
 */
function upserting(wholeConfig: boolean): NonNullable<Manner['prepare']> {
	return async (request, api) => {
		const { url = '', body } = request;
		const namesake = namesakeIn(await api.list(url), take(body, 'name'));
		if (namesake === undefined || !isObject(body)) return request;
		const path = `${url}/${segmentOf(String(namesake.id))}`;
		const assistant = await api.read(path);
		const changes = changesOf(assistant, body, wholeConfig);
		if (Object.keys(changes).length === 0) return { found: assistant };
		return { ...request, method: 'PATCH', url: path, body: changes };
	};
}

/** The one assistant of a name. Soft-deleted ones are out of use, and their names are free. */
function namesakeIn(assistants: readonly IDataObject[], name: unknown): IDataObject | undefined {
	const namesakes = assistants.filter((assistant) => assistant.name === name && assistant.deleted !== true);
	if (namesakes.length > 1) {
		const ids = namesakes.map(({ id }) => String(id)).join(', ');
		throw new Refusal(
			"'Name' fits several assistants",
			`Use Update with the ID of the one that is meant, or rename the others: ${ids}.`,
		);
	}
	return namesakes[0];
}

/** What an update must send so that an assistant is as entered. */
function changesOf(assistant: IDataObject, entered: IDataObject, wholeConfig: boolean): IDataObject {
	const changes: IDataObject = {};
	if ('enabled' in entered && entered.enabled !== assistant.enabled) changes.enabled = entered.enabled;
	if ('avatar_id' in entered && !hasAvatar(assistant, entered.avatar_id))
		changes.avatar_id = entered.avatar_id;
	if (isObject(entered.config)) {
		const config = merged(assistant.config, entered.config);
		const before = isObject(assistant.config) ? assistant.config : {};
		if (!sameJson(config, before)) changes.config = wholeConfig ? config : entered.config;
	}
	return changes;
}

/** The API takes the avatar's id and answers with its address; an address with the id in its path shows it. */
function hasAvatar({ avatar_url: url }: IDataObject, avatarId: unknown): boolean {
	if (avatarId === null) return url === null;
	return typeof url === 'string' && url.split(/[/?#]/).includes(segmentOf(String(avatarId)));
}

const UPSERT: Manner = {
	answers: 'one',
	order: 'all',
	trace: (request) => ({ ...createdTrace(request), isOnly: true }),
	prepare: upserting(true),
};

const AS_ENTERED: Manner = { ...UPSERT, prepare: upserting(false) };

export const upsert: INodePropertyOptions = {
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update an assistant by name',
	description: 'Create a new record, or update the current one if it already exists (upsert)',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants' },
		send: { preSend: [organization.inPath, asConfigured(UPSERT, AS_ENTERED)] },
	},
};
