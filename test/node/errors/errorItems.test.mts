/** What an error item says for a workflow to branch on: a code, the status, and when to come back. */
import type { INode, INodeParameters } from 'n8n-workflow';

import type { AnswerFault } from '../../../tools/sandbox/faults.mts';
import type { FaultRule } from '../../../tools/sandbox/server.mts';
import { execute, watchedNode } from '../harness/engine.mts';
import { addOld, JSON_TYPE, onSandbox, proveSideBySide } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { locator } from '../harness/support.mts';
import { awaiting, CREATE, GET, OWN_ID, UPSERT } from '../harness/stage.mts';

const NO_WAIT: INodeParameters = { options: { maxWait: 0 } };
const UPDATE: INodeParameters = {
	operation: 'update',
	assistantId: OWN_ID,
	updateFields: { name: '={{ $json.name }}' },
};
const DUPLICATE: INodeParameters = { operation: 'duplicate', assistantId: OWN_ID };
const ROTATE: INodeParameters = { operation: 'rotateKey', assistantId: OWN_ID };
const GET_MANY: INodeParameters = { operation: 'getAll', returnAll: true };

const REQUESTS: ReadonlyArray<readonly [operation: string, parameters: INodeParameters]> = [
	['create', CREATE],
	['duplicate', DUPLICATE],
	['get', GET],
	['getAll', GET_MANY],
	['rotateKey', ROTATE],
	['update', UPDATE],
	['upsert', UPSERT],
];

interface Row {
	readonly what: string;
	readonly parameters: INodeParameters;
	readonly faults?: FaultRule[];
	readonly code: string;
	/** The status that the item tells; undefined where there was no answer. */
	readonly status?: number;
	readonly baseUrl?: (scene: Scene) => string;
	readonly item?: Readonly<Record<string, string>>;
}

function answered(answer: AnswerFault, method?: string): FaultRule[] {
	return [{ ...(method !== undefined && { match: { method } }), effect: { answer } }];
}

const STATUSES: ReadonlyArray<readonly [status: number, code: string]> = [
	[400, 'rejected'],
	[401, 'unauthorized'],
	[402, 'rejected'],
	[403, 'forbidden'],
	[404, 'not_found'],
	[405, 'rejected'],
	[409, 'rejected'],
	[413, 'rejected'],
	[422, 'rejected'],
];

const byStatus = STATUSES.flatMap(([status, code]) =>
	REQUESTS.map(([operation, parameters]): Row => ({
		what: `${operation} after a ${status}`,
		parameters,
		faults: answered({ status, body: '{"message":"No"}', headers: JSON_TYPE }),
		code,
		status,
	})),
);

const rateLimited = REQUESTS.map(([operation, parameters]): Row => ({
	what: `${operation} after a 429 that asks for an hour`,
	parameters: { ...parameters, ...NO_WAIT },
	faults: answered({ status: 429, retryAfter: { seconds: 3600 } }),
	code: 'rate_limited',
	status: 429,
}));

const brokenReads = [
	['get', GET] as const,
	['getAll', GET_MANY] as const,
	['update', UPDATE] as const,
].flatMap(([operation, parameters]): Row[] => [
	{
		what: `${operation} after a 500 each time`,
		parameters,
		faults: answered({ status: 500 }),
		code: 'unavailable',
		status: 500,
	},
	{
		what: `${operation} after a connection that breaks each time`,
		parameters,
		faults: [{ effect: { dropBefore: true } }],
		code: 'unavailable',
	},
	{
		what: `${operation} after a web page with status 200`,
		parameters,
		faults: answered({ status: 200, body: '<html>Sign in</html>', headers: { 'content-type': 'text/html' } }),
		code: 'unexpected_response',
		status: 200,
	},
]);

const brokenWrites = [
	['create', CREATE] as const,
	['duplicate', DUPLICATE] as const,
	['upsert', UPSERT] as const,
].flatMap(([operation, parameters]): Row[] => [
	{
		what: `${operation} after a 500 that may have come after the creation`,
		parameters,
		faults: [
			...answered({ status: 500 }, 'POST'),
			...(operation === 'upsert' ? [] : answered({ status: 403 }, 'GET')),
		],
		code: 'outcome_unknown',
		status: 500,
	},
	{
		what: `${operation} after a connection that broke`,
		parameters,
		faults: [{ match: { method: 'POST' }, effect: { dropBefore: true } }],
		code: 'outcome_unknown',
	},
]);

const otherRows: Row[] = [
	{
		what: 'rotateKey after a connection that breaks each time',
		parameters: ROTATE,
		faults: [{ effect: { dropAfter: true } }],
		code: 'outcome_unknown',
	},
	{
		what: 'get with an empty id',
		parameters: { operation: 'get', assistantId: locator('={{ "" }}') },
		code: 'invalid_input',
	},
	{ what: 'create with a blank name', parameters: CREATE, item: { name: ' ' }, code: 'invalid_input' },
	{
		what: 'update of nothing',
		parameters: { operation: 'update', assistantId: OWN_ID },
		code: 'invalid_input',
	},
	{
		what: 'upsert of a name that several assistants have',
		parameters: UPSERT,
		item: { name: 'Twin' },
		code: 'invalid_input',
	},
	...REQUESTS.flatMap(([operation, parameters]): Row[] => [
		{
			what: `${operation} where nothing listens`,
			parameters,
			baseUrl: () => 'http://127.0.0.1:9',
			code: 'unavailable',
		},
		{
			what: `${operation} with a Base URL that is refused`,
			parameters,
			baseUrl: ({ sandbox }) => `${sandbox.url}/?x=1`,
			code: 'invalid_input',
		},
	]),
];

const MODES: ReadonlyArray<readonly [how: string, onError: NonNullable<INode['onError']>]> = [
	['on errors continue', 'continueRegularOutput'],
	['with an error output', 'continueErrorOutput'],
];

const ROWS = [...byStatus, ...rateLimited, ...brokenReads, ...brokenWrites, ...otherRows];

async function expectErrorItem(
	scene: Scene,
	row: Row,
	onError: NonNullable<INode['onError']>,
): Promise<void> {
	for (const name of ['There', 'Twin', 'Twin']) addOld(scene, { name });
	const [id = ''] = scene.sandbox.store.assistants().map((assistant) => assistant.id);
	scene.sandbox.faults.set(row.faults ?? []);
	const baseUrl = row.baseUrl?.(scene) ?? scene.sandbox.url;
	const outcome = await execute({
		parameters: row.parameters,
		items: [{ id, name: 'New', ...row.item }],
		credential: { ...scene.credential, baseUrl },
		settings: { onError },
	});
	expect(outcome.error).toBeUndefined();
	const isBranch = onError === 'continueErrorOutput';
	const [item, ...others] = isBranch ? outcome.refused : outcome.items;
	expect(others).toEqual([]);
	expect(isBranch ? outcome.items : []).toEqual([]);
	expect(item?.pairedItem).toEqual({ item: 0 });
	const { error, errorCode, httpStatus, retryAt } = item?.json ?? {};
	expect(errorCode).toBe(row.code);
	expect(error).toEqual(expect.stringMatching(/\w+ \w+.*\[item 0\]\. \w+/s));
	expect(httpStatus).toBe(row.status);
	if (row.status !== 429) {
		expect(retryAt).toBeUndefined();
	} else {
		expect(retryAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/);
		expect(Date.parse(typeof retryAt === 'string' ? retryAt : '')).toBeGreaterThan(Date.now() + 3_500_000);
	}
	expect(Object.keys(item?.json ?? {})).toEqual(
		expect.arrayContaining(['error', 'errorCode', ...(row.status === undefined ? [] : ['httpStatus'])]),
	);
	// Under plain Continue an error beside the json would have n8n throw the json away.
	if (!isBranch) expect(item?.error).toBeUndefined();
}

const table = ROWS.flatMap((row) =>
	MODES.map(([how, onError]): Case => [
		`The error item of ${row.what}, ${how}, has the code ${row.code}${row.status === undefined ? ' and no status' : ` and status ${row.status}`}`,
		async (scene) => await expectErrorItem(scene, row, onError),
	]),
);

const more: Case[] = [
	[
		'An error item that leaves by the error output holds the fields of its input item too, beside the code and the status',
		async (scene) => {
			scene.sandbox.faults.set(answered({ status: 403 }));
			const items = [
				{ id: 'ast_1', mine: 1 },
				{ id: 'ast_2', mine: 2 },
			];
			const { refused } = await scene.run(GET, { items, settings: { onError: 'continueErrorOutput' } });
			for (const [at, { json }] of refused.entries()) {
				expect(json).toMatchObject({ errorCode: 'forbidden', httpStatus: 403, error: expect.any(String) });
				expect([undefined, items[at]?.mine]).toContain(json.mine);
			}
			expect(refused).toHaveLength(2);
		},
	],
	[
		'An error item of a read that fails for good is repeated by Retry On Fail, as its error is in its json',
		async (scene) => {
			const { id } = addOld(scene, { name: 'There' });
			scene.sandbox.faults.set([{ match: { times: 1 }, effect: { answer: { status: 403 } } }]);
			const settings = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 } as const;
			const outcome = await scene.run(GET, {
				items: [{ id }],
				settings: { ...settings, onError: 'continueRegularOutput' },
			});
			expect(outcome.items.map(({ json }) => json.name)).toEqual(['There']);
		},
	],
	awaiting(
		'Error items of an execution that was cancelled have the code cancelled, whether they were under way or waited',
		async (scene, until) => {
			const { id } = addOld(scene, { name: 'There' });
			scene.sandbox.faults.set([{ effect: { stall: 'before' } }]);
			const controller = new AbortController();
			const node = watchedNode();
			const running = scene.run(GET, {
				items: Array<{ id: string }>(30).fill({ id }),
				settings: { onError: 'continueRegularOutput' },
				nodeType: node.nodeType,
				signal: controller.signal,
			});
			await until(() => scene.sandbox.requests.length > 0);
			controller.abort();
			await running;
			await node.ended;
			const [given] = node.given;
			expect(given instanceof Error ? given : given?.map(({ json }) => json.errorCode)).toEqual(
				Array(30).fill('cancelled'),
			);
		},
	),
];

proveSideBySide([...table, ...more]);

test('An error item of a list that fails is one item, whatever pages came before', async () => {
	await onSandbox({ assistants: 250 }, async (scene) => {
		scene.sandbox.faults.set([{ match: { nth: 2, times: 50 }, effect: { answer: { status: 403 } } }]);
		const { items } = await scene.run(GET_MANY, {
			items: [{}],
			settings: { onError: 'continueRegularOutput' },
		});
		expect(items.map(({ json }) => json.errorCode)).toEqual(['forbidden']);
	});
});
