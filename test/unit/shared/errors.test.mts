import { InvalidParameterError, withParameterName } from '../../../nodes/Invent/shared/errors.ts';

test('What a parser says gets the name of the parameter, and stays the cause', () => {
	const reason = new InvalidParameterError('is empty', 'Fill it in.');
	const error = withParameterName('Name', reason);
	expect(error).toMatchObject({
		name: 'InvalidParameterError',
		message: "'Name' is empty",
		description: 'Fill it in.',
		cause: reason,
	});
	expect(error).toBeInstanceOf(InvalidParameterError);
});

test('Only where a field can be removed, an error advises that', () => {
	const reason = new InvalidParameterError('is empty', 'Fill it in.');
	expect(withParameterName('Name', reason, true).description).toBe('Fill it in. Or remove the field.');
	expect(withParameterName('Name', reason, false).description).toBe('Fill it in.');
});

test('Whatever else goes wrong is told by the name of the parameter alone', () => {
	const reason = new TypeError('secret is undefined');
	const error = withParameterName('Name', reason);
	expect(error.message).toBe("'Name' could not be read");
	expect(error.description).toBe('Check its expression.');
	expect(error.cause).toBe(reason);
});
