import { join, resolve } from 'node:path';

/** The project. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/** The folder with the package.json and lock file of the n8n that the demo and the tests run, and later its installation. */
export const N8N_FOLDER = join(import.meta.dirname, 'installation');

/** The workflows that the demo imports and runs. */
export const EXAMPLES = join(PROJECT, 'examples');
