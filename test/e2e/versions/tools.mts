import { Interrupted } from '../../../tools/n8n/failure.mts';
import { Processes } from '../../../tools/n8n/processes.mts';
import { onShutdown } from '../../../tools/n8n/shutdown.mts';
import { createWorkspace, type Workspace } from '../../../tools/n8n/workspace.mts';

/** What every run of a real n8n needs: the programs that it starts, and its folders. */
export interface Tools {
	readonly processes: Processes;
	readonly workspace: Workspace;
}

/** Does something with programs and folders of its own. Whatever happens, every program is ended. */
export async function withTools<T>(work: (tools: Tools) => Promise<T>): Promise<T> {
	const processes = new Processes();
	void onShutdown(processes);
	try {
		return await inWorkspace(processes, work);
	} catch (error) {
		throw processes.ending ? new Interrupted() : error;
	} finally {
		await processes.end();
	}
}

/** Does something in folders of its own, which are removed in the end; after a failure, the logs stay. */
export async function inWorkspace<T>(processes: Processes, work: (tools: Tools) => Promise<T>): Promise<T> {
	const workspace = await createWorkspace();
	let keep: 'nothing' | 'logs' = 'logs';
	try {
		const result = await work({ processes, workspace });
		keep = 'nothing';
		return result;
	} finally {
		if (processes.ending) keep = 'nothing';
		await workspace.remove(keep);
	}
}
