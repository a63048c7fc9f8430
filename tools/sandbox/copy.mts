import type { AssistantDuplicate } from '../../contract/invent.d.ts';
import { completeAssistant } from './data.mts';
import type { AssistantRecord, FullAssistant } from './data.mts';
import { newId } from './ids.mts';

/**
 * A copy of an assistant for the organization `targetOrgId`, made at `at` (ISO date and time).
 *
 * Documented (docs: api-reference/duplicate-an-assistant): actions, agents and knowledge links are copied, integrations are
 * not; into another organization, connections, agents and knowledge links are left out. Choices: each flag is on unless it is
 * false; the name of a copy; no secret key and no boards for it.
 */
export function copyOf(
	source: Readonly<AssistantRecord>,
	targetOrgId: string,
	flags: AssistantDuplicate,
	at: string,
): AssistantRecord {
	const original = source.assistant;
	const sameOrganization = targetOrgId === source.org_id;
	const id = newId('ast');
	const members: Partial<FullAssistant> = {
		id,
		name: flags.name ?? `${original.name} (copy)`,
		enabled: original.enabled,
		avatar_url: original.avatar_url,
		config: original.config,
		actions:
			flags.include_actions === false
				? []
				: original.actions.map((action) => ({
						...action,
						id: newId('act'),
						assistant_id: id,
						connection_id: sameOrganization ? action.connection_id : null,
						created_at: at,
						updated_at: at,
					})),
	};
	return {
		org_id: targetOrgId,
		agents: sameOrganization && flags.include_agents !== false ? source.agents : [],
		knowledge: sameOrganization && flags.include_knowledge !== false ? source.knowledge : [],
		assistant: completeAssistant(members, at),
	};
}
