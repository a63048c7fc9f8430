/**
 * Runs before each file of tests. A worker keeps n8n loaded for many files, but each of them gets a node of its own: what
 * the node knows for the whole process, such as the rate limit of an address, ends with the file.
 */
import { createRequire } from 'node:module';
import { resolve, sep } from 'node:path';

const { cache } = createRequire(import.meta.url);
const folder = resolve('dist') + sep;

vi.resetModules();
for (const file of Object.keys(cache)) {
	if (file.startsWith(folder) || file === resolve('index.js')) Reflect.deleteProperty(cache, file);
}
