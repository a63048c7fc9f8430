import { createRequire } from 'node:module';
import { join } from 'node:path';

import { N8N } from '../../tools/n8n/install.mts';

/** Loads a file of n8n's own nodes, as they come with the n8n that the demo runs. */
export const requireOfN8n = createRequire(join(N8N.folder, 'package.json'));
