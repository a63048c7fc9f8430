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

test('Whatever else goes wrong is told by the name of the parameter alone', () => {
	const reason = new TypeError('secret is undefined');
	const error = withParameterName('Name', reason);
	expect(error.message).toBe("'Name' can't be read");
	expect(error.description).toBe('Check the expression that gives its value.');
	expect(error.cause).toBe(reason);
});
