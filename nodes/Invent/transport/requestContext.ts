import type { ResponseType } from './policy';

/** What a request was about, as far as an error's text depends on it. */
export interface RequestContext {
	readonly responseType: ResponseType;
	/** Display names of the parameters that make up the path. */
	readonly pathParameters: readonly string[];
	/** The input item that it was for; a drop-down has none. */
	readonly index?: number;
	/** HTTP method; GET, if not given. */
	readonly method?: string;
	/** Whether a change that seemed to fail may still take effect. */
	readonly mayTakeEffectLater?: boolean;
	/** Whether a drop-down asked, which knows neither items nor options. */
	readonly isDropdown?: boolean;
	/** The time-out of the request, in milliseconds. */
	readonly timeoutMs?: number;
	/** Another limit of the API, such as `10 new things per hour and organization`. */
	readonly creationLimit?: string;
}

/** An error as people read it. */
export interface ErrorText {
	/** What happened. */
	readonly message: string;
	/** What to do about it. */
	readonly description: string;
}

/** A sentence that advises to try again. */
export function tryAgain({ isDropdown }: RequestContext, when = 'later', others = ''): string {
	return `${isDropdown === true ? 'Try' : 'Run the workflow'} again ${when}${isDropdown === true ? '' : others}.`;
}
