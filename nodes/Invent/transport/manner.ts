import type { DeclarativeRestApiSettings, IDataObject } from 'n8n-workflow';

import type { Refusal, Trace } from './reasons';

export type Request = DeclarativeRestApiSettings.HttpRequestOptions;

/** Where a value that changes with each request is read from. */
export interface ReadBack {
	/** What it is, such as `secret key`. */
	readonly kind: string;
	readonly path: (request: Request) => string;
}

/** How the requests of an operation are sent. */
export interface Manner {
	/** What the route promises: one object, or a list in pages. */
	readonly answers: 'one' | 'list';
	/**
	 * Which items wait for one another: all of them (with a quota the first ones win), those that act on the
	 * same address (the last one has the last word), or none.
	 */
	readonly order: 'all' | 'address' | 'none';
	/** For what must not be sent twice: tells what to look for when nobody knows whether it was carried out. */
	readonly trace?: (request: Request) => Trace;
	/** For what may be sent twice but changes each time. */
	readonly readBack?: ReadBack;
	/** A member that the answer must hold, besides the id. */
	readonly holds?: string;
	/**
	 * Makes the request out of what the API has now, when its turn has come.
	 *
	 * @param read reads the object at a path
	 */
	readonly prepare?: (request: Request, read: (path: string) => Promise<IDataObject>) => Promise<Request>;
	/** Tells what is wrong with the whole request, before anything is sent. */
	readonly check?: (request: Request) => Refusal | undefined;
}
