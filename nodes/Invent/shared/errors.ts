/** A parameter can't be used as it is; nothing is sent for its item. */
export class InvalidParameterError extends Error {
	override readonly name = 'InvalidParameterError';

	/**
	 * @param message what is wrong; never the value, which may be a secret
	 * @param description what to do about it
	 */
	constructor(
		message: string,
		readonly description: string,
		options?: ErrorOptions,
	) {
		super(message, options);
	}
}

/**
 * Names the parameter in front of what a parser says about its value.
 *
 * @param reason what was thrown while the parameter was read
 * @param isRemovable whether the user can remove the parameter, because it is a field of a collection
 */
export function withParameterName(
	displayName: string,
	reason: unknown,
	isRemovable = false,
): InvalidParameterError {
	const { message, description } =
		reason instanceof InvalidParameterError
			? reason
			: { message: 'could not be read', description: 'Check its expression.' };
	return new InvalidParameterError(
		`'${displayName}' ${message}`,
		isRemovable ? `${description} Or remove the field.` : description,
		{ cause: reason },
	);
}
