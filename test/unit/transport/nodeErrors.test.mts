import { inspect } from 'node:util';

import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';

import { InvalidParameterError } from '../../../nodes/Invent/shared/errors.ts';
import {
	IncompleteListError,
	OutcomeUnknownError,
	RateLimitError,
	ResponseError,
	RunAbortedError,
	SkippedRequestError,
} from '../../../nodes/Invent/transport/errors.ts';
import type { ErrorDescription, RequestContext } from '../../../nodes/Invent/transport/nodeErrors.ts';
import { describeError, toErrorItem, toNodeError } from '../../../nodes/Invent/transport/nodeErrors.ts';
import { ABORTED, httpHelperError, NODE, SEEN, TIMED_OUT } from './networkFixtures.mts';

const ITEM: RequestContext = {
	responseType: 'object',
	pathParameters: ['Organization', 'Thing'],
	index: 3,
	method: 'POST',
	timeoutMs: 60_000,
};
const DROPDOWN: RequestContext = {
	responseType: 'list',
	pathParameters: ['Organization'],
	isDropdown: true,
	timeoutMs: 15_000,
};

function describeIt(error: unknown, context = ITEM, secrets: string[] = []): ErrorDescription {
	return describeError(error, context, 'https://api.example', secrets);
}

const IN_90_SECONDS = { 'retry-after': '90', date: 'Fri, 01 May 2026 12:00:00 GMT' };
const PAUSE = new ResponseError(429, '', IN_90_SECONDS);
const BUSY = new ResponseError(503, '', IN_90_SECONDS);
const NOTHING_THERE =
	"Could not connect to api.example. Check the 'Base URL' of the credential and whether n8n can reach the host. (ECONNREFUSED)";
const LIMIT =
	"Invent allows 500 requests per minute and IP address. To wait longer, increase 'Max Wait' in Options.";

describe('What ended an item is described', () => {
	test.each<readonly [string, unknown, ErrorDescription]>([
		[
			'an invalid parameter',
			new InvalidParameterError("'Name' is empty", 'Enter one.'),
			{ message: "'Name' is empty [item 3]", description: 'Enter one.', code: 'invalid_input' },
		],
		[
			'a response',
			new ResponseError(400, { message: 'No' }, {}),
			{
				message: 'Invent rejected the request (status 400) [item 3]',
				description: 'Check the parameters. Invent says: No',
				code: 'rejected',
				httpStatus: 400,
			},
		],
		[
			'a response without a text',
			new ResponseError(400, '', {}),
			{
				message: 'Invent rejected the request (status 400) [item 3]',
				description: 'Check the parameters.',
				code: 'rejected',
				httpStatus: 400,
			},
		],
		[
			'a web page',
			new ResponseError(502, '<html>Bad Gateway</html>', {}),
			{
				message: 'Invent could not process the request (status 502) [item 3]',
				description:
					'This is an issue with the service, or with a proxy or gateway. Run the workflow again later. The web page says: Bad Gateway',
				code: 'unavailable',
				httpStatus: 502,
			},
		],
		[
			'a redirect, whose text is not repeated',
			new ResponseError(302, 'Moved to /x?sig=abc', {}),
			{
				message: 'Received a redirect, which is not followed [item 3]',
				description:
					"Enter the final address as 'Base URL' of the credential. Nothing was changed, and the API key was not sent there.",
				code: 'unexpected_response',
				httpStatus: 302,
			},
		],
		[
			'incomplete JSON, which is not repeated',
			new ResponseError(200, '{"id":"a', {}),
			{
				message: 'Unexpected response: expected an object, received incomplete JSON [item 3]',
				description:
					"Check the 'Base URL' of the credential. A proxy, gateway, or login page may have responded instead of the API.",
				code: 'unexpected_response',
				httpStatus: 200,
			},
		],
		[
			'a pause that is too long',
			new RateLimitError(PAUSE),
			{
				message: 'Rate limit reached: try again in 90 seconds [item 3]',
				description: LIMIT,
				code: 'rate_limited',
				httpStatus: 429,
				retryAt: '2026-05-01T12:01:30.000Z',
				failure: { cause: 'rate-limited', retryAfterMs: 90_000 },
			},
		],
		[
			'a pause without an end',
			new RateLimitError(new ResponseError(429, '', {})),
			{
				message: 'Rate limit reached: try again later [item 3]',
				description: LIMIT,
				code: 'rate_limited',
				httpStatus: 429,
				failure: { cause: 'rate-limited' },
			},
		],
		[
			'a service that is down for too long',
			new RateLimitError(BUSY),
			{
				message: 'Invent could not process the request (status 503) [item 3]',
				description:
					"This is an issue with the service. Run the workflow again in 90 seconds, or increase 'Max Wait' in Options.",
				code: 'unavailable',
				httpStatus: 503,
				failure: { cause: 'temporarily-unavailable', retryAfterMs: 90_000 },
			},
		],
		[
			'a network error',
			SEEN.refused,
			{
				message: 'Could not connect to api.example [item 3]',
				description: NOTHING_THERE.slice(NOTHING_THERE.indexOf('Check')),
				code: 'unavailable',
			},
		],
		[
			'an unknown outcome after a network error',
			new OutcomeUnknownError('It may exist', 'Look for it.', SEEN.reset),
			{
				message: 'It may exist [item 3]',
				description:
					'Look for it. The connection to api.example was lost before the response was complete. Run the workflow again later. (ECONNRESET)',
				code: 'outcome_unknown',
			},
		],
		[
			'an unknown outcome after a response, of which nothing is declared',
			new OutcomeUnknownError('It may exist', 'Look for it.', new RateLimitError(BUSY)),
			{
				message: 'It may exist [item 3]',
				description:
					"Look for it. Invent could not process the request (status 503). This is an issue with the service. Run the workflow again in 90 seconds, or increase 'Max Wait' in Options.",
				code: 'outcome_unknown',
				httpStatus: 503,
			},
		],
		[
			'an item that was skipped because of a pause',
			new SkippedRequestError(new RateLimitError(PAUSE)),
			{
				message: 'Not sent. Rate limit reached: try again in 90 seconds [item 3]',
				description: LIMIT,
				code: 'skipped',
			},
		],
		[
			'an item that was skipped because of an outage',
			new SkippedRequestError(SEEN.refused),
			{
				message: 'Not sent because earlier items could not reach Invent [item 3]',
				description: NOTHING_THERE,
				code: 'skipped',
			},
		],
		[
			'an item that was skipped because of an outage that left the outcome of another unknown',
			new SkippedRequestError(
				new OutcomeUnknownError('It may exist', 'Look.', new ResponseError(500, '', {})),
			),
			{
				message: 'Not sent because earlier items could not reach Invent [item 3]',
				description:
					'Invent could not process the request (status 500). This is an issue with the service. Run the workflow again later.',
				code: 'skipped',
			},
		],
		[
			'an item that was stopped',
			new RunAbortedError(),
			{
				message: 'Not sent because another item failed [item 3]',
				description: 'The node stops at the first item that fails.',
				code: 'cancelled',
			},
		],
		[
			'a list that is incomplete',
			new IncompleteListError(3, 5),
			{
				message: 'Incomplete list: received 3 of 5 items [item 3]',
				description:
					"The list may have changed while it was read. Run the workflow again. If that doesn't help, check the 'Base URL' of the credential. A proxy may remove the page number.",
				code: 'unexpected_response',
			},
		],
		[
			'a list of unknown length that is incomplete',
			new IncompleteListError(3, undefined),
			{
				message: 'Incomplete list: pages repeat after 3 items [item 3]',
				description:
					"The list may have changed while it was read. Run the workflow again. If that doesn't help, check the 'Base URL' of the credential. A proxy may remove the page number.",
				code: 'unexpected_response',
			},
		],
		[
			'a cancelled execution',
			ABORTED,
			{
				message: 'The execution was canceled [item 3]',
				description: 'Nothing more was sent for this item.',
				code: 'cancelled',
			},
		],
		[
			'anything else that was thrown',
			httpHelperError('Not allowed: token=abc'),
			{
				message: 'The request could not be sent [item 3]',
				description: 'Not allowed: token=•••',
				code: 'unavailable',
			},
		],
		[
			'anything at all',
			'No',
			{ message: 'The request could not be sent [item 3]', description: 'No', code: 'unavailable' },
		],
	])('%s', (_, error, described) => {
		expect(describeIt(error)).toStrictEqual(described);
	});
});

describe('The error code', () => {
	test.each([
		[200, 'unexpected_response'],
		[301, 'unexpected_response'],
		[303, 'unexpected_response'],
		[399, 'unexpected_response'],
		[400, 'rejected'],
		[401, 'unauthorized'],
		[402, 'rejected'],
		[403, 'forbidden'],
		[404, 'not_found'],
		[407, 'rejected'],
		[409, 'rejected'],
		[413, 'rejected'],
		[422, 'rejected'],
		[429, 'rate_limited'],
		[499, 'rejected'],
		[500, 'unavailable'],
		[503, 'unavailable'],
		[599, 'unavailable'],
	])('of status %i is %s', (status, code) => {
		for (const body of ['', '<html>Page</html>', { message: 'No' }]) {
			expect(describeIt(new ResponseError(status, body, {}))).toMatchObject({ code, httpStatus: status });
		}
	});

	test.each<readonly [keyof typeof SEEN, ErrorDescription['code']]>([
		['refused', 'unavailable'],
		['plainPort', 'unavailable'],
		['selfSigned', 'unavailable'],
		['reset', 'unavailable'],
		['timeout', 'unavailable'],
		['invalidUrl', 'invalid_input'],
		['invalidCharacter', 'invalid_input'],
		['cancelled', 'cancelled'],
		['headersTooLarge', 'unexpected_response'],
		['brokenGzip', 'unexpected_response'],
	])('of %s is %s, without a status', (name, code) => {
		const described = describeIt(SEEN[name]);
		expect(described.code).toBe(code);
		expect(described).not.toHaveProperty('httpStatus');
		expect(described).not.toHaveProperty('failure');
		expect(described).not.toHaveProperty('retryAt');
	});

	test('of a drop-down that waited at the limit is rate_limited, and of one whose request took too long unavailable', () => {
		expect(describeIt(TIMED_OUT, DROPDOWN).code).toBe('rate_limited');
		expect(describeIt(SEEN.cancelled, DROPDOWN).code).toBe('unavailable');
		expect(describeIt(SEEN.timeout, DROPDOWN).code).toBe('unavailable');
	});

	test('of an operation whose time ran out is unavailable', () => {
		expect(describeIt(TIMED_OUT).code).toBe('unavailable');
	});
});

test('Nothing is declared but what a response proves', () => {
	for (const status of [400, 401, 402, 403, 404, 500, 502, 504]) {
		expect(describeIt(new ResponseError(status, '', IN_90_SECONDS))).not.toHaveProperty('failure');
		expect(describeIt(new ResponseError(status, '', IN_90_SECONDS))).not.toHaveProperty('retryAt');
	}
	expect(describeIt(new ResponseError(503, '', {}))).not.toHaveProperty('failure');
});

test('A drop-down has no item', () => {
	expect(describeIt(new ResponseError(401, '', {}), DROPDOWN).message).toBe('Invent rejected the API key');
});

test('A drop-down is never advised to use options that it does not have', () => {
	const errors = [
		...[200, 302, 400, 401, 403, 404, 407, 429, 500, 503].map((status) => new ResponseError(status, '', {})),
		new RateLimitError(PAUSE),
		new RateLimitError(BUSY),
		...Object.values(SEEN),
		TIMED_OUT,
	];
	for (const error of errors) {
		const { description } = describeIt(error, DROPDOWN);
		expect(description).not.toMatch(/Max Wait|Request Options|Run /);
	}
});

test('A change that may still take effect is told as such', () => {
	expect(describeIt(SEEN.timeout, { ...ITEM, mayTakeEffectLater: true }).description).toBe(
		"Run the workflow again later, or increase 'Timeout' in Request Options. (ECONNABORTED) The change may still take effect. Check it before you run this item again.",
	);
});

test('Secrets are masked, whoever repeats them', () => {
	const errors = [
		new InvalidParameterError('k1', 'k1'),
		new ResponseError(400, { message: 'k1' }, {}),
		new ResponseError(302, '', { location: 'https://k1.example/k1' }),
		new OutcomeUnknownError('k1', 'k1', new ResponseError(500, 'k1', {})),
		httpHelperError('k1'),
		'k1',
	];
	for (const error of errors) {
		const described = describeIt(error, ITEM, ['k1']);
		expect(JSON.stringify(described)).not.toContain('k1');
		expect(inspect(toNodeError(NODE, described, 3), { depth: 9, showHidden: true })).not.toContain('k1');
	}
});

test.each([
	[200, ' Invent says: Hello'],
	[299, ' Invent says: Hello'],
	[300, ''],
	[399, ''],
	[400, ' Invent says: Hello'],
])('Of a text of status %i an error repeats %j', (status, told) => {
	const silent = describeIt(new ResponseError(status, '', {})).description;
	const { description } = describeIt(new ResponseError(status, { message: 'Hello' }, {}));
	expect(description).toBe(silent + told);
});

describe('The error that n8n shows', () => {
	const DESCRIBED: ErrorDescription = {
		message: 'ENOENT and ECONNREFUSED',
		description: 'Try ENOTFOUND',
		code: 'rejected',
		httpStatus: 400,
	};

	test('keeps its texts, also where n8n sees an error code in them', () => {
		for (const code of ['rejected', 'invalid_input'] as const) {
			const error = toNodeError(NODE, { ...DESCRIBED, code }, 3);
			expect(error.message).toBe('ENOENT and ECONNREFUSED');
			expect(error.description).toBe('Try ENOTFOUND');
			expect(error.messages).toEqual([]);
			expect(error.context.itemIndex).toBe(3);
			expect(error.node).toBe(NODE);
		}
	});

	test('is about the API, with its status', () => {
		const error = toNodeError(NODE, DESCRIBED, 3);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error).toMatchObject({ httpCode: '400' });
		expect(error.cause).toBeUndefined();
	});

	test('has no status without a response, because drop-downs begin their message with it', () => {
		expect(toNodeError(NODE, describeIt(SEEN.reset))).toMatchObject({ httpCode: null });
	});

	test('is about the operation when the input is invalid', () => {
		expect(toNodeError(NODE, describeIt(new InvalidParameterError('a', 'b')))).toBeInstanceOf(
			NodeOperationError,
		);
		expect(toNodeError(NODE, describeIt(SEEN.invalidUrl))).toBeInstanceOf(NodeOperationError);
	});

	test('declares what the response proves', () => {
		expect(toNodeError(NODE, describeIt(new RateLimitError(PAUSE)), 3).failure).toEqual({
			cause: 'rate-limited',
			retryAfterMs: 90_000,
		});
		expect(toNodeError(NODE, describeIt(BUSY), 3).failure).toEqual({
			cause: 'temporarily-unavailable',
			retryAfterMs: 90_000,
		});
		expect(toNodeError(NODE, DESCRIBED, 3).failure).toBeUndefined();
	});

	test('has no item for a drop-down', () => {
		expect(toNodeError(NODE, DESCRIBED).context.itemIndex).toBeUndefined();
	});
});

describe('An error item', () => {
	const CONTINUE: INode = { ...NODE, onError: 'continueRegularOutput' };
	const ERROR_OUTPUT: INode = { ...NODE, onError: 'continueErrorOutput' };

	test('has text, code, status and time, and its input item', () => {
		const item = toErrorItem(CONTINUE, describeIt(new RateLimitError(PAUSE)), 3);
		expect(item).toEqual({
			json: {
				error: `Rate limit reached: try again in 90 seconds [item 3]. ${LIMIT}`,
				errorCode: 'rate_limited',
				httpStatus: 429,
				retryAt: '2026-05-01T12:01:30.000Z',
			},
			pairedItem: { item: 3 },
		});
		expect('error' in item).toBe(false);
	});

	test('has no more than is known', () => {
		const described: ErrorDescription = { message: 'No', description: '', code: 'unavailable' };
		expect(toErrorItem(CONTINUE, described, 0)).toStrictEqual({
			json: { error: 'No', errorCode: 'unavailable' },
			pairedItem: { item: 0 },
		});
	});

	test('for the error output is marked by an error that is not copied', () => {
		const described = describeIt(new ResponseError(404, '', {}));
		const item = toErrorItem(ERROR_OUTPUT, described, 3);
		expect(item.error).toBeInstanceOf(NodeApiError);
		expect(item.error?.message).toBe(item.json.error);
		expect(item.error?.description).toBe(described.description);
		expect(Object.keys(item)).toEqual(['json', 'pairedItem']);
		expect({ ...item }).toEqual({ json: item.json, pairedItem: { item: 3 } });
		expect(Object.getOwnPropertyDescriptor(item, 'error')).toMatchObject({
			enumerable: false,
			writable: true,
			configurable: true,
		});
	});
});
