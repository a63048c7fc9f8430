/**
 * The input of an item can't be used. Nothing is sent for the item; it is reported as a NodeOperationError.
 */
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
