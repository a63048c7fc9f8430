import type { IDataObject } from 'n8n-workflow';

/*
 * What can end an item, besides a fault of the network. errors.ts tells each to the user.
 */

/** The input of an item can't be used. Nothing is sent for the item. */
export class Refusal extends Error {
	/**
	 * @param happened what is wrong, naming the parameter; never the value, which may be a secret
	 * @param advice what to do about it
	 */
	constructor(
		readonly happened: string,
		readonly advice: string,
	) {
		super(happened);
	}
}

/** A refusal that names the parameter, made of what was thrown while looking at it. */
export function labelled(displayName: string, reason: unknown): Refusal {
	if (reason instanceof Refusal) return new Refusal(`'${displayName}' ${reason.happened}`, reason.advice);
	return new Refusal(`'${displayName}' can't be read`, 'Check the expression that gives its value.');
}

/** The API answered, and not with what was asked for. */
export class Unfit extends Error {
	/**
	 * @param status HTTP status of the answer
	 * @param body the answer's body, as parsed or as text
	 */
	constructor(
		readonly status: number,
		readonly body: unknown,
		readonly headers: IDataObject,
	) {
		super(`HTTP ${status}`);
	}
}

/** The API asks to wait longer than the node may; its answer was a 429. */
export class TooLong extends Error {
	constructor(readonly because: Unfit) {
		super('The API asks for a longer wait');
	}
}

/** A request was not sent, because the API has asked another item of the run for too long a wait. */
export class Unsent extends Error {
	constructor(readonly because: TooLong) {
		super('Not sent');
	}
}

/** Another item has come to nothing and the node stops on that; nobody will see what came of this one. */
export class Stopped extends Error {}

/** Where to look for what a request may have made, when its answer got lost. */
export interface Trace {
	/** What it would be, such as `assistant`. */
	readonly kind: string;
	/** Path of the list that it would be in. */
	readonly list: string;
	/** The name it would have; without one it can't be told from others. */
	readonly name: string | undefined;
	/** Whether there may be only one of the name. */
	readonly isOnly?: boolean;
}

/** Nobody knows whether a request was carried out, and there is no way to be certain. */
export class Uncertain extends Error {
	/**
	 * @param because what broke the exchange
	 * @param happened what may have come of the request
	 * @param advice how to find out
	 */
	constructor(
		readonly because: unknown,
		readonly happened: string,
		readonly advice: string,
	) {
		super(happened);
	}
}

/** The pages of a list repeat themselves before the list is complete. */
export class HalfList extends Error {
	/**
	 * @param found how many members came
	 * @param count how many there are, as the API says
	 */
	constructor(
		readonly found: number,
		readonly count: number,
	) {
		super(`${found} of ${count}`);
	}
}
