import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { INodeParameters, VersionedNodeType } from 'n8n-workflow';

import { N8N } from '../../tools/n8n/install.mts';
import { execute } from '../node/harness/engine.mts';
import { yieldOf, type Api, type Contender } from './contender.mts';

// As it comes with the n8n that the demo runs.
const { HttpRequest } = createRequire(join(N8N.folder, 'package.json'))(
	'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js',
) as {
	readonly HttpRequest: new () => VersionedNodeType;
};
const versions = new HttpRequest();

/** The version that a user gets who adds the node today. */
const typeVersion = versions.currentVersion;
const nodeType = versions.getNodeType(typeVersion);

const PAGINATION = {
	pagination: {
		paginationMode: 'updateAParameterInEachRequest',
		parameters: { parameters: [{ type: 'qs', name: 'page', value: '={{ $pageCount + 1 }}' }] },
		paginationCompleteWhen: 'responseIsEmpty',
	},
};

/**
 * n8n's HTTP Request node, set up the way its panel suggests: with the Invent credential as a predefined one, its
 * own pagination, expressions for what differs between the items, and every other parameter at its default.
 */
export function httpRequestNode(options: INodeParameters = {}): Contender {
	const run = async ({ apiKey, url }: Api, parameters: INodeParameters, items = [{}]) =>
		yieldOf(
			await execute({
				nodeType,
				parameters: {
					authentication: 'predefinedCredentialType',
					nodeCredentialType: 'inventApi',
					options,
					...parameters,
				},
				items,
				credential: { apiKey, baseUrl: url },
				settings: { type: 'n8n-nodes-base.httpRequest', typeVersion, onError: 'continueRegularOutput' },
			}),
		);
	return {
		async list(api) {
			return await run(api, {
				url: `${api.url}/orgs/c/assistants`,
				sendQuery: true,
				queryParameters: { parameters: [{ name: 'take', value: '100' }] },
				options: { ...options, pagination: PAGINATION },
			});
		},
		async get(api, ids) {
			const url = `=${api.url}/orgs/c/assistants/{{ $json.id }}`;
			return await run(
				api,
				{ url },
				ids.map((id) => ({ id })),
			);
		},
	};
}
