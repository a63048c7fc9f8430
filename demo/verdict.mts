import type { RecordedRequest, Sandbox } from '../sandbox/server.mts';
import { lastNodes, nodesByOperation, runnable, type Example } from './examples.mts';
import type { Execution } from './execution.mts';

type Assistants = ReadonlyMap<string, ReturnType<Sandbox['store']['assistants']>[number]>;

/** The sandbox at one moment. */
export interface Snapshot {
	readonly assistants: Assistants;
	readonly requests: number;
}

/** What became of one workflow. */
export interface Verdict {
	readonly workflow: string;
	readonly items: number;
	readonly requests: number;
	/** What is different in the sandbox now. */
	readonly effect: string;
	/** Empty when all is well. */
	readonly problems: readonly string[];
}

/** Notes what the sandbox holds now. */
export function snapshot({ store, requests }: Sandbox): Snapshot {
	return {
		assistants: new Map(store.assistants().map((assistant) => [assistant.id, assistant])),
		requests: requests.length,
	};
}

/** Judges a run by what n8n says about it and by what the sandbox saw. */
export function judge(example: Example, run: Execution, before: Snapshot, sandbox: Sandbox): Verdict {
	const after = snapshot(sandbox);
	const requests = sandbox.requests.slice(before.requests);
	const changes = compare(example, run, before.assistants, after.assistants);
	return {
		workflow: example.name,
		items: run.items(lastNodes(example)),
		requests: requests.length,
		effect: changes
			.filter(({ seen }) => seen > 0)
			.map(({ seen, what }) => `${seen} ${what}`)
			.join(', '),
		problems: [
			...(run.error === undefined ? [] : [run.error]),
			...missing(example, run),
			...changes.filter(({ seen, reported }) => seen !== reported).map(difference),
			...requests.flatMap(refusal),
		],
	};
}

/** One kind of change: how often the sandbox saw it, and how often the node reported it. */
interface Change {
	readonly what: string;
	readonly seen: number;
	readonly reported: number;
}

function compare(example: Example, run: Execution, before: Assistants, after: Assistants): Change[] {
	const reported = (...operations: string[]) =>
		run.items(operations.flatMap((operation) => nodesByOperation(example, operation)));
	const touched = [...after.values()].filter(({ id }) => before.has(id) && before.get(id) !== after.get(id));
	const rotated = touched.filter(({ id, secret_key }) => before.get(id)?.secret_key !== secret_key);
	return [
		{ what: 'new', seen: after.size - before.size, reported: reported('create', 'duplicate') },
		{ what: 'with a new key', seen: rotated.length, reported: reported('rotateKey') },
		{ what: 'changed', seen: touched.length - rotated.length, reported: reported('update') },
	];
}

function difference({ what, seen, reported }: Change): string {
	return `${reported} assistants reported as ${what}, but the sandbox holds ${seen}`;
}

function missing(example: Example, { green }: Execution): string[] {
	const names = runnable(example)
		.map(({ name }) => name)
		.filter((name) => !green.has(name));
	return names.length === 0 ? [] : [`did not run, or not without an error: ${names.join(', ')}`];
}

function refusal({ method, path, status, violation }: RecordedRequest): string[] {
	if (violation !== undefined) return [`${method} ${path}: ${violation}`];
	return status === 200 ? [] : [`${method} ${path} was answered with ${status ?? 'nothing'}`];
}

/** Whether nothing speaks against a run. */
export function isGreen({ problems }: Verdict): boolean {
	return problems.length === 0;
}
