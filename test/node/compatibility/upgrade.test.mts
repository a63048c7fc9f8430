import { NodeHelpers } from 'n8n-workflow';

import { nodeType } from '../harness/engine.mts';
import { allFixtures, inventNodeOf, operationOf } from './upgrade/fixtures.mts';
import { asSaved, rerun } from './upgrade/saved.mts';

const { description } = nodeType;
const FIXTURES = allFixtures().map((fixture) => [`${fixture.version} ${fixture.name}`, fixture] as const);

/** What JSON keeps of a value: members that are undefined are not there. */
function asJson(value: unknown): unknown {
	return JSON.parse(JSON.stringify(value));
}

test('The first version has saved workflows of every operation', () => {
	const first = allFixtures().filter(({ version }) => version === '0.1.0');
	const of = (resource: string) => (operation: string) => `${resource} ${operation}`;
	expect(new Set(first.map(({ workflow }) => operationOf(workflow)))).toEqual(
		new Set([
			...['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'update', 'upsert'].map(of('assistant')),
			...['create', 'get', 'getAll', 'reorder', 'update'].map(of('assistantAction')),
			...['getAll', 'upload'].map(of('file')),
			'organization getAll',
		]),
	);
});

describe('A workflow that an earlier version saved', () => {
	test.each(FIXTURES)('%s: opens, and is saved again, with every parameter as it was', (_, { workflow }) => {
		const { parameters, typeVersion } = inventNodeOf(workflow);
		expect(asSaved(parameters, typeVersion)).toEqual(parameters);
	});

	test.each(FIXTURES)('%s: opens with nothing marked in red', (_, { workflow }) => {
		const node = inventNodeOf(workflow);
		const shown = NodeHelpers.getNodeParameters(
			description.properties,
			node.parameters,
			true,
			false,
			node,
			description,
		);
		expect(shown).not.toBeNull();
		const opened = { ...node, parameters: shown ?? {} };
		expect(NodeHelpers.getNodeParametersIssues(description.properties, opened, description)).toBeNull();
	});

	test.each(FIXTURES)('%s: sends the same requests and returns the same fields', async (_, fixture) => {
		const { requests, output } = fixture.recording;
		const now = await rerun(fixture.workflow, fixture.recording);
		expect(now.error).toBeUndefined();
		expect(now.violations).toEqual([]);
		expect(asJson(now.requests)).toEqual(requests);
		expect(now.output).toEqual(output.map((fields): unknown => expect.arrayContaining([...fields])));
		expect(now.output.length).toBeGreaterThan(0);
	});
});
