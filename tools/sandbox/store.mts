import type { Assistant, AssistantAction, Segment } from '../../contract/invent.d.ts';
import { byPosition, completeAction, completeAssistant } from './data.mts';
import type { AssistantRecord, FileRecord, FullAssistant, Organization, SandboxData } from './data.mts';

/** The data of a sandbox, as tests see it. What it returns is a snapshot; change it with `add`, `update` and `remove`. */
export interface Store {
	/** The assistants of an organization in list order, soft-deleted ones included. Default: the key's own organization. */
	assistants(orgId?: string): FullAssistant[];
	/** An assistant of any organization, by id. */
	find(id: string): FullAssistant | undefined;
	/** What belongs to an assistant but is in no answer: ids of its agents and of its knowledge, and its organization. */
	record(id: string): Readonly<AssistantRecord> | undefined;
	/** The organizations that the key reaches, its own first. */
	organizations(): Organization[];
	/** The actions of an assistant in list order. */
	actions(assistantId: string): AssistantAction[];
	/** The files of an organization in list order. Default: the key's own organization. */
	files(orgId?: string): FileRecord[];
	segments(orgId?: string): Segment[];
	/** Puts an assistant into an organization; members that are not given get plain values. Default: last in the list. */
	add(assistant: Partial<Assistant>, orgId?: string, at?: 'start' | 'end'): FullAssistant;
	/** Changes members of an assistant, with no regard to any rule. Throws for an unknown id. */
	update(id: string, change: Partial<Assistant>): FullAssistant;
	/** Takes an assistant out for good. Returns whether there was one. */
	remove(id: string): boolean;
	/** Gives an assistant an action; members that are not given get plain values. Throws for an unknown assistant. */
	addAction(assistantId: string, action?: Partial<AssistantAction>, at?: 'start' | 'end'): AssistantAction;
	/** Takes an action from an assistant. */
	removeAction(assistantId: string, id: string): void;
	/** Puts a file into its organization. */
	addFile(record: FileRecord, at?: 'start' | 'end'): void;
	/** Takes a file out for good. */
	removeFile(id: string): void;
	/** Puts a sub-organization below the key's own organization. */
	addOrganization(organization: Organization, at?: 'start' | 'end'): void;
	/** Takes an organization out of the list, with its assistants and files out of reach. */
	removeOrganization(id: string): void;
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
	#organizations: Map<string, Organization>;
	#files: FileRecord[];
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
		this.#files = [...data.files];
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
			files: this.#files,
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

	actions(assistantId: string): AssistantAction[] {
		return byPosition(this.find(assistantId)?.actions ?? []);
	}

	files(orgId = this.ownOrgId): FileRecord[] {
		return this.#files.filter(({ org_id }) => org_id === orgId);
	}

	/** The files of all organizations. */
	allFiles(): readonly FileRecord[] {
		return this.#files;
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

	addAction(
		assistantId: string,
		members: Partial<AssistantAction> = {},
		at: 'start' | 'end' = 'end',
	): AssistantAction {
		const actions = this.actions(assistantId);
		const last = actions.at(-1)?.position ?? 0;
		const first = actions[0]?.position ?? 100;
		const position = at === 'end' ? last + 100 : first - 100;
		const action = completeAction({ position, ...members }, assistantId, this.#timestamp());
		this.update(assistantId, { actions: [...actions, action] });
		return action;
	}

	removeAction(assistantId: string, id: string): void {
		this.update(assistantId, { actions: this.actions(assistantId).filter((action) => action.id !== id) });
	}

	addFile(record: FileRecord, at: 'start' | 'end' = 'end'): void {
		this.#files = at === 'end' ? [...this.#files, record] : [record, ...this.#files];
		this.#touch();
	}

	removeFile(id: string): void {
		this.#files = this.#files.filter(({ file }) => file.id !== id);
		this.#touch();
	}

	addOrganization(organization: Organization, at: 'start' | 'end' = 'end'): void {
		const [own, ...others] = this.organizations();
		const below = { ...organization, parent_id: this.ownOrgId };
		const organizations = at === 'end' ? [own, ...others, below] : [own, below, ...others];
		this.#organizations = new Map(organizations.flatMap((it) => (it === undefined ? [] : [[it.id, it]])));
		this.#touch();
	}

	removeOrganization(id: string): void {
		this.#organizations.delete(id);
		this.#touch();
	}

	#complete(assistant: Partial<Assistant>): FullAssistant {
		return completeAssistant(assistant, this.#timestamp());
	}

	#timestamp(): string {
		return new Date(this.#now()).toISOString();
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
