import {
	type INodeProperties,
	type INodePropertyOptions,
	type NodeHint,
	updateDisplayOptions,
} from 'n8n-workflow';

/** What the node can act on: a folder of tables. */
export interface Resource {
	readonly option: INodePropertyOptions;
	readonly operations: INodePropertyOptions[];
	/** The parameters; without an operation in their display options they are shown for all of the resource. */
	readonly properties: INodeProperties[];
	readonly hints?: NodeHint[];
}

/**
 * The parameters of a resource as n8n needs them: each is shown for the resource and operations that have it. These
 * two conditions come first, because n8n checks none after one whose parameter holds an expression (n8n-workflow,
 * node-helpers.js, displayParameter): it would show the same parameter of other resources too.
 */
export function toProperties({ option, operations, properties }: Resource): INodeProperties[] {
	const resource = [option.value];
	return [
		{
			displayName: 'Operation',
			name: 'operation',
			type: 'options',
			noDataExpression: true,
			displayOptions: { show: { resource } },
			options: operations,
			default: 'getAll',
		},
		...properties.flatMap((property) => {
			const { displayOptions = {} } = property;
			const operation = displayOptions.show?.operation ?? operations.map(({ value }) => value);
			const shown = { ...property, displayOptions: { show: { resource, operation } } };
			return updateDisplayOptions(displayOptions, [shown]);
		}),
	];
}
