import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type IncomingMessage } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';

import { fastify } from 'fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { loadContract } from './contract.mts';
import type { Operation, OperationId } from './contract.mts';
import { readDataFile } from './dataFile.mts';
import { answerRequest } from './exchange.mts';
import type { Surroundings } from './exchange.mts';
import { createFaultPlan } from './faults.mts';
import { isReadable, STORAGE } from './files.mts';
import type { FaultRule } from './faults.mts';
import { settingsFrom } from './options.mts';
import type { RecordedRequest, SandboxOptions, Settings } from './options.mts';
import { recordOf, routedUrl } from './requests.mts';
import type { Store } from './store.mts';
import { createWorld } from './world.mts';
import type { World } from './world.mts';

export type { FaultEffect, FaultMatch, FaultRule } from './faults.mts';
export type { RecordedRequest, SandboxOptions } from './options.mts';
export type { Store } from './store.mts';

/** A running sandbox. */
export interface Sandbox {
	/** What belongs into the credential's Base URL, e.g. `http://127.0.0.1:41234`, with the base path if there is one. */
	readonly url: string;
	readonly apiKey: string;
	/** The real id of the key's own organization. */
	readonly orgId: string;
	/** Every request, in order of arrival, those to unknown paths too. */
	readonly requests: RecordedRequest[];
	readonly store: Store;
	readonly faults: { set(rules: FaultRule[]): void; clear(): void };
	/** How many requests are being answered now, and the most there ever were at once. */
	readonly inFlight: { readonly now: number; readonly peak: number };
	/** Settles when every request that was to be carried out later (`landLater`) has been. */
	landed(): Promise<void>;
	/**
	 * Forgets requests, faults, limits and data, and starts over on the same port with the same key. Options that are given
	 * change, the others stay (`port` cannot change). A `file` is read only when it is given here, else it is written anew.
	 */
	reset(options?: Partial<SandboxOptions>): void;
	/** Ends the server and all its connections at once. */
	close(): Promise<void>;
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;
const LONGEST_BODY = 128 * 1024 * 1024;
const LONGEST_PATH_SEGMENT = 16_384;

/** Keeps the list of requests, and counts those that are under way. */
function createJournal(log: (request: RecordedRequest) => void) {
	const requests: RecordedRequest[] = [];
	const inFlight = { now: 0, peak: 0 };
	const records = new WeakMap<IncomingMessage, RecordedRequest>();
	return {
		requests,
		inFlight,
		arrived(request: FastifyRequest, reply: FastifyReply, at: number) {
			const record = recordOf(request.raw, request.originalUrl, at);
			records.set(request.raw, record);
			requests.push(record);
			inFlight.now += 1;
			inFlight.peak = Math.max(inFlight.peak, inFlight.now);
			reply.raw.once('close', () => {
				inFlight.now -= 1;
				log(record);
			});
		},
		recordFor(request: FastifyRequest): RecordedRequest {
			const record = records.get(request.raw);
			if (record === undefined) throw new Error('The request was not recorded');
			return record;
		},
		forget() {
			requests.length = 0;
			inFlight.peak = inFlight.now;
		},
	};
}

type Journal = ReturnType<typeof createJournal>;

/** @throws {Error} when the key would travel unencrypted, or the certificate's files can't be read */
function readCertificate({ host, cert, key }: Settings): { cert: Buffer; key: Buffer } | undefined {
	if (cert !== undefined && key !== undefined) return { cert: readFileSync(cert), key: readFileSync(key) };
	if (cert === undefined && key === undefined && LOOPBACK.test(host)) return undefined;
	throw new Error(
		'--host other than 127.0.0.1 needs --cert and --key: without HTTPS, others could read the API key.',
	);
}

function createServer(settings: Settings, basePath: () => string): FastifyInstance {
	const certificate = readCertificate(settings);
	const server = fastify({
		serverFactory: (handler) =>
			certificate === undefined ? createHttpServer(handler) : createHttpsServer(certificate, handler),
		bodyLimit: LONGEST_BODY,
		exposeHeadRoutes: false,
		forceCloseConnections: true,
		routerOptions: { maxParamLength: LONGEST_PATH_SEGMENT },
		rewriteUrl: ({ url = '/' }) => routedUrl(url, basePath()),
	});
	server.removeAllContentTypeParsers();
	server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
	server.addHttpMethod('GET', { hasBody: true, overrideExisting: true }); // so that a body where none belongs is seen
	return server;
}

function addRoutes(server: FastifyInstance, surroundings: Surroundings, journal: Journal): void {
	const handlerFor =
		<Op extends OperationId>(operation?: Operation<Op>) =>
		async (request: FastifyRequest, reply: FastifyReply) => {
			reply.hijack();
			const record = journal.recordFor(request);
			record.rawBody = typeof request.body === 'string' ? request.body : '';
			const incoming = {
				record,
				contentType: request.headers['content-type'],
				authorization: request.headers.authorization,
				path: request.params,
				query: request.query,
			};
			await answerRequest(surroundings, operation, incoming, reply.raw);
		};
	for (const operation of Object.values(loadContract())) {
		const url = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
		server.route({ method: operation.method, url, handler: handlerFor(operation) });
	}
	server.setNotFoundHandler(handlerFor());
}

/** Serves uploaded files, as the addresses in the answers promise. Nobody needs a key for them. */
function addStorage(server: FastifyInstance, world: () => World): void {
	server.get<{ Params: { id: string; name: string }; Querystring: { token?: string } }>(
		`${STORAGE}/:id/:name`,
		async ({ params, query }, reply) => {
			const found = world()
				.store.allFiles()
				.find(({ file: { id, file_filename } }) => id === params.id && file_filename === params.name);
			if (found === undefined) return reply.code(404).send();
			if (!isReadable(found, query.token ?? null)) return reply.code(403).send();
			return reply.type(found.file.file_mimetype).send(Buffer.from(found.content, 'base64'));
		},
	);
}

/**
 * Starts a sandbox, on 127.0.0.1 unless `host` says otherwise. Rejects when the port is taken, when a file cannot be read, and
 * when another machine could reach it without HTTPS.
 */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
	const readSaved = (file: string | undefined) => (file === undefined ? undefined : readDataFile(file));
	let settings = settingsFrom(options);
	const saved = readSaved(settings.file);
	const faults = createFaultPlan();
	faults.set(settings.faults);
	const journal = createJournal((request) => settings.log?.(request));
	const closing = new AbortController();
	const late = new Set<Promise<unknown>>();

	const server = createServer(settings, () => settings.basePath);
	server.addHook('onRequest', async (request, reply) => {
		// Files are no part of the API.
		if (!request.url.startsWith(`${STORAGE}/`)) journal.arrived(request, reply, settings.now());
	});
	addStorage(server, () => world);
	addRoutes(server, { world: () => world, faults, closing: closing.signal, late }, journal);
	const listening = await server.listen({ host: settings.host, port: settings.port });
	const origin = settings.cert === undefined ? listening : listening.replace(/^http:/, 'https:'); // it always says http
	const url = () => `${origin}${settings.basePath}`;
	let world = createWorld(settings, saved, url());

	return {
		get url() {
			return url();
		},
		get apiKey() {
			return world.apiKey;
		},
		get orgId() {
			return world.store.ownOrgId;
		},
		get store() {
			return world.store;
		},
		requests: journal.requests,
		inFlight: journal.inFlight,
		faults: { set: faults.set, clear: faults.clear },
		async landed() {
			while (late.size > 0) await Promise.all(late);
		},
		reset(changes = {}) {
			settings = settingsFrom({ faults: [], apiKey: world.apiKey, ...changes }, settings);
			world = createWorld(settings, readSaved(changes.file), url());
			faults.set(settings.faults);
			journal.forget();
		},
		async close() {
			closing.abort();
			await server.close();
		},
	};
}
