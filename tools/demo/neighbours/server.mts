import { randomBytes } from 'node:crypto';
import { fastify, type FastifyInstance } from 'fastify';
import { z } from 'zod';

const Capabilities = z.object({ paths: z.array(z.string()).min(1) });
const Secret = z.object({
	data: z.object({ name: z.string(), secret_key: z.string(), rotated_at: z.string() }).strict(),
});
const Message = z.object({ text: z.string().min(1) }).strict();

export type StoredSecret = z.infer<typeof Secret>['data'];

/** What stands beside Invent in the example workflows, on this machine: a secret store and a chat that takes messages. */
export interface Neighbours {
	/** The origin of the secret store, which answers like the KV engine (version 2) of HashiCorp Vault, and of the chat. */
	readonly url: string;
	/** What the store wants in X-Vault-Token. */
	readonly token: string;
	/** The versions of each secret, the newest last, by the path below `secret/data/`. */
	readonly secrets: ReadonlyMap<string, readonly StoredSecret[]>;
	/** The texts that the chat was sent. */
	readonly messages: string[];
	/** Whether the token may write; true at first. */
	mayWrite: boolean;
	close(): Promise<void>;
}

/** Starts the neighbours on 127.0.0.1, both at one address. */
export async function startNeighbours(): Promise<Neighbours> {
	const token = `hvs.${randomBytes(18).toString('base64url')}`;
	const secrets = new Map<string, StoredSecret[]>();
	const messages: string[] = [];
	const server = fastify({ forceCloseConnections: true });
	const neighbours = { token, secrets, messages, mayWrite: true };
	await server.register(async (vault) => addVault(vault, neighbours), { prefix: '/v1' });
	server.post('/hooks/assistants', async ({ body }) => {
		messages.push(Message.parse(body).text);
		return { ok: true };
	});
	const url = await server.listen({ host: '127.0.0.1', port: 0 });
	return Object.assign(neighbours, { url, close: async () => await server.close() });
}

type Vault = Pick<Neighbours, 'token' | 'mayWrite'> & { readonly secrets: Map<string, StoredSecret[]> };

/** The routes of Vault's HTTP API that the example uses (its documentation: sys/capabilities-self, secret/kv/kv-v2). */
function addVault(server: FastifyInstance, vault: Vault): void {
	const denied = { errors: ['permission denied'] };
	server.addHook('onRequest', async ({ headers }, reply) => {
		if (headers['x-vault-token'] !== vault.token) await reply.code(403).send(denied);
	});
	server.post('/sys/capabilities-self', async ({ body }) => {
		const capabilities = vault.mayWrite ? ['create', 'read', 'update'] : ['read'];
		const byPath = Object.fromEntries(Capabilities.parse(body).paths.map((path) => [path, capabilities]));
		return { capabilities, ...byPath, data: { capabilities, ...byPath } };
	});
	server.post<{ Params: { '*': string } }>('/secret/data/*', async ({ params, body }, reply) => {
		if (!vault.mayWrite) return await reply.code(403).send(denied);
		const versions = [...(vault.secrets.get(params['*']) ?? []), Secret.parse(body).data];
		vault.secrets.set(params['*'], versions);
		return { data: { version: versions.length, created_time: new Date().toISOString(), destroyed: false } };
	});
}
