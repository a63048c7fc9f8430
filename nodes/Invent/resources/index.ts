import type { INodeProperties, NodeHint } from 'n8n-workflow';

import { startItem } from '../transport';
import { assistant } from './assistant';
import { assistantAction } from './assistantAction';
import { file } from './file';
import { organization } from './organization';
import { type Resource, toProperties } from './resource';

/** What the node can act on. */
const RESOURCES: readonly Resource[] = [assistant, assistantAction, file, organization];

/** The parameters of the node: the resource, and what each of them has. */
export const properties: INodeProperties[] = [
	{
		displayName: 'Resource',
		name: 'resource',
		type: 'options',
		noDataExpression: true,
		options: RESOURCES.map(({ option }) => option),
		default: 'assistant',
		// Every request passes through the node's pagination function, paged or not.
		routing: { send: { paginate: true, preSend: [startItem] } },
	},
	...RESOURCES.flatMap(toProperties),
];

export const hints: NodeHint[] = RESOURCES.flatMap((resource) => resource.hints ?? []);

const SUBTITLES = Object.fromEntries(
	RESOURCES.flatMap(({ option, operations }) =>
		operations.map(({ name, value }) => [`${option.value}.${value}`, `${name}: ${option.name}`]),
	),
);

/** What the node says on the canvas, such as `Get Many: Assistant`. The object is flat because `}}` ends an expression. */
export const subtitle = `={{ (${JSON.stringify(SUBTITLES)})[$parameter["resource"] + "." + $parameter["operation"]] }}`;
