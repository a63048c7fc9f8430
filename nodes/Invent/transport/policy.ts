import type { DeclarativeRestApiSettings, IDataObject } from 'n8n-workflow';

import type { InvalidParameterError } from '../shared/errors';

/** A request as n8n's routing makes it of the parameters. */
export type RequestOptions = DeclarativeRestApiSettings.HttpRequestOptions;

/** What a route answers with: one object, or a list in pages. */
export type ResponseType = 'object' | 'list';

/** What became of an item that writes. */
export type Outcome = 'created' | 'updated' | 'unchanged';

/** Where to look for what a POST may have created when its response was lost. */
export interface CreatedLookup {
	/** What it is, such as `assistant`; errors name it. */
	readonly resource: string;
	/** Path of the list that it would be in. */
	readonly listPath: string;
	/** What people call it: its name, if that is known. */
	readonly name: string | undefined;
	/**
	 * The members that tell it from others, as they were sent: its name, mostly. One that was left out is `null`, and
	 * may be filled in by the API. Without members nothing tells it.
	 */
	readonly members: Readonly<IDataObject> | undefined;
	/** A text that the list can be searched for, if it has a search. */
	readonly search?: string | undefined;
	/** Whether there may be only one of that name. */
	readonly unique?: boolean;
	/** Who has the quota that the creation counts toward, if there is one besides the rate limit. */
	readonly quotaKey?: string;
}

/** What an operation can read before it sends its request. */
export interface ApiReader {
	/** The object at a path, as it is now. */
	readonly read: (path: string) => Promise<IDataObject>;
	/** The whole list at a path, as this run knows it: read once, plus what the run has created. */
	readonly list: (path: string) => Promise<readonly IDataObject[]>;
	/** The whole list at a path, read again unless it is current: before anything is created because of it. */
	readonly listAgain: (path: string) => Promise<readonly IDataObject[]>;
}

/** What was asked for is there already. */
export interface AlreadySatisfied {
	readonly existing: IDataObject;
}

/** What was found is not what was looked for any more. */
export interface Outdated {
	readonly isOutdated: true;
}

/** How the requests of an operation are sent. */
export interface RequestPolicy {
	readonly responseType: ResponseType;
	/** `serial`: items one after the other, in their order; `parallel`: they may overlap. */
	readonly ordering: 'serial' | 'parallel';
	/** A member that the object must have besides its id. */
	readonly requiredField?: string;
	/** For a POST that must not be sent twice. */
	readonly lookup?: (request: RequestOptions) => CreatedLookup;
	/** The API's own limit for it, as an error tells it: `10 new things per hour`. */
	readonly creationLimit?: string;
	/** For a POST that may be sent twice but changes a value each time: where the value in force is read. */
	readonly refetch?: {
		/** What the value is, such as `secret key`. */
		readonly resource: string;
		readonly path: (request: RequestOptions) => string;
	};
	/** Writes with the same key take turns in this process, whichever execution they belong to. */
	readonly lockKey?: (request: RequestOptions) => string;
	/**
	 * Finds the object that the write is about, under the lock of `lockKey`.
	 *
	 * @returns the request that changes it and its own lock; `undefined` when there is none
	 */
	readonly resolveExisting?: (
		request: RequestOptions,
		api: ApiReader,
	) => Promise<{ readonly request: RequestOptions; readonly lockKey: string } | undefined>;
	/**
	 * Makes the request out of what the API has now, under the locks; or finds that nothing needs to be sent.
	 *
	 * @param values the item's parameter values by their names
	 */
	readonly beforeRequest?: (
		request: RequestOptions,
		api: ApiReader,
		values: ReadonlyMap<string, unknown>,
	) => Promise<RequestOptions | AlreadySatisfied | Outdated>;
	/**
	 * What is wrong with the request as a whole; nothing is sent then.
	 *
	 * @param values the item's parameter values by their names
	 */
	readonly validate?: (
		request: RequestOptions,
		values: ReadonlyMap<string, unknown>,
	) => InvalidParameterError | undefined;
}
