import type { Assistant, Segment } from '../../contract/invent.d.ts';
import { completeAssistant } from './data.mts';
import type { AssistantRecord, FullAssistant, Organization, SandboxData } from './data.mts';

/** The data of a sandbox, as tests see it. What it returns is a snapshot; change it with `add`, `update` and `remove`. */
export interface Store {
	/** The assistants of an organization in list order, soft-deleted ones included. Default: the key's own organization. */
	assistants(orgId?: string): FullAssistant[];
	/** An assistant of any organization, by id. */
	find(id: string): FullAssistant | undefined;
	/** What belongs to an assistant but is in no answer: ids of its agents and of its knowledge, and its organization. */
	record(id: string): Readonly<AssistantRecord> | undefined;
	organizations(): Organization[];
	segments(orgId?: string): Segment[];
	/** Puts an assistant into an organization; members that are not given get plain values. Default: last in the list. */
	add(assistant: Partial<Assistant>, orgId?: string, at?: 'start' | 'end'): FullAssistant;
	/** Changes members of an assistant, with no regard to any rule. Throws for an unknown id. */
	update(id: string, change: Partial<Assistant>): FullAssistant;
	/** Takes an assistant out for good. Returns whether there was one. */
	remove(id: string): boolean;
}

interface Slot {
	record: AssistantRecord;
}

interface View {
	key: string;
	version: number;
	slots: readonly Slot[];
}

/** Which assistants of an organization are wanted. */
export interface Selection {
	/** Part of the name, capitals do not matter; empty or undefined for all. */
	search?: string | undefined;
	includeDeleted: boolean;
}

/** The live data of a sandbox. Assistants are never changed in place, so their JSON text can be kept beside them. */
export class LiveStore implements Store {
	readonly ownOrgId: string;
	readonly #organizations: Map<string, Organization>;
	readonly #byId = new Map<string, Slot>();
	readonly #byOrg = new Map<string, Slot[]>();
	readonly #now: () => number;
	readonly #changed: (data: () => SandboxData) => void;
	#version = 0;
	#view: View | undefined;

	/** `now` is the clock in milliseconds; `changed` is called after each change, with a way to get all the data. */
	constructor(data: SandboxData, now: () => number, changed: (data: () => SandboxData) => void = () => {}) {
		this.ownOrgId = data.own_org_id;
		this.#organizations = new Map(data.organizations.map((organization) => [organization.id, organization]));
		this.#now = now;
		this.#changed = changed;
		for (const record of data.assistants) this.#insert(record, 'end');
	}

	/** All the data, as plain JSON. */
	data(): SandboxData {
		return {
			own_org_id: this.ownOrgId,
			organizations: this.organizations(),
			assistants: [...this.#byOrg.values()].flat().map(({ record }) => record),
		};
	}

	/** The organization that an id in a path means: `c` is the key's own, and the key reaches the ones below it too. */
	reach(orgId: string): Organization | undefined {
		if (orgId === 'c') return this.#organizations.get(this.ownOrgId);
		const organization = this.#organizations.get(orgId);
		const reached = organization?.id === this.ownOrgId || organization?.parent_id === this.ownOrgId;
		return reached ? organization : undefined;
	}

	/** The selected assistants of an organization, in list order. The last selection is kept, for reading page by page. */
	select(orgId: string, { search = '', includeDeleted }: Selection): readonly Slot[] {
		const all = this.#byOrg.get(orgId) ?? [];
		if (search === '' && includeDeleted) return all;
		const key = JSON.stringify([orgId, search, includeDeleted]);
		if (this.#view?.key === key && this.#view.version === this.#version) return this.#view.slots;
		const wanted = search.toLowerCase();
		const slots = all.filter(
			({ record: { assistant } }) =>
				(includeDeleted || !assistant.deleted) && assistant.name.toLowerCase().includes(wanted),
		);
		this.#view = { key, version: this.#version, slots };
		return slots;
	}

	assistants(orgId = this.ownOrgId): FullAssistant[] {
		return (this.#byOrg.get(orgId) ?? []).map(({ record }) => record.assistant);
	}

	find(id: string): FullAssistant | undefined {
		return this.#byId.get(id)?.record.assistant;
	}

	record(id: string): Readonly<AssistantRecord> | undefined {
		return this.#byId.get(id)?.record;
	}

	organizations(): Organization[] {
		return [...this.#organizations.values()];
	}

	segments(orgId = this.ownOrgId): Segment[] {
		return this.#organizations.get(orgId)?.segments ?? [];
	}

	add(assistant: Partial<Assistant>, orgId = this.ownOrgId, at: 'start' | 'end' = 'end'): FullAssistant {
		return this.addRecord(
			{ org_id: orgId, agents: [], knowledge: [], assistant: this.#complete(assistant) },
			at,
		);
	}

	/** Like `add`, with what is in no answer. Throws for an unknown organization and for an id that is taken. */
	addRecord(record: AssistantRecord, at: 'start' | 'end' = 'end'): FullAssistant {
		if (!this.#organizations.has(record.org_id)) throw new Error(`There is no organization ${record.org_id}`);
		if (this.#byId.has(record.assistant.id)) throw new Error(`There is already a ${record.assistant.id}`);
		const added = this.#insert(record, at);
		this.#touch();
		return added;
	}

	update(id: string, change: Partial<Assistant>): FullAssistant {
		const slot = this.#byId.get(id);
		if (slot === undefined) throw new Error(`There is no assistant ${id}`);
		const assistant = Object.freeze({ ...slot.record.assistant, ...change });
		slot.record = { ...slot.record, assistant };
		this.#touch();
		return assistant;
	}

	remove(id: string): boolean {
		const slot = this.#byId.get(id);
		if (slot === undefined) return false;
		const siblings = this.#byOrg.get(slot.record.org_id) ?? [];
		siblings.splice(siblings.indexOf(slot), 1);
		this.#byId.delete(id);
		this.#touch();
		return true;
	}

	#complete(assistant: Partial<Assistant>): FullAssistant {
		return completeAssistant(assistant, new Date(this.#now()).toISOString());
	}

	#insert(record: AssistantRecord, at: 'start' | 'end'): FullAssistant {
		const assistant = Object.freeze(record.assistant);
		const slot = { record: { ...record, assistant } };
		const siblings = this.#byOrg.get(record.org_id) ?? [];
		if (at === 'start') siblings.unshift(slot);
		else siblings.push(slot);
		this.#byOrg.set(record.org_id, siblings);
		this.#byId.set(assistant.id, slot);
		return assistant;
	}

	#touch(): void {
		this.#version += 1;
		this.#changed(() => this.data());
	}
}
