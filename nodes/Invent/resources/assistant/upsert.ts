import type { IDataObject, INodePropertyOptions } from 'n8n-workflow';

import { InvalidParameterError } from '../../shared/errors';
import { deepMerge, get, isDeepEqual } from '../../shared/objectPath';
import { id } from '../../shared/parsers';
import { isObject } from '../../shared/typeGuards';
import { encodePathSegment } from '../../shared/url';
import { type RequestPolicy, withPolicy } from '../../transport';
import { CREATION_POLICY, createLookup } from './create';
import { organization } from './locators';
import { mergesConfig } from './options';
import { assistantLockKey } from './update';

/** Turns the creation of an assistant into an update, if one of that name exists. */
const resolveUpsert: NonNullable<RequestPolicy['resolveExisting']> = async (request, api) => {
	const { url = '', body } = request;
	const name = get(body, 'name');
	const existing = findByName(await api.list(url), name) ?? findByName(await api.listAgain(url), name);
	if (existing === undefined) return undefined;
	const update = {
		...request,
		method: 'PATCH' as const,
		url: `${url}/${encodePathSegment(id(existing.id))}`,
	};
	return { request: update, lockKey: assistantLockKey(update) };
};

/** The one assistant of a name. Soft-deleted ones are out of use, and their names are free. */
function findByName(assistants: readonly IDataObject[], name: unknown): IDataObject | undefined {
	const matches = assistants.filter((assistant) => assistant.name === name && assistant.deleted !== true);
	if (matches.length > 1) {
		const ids = matches.map((assistant) => String(assistant.id)).join(', ');
		throw new InvalidParameterError(
			"Multiple assistants match 'Name'",
			`Use Update with the ID of one of them, or rename the others: ${ids}.`,
		);
	}
	return matches[0];
}

/** Leaves only what differs from the assistant in the update, and sends none if nothing does. */
const sendDifferences: NonNullable<RequestPolicy['beforeRequest']> = async (request, { read }, values) => {
	const { method, url = '', body } = request;
	if (method !== 'PATCH' || !isObject(body)) return request;
	const assistant = await read(url);
	if (assistant.name !== body.name || assistant.deleted === true) return { isOutdated: true };
	const changes = diff(assistant, body, mergesConfig(values));
	return Object.keys(changes).length === 0 ? { existing: assistant } : { ...request, body: changes };
};

/**
 * What an update must send so that an assistant is as entered.
 *
 * @param wholeConfig whether to send the merged configuration or only what was entered
 */
function diff(assistant: IDataObject, entered: IDataObject, wholeConfig: boolean): IDataObject {
	const changes: IDataObject = {};
	if ('enabled' in entered && entered.enabled !== assistant.enabled) changes.enabled = entered.enabled;
	if ('avatar_id' in entered && !hasAvatar(assistant, entered.avatar_id)) {
		changes.avatar_id = entered.avatar_id;
	}
	if (isObject(entered.config)) {
		const config = deepMerge(assistant.config, entered.config);
		const before = isObject(assistant.config) ? assistant.config : {};
		if (!isDeepEqual(config, before)) changes.config = wholeConfig ? config : entered.config;
	}
	return changes;
}

/** The API takes the avatar's ID and responds with its address, which shows by the ID in its path. */
function hasAvatar({ avatar_url: url }: IDataObject, avatarId: unknown): boolean {
	if (avatarId === null) return url === null;
	return typeof url === 'string' && url.split(/[/?#]/).includes(encodeURIComponent(String(avatarId)));
}

export const upsert: INodePropertyOptions = {
	name: 'Create or Update',
	value: 'upsert',
	action: 'Create or update an assistant',
	description: 'Create a new assistant, or update the current one if it already exists (upsert)',
	routing: {
		request: { method: 'POST', url: '/orgs/{org_id}/assistants' },
		send: {
			preSend: [
				organization.substitute,
				withPolicy({
					...CREATION_POLICY,
					lockKey: ({ body }) => `assistants?name=${String(get(body, 'name'))}`,
					lookup: (request) => ({ ...createLookup(request), unique: true }),
					resolveExisting: resolveUpsert,
					beforeRequest: sendDifferences,
				}),
			],
		},
	},
};
