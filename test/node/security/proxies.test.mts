/** Request Options → Proxy: the key goes to no proxy in the clear. */
import type { INodeParameters } from 'n8n-workflow';

import { loadList } from '../harness/engine.mts';
import { CONTINUE, errorOf, sourceOf } from '../harness/scene.mts';
import type { Case, Scene } from '../harness/scene.mts';
import { selfSigned, startForwardProxy, throughGateway } from '../harness/gateways.mts';
import type { ForwardProxy, Gateway } from '../harness/gateways.mts';
import { locator } from '../harness/support.mts';
import { codeOf, errorsOf, OPERATIONS, parametersOf, proveInTime, twoItems } from '../harness/operations.mts';

const CERTIFICATE = selfSigned();

async function withProxy<T>(work: (proxy: ForwardProxy) => Promise<T>): Promise<T> {
	const proxy = await startForwardProxy();
	try {
		return await work(proxy);
	} finally {
		await proxy.close();
	}
}

/** A proxy, and the sandbox behind TLS. */
async function withBoth(
	scene: Scene,
	work: (proxy: ForwardProxy, gateway: Gateway) => Promise<void>,
): Promise<void> {
	await throughGateway(
		scene.sandbox.url,
		{},
		async (gateway) => await withProxy(async (proxy) => await work(proxy, gateway)),
		CERTIFICATE,
	);
}

const plain = OPERATIONS.map(([operation, parameters]): Case => {
	return [
		`${operation}: a proxy together with plain http is refused as input, and nothing reaches the proxy`,
		async (scene) => {
			const items = twoItems(scene);
			await withProxy(async (proxy) => {
				const options = { requestOptions: { proxy: proxy.url } };
				const outcome = await scene.run({ ...parameters, ...options }, { items, settings: CONTINUE });
				expect(proxy.seen).toEqual([]);
				expect(scene.sandbox.requests).toEqual([]);
				expect(outcome.items.map(sourceOf)).toEqual([0, 1]);
				for (const item of outcome.items) {
					expect(errorOf(item)).toMatch(/'?Proxy'?/);
					expect(codeOf(item)).toBe('invalid_input');
				}
			});
		},
	];
});

const LOGIN = ['ada', 'hunter2'].join(':');

const alsoPlain = [`http://${LOGIN}@127.0.0.1:1`, '={{ "http://127.0.0.1:1" }}'].map((proxy): Case => {
	return [
		`A proxy given as ${proxy} together with plain http sends nothing anywhere`,
		async (scene) => {
			const items = twoItems(scene);
			const options = { requestOptions: { proxy } };
			const outcome = await scene.run({ ...parametersOf('get'), ...options }, { items, settings: CONTINUE });
			expect(scene.sandbox.requests).toEqual([]);
			for (const text of errorsOf(outcome)) {
				expect(text).toMatch(/Proxy/);
				expect(text).not.toContain('hunter2');
			}
			for (const item of outcome.items) expect(codeOf(item)).toBe('invalid_input');
		},
	];
});

const empty: Case = [
	'An empty proxy is no proxy',
	async (scene) => {
		const items = twoItems(scene);
		const options = { requestOptions: { proxy: '' } };
		const outcome = await scene.run({ ...parametersOf('get'), ...options }, { items, settings: CONTINUE });
		expect(errorsOf(outcome)).toEqual([undefined, undefined]);
	},
];

/** The panel's parameters for a drop-down. */
function panel(scene: Scene, requestOptions: INodeParameters, baseUrl: string) {
	const parameters = { operation: 'get', organizationId: locator('c', 'list'), requestOptions };
	return { parameters, credential: { ...scene.credential, baseUrl } };
}

const dropDowns = ['searchAssistants', 'searchOrganizations'].map((method): Case => {
	return [
		`The drop-down of ${method} refuses a proxy together with plain http, and nothing reaches the proxy`,
		async (scene) => {
			await withProxy(async (proxy) => {
				const [loading] = await Promise.allSettled([
					loadList({ method, ...panel(scene, { proxy: proxy.url }, scene.sandbox.url) }),
				]);
				expect(proxy.seen).toEqual([]);
				expect(scene.sandbox.requests).toEqual([]);
				expect(loading.status).toBe('rejected');
				expect(loading.status === 'rejected' ? String(loading.reason) : '').toMatch(/Proxy/);
			});
		},
	];
});

const secure = OPERATIONS.map(([operation, parameters]): Case => {
	return [
		`${operation}: with https a proxy is asked to connect, and sees neither the key nor a request`,
		async (scene) => {
			const items = twoItems(scene);
			await withBoth(scene, async (proxy, gateway) => {
				const requestOptions = { proxy: proxy.url, allowUnauthorizedCerts: true };
				const credential = { ...scene.credential, baseUrl: gateway.url };
				const outcome = await scene.run(
					{ ...parameters, requestOptions },
					{ items, credential, settings: CONTINUE },
				);
				expect(errorsOf(outcome).filter(Boolean)).toEqual([]);
				expect(proxy.seen.length).toBeGreaterThan(0);
				for (const line of proxy.seen) {
					expect(line).toMatch(/^CONNECT /);
					expect(line).not.toContain(scene.sandbox.apiKey);
				}
			});
		},
	];
});

const secureDropDown: Case = [
	'The drop-downs go through the proxy of the panel with https, and it does not see the key',
	async (scene) => {
		twoItems(scene);
		await withBoth(scene, async (proxy, gateway) => {
			const requestOptions = { proxy: proxy.url, allowUnauthorizedCerts: true };
			const { results } = await loadList({
				method: 'searchAssistants',
				...panel(scene, requestOptions, gateway.url),
			});
			expect(results).toHaveLength(2);
			expect(proxy.seen).toEqual([expect.stringMatching(/^CONNECT /)]);
			expect(proxy.seen.join()).not.toContain(scene.sandbox.apiKey);
		});
	},
];

proveInTime([...plain, ...alsoPlain, empty, ...dropDowns, ...secure, secureDropDown]);
