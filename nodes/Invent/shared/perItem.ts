import type { IExecuteSingleFunctions } from 'n8n-workflow';

/**
 * Keeps something for each item.
 *
 * The engine calls all hooks of an item with one context (n8n-core, routing-node.js), and a pagination function
 * with an object that inherits from it, so that context identifies the item. What is kept ends with it.
 *
 * @param create makes what is kept, at the first call for an item
 */
export function perItem<T extends object>(
	create: (context: IExecuteSingleFunctions) => T,
): (context: IExecuteSingleFunctions) => T {
	const kept = new WeakMap<object, T>();
	return (context) => {
		const existing = kept.get(context) ?? kept.get(Object.getPrototypeOf(context));
		if (existing !== undefined) return existing;
		const created = create(context);
		kept.set(context, created);
		return created;
	};
}
