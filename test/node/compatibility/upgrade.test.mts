import { readFileSync } from 'node:fs';

import { NodeHelpers } from 'n8n-workflow';

import { compareInterfaces } from '../../../tools/checks/interface/compare.mts';
import type { PublicInterface } from '../../../tools/checks/interface/describe.mts';
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
	expect(new Set(first.map(({ workflow }) => operationOf(workflow)))).toEqual(
		new Set(['create', 'duplicate', 'get', 'getAll', 'rotateKey', 'update', 'upsert']),
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

	test.each(FIXTURES)('%s: sends the same requests and puts out the same fields', async (_, fixture) => {
		const { before, requests, output } = fixture.recording;
		const now = await rerun(fixture.workflow, before);
		expect(now.error).toBeUndefined();
		expect(now.violations).toEqual([]);
		expect(asJson(now.requests)).toEqual(requests);
		expect(now.output).toEqual(output.map((fields): unknown => expect.arrayContaining([...fields])));
		expect(now.output.length).toBeGreaterThan(0);
	});
});

describe('A change of the interface', () => {
	/** A fresh copy each time, for the change to be made on. */
	function promised(): PublicInterface {
		return JSON.parse(readFileSync('tools/checks/interface.json', 'utf8')) as PublicInterface;
	}

	function parametersOf(one: PublicInterface, operation: string) {
		const found = one.operations[operation];
		if (found === undefined) throw new Error(`There is no ${operation}`);
		return found.parameters;
	}

	type Change = (one: PublicInterface) => void;

	function compareAfter(change: Change) {
		const changed = promised();
		change(changed);
		return compareInterfaces(promised(), changed);
	}

	function parameter(one: PublicInterface, operation: string, place: string) {
		const found = parametersOf(one, operation)[place];
		if (found === undefined) throw new Error(`${operation} has no ${place}`);
		return found;
	}

	const BREAKING: ReadonlyArray<readonly [what: string, change: Change, said: RegExp]> = [
		[
			'a parameter is gone',
			(one) => delete parametersOf(one, 'assistant.create')['config.language'],
			/^operations › assistant\.create › config\.language is gone$/,
		],
		[
			'a default is another',
			(one) => (parameter(one, 'assistant.getAll', 'limit').default = 100),
			/limit › default is now 100, not 50/,
		],
		[
			'a default inside an object is another',
			(one) => (parameter(one, 'assistant.get', 'organizationId').default = { mode: 'id', value: 'c' }),
			/organizationId › default is now/,
		],
		[
			'a type is another',
			(one) => (parameter(one, 'assistant.create', 'name').type = 'number'),
			/name › type is now "number", not "string"/,
		],
		[
			'a choice is gone',
			(one) => parameter(one, 'assistant.update', 'options.configUpdate').values?.pop(),
			/configUpdate › values no longer has "merge"/,
		],
		[
			'a mode of a locator is gone',
			(one) => parameter(one, 'assistant.get', 'assistantId').modes?.pop(),
			/assistantId › modes no longer has "url"/,
		],
		[
			'a parameter has to be filled in that had not',
			(one) => (parameter(one, 'assistant.getAll', 'filters.search').required = true),
			/search › required is new/,
		],
		[
			'a new parameter has to be filled in',
			(one) =>
				(parametersOf(one, 'assistant.get')['region'] = { type: 'string', default: '', required: true }),
			/region is new/,
		],
		[
			'a parameter is shown less often',
			(one) => (parameter(one, 'assistant.get', 'simplify').when = { returnAll: [true] }),
			/simplify › when is new/,
		],
		[
			'a parameter is hidden more often',
			(one) => (parameter(one, 'assistant.get', 'simplify').unless = { returnAll: [true] }),
			/simplify › unless is new/,
		],
		[
			'the least number rises',
			(one) => (parameter(one, 'assistant.getAll', 'limit').minValue = 5),
			/limit › minValue is now 5, not 1/,
		],
		['an operation is gone', (one) => delete one.operations['assistant.upsert'], /assistant\.upsert is gone/],
		[
			'a field of the output is gone',
			(one) => delete one.operations['assistant.get']?.output['avatar_url'],
			/output › avatar_url is gone/,
		],
		[
			'a field of the credential is gone',
			(one) => delete one.credentials['inventApi']?.fields['baseUrl'],
			/fields › baseUrl is gone/,
		],
		['the node has another type', (one) => (one.node.type = 'n8n-nodes-invent.other'), /node › type is now/],
		['a version of the node is gone', (one) => (one.node.versions = [2]), /versions no longer has 1/],
	];

	test.each(BREAKING)('breaks saved workflows when %s', (_, change, said) => {
		expect(compareAfter(change).broken).toEqual([expect.stringMatching(said)]);
	});

	const ADDING: ReadonlyArray<readonly [what: string, change: Change, said: RegExp]> = [
		[
			'a parameter',
			(one) => (parametersOf(one, 'assistant.get')['region'] = { type: 'string', default: '' }),
			/^operations › assistant\.get › region is new$/,
		],
		[
			'a choice',
			(one) => parameter(one, 'assistant.update', 'options.configUpdate').values?.push('replace'),
			/values now has "replace"/,
		],
		[
			'a field of the output',
			(one) =>
				Object.assign(one.operations['assistant.get'] ?? {}, { output: { ...OUTPUT, owner: 'string' } }),
			/output › owner is new: "string"/,
		],
		['a version of the node', (one) => one.node.versions.push(2), /versions now has 2/],
		[
			'freedom',
			(one) => delete parameter(one, 'assistant.create', 'name').required,
			/name › required is gone/,
		],
		[
			'smaller numbers',
			(one) => (parameter(one, 'assistant.getAll', 'limit').minValue = 0),
			/minValue is now 0, not 1/,
		],
	];
	const OUTPUT = promised().operations['assistant.get']?.output;

	test.each(ADDING)('only adds when there is more of it: %s', (_, change, said) => {
		expect(compareAfter(change)).toEqual({ broken: [], added: [expect.stringMatching(said)] });
	});

	test('breaks saved workflows when a parameter is gone that is called like a restriction', () => {
		const before = { parameters: { required: { type: 'string', default: '' } } };
		expect(compareInterfaces(before, { parameters: {} }).broken).toEqual(['required is gone']);
		expect(compareInterfaces({ parameters: {} }, before).added).toEqual(['required is new']);
	});

	test('is none when there is none', () => {
		expect(compareInterfaces(promised(), promised())).toEqual({ broken: [], added: [] });
	});
});
