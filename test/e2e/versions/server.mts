import { DemoFailure } from '../../../tools/n8n/failure.mts';
import { startServer, type Server, type Setup } from '../../../tools/n8n/server.mts';
import { anyPort } from '../../../tools/n8n/ports.mts';
import type { Tools } from './tools.mts';

const STARTS_TRIED = 5;

/** Starts an n8n server on any free port. */
export async function startAnywhere({ processes, workspace }: Tools, setup: Setup = {}): Promise<Server> {
	for (let attempt = 1; attempt <= STARTS_TRIED; attempt += 1) {
		const server = await startServer(processes, workspace, await anyPort(), setup);
		if (server !== undefined) return server;
	}
	throw new DemoFailure(`n8n found its port taken ${STARTS_TRIED} times.`);
}
