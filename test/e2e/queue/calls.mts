import { setTimeout as sleep } from 'node:timers/promises';
import { DemoFailure } from '../../../tools/n8n/failure.mts';

const AT_ONCE = 10; // a burst, but no flood: the calls are not what is tested
const POLL_MS = 1_000;
const PUBLISHING_MS = 60_000; // n8n 2 publishes some time after it has answered that it does
const NOT_FOUND = 404;

/** Calls a webhook of a published workflow once for each body; every call must be accepted. */
export async function callWebhook(url: string, path: string, bodies: readonly object[]): Promise<void> {
	const left = [...bodies];
	const caller = async (): Promise<void> => {
		for (let body = left.shift(); body !== undefined; body = left.shift()) await call(url, path, body);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, caller));
}

async function call(url: string, path: string, body: object): Promise<void> {
	for (const deadline = Date.now() + PUBLISHING_MS; ; await sleep(POLL_MS)) {
		const { ok, status } = await post(`${url}/webhook/${path}`, body);
		if (ok) return;
		if (status !== NOT_FOUND || Date.now() > deadline) {
			throw new DemoFailure(`n8n answered ${status} to a call of a webhook.`);
		}
	}
}

async function post(url: string, body: object): Promise<Response> {
	const headers = { 'content-type': 'application/json' };
	const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
	await response.text(); // so that the connection can be used again
	return response;
}
