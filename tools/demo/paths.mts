import { join, resolve } from 'node:path';

const HERE = import.meta.dirname;

/** The project that the demo shows. */
export const PROJECT = resolve(HERE, '../..');

/** The folder with n8n's own package.json and lock file, and later its installation. */
export const N8N_FOLDER = join(HERE, 'n8n');

/** The workflows that the demo imports and runs. */
export const EXAMPLES = join(PROJECT, 'examples');
