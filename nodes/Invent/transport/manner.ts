import type { DeclarativeRestApiSettings, IDataObject } from 'n8n-workflow';

import type { Refusal, Trace } from './reasons';

export type Request = DeclarativeRestApiSettings.HttpRequestOptions;

/** Where a value that changes with each request is read from. */
export interface ReadBack {
	/** What it is, such as `secret key`. */
	readonly kind: string;
	readonly path: (request: Request) => string;
}

/** What an operation can learn of the API before it sends its request. */
export interface Api {
	/** The object at a path, as it is now. */
	readonly read: (path: string) => Promise<IDataObject>;
	/** The members of the list at a path, as they were when the run first asked, and what the run has added. */
	readonly list: (path: string) => Promise<readonly IDataObject[]>;
}

/** What was asked for is there already. */
export interface Found {
	readonly found: IDataObject;
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
	 * Makes the request out of what the API has now, when the item's turn has come; or finds that what was asked
	 * for is there already, and nothing needs to be sent.
	 */
	readonly prepare?: (request: Request, api: Api) => Promise<Request | Found>;
	/** Tells what is wrong with the whole request, before anything is sent. */
	readonly check?: (request: Request) => Refusal | undefined;
}
