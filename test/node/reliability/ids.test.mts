/** Ids that no address can hold as a segment of its own, and ids that came with blanks from copying. */
import type { INodeParameters } from 'n8n-workflow';

import { addOld, CONTINUE, errorOf, sourceOf } from '../harness/scene.mts';
import type { Case } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import {
	codeOf,
	errorsOf,
	OPERATIONS,
	parametersOf,
	pathsOf,
	proveInTime,
	twoItems,
} from '../harness/operations.mts';

const BAD: ReadonlyArray<readonly [what: string, id: string]> = [
	['a dot', '.'],
	['two dots', '..'],
	['two dots with blanks around them', ' ..\n'],
	['half a surrogate pair', 'ast_\uD800'],
	['the other half of a surrogate pair', '\uDC00ast'],
	['half a surrogate pair alone', '\uD83D'],
	['nothing', ''],
	['blanks alone', ' \t\n'],
];

/** The parameters that hold an id, with those of an operation around them. */
const FIELDS: ReadonlyArray<
	readonly [what: string, parameters: (id: INodeParameters[string]) => INodeParameters]
> = [
	...(['get', 'update', 'duplicate', 'rotateKey'] as const).map(
		(operation) =>
			[
				`'Assistant' of ${operation}`,
				(id: INodeParameters[string]) => ({ ...parametersOf(operation), assistantId: id }),
			] as const,
	),
	...OPERATIONS.map(
		([operation, parameters]) =>
			[
				`'Organization' of ${operation}`,
				(id: INodeParameters[string]) => ({ ...parameters, organizationId: id }),
			] as const,
	),
];

const FROM_ITEM = '={{ $json.value }}';

const refused = FIELDS.flatMap(([field, parameters]) =>
	BAD.map(([what, value]): Case => {
		return [
			`${what} as ${field} is refused, and nothing is sent for it`,
			async (scene) => {
				const [one, two] = twoItems(scene);
				const items = [
					{ ...one, value },
					{ ...two, value },
				];
				for (const given of [locator(FROM_ITEM), FROM_ITEM]) {
					const outcome = await scene.run(parameters(given), { items, settings: CONTINUE });
					expect(scene.sandbox.requests).toEqual([]);
					expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
					for (const item of outcome.items) {
						expect(errorOf(item)).toContain(field.split(' ')[0]);
						expect(codeOf(item)).toBe('invalid_input');
					}
				}
			},
		];
	}),
);

const BLANKS = [' ID', 'ID ', '\tID\n', '\u00A0ID', 'ID\uFEFF', '  ID\r\n'];

const trimmed = BLANKS.map((form): Case => {
	return [
		`Blanks around an id are cut off: ${JSON.stringify(form)}`,
		async (scene) => {
			const { orgId } = scene.sandbox;
			const ids = [addOld(scene, { name: 'One' }).id, addOld(scene, { name: 'Two' }).id] as const;
			const organization = form.replace('ID', orgId);
			const items = [
				{ id: form.replace('ID', ids[0]), organization },
				{ id: form.replace('ID', ids[1]), organization },
			];
			const organizationId = locator('={{ $json.organization }}');
			for (const assistantId of [locator('={{ $json.id }}'), '={{ $json.id }}']) {
				const outcome = await scene.run(
					{ operation: 'get', organizationId, assistantId },
					{ items, settings: CONTINUE },
				);
				expect(errorsOf(outcome)).toEqual([undefined, undefined]);
			}
			const list = `/orgs/${orgId}/assistants`;
			const expected = [`${list}/${ids[0]}`, `${list}/${ids[1]}`];
			expect(pathsOf(scene).sort()).toEqual([...expected, ...expected].sort());
		},
	];
});

/** Every other id is one segment, encoded once. */
const ODD: ReadonlyArray<readonly [id: string, segment: string]> = [
	['a/b', 'a%2Fb'],
	['a?b', 'a%3Fb'],
	['a#b', 'a%23b'],
	['a%2Fb', 'a%252Fb'],
	['...', '...'],
	['a b', 'a%20b'],
	['é', '%C3%A9'],
	['😀', '%F0%9F%98%80'],
];

const encoded = ODD.map(([id, segment]): Case => {
	return [
		`The id ${id} is sent as one segment, percent-encoded once`,
		async (scene) => {
			const outcome = await scene.run(
				{ operation: 'get', assistantId: locator('={{ $json.value }}') },
				{ items: [{ value: id }, { value: id }], settings: CONTINUE },
			);
			expect(pathsOf(scene)).toEqual(Array(2).fill(`/orgs/c/assistants/${segment}`));
			for (const item of outcome.items) expect(item.json.httpStatus).toBe(404);
		},
	];
});

proveInTime([...refused, ...trimmed, ...encoded]);
