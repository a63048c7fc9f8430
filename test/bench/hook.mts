/**
 * Node's own loader can't read the ES modules that n8n-workflow publishes (their imports have no extensions), so
 * everybody gets the CommonJS build. Everybody means the HTTP Request node too, which is installed elsewhere: there
 * is one n8n-workflow and one n8n-core in the process, as there is in n8n.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const { resolve } = createRequire(import.meta.url);
const shared = new Map(['n8n-workflow', 'n8n-core'].map((name) => [name, pathToFileURL(resolve(name)).href]));

registerHooks({
	resolve(specifier, context, next) {
		const url = shared.get(specifier);
		return url === undefined ? next(specifier, context) : { url, format: 'commonjs', shortCircuit: true };
	},
});
