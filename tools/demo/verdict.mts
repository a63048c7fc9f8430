import type { RecordedRequest, Sandbox } from '../sandbox/server.mts';
import { expectedToRun, nodesByOperation, type Example } from './examples.mts';
import type { Report } from '../n8n/client.mts';
import type { Effects, Run, Scene } from './runs.mts';

type Assistants = ReadonlyMap<string, ReturnType<Sandbox['store']['assistants']>[number]>;

/** The sandbox at one moment. */
export interface Snapshot {
	readonly assistants: Assistants;
	readonly requests: number;
}

/** What became of one run of a workflow. */
export interface Verdict {
	readonly workflow: string;
	readonly run: string;
	readonly requests: number;
	/** What is different now, in the sandbox and beside it. */
	readonly effect: string;
	/** Empty when all is well. */
	readonly problems: readonly string[];
}

/** Notes what the sandbox holds now. */
export function snapshot({ store, requests }: Sandbox): Snapshot {
	const assistants = store.organizations().flatMap(({ id }) => store.assistants(id));
	return {
		assistants: new Map(assistants.map((assistant) => [assistant.id, assistant])),
		requests: requests.length,
	};
}

/** Judges a run by what n8n says about it and by what the sandbox saw. */
export function judge(
	example: Example,
	run: Run,
	execution: Report,
	expected: Effects | undefined,
	before: Snapshot,
	scene: Scene,
): Verdict {
	const requests = scene.sandbox.requests.slice(before.requests);
	const seen = effectsOf(before.assistants, snapshot(scene.sandbox).assistants, requests);
	const outside = run.outside?.(scene, execution);
	return {
		workflow: example.name,
		run: run.title,
		requests: requests.length,
		effect: [...inWords(seen), outside?.shown ?? ''].filter((part) => part !== '').join(', '),
		problems: [
			...ending(run, execution),
			...differences(expected, seen),
			...unreported(example, execution, requests),
			...requests.flatMap((request) => refusal(request, run.refusal)),
			...(outside?.problems ?? []),
		],
	};
}

/** What speaks against all the runs of a workflow together: nodes that none of them has reached. */
export function neverRun(example: Example, executions: readonly Report[]): string[] {
	const names = expectedToRun(example).filter((name) => !executions.some(({ green }) => green.has(name)));
	return names.length === 0 ? [] : [`did not run, or not without an error: ${names.join(', ')}`];
}

/** Whether nothing speaks against a run. */
export function isGreen({ problems }: Verdict): boolean {
	return problems.length === 0;
}

function effectsOf(before: Assistants, after: Assistants, requests: readonly RecordedRequest[]) {
	const touched = [...after.values()].filter(({ id }) => before.has(id) && before.get(id) !== after.get(id));
	const rotated = touched.filter(({ id, secret_key }) => before.get(id)?.secret_key !== secret_key);
	return {
		created: [...after.keys()].filter((id) => !before.has(id)).length,
		changed: touched.length - rotated.length,
		rotated: rotated.length,
		writes: requests.filter(({ method }) => method !== 'GET').length,
	};
}

type Seen = ReturnType<typeof effectsOf>;

function inWords({ created, changed, rotated }: Seen): string[] {
	const parts = [
		[created, 'new'],
		[changed, 'changed'],
		[rotated, 'with a new key'],
	] as const;
	const words = parts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
	return words.length === 0 ? ['nothing changed'] : words;
}

function differences(expected: Effects | undefined, seen: Seen): string[] {
	if (expected === undefined) return [];
	const { created = 0, changed = 0, rotated = 0, writes } = expected;
	return Object.entries({ created, changed, rotated, writes }).flatMap(([name, count]) => {
		const found = Object.entries(seen).find(([key]) => key === name)?.[1];
		return found === count ? [] : [`${name}: ${found} in the sandbox, ${count} expected`];
	});
}

/** The execution ends as it should, and nothing in it is red but the node that is to stop it. */
function ending({ stops }: Run, { error, red }: Report): string[] {
	if (stops === undefined) {
		return [
			...(error === undefined ? [] : [error]),
			...[...red].map((name) => `${name} did not run without an error`),
		];
	}
	const asItShould = red.has(stops.node) && error?.includes(stops.telling) === true;
	return asItShould
		? []
		: [`was to stop in "${stops.node}", telling "${stops.telling}", but ${error ?? 'did not stop'}`];
}

/** What the Invent nodes return is what the sandbox did; Create or Update may have done nothing for an item. */
function unreported(example: Example, run: Report, requests: readonly RecordedRequest[]): string[] {
	if (nodesByOperation(example, 'upsert').length > 0) return [];
	const operations = ['create', 'duplicate', 'rotateKey', 'update'];
	const reported = operations
		.flatMap((operation) => nodesByOperation(example, operation))
		.flatMap((node) => run.outputOf(node))
		.filter(({ error }) => error === undefined).length;
	const done = requests.filter(({ method, status }) => method !== 'GET' && status === 200).length;
	return reported === done ? [] : [`${reported} items came out for ${done} changes in the sandbox`];
}

function refusal({ method, path, status, violation }: RecordedRequest, expected?: number): string[] {
	if (violation !== undefined) return [`${method} ${path}: ${violation}`];
	if (status === 200 || (status !== undefined && status === expected)) return [];
	return [`${method} ${path} was answered with ${status ?? 'nothing'}`];
}
