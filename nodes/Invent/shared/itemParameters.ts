import { type InvalidParameterError, withParameterName } from './errors';
import { perItem } from './perItem';

/** What the hooks of an item's parameters have found. */
export class ItemParameters {
	/** Display names of the parameters that make up the path, for the error when the API finds nothing there. */
	readonly pathParameters: string[] = [];

	/** Values of parameters, as parsed, by the parameters' names. */
	readonly values = new Map<string, unknown>();

	/** The first parameter that can't be used, if any. */
	inputError: InvalidParameterError | undefined;

	/**
	 * Reads a parameter and keeps the error, if there is one: thrown in a hook, it would end the item before its
	 * place in the order of items is known.
	 */
	collectError(displayName: string, read: () => void, isRemovable = false): void {
		try {
			read();
		} catch (reason) {
			this.inputError ??= withParameterName(displayName, reason, isRemovable);
		}
	}
}

export const getItemParameters = perItem(() => new ItemParameters());
