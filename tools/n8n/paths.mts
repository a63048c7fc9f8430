import { join, resolve } from 'node:path';

/** The project. */
export const PROJECT = resolve(import.meta.dirname, '../..');

/** The workflows that the demo imports and runs. */
export const EXAMPLES = join(PROJECT, 'examples');
