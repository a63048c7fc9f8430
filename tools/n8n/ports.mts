import getPort, { portNumbers } from 'get-port';
import { DemoFailure } from './failure.mts';

const EDITOR_PORT = 5678; // n8n's own default
const EDITOR_PORTS_TRIED = 100;

/** Refuses a port that was asked for and is taken, before anything slow begins. */
export async function requireFree(option: string, port: number | undefined): Promise<void> {
	if (port === undefined) return;
	if ((await getPort({ port })) !== port) {
		throw new DemoFailure(`Port ${port} is taken: end what listens there, or choose another with ${option}.`);
	}
}

/** The editor's port: the one asked for, else n8n's default, else the next free one. */
export async function editorPort(asked: number | undefined): Promise<{ port: number; note?: string }> {
	if (asked !== undefined) return { port: asked };
	const port = await getPort({ port: portNumbers(EDITOR_PORT, EDITOR_PORT + EDITOR_PORTS_TRIED) });
	if (port === EDITOR_PORT) return { port };
	return { port, note: `port ${EDITOR_PORT} is taken, so the editor is on ${port}` };
}

/** Any free port. */
export async function anyPort(): Promise<number> {
	return await getPort();
}
