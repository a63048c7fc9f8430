import { refusal } from './answers.mts';
import type { Answer } from './answers.mts';
import type { AssistantRecord, FullAssistant, Organization } from './data.mts';
import type { Limits } from './limits.mts';
import type { Settings } from './options.mts';
import type { LiveStore } from './store.mts';

/** What an operation works with. */
export interface Context {
	settings: Settings;
	store: LiveStore;
	limits: Limits;
	write: (assistant: FullAssistant) => string;
	/** Where the sandbox is, with its base path; its files are served below it. */
	url: string;
}

function noOrganization(id: string): Answer {
	return refusal(404, `There is no organization ${id} that this key may reach`);
}

/** Acts on the organization that an id in a path means, if the key reaches it. */
export function inOrganization(
	{ store }: Context,
	id: string,
	act: (organization: Organization) => Answer,
): Answer {
	const organization = store.reach(id);
	return organization === undefined ? noOrganization(id) : act(organization);
}

/** Acts on an assistant of that organization. */
export function onAssistant(
	context: Context,
	path: { org_id: string; assistant_id: string },
	act: (record: Readonly<AssistantRecord>) => Answer,
): Answer {
	return inOrganization(context, path.org_id, (organization) => {
		const record = context.store.record(path.assistant_id);
		return record?.org_id === organization.id
			? act(record)
			: refusal(404, `There is no assistant ${path.assistant_id} in this organization`);
	});
}

/** The sandbox's clock, as ISO date and time. */
export function timestamp({ settings }: Context): string {
	return new Date(settings.now()).toISOString();
}
