import { join } from 'node:path';
import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { installNode, packNode } from '../../../tools/n8n/nodePackage.mts';
import { step } from '../../../tools/n8n/steps.mts';
import { Client } from '../../../tools/n8n/client.mts';
import { tryExamples } from './examples.mts';
import { surprises } from './limits.mts';
import { writeMarkdown } from './markdown.mts';
import { tryOperations } from './operations.mts';
import { resultsOf, resultTable, type Column } from './results.mts';
import { startAnywhere } from './server.mts';
import { inWorkspace, withTools, type Tools } from './tools.mts';
import { numberOf, provide, VERSIONS, type Version } from './versions.mts';

const RESULTS = join(import.meta.dirname, 'RESULTS.md');

/**
 * Tries the packed node in several versions of n8n, with every operation and every example. Writes RESULTS.md when each
 * does what it is known to do.
 *
 * @returns true
 * @throws {DemoFailure} when one does not
 */
export async function run(): Promise<boolean> {
	return await withTools(async (tools) => {
		const archive = await step('Build and pack the node', async () => {
			return await packNode(tools.processes, tools.workspace);
		});
		const columns: Column[] = [];
		for (const version of VERSIONS) {
			columns.push(await inWorkspace(tools.processes, async (own) => await tryIn(own, version, archive)));
		}
		console.log(`\n${resultTable(columns)}\n`);
		await writeMarkdown(RESULTS, resultsOf(columns));
		return true;
	});
}

async function tryIn(tools: Tools, version: Version, archive: string): Promise<Column> {
	const number = await numberOf(version);
	const n8n = await provide(tools, version);
	await installNode(tools.processes, archive, tools.workspace);
	const server = await step(`Start n8n ${number} on Node ${n8n.nodeVersion}`, async () => {
		return await startAnywhere(tools, { n8n });
	});
	try {
		const client = new Client(server.url);
		await client.signUp();
		const operations = await step('Run every operation', async () => await tryOperations(client));
		const findings = [...operations, ...(await tryExamples(tools, server.url, client))];
		const problems = surprises(number, findings);
		if (problems.length === 0) return { number, node: n8n.nodeVersion, findings };
		throw new DemoFailure(`Not as it should be, see ${tools.workspace.root}`, problems);
	} finally {
		await server.stop('SIGTERM');
	}
}

if (import.meta.main) process.exit((await run()) ? 0 : 1);
