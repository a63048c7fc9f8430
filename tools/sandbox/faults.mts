import type { OperationId } from './contract.mts';

/** Which requests a rule is for. Whatever is left out matches all; what is given must all be true. */
export interface FaultMatch {
	/** In any capitals. */
	method?: string;
	operationId?: OperationId;
	/** Text of a regular expression, held against the raw path (with base path, still percent-encoded). */
	path?: string;
	/** Spares the first matching requests: 3 begins with the third one. Default 1. */
	nth?: number;
	/** How many requests are hit in all. Default: one when `nth` is given, otherwise every one. */
	times?: number;
}

/** Whether a request is carried out (`after`) or not (`before`) when the fault sets in. Default before. */
export type Moment = 'before' | 'after';

/** A Retry-After header: text as it is, or that many seconds from the sandbox's clock, in either form. */
export type RetryAfterFault = string | { seconds: number; as?: 'seconds' | 'http-date' };

/** An answer in place of the true one. */
export interface AnswerFault {
	/** Default 200. */
	status?: number;
	headers?: Record<string, string>;
	/** Sent as it is, be it JSON or not. Default nothing. */
	body?: string;
	retryAfter?: RetryAfterFault;
	when?: Moment;
}

/** A redirect in place of the true answer. */
export interface RedirectFault {
	/** The value of the Location header. */
	to: string;
	/** Default 302. */
	status?: number;
	when?: Moment;
}

/** A change of the list, right after a page of it was answered. At the start it shifts the pages to come. */
export type ListChange = ({ insert: number } | { delete: number }) & {
	/** Default start. */
	at?: 'start' | 'end';
};

/** What goes wrong. */
export type FaultEffect =
	| { answer: AnswerFault }
	| { redirect: RedirectFault }
	/** The connection is cut, nothing was done. */
	| { dropBefore: true }
	/** The request is carried out, then the connection is cut instead of an answer. */
	| { dropAfter: true }
	/** No answer ever, until the client goes away or the sandbox closes. */
	| { stall: Moment }
	/**
	 * What a gateway does whose patience is shorter than the service's: it answers with the status (without one, never), and
	 * the request is carried out so many milliseconds after it came all the same. `Sandbox.landed` waits for that.
	 */
	| { landLater: { afterMs: number; status?: number; retryAfter?: RetryAfterFault } }
	/** The true answer, but only so many bytes of its body, then the connection is cut. */
	| { truncateBody: number }
	/** The true answer with other headers; null takes one away. */
	| { headers: Record<string, string | null> }
	/** The true answer; then the list changes. */
	| { afterList: ListChange }
	/** The true answer, late. */
	| { delayMs: number };

/** One rule of a fault plan, as plain data. */
export interface FaultRule {
	match?: FaultMatch;
	/** `delayMs` can stand beside any other effect: milliseconds to wait first. */
	effect: FaultEffect & { delayMs?: number };
}

/** What a rule looks at. */
export interface FaultSubject {
	method: string;
	path: string;
	operationId: string | undefined;
}

/** A list of rules that count the requests they meet. */
export interface FaultPlan {
	/** Forgets the former rules and takes these. */
	set: (rules: FaultRule[]) => void;
	clear: () => void;
	/**
	 * The effect for this request: that of the first rule, in the given order, that matches and is not used up. A request counts
	 * only for the rules that it gets to see, so "twice 429, then a 500" are two rules in this order.
	 */
	take: (subject: FaultSubject) => FaultRule['effect'] | undefined;
}

interface Counted {
	rule: FaultRule;
	path: RegExp | undefined;
	seen: number;
}

function matches({ rule: { match = {} }, path }: Counted, subject: FaultSubject): boolean {
	return (
		(match.method === undefined || match.method.toUpperCase() === subject.method) &&
		(match.operationId === undefined || match.operationId === subject.operationId) &&
		(path === undefined || path.test(subject.path))
	);
}

function isUsedUp({ rule: { match = {} }, seen }: Counted): boolean {
	const times = match.times ?? (match.nth === undefined ? Infinity : 1);
	return seen >= (match.nth ?? 1) - 1 + times;
}

/** An empty fault plan. */
export function createFaultPlan(): FaultPlan {
	let plan: Counted[] = [];
	return {
		set(rules) {
			plan = rules.map((rule) => ({
				rule,
				path: rule.match?.path === undefined ? undefined : new RegExp(rule.match.path),
				seen: 0,
			}));
		},
		clear() {
			plan = [];
		},
		take(subject) {
			for (const counted of plan) {
				if (isUsedUp(counted) || !matches(counted, subject)) continue;
				counted.seen += 1;
				if (counted.seen >= (counted.rule.match?.nth ?? 1)) return counted.rule.effect;
			}
			return undefined;
		},
	};
}
