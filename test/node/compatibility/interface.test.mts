import { readFileSync } from 'node:fs';

import { credentialType, publishedDescription } from '../harness/engine.mts';
import { operationsOf, parametersOf, type Parameters } from './upgrade/interface.mts';

const { name, version, inputs, outputs, credentials, properties } = publishedDescription;

/** One line for each parameter, so that a change is one line of a diff. */
function lines(parameters: Parameters): string[] {
	return Object.entries(parameters)
		.map(([place, parameter]) => `${place} ${JSON.stringify(parameter)}`)
		.sort();
}

// Saved workflows rely on what the snapshot holds. A line more is a new promise: `npm run interface:add` makes it. A line that
// changes or goes breaks workflows, unless it only grants more (a choice, a wider limit); then it takes a new major version.
describe('Saved workflows find as it was promised', () => {
	const operations = Object.entries(operationsOf(properties));

	test('the node, its versions and its operations', () => {
		const names = operations.map(([operation]) => operation).sort();
		expect({ name, version, inputs, outputs, credentials, operations: names }).toMatchSnapshot();
	});

	test.each(operations)('every parameter of %s', (_, parameters) => {
		expect(lines(parameters)).toMatchSnapshot();
	});

	test.each(operations)('every output field of %s', (operation) => {
		const folder = `dist/nodes/Invent/__schema__/v${String(version)}.0.0`;
		const text = readFileSync(`${folder}/${operation.replace(' ', '/')}.json`, 'utf8');
		const { properties: fields } = JSON.parse(text) as { properties: Record<string, { type: string }> };
		expect(Object.entries(fields).map(([field, { type }]) => `${field}: ${type}`)).toMatchSnapshot();
	});

	test('every field of the credential', () => {
		expect([credentialType.name, ...lines(parametersOf(credentialType.properties))]).toMatchSnapshot();
	});
});
