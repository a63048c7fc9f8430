import {
	answering,
	assistants,
	expectClear,
	faultOf,
	least,
	NO_WAIT,
	OPERATIONS,
	OWN_VALUE,
	POST,
	textOf,
	useSandbox,
	valued,
} from '../harness/support.mts';
import type { OperationName } from '../harness/support.mts';

const api = useSandbox();

const SAID = 'Das sagt der Dienst';

/** Status, what the message tells, and what the description advises. */
const STATUSES: ReadonlyArray<readonly [number, RegExp, RegExp]> = [
	[301, /redirect/, /Base URL/],
	[302, /redirect/, /Base URL/],
	[307, /redirect/, /Base URL/],
	[308, /redirect/, /Base URL/],
	[400, /rejected/, /Check/],
	[401, /API key/, /credential/],
	[402, /402/, /plan/],
	[403, /permission/, /key of the organization/],
	[404, /not found/, /Check 'Organization'/],
	[409, /409/, /Check/],
	[413, /413/, /Check/],
	[422, /rejected/, /Check/],
	[429, /try again/, /Max Wait/],
	[500, /500/, /again later|may have been created/],
	[502, /502/, /again later|may have been created/],
	[503, /503/, /again later|may have been created/],
];

describe('A status of the API becomes an error that says what happened and what to do', () => {
	test.each(STATUSES)('%i', async (status, happened, advice) => {
		api.sandbox.faults.set(answering(status, { message: SAID }, POST));
		const fault = faultOf(await api.run({ ...least('create', ''), ...NO_WAIT }));
		expect(fault.name).toBe('NodeApiError');
		expect(textOf(fault)).toMatch(happened);
		expect(fault.message).toContain('[item 0]');
		expect(fault.description).toMatch(advice);
		expect(fault.itemIndex).toBe(0);
		expectClear(fault);
	});

	test.each([400, 401, 402, 403, 404, 409, 413, 422, 500, 502, 503])(
		"%i repeats the API's own words",
		async (status) => {
			api.sandbox.faults.set(answering(status, { message: SAID }, POST));
			expect(faultOf(await api.run(least('create', ''))).description).toContain(SAID);
		},
	);

	test('of the item that it answers', async () => {
		const ids = assistants(api);
		api.sandbox.faults.set(answering(403, '', { path: ids[1] ?? '' }));
		const parameters = { operation: 'get', assistantId: OWN_VALUE };
		const fault = faultOf(await api.run(parameters, { items: valued(ids) }));
		expect(fault.itemIndex).toBe(1);
		expect(fault.message).toContain('[item 1]');
	});
});

test.each(OPERATIONS)(
	'%s: a refused key may be wrong, or the route may be closed to keys',
	async (operation) => {
		const [id = ''] = assistants(api);
		const wrong = { ...api.credential, apiKey: `${api.sandbox.apiKey}x` };
		const fault = faultOf(await api.run(least(operation, id), { credential: wrong }));
		expect(fault.message).toContain('API key');
		expect(fault.description).toMatch(/wrong|deleted/);
		expect(fault.description).toMatch(/route/);
		expect(fault.description).toContain('credential');
	},
);

describe('What is not found is looked for in the parameters that name it', () => {
	test.each(['get', 'update', 'duplicate', 'rotateKey'] as const)('%s', async (operation) => {
		const fault = faultOf(await api.run(least(operation, 'ast_none')));
		expect(fault.message).toContain("'Organization'");
		expect(fault.message).toContain("'Assistant'");
		expect(fault.description).toContain("'Assistant'");
	});

	test.each(['create', 'getAll'] as const)('%s, which has no assistant', async (operation) => {
		const fault = faultOf(await api.run({ ...least(operation, ''), organizationId: 'org_none' }));
		expect(fault.message).toContain("'Organization'");
		expect(`${fault.message} ${fault.description}`).not.toContain("'Assistant'");
	});
});

describe('What the API says is understood in any shape', () => {
	const WORDS = 'Sprache unbekannt';
	const SHAPES: ReadonlyArray<readonly [string, unknown]> = [
		['a message', { message: WORDS }],
		['an error', { error: WORDS }],
		['an error with a message', { error: { code: 'x', message: WORDS } }],
		['a list of errors', { errors: [{ path: ['config', 'language'], message: WORDS }] }],
		['a list of texts', { errors: [WORDS, 'Auch das'] }],
		['a list of messages', { statusCode: 400, error: 'Bad Request', message: [WORDS, 'Auch das'] }],
		['errors by field', { detail: [{ loc: ['body', 'language'], msg: WORDS, type: 'value_error' }] }],
		['a problem document', { type: 'about:blank', title: 'Bad Request', status: 400, detail: WORDS }],
		['an OAuth error', { error: 'invalid', error_description: WORDS }],
		['a shape of its own', { kaputt: { grund: WORDS } }],
		['a JSON text', JSON.stringify(WORDS)],
		['plain text', WORDS],
		['a list', [{ message: WORDS }]],
		['a web page', `<!DOCTYPE html><html><body><p class="e">${WORDS}</p></body></html>`],
	];

	test.each(SHAPES)('%s', async (_, body) => {
		api.sandbox.faults.set(answering(400, body));
		const { description } = faultOf(await api.run(least('create', '')));
		expect(description).toContain(WORDS);
		expect(description).not.toMatch(/\[object /);
	});

	test('and the field that it names is repeated with it', async () => {
		api.sandbox.faults.set(answering(422, { errors: [{ path: ['config', 'language'], message: WORDS }] }));
		expect(faultOf(await api.run(least('create', ''))).description).toContain(`config.language: ${WORDS}`);
	});

	test('and a web page comes without its tags, scripts and styles', async () => {
		const page =
			'<!DOCTYPE html><html><head><style>p{color:red}</style><script>alert("x")</script></head>' +
			'<body class="b"><h1>Bad</h1>\n<p>Gateway</p></body></html>';
		api.sandbox.faults.set(answering(502, page, POST));
		const { description } = faultOf(await api.run(least('create', '')));
		expect(description).toContain('Bad Gateway');
		expect(description).not.toMatch(/[<>]|alert|color/);
	});

	test('and a long text is cut', async () => {
		api.sandbox.faults.set(answering(400, { message: 'word '.repeat(2000) }));
		expect(faultOf(await api.run(least('create', ''))).description.length).toBeLessThan(1000);
	});

	test.each(['', '{}', 'null', '[]'])('and the body %j leaves the error clear', async (body) => {
		api.sandbox.faults.set(answering(400, body));
		expectClear(faultOf(await api.run(least('create', ''))));
	});
});

test.each([
	['seconds', '90', /90 seconds/],
	['a date', 'Fri, 01 May 2026 00:00:07 GMT', /in 1 second/],
] as const)('A pause that the API asks for in %s is repeated', async (_, retryAfter, expected) => {
	api.sandbox.faults.set([{ effect: { answer: { status: 429, retryAfter } } }]);
	const fault = faultOf(await api.run({ ...least('create', ''), ...NO_WAIT }));
	expect(fault.message).toMatch(expected);
});

test.each([302, 400, 403, 409])('%i is an error also when it comes with an assistant', async (status) => {
	for (const operation of OPERATIONS) {
		const assistant = { id: 'ast_1', name: 'x' };
		api.sandbox.faults.set(answering(status, operation === 'getAll' ? [assistant] : assistant));
		const { items, error } = await api.run(least(operation, 'ast_1'));
		expect(error?.name).toBe('NodeApiError');
		expect(items).toEqual([]);
	}
});

test.each(OPERATIONS)('%s: an error of the API gives no item', async (operation: OperationName) => {
	api.sandbox.faults.set(answering(400, { message: SAID }));
	const { items, error } = await api.run(least(operation, 'ast_1'));
	expect(error?.name).toBe('NodeApiError');
	expect(items).toEqual([]);
});
