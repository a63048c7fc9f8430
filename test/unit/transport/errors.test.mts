import {
	IncompleteListError,
	OutcomeUnknownError,
	RateLimitError,
	ResponseError,
	RunAbortedError,
	SkippedRequestError,
} from '../../../nodes/Invent/transport/errors.ts';

const response = new ResponseError(429, { message: 'Slow down' }, { 'retry-after': '7' });
const limited = new RateLimitError(response);

test.each([
	[response, 'ResponseError', 'HTTP 429', undefined],
	[limited, 'RateLimitError', 'The required wait is longer than allowed', response],
	[new SkippedRequestError(limited), 'SkippedRequestError', 'The request was not sent', limited],
	[new RunAbortedError(), 'RunAbortedError', '', undefined],
	[new OutcomeUnknownError('May exist', 'Look', response), 'OutcomeUnknownError', 'May exist', response],
	[new IncompleteListError(3, 5), 'IncompleteListError', 'Received 3 of 5 items', undefined],
	[
		new IncompleteListError(3, undefined),
		'IncompleteListError',
		'Received 3 of an unknown number of items',
		undefined,
	],
])('%s has its name, its message and its cause', (error, name, message, cause) => {
	expect(error).toBeInstanceOf(Error);
	expect(error.name).toBe(name);
	expect(error.message).toBe(message);
	expect(error.cause).toBe(cause);
});

test('A ResponseError keeps status, body and headers', () => {
	expect(response).toMatchObject({
		status: 429,
		body: { message: 'Slow down' },
		headers: { 'retry-after': '7' },
	});
});

test('An OutcomeUnknownError keeps what to do, and an IncompleteListError what was received', () => {
	expect(new OutcomeUnknownError('May exist', 'Look', response).description).toBe('Look');
	expect(new IncompleteListError(3, 5)).toMatchObject({ found: 3, totalCount: 5 });
});
