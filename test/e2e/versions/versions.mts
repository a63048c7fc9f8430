import { join } from 'node:path';
import { N8N, type N8n } from '../../../tools/n8n/install.mts';

const HERE = import.meta.dirname;

/** The last n8n 1. It asks for Node 20.19, but its expression engine (isolated-vm 6.2) has nothing for less than 22. */
export const LAST_1: N8n = { folder: join(HERE, 'n8n-1.123'), nodeVersion: '22.23.3' };

/** The first n8n 2, on the oldest line of Node that any n8n here takes. */
const FIRST_2: N8n = { folder: join(HERE, 'n8n-2.0'), nodeVersion: '20.20.2' };

const NEWEST: N8n = { folder: join(HERE, 'n8n-2.41'), nodeVersion: process.versions.node };

/** From the oldest to the newest. */
export const VERSIONS: Readonly<Record<string, N8n>> = {
	'1.123': LAST_1,
	'2.0': FIRST_2,
	'2.40': N8N,
	'2.41': NEWEST,
};
