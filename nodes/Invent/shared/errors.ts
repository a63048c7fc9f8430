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
 */
export function withParameterName(displayName: string, reason: unknown): InvalidParameterError {
	const options = { cause: reason };
	if (reason instanceof InvalidParameterError) {
		return new InvalidParameterError(`'${displayName}' ${reason.message}`, reason.description, options);
	}
	return new InvalidParameterError(
		`'${displayName}' can't be read`,
		'Check the expression that gives its value.',
		options,
	);
}
