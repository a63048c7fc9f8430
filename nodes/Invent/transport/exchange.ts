import type { IHttpRequestOptions } from 'n8n-workflow';

import { faultOfAddress } from './address';
import { paceOf } from './pace';
import { Refusal } from './reasons';
import { type Patience, persist } from './retry';

/**
 * What every request has, whoever makes it. Statuses are looked at here, with a message of our own; redirects
 * are not followed, because they would take the key along.
 */
export const REQUEST_DEFAULTS = {
	json: true,
	disableFollowRedirect: true,
	ignoreHttpStatusErrors: true,
} as const satisfies Partial<IHttpRequestOptions>;

/**
 * Lets one request have its answer: not to an address that must not have the key, at the pace of the process,
 * and again as far as that does no harm.
 *
 * @param baseUrl the API to ask
 * @param send sends the request once
 */
export async function exchange<T>(
	baseUrl: string,
	patience: Omit<Patience, 'onLimit'>,
	send: () => Promise<T>,
): Promise<T> {
	const fault = faultOfAddress(baseUrl);
	if (fault !== undefined) throw new Refusal(fault.happened, fault.advice);
	const pace = paceOf(baseUrl);
	const onLimit = (ms: number) => pace.close(ms);
	return await persist(async () => await pace.send(send, patience.signal), { ...patience, onLimit });
}
