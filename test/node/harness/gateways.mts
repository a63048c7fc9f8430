/** Servers that stand between the node and the sandbox: they hold back, change what passes, and answer themselves. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, createServer, request as send } from 'node:http';
import type {
	IncomingHttpHeaders,
	IncomingMessage,
	RequestListener,
	Server,
	ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect } from 'node:net';
import type { AddressInfo, Server as NetServer, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LOOPBACK = '127.0.0.1';

/** A request as a gateway got it. */
export interface Seen {
	readonly method: string;
	/** As on the wire, without the query. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly headers: IncomingHttpHeaders;
	readonly body: string;
}

/** An answer on its way to the node. */
export interface Passing {
	status: number;
	headers: Record<string, string | string[] | undefined>;
	body: string;
}

/** How a gateway treats what passes it. Whatever is left out is left alone. */
export interface Manners {
	/** Connections that it lets in at once; a request on any other is refused at once, without a Retry-After. */
	readonly connections?: number;
	/** Requests that it lets in at once; any other is refused likewise. */
	readonly requests?: number;
	/** How it refuses. Default 503. */
	readonly refusal?: 429 | 503;
	/** Milliseconds that each request stays in it. */
	readonly latencyMs?: number;
	/** It writes the Date header by its own clock, which is so many milliseconds ahead. */
	readonly clockOffsetMs?: number;
	/** The most members of a page that it lets through, as a server with a smaller page would. */
	readonly maxTake?: number;
	/** The number of the page does not arrive. */
	readonly ignoresPage?: boolean;
	/** The count does not come back. */
	readonly dropsCount?: boolean;
	/** Told of each request when it comes. */
	readonly onArrival?: (seen: Seen) => void;
	/** What it makes of the members of a page: `nth` counts all pages that pass, from 1 on. */
	readonly page?: (members: unknown[], page: number, nth: number) => unknown[];
	/** What it answers itself; undefined lets the request pass. */
	readonly answer?: (seen: Seen) => Partial<Passing> | undefined;
}

export interface Gateway {
	/** What belongs into the credential's Base URL. */
	readonly url: string;
	/** Everything that came and was not refused for its number, in order. */
	readonly seen: readonly Seen[];
	/** How many connections were made, and how many requests were refused for their number. */
	readonly connections: number;
	readonly refusals: number;
	readonly close: () => Promise<void>;
}

async function listen(server: NetServer): Promise<number> {
	await once(server.listen(0, LOOPBACK), 'listening');
	return (server.address() as AddressInfo).port;
}

let nowhereCount = 0;

/**
 * An address where nothing listens, another one each time. It has a port that only the system may open: one that was open
 * until just now may be given to the next who asks for any.
 */
export function nowhere(scheme: 'http' | 'https' = 'http'): string {
	nowhereCount += 1;
	return `${scheme}://${LOOPBACK}:1/${nowhereCount}`;
}

async function textOf(message: IncomingMessage): Promise<string> {
	let text = '';
	for await (const chunk of message.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
	return text;
}

function membersIn(body: string): unknown[] | undefined {
	try {
		const json: unknown = JSON.parse(body);
		return Array.isArray(json) ? json : undefined;
	} catch {
		return undefined;
	}
}

/** Ends a server and everything that is connected to it. */
function ender(server: Server | NetServer) {
	const sockets = new Set<Socket>();
	server.on('connection', (socket: Socket) => {
		sockets.add(socket);
		socket.on('close', () => sockets.delete(socket));
	});
	return async () => {
		const closed = once(server.close(), 'close');
		for (const socket of sockets) socket.destroy();
		await closed;
	};
}

/** What a gateway asks of the service behind it for what it was asked itself. */
function queryFor({ query }: Seen, { maxTake, ignoresPage }: Manners): string {
	const passed = new URLSearchParams(query);
	if (ignoresPage === true) passed.delete('page');
	if (maxTake !== undefined && Number(passed.get('take')) > maxTake) passed.set('take', String(maxTake));
	return passed.size === 0 ? '' : `?${passed.toString()}`;
}

/** Starts a gateway before the API at an address, which is one of plain http. */
export async function startGateway(
	target: string,
	manners: Manners = {},
	tls?: { key: string; cert: string },
): Promise<Gateway> {
	const { origin, pathname } = new URL(target);
	const agent = new Agent({ keepAlive: true });
	const seen: Seen[] = [];
	const surplus = new WeakSet<object>();
	const counts = { connections: 0, open: 0, requests: 0, refusals: 0, pages: 0 };

	const ask = async (asked: Seen): Promise<Passing> => {
		const { host: _host, connection: _connection, ...headers } = asked.headers;
		const url = `${origin}${asked.path}${queryFor(asked, manners)}`;
		const request = send(url, { method: asked.method, headers, agent });
		request.end(asked.body);
		const [response] = (await once(request, 'response')) as [IncomingMessage];
		return { status: response.statusCode ?? 0, headers: response.headers, body: await textOf(response) };
	};

	const changed = (passing: Passing, asked: Seen): Passing => {
		const headers = { ...passing.headers };
		if (manners.dropsCount === true) delete headers['pagination-count'];
		const members = manners.page === undefined ? undefined : membersIn(passing.body);
		if (members === undefined) return { ...passing, headers };
		counts.pages += 1;
		const made = manners.page?.(members, Number(asked.query.get('page') ?? 1), counts.pages);
		return { ...passing, headers, body: JSON.stringify(made) };
	};

	const answerTo = async (asked: Seen): Promise<Passing> => {
		if (manners.latencyMs !== undefined) await pause(manners.latencyMs);
		const own = manners.answer?.(asked);
		if (own !== undefined) return { status: 200, headers: {}, body: '', ...own };
		return changed(await ask(asked), asked);
	};

	const reply = (response: ServerResponse, { status, headers, body }: Passing) => {
		const {
			'content-length': _length,
			'transfer-encoding': _coding,
			connection: _connection,
			...rest
		} = headers;
		const { clockOffsetMs, connections } = manners;
		const date =
			clockOffsetMs === undefined ? {} : { date: new Date(Date.now() + clockOffsetMs).toUTCString() };
		const ending = connections === undefined ? {} : { connection: 'close' };
		const bytes = Buffer.from(body);
		response.writeHead(status, { ...rest, ...date, ...ending, 'content-length': bytes.length }).end(bytes);
	};

	const handle = async (request: IncomingMessage, response: ServerResponse) => {
		const { pathname: path, searchParams: query } = new URL(request.url ?? '/', origin);
		const { method = '', headers, socket } = request;
		const asked: Seen = { method, path, query, headers, body: await textOf(request) };
		if (surplus.has(socket) || counts.requests >= (manners.requests ?? Infinity)) {
			counts.refusals += 1;
			reply(response, { status: manners.refusal ?? 503, headers: {}, body: 'Too many at once' });
			return;
		}
		seen.push(asked);
		counts.requests += 1;
		manners.onArrival?.(asked);
		// The node may have gone away, and so may the sandbox behind.
		const [outcome] = await Promise.allSettled([answerTo(asked)]);
		counts.requests -= 1;
		if (outcome.status === 'fulfilled') reply(response, outcome.value);
		else socket.destroy();
	};

	const listener: RequestListener = (request, response) => {
		void handle(request, response).catch(() => request.socket.destroy());
	};
	const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
	const end = ender(server);
	server.on(tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
		counts.open += 1;
		if (counts.open > (manners.connections ?? Infinity)) surplus.add(socket);
		socket.on('close', () => {
			counts.open -= 1;
		});
	});
	server.on('connection', () => {
		counts.connections += 1;
	});
	const port = await listen(server);
	return {
		url: `${tls === undefined ? 'http' : 'https'}://${LOOPBACK}:${port}${pathname.replace(/\/$/, '')}`,
		seen,
		get connections() {
			return counts.connections;
		},
		get refusals() {
			return counts.refusals;
		},
		close: async () => {
			await end();
			agent.destroy();
		},
	};
}

/** Does something with a gateway before an API, and ends it. */
export async function throughGateway<T>(
	target: string,
	manners: Manners,
	work: (gateway: Gateway) => Promise<T>,
	tls?: { key: string; cert: string },
): Promise<T> {
	const gateway = await startGateway(target, manners, tls);
	try {
		return await work(gateway);
	} finally {
		await gateway.close();
	}
}

/** A forward proxy, as one is named under Request Options: it keeps what it gets, and passes it on. */
export interface ForwardProxy {
	readonly url: string;
	/** Request line and headers of all that came. */
	readonly seen: readonly string[];
	readonly close: () => Promise<void>;
}

export async function startForwardProxy(): Promise<ForwardProxy> {
	const seen: string[] = [];
	const note = ({ method, url, rawHeaders }: IncomingMessage) => {
		seen.push(`${method} ${url} ${rawHeaders.join(' ')}`);
	};
	const server = createServer((request, response) => {
		note(request);
		const onward = send(request.url ?? '', { method: request.method, headers: request.headers });
		onward.on('response', (answer) => {
			response.writeHead(answer.statusCode ?? 502, answer.headers);
			answer.pipe(response);
		});
		onward.on('error', () => response.writeHead(502).end());
		request.pipe(onward);
	});
	server.on('connect', (request: IncomingMessage, socket: Socket) => {
		note(request);
		const { hostname, port } = new URL(`http://${request.url}`);
		const onward = connect(Number(port), hostname, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			onward.pipe(socket).pipe(onward);
		});
		for (const end of [onward, socket])
			end.on('error', () => [onward, socket].forEach((one) => one.destroy()));
	});
	const end = ender(server);
	const port = await listen(server);
	return { url: `http://${LOOPBACK}:${port}`, seen, close: end };
}

/** A key and a certificate for this machine that nobody has signed. */
export function selfSigned(): { key: string; cert: string } {
	const folder = mkdtempSync(join(tmpdir(), 'certificate-'));
	const key = join(folder, 'key.pem');
	const cert = join(folder, 'cert.pem');
	try {
		const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
		const names = ['-subj', '/CN=localhost', '-addext', `subjectAltName=IP:${LOOPBACK},DNS:localhost`];
		execFileSync('openssl', ['req', '-x509', ...kind, ...names, '-keyout', key, '-out', cert], {
			stdio: 'ignore',
		});
		return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** A server that is there but answers nothing, as one does that hangs. It keeps when requests came and were given up. */
export interface SilentServer {
	readonly url: string;
	readonly arrivals: ReadonlyArray<{ readonly line: string; readonly at: number }>;
	/** Settles when so many requests have come. */
	readonly arrived: (count: number) => Promise<void>;
	/** Settles with the milliseconds for which the first connection was open when the node gave it up. */
	readonly givenUp: Promise<number>;
	readonly close: () => Promise<void>;
}

export async function startSilentServer(): Promise<SilentServer> {
	const arrivals: Array<{ line: string; at: number }> = [];
	const waiting: Array<{ count: number; resolve: () => void }> = [];
	const { promise: givenUp, resolve } = Promise.withResolvers<number>();
	const server = createServer((request) => {
		const at = performance.now();
		arrivals.push({ line: `${request.method} ${request.url}`, at });
		for (const { count, resolve: go } of waiting) if (arrivals.length >= count) go();
		request.socket.once('close', () => resolve(performance.now() - at));
	});
	const end = ender(server);
	const port = await listen(server);
	return {
		url: `http://${LOOPBACK}:${port}`,
		arrivals,
		arrived: async (count) => {
			if (arrivals.length >= count) return;
			await new Promise<void>((go) => waiting.push({ count, resolve: go }));
		},
		givenUp,
		close: end,
	};
}
