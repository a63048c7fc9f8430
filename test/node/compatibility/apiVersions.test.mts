import { randomUUID } from 'node:crypto';

import { assistants, fieldsOf, least, OPERATIONS, useSandbox } from '../harness/support.mts';

const api = useSandbox();

describe('Answers of an older API are fine', () => {
	test.each(OPERATIONS)('%s: members that are missing, and a config that is null', async (operation) => {
		api.sandbox.reset({ generation: 'older' });
		const [id = ''] = assistants(api, 1);
		api.sandbox.store.update(id, { config: null });
		const outcome = await api.run(least(operation, id));
		expect(outcome.error).toBeUndefined();
		expect(outcome.items).toHaveLength(2);
		if (operation === 'rotateKey') return;
		for (const fields of fieldsOf(outcome)) {
			expect(fields).toMatchObject({ deleted: null, language: null, model: null, instructions: null });
		}
	});

	test('unsimplified, they are as the API gave them', async () => {
		api.sandbox.reset({ generation: 'older' });
		const [id = ''] = assistants(api, 1);
		api.sandbox.store.update(id, { config: null });
		const outcome = await api.run({ ...least('get', id), simplify: false });
		for (const fields of fieldsOf(outcome)) {
			expect(fields).toMatchObject({ id, config: null });
			expect(Object.keys(fields)).not.toContain('deleted');
		}
	});
});

describe('Answers of a newer API are fine', () => {
	const NEWER = {
		id: 'ast_1',
		name: 'N',
		future: { list: [{ a: null }], constructor: 'x' },
		Deleted: 'Y',
		config: { language: 'auto', future_setting: [1, 2], conversation: { enable_ai_replies: true } },
		secret_keys: 2,
		secret_key: randomUUID(),
	};
	const { secret_key: _, ...WITHOUT_KEY } = NEWER;

	test.each(OPERATIONS)('%s: unknown members pass through untouched', async (operation) => {
		const body = JSON.stringify(operation === 'getAll' ? [NEWER] : NEWER);
		const answer = { body, headers: { 'content-type': 'application/json' } };
		api.sandbox.faults.set([{ effect: { answer } }]);
		const outcome = await api.run({ ...least(operation, 'ast_1'), simplify: false });
		const expected = operation === 'rotateKey' ? NEWER : WITHOUT_KEY;
		expect(fieldsOf(outcome)).toEqual([expected, expected]);
	});

	test.each(OPERATIONS)('%s: unknown members do not come into the simplified output', async (operation) => {
		const body = JSON.stringify(operation === 'getAll' ? [NEWER] : NEWER);
		const answer = { body, headers: { 'content-type': 'application/json' } };
		api.sandbox.faults.set([{ effect: { answer } }]);
		const outcome = await api.run(least(operation, 'ast_1'));
		expect(outcome.items).toHaveLength(2);
		expect(JSON.stringify(fieldsOf(outcome))).not.toMatch(/future|Deleted|secret_keys/);
	});
});
