import type { ServerResponse } from 'node:http';

import { retryAfterHeader } from './answers.mts';
import type { Answer } from './answers.mts';
import type { AnswerFault, FaultRule, ListChange, RedirectFault, RetryAfterFault } from './faults.mts';

/** What goes over the wire: an answer (whole or cut short), nothing and the end of the connection, or silence. */
export type Delivery = { answer: Answer; cutAfterBytes?: number } | 'cut' | 'silence';

/** What an effect can do to the sandbox besides its delivery. */
export interface Hands {
	/** Carries the request out and gives the true answer. */
	process: () => Answer;
	/** Carries the request out later, whatever is answered now. */
	processLater: (afterMs: number) => void;
	changeList: (change: ListChange) => void;
	/** The clock, in milliseconds. */
	now: number;
}

const SECOND_MS = 1000;

function retryAfter(fault: RetryAfterFault | undefined, now: number): Record<string, string> {
	if (fault === undefined) return {};
	if (typeof fault === 'string') return { 'retry-after': fault };
	return retryAfterHeader(fault.as ?? 'seconds', fault.seconds * SECOND_MS, now);
}

function falseAnswer({ status = 200, headers = {}, body = '', retryAfter: wait }: AnswerFault, now: number) {
	return { status, headers: { ...headers, ...retryAfter(wait, now) }, body };
}

function redirectAnswer({ to, status = 302 }: RedirectFault): Answer {
	return { status, headers: { location: to }, body: '' };
}

function withHeaders(answer: Answer, changes: Record<string, string | null>): Answer {
	const changed = Object.entries(changes).map(([name, value]) => [name.toLowerCase(), value] as const);
	const headers = Object.entries({ ...answer.headers, ...Object.fromEntries(changed) }).filter(
		(header): header is [string, string] => header[1] !== null,
	);
	return { ...answer, headers: Object.fromEntries(headers) };
}

/** What becomes of a request under `effect`; without one, the true answer. */
export function deliveryUnder(effect: FaultRule['effect'] | undefined, hands: Hands): Delivery {
	const { process, now } = hands;
	if (effect === undefined) return { answer: process() };
	if ('dropBefore' in effect) return 'cut';
	if ('dropAfter' in effect) {
		process();
		return 'cut';
	}
	if ('stall' in effect) {
		if (effect.stall === 'after') process();
		return 'silence';
	}
	if ('answer' in effect) {
		if (effect.answer.when === 'after') process();
		return { answer: falseAnswer(effect.answer, now) };
	}
	if ('redirect' in effect) {
		if (effect.redirect.when === 'after') process();
		return { answer: redirectAnswer(effect.redirect) };
	}
	if ('landLater' in effect) {
		const { afterMs, status, retryAfter: wait } = effect.landLater;
		hands.processLater(afterMs);
		return status === undefined
			? 'silence'
			: { answer: { status, headers: retryAfter(wait, now), body: '' } };
	}
	const answer = process();
	if ('truncateBody' in effect) return { answer, cutAfterBytes: effect.truncateBody };
	if ('headers' in effect) return { answer: withHeaders(answer, effect.headers) };
	if ('afterList' in effect) hands.changeList(effect.afterList);
	return { answer };
}

/** Puts a delivery on the wire. `now` becomes the Date header, so that it tells the time of the sandbox's own clock. */
export function deliver(response: ServerResponse, delivery: Delivery, now: number): void {
	if (delivery === 'silence') return;
	if (delivery === 'cut') {
		response.socket?.destroy();
		return;
	}
	const { answer, cutAfterBytes } = delivery;
	const body = Buffer.from(answer.body);
	response.writeHead(answer.status, {
		date: new Date(now).toUTCString(),
		'content-length': body.length,
		...answer.headers,
	});
	if (cutAfterBytes === undefined) response.end(body);
	else response.write(body.subarray(0, cutAfterBytes), () => response.socket?.destroy());
}
