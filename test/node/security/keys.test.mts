/** The API key and other secrets in what a server or a proxy repeats, in every form in which they may come. */
import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';

import { takePrinted } from '../harness/console.mts';
import type { Outcome } from '../harness/engine.mts';
import { addOld, CONTINUE, errorOf, JSON_TYPE } from '../harness/scene.mts';
import type { Case } from '../harness/scene.mts';
import type { Seen } from '../harness/gateways.mts';
import { throughGateway } from '../harness/gateways.mts';
import { errorsOf, OPERATIONS, parametersOf, proveInTime, twoItems } from '../harness/operations.mts';

/** Characters that nobody sees, as they come along when a key is copied from a page or a document. */
const INVISIBLE: ReadonlyArray<readonly [what: string, character: string]> = [
	['a zero-width space', '\u200B'],
	['a zero-width joiner', '\u200D'],
	['a word joiner', '\u2060'],
	['a soft hyphen', '\u00AD'],
	['a byte order mark', '\uFEFF'],
	['a no-break space', '\u00A0'],
	['a left-to-right mark', '\u200E'],
];

const PLACES: ReadonlyArray<readonly [where: string, put: (key: string, character: string) => string]> = [
	['before', (key, character) => `${character}${key}`],
	['after', (key, character) => `${key}${character}`],
	['inside of', (key, character) => `${key.slice(0, 7)}${character}${key.slice(7)}`],
	[
		'around and inside of',
		(key, character) => `${character}${key.slice(0, 5)}${character}${key.slice(5)}${character}`,
	],
];

/** A key that only who knows it can tell from other words: too short to look like one. */
function newKey(): string {
	return `k${randomBytes(7).toString('hex')}`;
}

function tracesOf({ run }: Outcome): string {
	const whole = { depth: Infinity, showHidden: true, maxStringLength: Infinity, maxArrayLength: Infinity };
	return [JSON.stringify(run.data), inspect(run.data, whole), takePrinted()].join('\n');
}

/** What a server got as the key. */
function tokenIn({ headers: { authorization = '' } }: Seen): string {
	return authorization.replace(/^Bearer\s+/i, '');
}

/** What a server says that repeats the key it got: as it is, and with nothing but its visible characters. */
function echoes(seen: Seen): string[] {
	const token = tokenIn(seen);
	return [token, token.replace(/[^\x21-\x7E]/g, ''), encodeURIComponent(token)];
}

/** The halves that are left of the key where a server takes the header for UTF-8 and puts U+FFFD for what it can't read. */
function halvesIn(seen: Seen): string[] {
	return Buffer.from(tokenIn(seen), 'latin1').toString('utf8').split('\uFFFD');
}

const WAYS: ReadonlyArray<readonly [how: string, body: (forms: readonly string[]) => string]> = [
	['in a message', (forms) => JSON.stringify({ message: `Unknown key: ${forms.join(' or ')}` })],
	['in plain text', (forms) => `No such key ${forms.join(' / ')}`],
	['in a web page', (forms) => `<html><body><p>${forms.join('</p><p>')}</p></body></html>`],
];

const masked = INVISIBLE.flatMap(([what, character]) =>
	PLACES.map(([where, put]): Case => {
		return [
			`An API key with ${what} ${where} it is masked as entered and as sent, wherever an answer repeats it`,
			async (scene) => {
				const items = twoItems(scene);
				const key = newKey();
				const entered = put(key, character);
				for (const [, body] of WAYS) {
					const seen: Seen[] = [];
					const answer = (request: Seen) => {
						seen.push(request);
						const said = body([...echoes(request), entered, key]);
						return {
							status: 400,
							headers: said.startsWith('{') ? JSON_TYPE : { 'content-type': 'text/html' },
							body: said,
						};
					};
					await throughGateway(scene.sandbox.url, { answer }, async ({ url }) => {
						const credential = { apiKey: entered, baseUrl: url };
						const outcome = await scene.run(parametersOf('create'), {
							items,
							credential,
							settings: CONTINUE,
						});
						const traces = tracesOf(outcome);
						expect(outcome.items.map(errorOf)).toEqual([expect.any(String), expect.any(String)]);
						const forms = [key, entered, ...seen.flatMap(echoes)];
						expect(forms.filter((form) => traces.includes(form))).toEqual([]);
					});
				}
			},
		];
	}),
);

const misread = INVISIBLE.map(([what, character]): Case => {
	return [
		`An API key with ${what} inside of it is masked too where a server takes the header for UTF-8 and repeats what it could read`,
		async (scene) => {
			const items = twoItems(scene);
			const key = newKey();
			const seen: Seen[] = [];
			const answer = (request: Seen) => {
				seen.push(request);
				const message = `Unknown key: ${halvesIn(request).join('\uFFFD')}`;
				return { status: 400, headers: JSON_TYPE, body: JSON.stringify({ message }) };
			};
			await throughGateway(scene.sandbox.url, { answer }, async ({ url }) => {
				const credential = { apiKey: `${key.slice(0, 8)}${character}${key.slice(8)}`, baseUrl: url };
				const outcome = await scene.run(parametersOf('create'), { items, credential, settings: CONTINUE });
				const traces = tracesOf(outcome);
				const forms = [key, ...seen.flatMap(halvesIn)];
				expect(forms.filter((form) => traces.includes(form))).toEqual([]);
			});
		},
	];
});

const withWord = OPERATIONS.map(([operation, parameters]): Case => {
	return [
		`${operation}: a pasted 'Bearer ' before the API key is cut off, and the key is masked where it is repeated`,
		async (scene) => {
			const items = twoItems(scene);
			const key = newKey();
			const answer = (request: Seen) => ({
				status: 400,
				headers: JSON_TYPE,
				body: JSON.stringify({ message: `Not with ${echoes(request).join(' ')} ${key}` }),
			});
			await throughGateway(scene.sandbox.url, { answer }, async ({ url, seen }) => {
				const credential = { apiKey: ` Bearer ${key}\n`, baseUrl: url };
				const outcome = await scene.run(parameters, { items, credential, settings: CONTINUE });
				expect(tracesOf(outcome).includes(key)).toBe(false);
				expect(seen.length).toBeGreaterThan(0);
				for (const { headers } of seen) expect(headers.authorization).toBe(`Bearer ${key}`);
			});
		},
	];
});

/** Texts with a secret that is too short to look like one, and what of it must not be told. */
const NAMED: ReadonlyArray<readonly [text: string, secret: string]> = [
	['login failed: password=hunter2', 'hunter2'],
	['password: hunter2 is wrong', 'hunter2'],
	['{"secret_key":"abc"}', '"abc"'],
	['got "secret_key": "abc9" instead', 'abc9'],
	["'secret_key': 'abc9'", 'abc9'],
	['Authorization: Bearer abc9', 'abc9'],
	['header was Bearer abc9', 'abc9'],
	['api_key=abc9&x=1', 'abc9'],
	['API key: abc9', 'abc9'],
	['?token=abc9', 'abc9'],
];

const named = NAMED.flatMap(([text, secret]): Case[] => {
	return [
		[
			`A short secret is masked by its name in an error of the API: ${text}`,
			async (scene) => {
				const items = twoItems(scene);
				const body = text.startsWith('{')
					? `{"message":${JSON.stringify(text)}}`
					: JSON.stringify({ message: text });
				scene.sandbox.faults.set([{ effect: { answer: { status: 400, body, headers: JSON_TYPE } } }]);
				const outcome = await scene.run(parametersOf('get'), { items, settings: CONTINUE });
				for (const told of errorsOf(outcome)) {
					expect(told).toEqual(expect.any(String));
					expect(told).not.toContain(secret);
				}
			},
		],
		[
			`A short secret is masked by its name in a text that is no JSON: ${text}`,
			async (scene) => {
				const items = twoItems(scene);
				scene.sandbox.faults.set([{ effect: { answer: { status: 400, body: `Sorry, ${text}` } } }]);
				const outcome = await scene.run(parametersOf('get'), { items, settings: CONTINUE });
				for (const told of errorsOf(outcome)) {
					expect(told).toContain('Sorry');
					expect(told).not.toContain(secret);
				}
			},
		],
	];
});

const members: Case = [
	'A short secret is masked by its name where it is a member of an error body',
	async (scene) => {
		const { id } = addOld(scene, {});
		const body = JSON.stringify({ secret_key: 'abc9', nested: { password: 'hunter2' }, why: 'Closed' });
		scene.sandbox.faults.set([{ effect: { answer: { status: 400, body, headers: JSON_TYPE } } }]);
		const outcome = await scene.run(parametersOf('get'), { items: [{ id }, { id }], settings: CONTINUE });
		for (const told of errorsOf(outcome)) {
			expect(told).toContain('Closed');
			expect(told).not.toContain('abc9');
			expect(told).not.toContain('hunter2');
		}
	},
];

proveInTime([...masked, ...misread]);
proveInTime([...withWord, ...named, members]);
