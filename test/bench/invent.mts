import type { INodeParameters } from 'n8n-workflow';

import { execute } from '../node/harness/engine.mts';
import { yieldOf, type Api, type Contender } from './contender.mts';

/** The Invent node, with every parameter at its default but those that the work needs. */
export function inventNode(more: INodeParameters = {}): Contender {
	const run = async ({ apiKey, url }: Api, parameters: INodeParameters, items = [{}]) =>
		yieldOf(
			await execute({
				parameters: { ...parameters, ...more },
				items,
				credential: { apiKey, baseUrl: url },
				settings: { onError: 'continueRegularOutput' },
			}),
		);
	return {
		list: async (api) => await run(api, { operation: 'getAll', returnAll: true }),
		async get(api, ids) {
			const assistantId = { __rl: true, mode: 'id', value: '={{ $json.id }}' };
			return await run(
				api,
				{ operation: 'get', assistantId },
				ids.map((id) => ({ id })),
			);
		},
	};
}
