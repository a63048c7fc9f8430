import { validateDestination } from '../../../nodes/Invent/transport/destination.ts';

const proxy = { host: 'proxy.example', port: 8080 };

test.each([
	['an https address', { baseURL: 'https://api.useinvent.com' }],
	['an https address through a proxy', { baseURL: ' https://api.useinvent.com/ ', proxy }],
	['plain http on this machine', { baseURL: 'http://localhost:3000' }],
])('The API key may be sent to %s', (_, destination) => {
	expect(validateDestination(destination)).toBeUndefined();
});

test('The API key is not sent to plain http on another machine, with a proxy or without one', () => {
	const unencrypted = "The 'Base URL' of the credential would send the API key unencrypted";
	const baseURL = 'http://api.useinvent.com';
	expect(validateDestination({ baseURL })?.message).toBe(unencrypted);
	expect(validateDestination({ baseURL, proxy })?.message).toBe(unencrypted);
});

test('The API key is not sent through a proxy to plain http on this machine', () => {
	expect(validateDestination({ baseURL: ' http://localhost:3000/ ', proxy })).toMatchObject({
		message: "'Proxy' in Request Options would receive the API key unencrypted",
		description: "Remove the proxy, or use a 'Base URL' with https://. Nothing was sent.",
	});
});
