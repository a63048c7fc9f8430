import {
	answering,
	assistants,
	expectClear,
	faultOf,
	least,
	OPERATIONS,
	OWN_VALUE,
	textOf,
	useSandbox,
	valued,
} from '../harness/support.mts';

const api = useSandbox();

const ONE = OPERATIONS.filter((operation) => operation !== 'getAll');

const NEITHER: ReadonlyArray<readonly [string, unknown]> = [
	['nothing', ''],
	['null', 'null'],
	['a number', '7'],
	['a text', '"ok"'],
	['a web page', '<!doctype html><html><body>Log in</body></html>'],
	['broken JSON', '[{"id":"ast_1","name'],
	['an object without an id', '{"name":"x"}'],
	['an object whose id is null', '{"id":null,"name":"x"}'],
	['an object whose id is empty', '{"id":"","name":"x"}'],
];

const NO_OBJECT: ReadonlyArray<readonly [string, unknown]> = [
	...NEITHER,
	['an empty list', '[]'],
	['a list of one', '[{"id":"ast_1","name":"x"}]'],
];

const NO_LIST: ReadonlyArray<readonly [string, unknown]> = [
	...NEITHER,
	['an object', '{"id":"ast_1","name":"x"}'],
	['a list in an envelope', '{"data":[{"id":"ast_1"}]}'],
	['a list with null', '[{"id":"ast_1"},null]'],
	['a list with a text', '[{"id":"ast_1"},"x"]'],
	['a list with a list', '[{"id":"ast_1"},[]]'],
	['a list with an object without an id', '[{"id":"ast_1"},{"name":"x"}]'],
];

const CASES = [
	...ONE.flatMap((operation) =>
		NO_OBJECT.map(([name, body]) => ({ operation, name, body, due: 'expected an object, received ' })),
	),
	...NO_LIST.map(([name, body]) => ({
		operation: 'getAll' as const,
		name,
		body,
		due: 'expected a list, received ',
	})),
];

describe('An answer that the route does not promise is an error, never an empty result', () => {
	test.each(CASES)('$operation: $name in place of $due', async ({ operation, body, due }) => {
		api.sandbox.faults.set(answering(200, body));
		const outcome = await api.run(least(operation, 'ast_1'));
		expect(outcome.items).toEqual([]);
		const fault = faultOf(outcome);
		expect(fault.name).toBe('NodeApiError');
		expect(textOf(fault)).toContain(due);
		expect(fault.message).toContain('[item 0]');
		expect(fault.description).toContain('Base URL');
		expectClear(fault);
	});

	test('and it is the error of the item that was answered so', async () => {
		const ids = assistants(api);
		api.sandbox.faults.set(answering(200, '', { path: ids[1] ?? '' }));
		const parameters = { operation: 'get', assistantId: OWN_VALUE };
		expect(faultOf(await api.run(parameters, { items: valued(ids) })).itemIndex).toBe(1);
	});

	test('a 204 without a body is none of the answers that are promised', async () => {
		api.sandbox.faults.set([{ effect: { answer: { status: 204 } } }]);
		expectClear(faultOf(await api.run(least('rotateKey', 'ast_1'))));
	});

	test('half a list is an error', async () => {
		api.sandbox.reset({ assistants: 150 });
		api.sandbox.faults.set([{ match: { nth: 2 }, effect: { answer: { status: 200, body: 'null' } } }]);
		const outcome = await api.run({ operation: 'getAll', returnAll: true }, { items: [{}] });
		expect(outcome.items).toEqual([]);
		expectClear(faultOf(outcome));
	});
});

describe('An answer without a declared type is read as JSON', () => {
	test.each(['text/plain', 'application/octet-stream'])('%s', async (type) => {
		const answer = { body: '{"id":"ast_1","name":"x"}', headers: { 'content-type': type } };
		api.sandbox.faults.set([{ effect: { answer } }]);
		const { items } = await api.run(least('get', 'ast_1'));
		expect(items.map(({ json }) => json.id)).toEqual(['ast_1', 'ast_1']);
	});
});

test.each([200, 201, 202])('Status %i with what is promised is a success', async (status) => {
	api.sandbox.faults.set(answering(status, { id: 'ast_1', name: 'x' }));
	const { items } = await api.run(least('create', ''));
	expect(items.map(({ json }) => json.id)).toEqual(['ast_1', 'ast_1']);
});
